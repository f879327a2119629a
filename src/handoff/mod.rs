//! Which agent gets whom: the queue, its places, and who has room.
//!
//! The [`Desk`] proposes and the conversation decides: an offer is committed by the
//! conversation under its epoch, and comes back here as a record.

mod agent;
mod desk;
mod message;
mod queue;
mod seats;
mod staffing;

#[cfg(test)]
mod tests;

pub use agent::{AgentStatus, PresentAgent};
pub use desk::{Desk, Offer};
pub use message::OpenMessage;
pub use queue::Waiting;
pub use seats::AtLimit;
pub use staffing::Telling;
