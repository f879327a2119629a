//! Decides which agent gets which customer: the queue, leases, offers and agents' capacity.
//!
//! The [`Desk`] proposes and the conversation decides: an offer is committed by the conversation
//! under its epoch, and comes back here as a record. The [`Board`] is the desk as the consoles show
//! it, change by change.

mod agent;
mod board;
mod desk;
mod errand;
mod fold;
mod held;
mod lease;
mod message;
mod moment;
mod offers;
mod presence;
mod queue;
mod rounds;
mod seats;
mod shelf;
mod staffing;
mod tellings;

#[cfg(test)]
mod tests;

pub use agent::{AgentStatus, PresentAgent};
pub use board::{Board, Changes, DESK_FRAME_MAX, DeskChange, DeskSnapshot, News, Published};
pub use desk::Desk;
pub use errand::{Errand, Offer, Telling};
pub use message::OpenMessage;
pub use moment::{Moment, Reading};
pub use queue::{Order, Waiting};
pub use seats::AtLimit;
