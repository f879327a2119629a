//! The journal of a conversation: an append-only list of events with a gapless `seq`.
//!
//! The state of a conversation is a fold over its journal. Dialogue, desk and storage share these
//! types.

mod event;
mod id;
mod masked_text;
mod taken;

pub use event::{
    AgentEvent, BotEvent, CandidateNote, Choice, CloseCause, CustomerEvent, DeskEvent,
    EpisodeEvent, Event, HandoffReason, Notice, Occasion, Record, Reply, ReplyKind,
};
pub use id::{AgentId, ClientId, ClientIdHash, ConversationId};
pub use masked_text::MaskedText;
pub use taken::{TakenChoice, taken_choices};
