//! The one record of a conversation: an append-only list of events with a gapless `seq`.
//!
//! Its state is a fold over them; dialogue, desk and storage share these types.

mod event;
mod id;
mod taken;

pub use event::{
    AgentEvent, BotEvent, CandidateNote, Choice, CloseCause, CustomerEvent, DeskEvent,
    EpisodeEvent, Event, HandoffReason, Notice, Occasion, Record, Reply, ReplyKind,
};
pub use id::{AgentId, ClientId, ClientIdHash, ConversationId};
pub use taken::{TakenChoice, taken_choices};
