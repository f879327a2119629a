//! The protocol, version 1: every frame that crosses a socket, as JSON text.
//!
//! `web/protocol.js` mirrors these types; `tests/it/documents/protocol.rs` holds the two together.
//! Clients ignore frames and fields that they do not know; the server refuses them.

mod agent;
mod close;
mod customer;
mod error;
mod facts;
mod version;

pub use agent::{
    AgentFrame, AgentRecord, AgentStatusView, AgentView, FrameToAgent, LeftMessage,
    OwnConversation, WaitingView,
};
pub use close::Close;
pub use customer::{CustomerFrame, CustomerView, FrameToCustomer};
pub use error::{ErrorCode, FrameError, Retry, ViolationView};
pub use facts::DroppedFactsView;
pub use version::PROTOCOL;
