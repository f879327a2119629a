//! The protocol, version 1: every frame that crosses a socket, as JSON text.
//!
//! `web/protocol.js` mirrors these types; `tests/it/protocol.rs` holds the two together.
//! Clients ignore frames and fields that they do not know; the server refuses them.

mod agent;
mod close;
mod customer;
mod error;
mod version;

pub use agent::{
    AgentEvent, AgentFrame, AgentRecord, AgentStatus, AgentView, LeftMessage, OpenConversation,
    Waiting,
};
pub use close::Close;
pub use customer::{CustomerEvent, CustomerFrame, CustomerView};
pub use error::{ErrorCode, FoundNote, FrameError, Retry};
pub use version::PROTOCOL;
