//! Decides which agent gets which customer: the queue, leases, offers and agents' capacity.
//!
//! The [`Desk`] proposes and the conversation decides: an offer is committed by the conversation
//! under its epoch, and comes back here as a record. The [`Board`] is the desk as the consoles show
//! it, change by change.

mod agent;
mod board;
mod desk;
mod dispatch;
mod errand;
mod fold;
mod holdings;
mod lease;
mod message;
mod moment;
mod offers;
mod presence;
mod queue;
mod ranked_list;
mod seats;
mod staffing;
mod staffing_notices;

#[cfg(test)]
mod tests;

pub use agent::{AgentStatus, PresentAgent};
pub use board::{
    Board, DESK_FRAME_MAX, DeskChange, DeskChanges, DeskSnapshot, DeskUpdate, Published,
};
pub use desk::Desk;
pub use errand::{Errand, Offer, StaffingNotice};
pub use message::OpenMessage;
pub use moment::{ClockReading, Moment};
pub use queue::{Order, WaitingConversation};
pub use seats::AtLimit;
