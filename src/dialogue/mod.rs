//! The decisions of a conversation: [`State`] is a fold over the journal, [`turn()`] decides.
//!
//! This layer is pure: it reads no clock and does no I/O. [`turn()`] takes an [`Input`] and the
//! [`World`] at one moment and gives the events to write. The shell commits them, shows them, and
//! sends [`Input::Due`] when the [`Timer`] that is set has run out.

mod agent;
mod answered;
mod awaited;
mod bot;
mod choice;
mod clarification;
mod customer;
mod danger;
mod draft;
mod due;
mod input;
mod later;
mod mask_context;
mod phase;
mod repeat;
mod safety;
mod say;
mod staffing;
mod staffing_notices;
mod state;
mod timer;
mod treated;
mod turn;

#[cfg(test)]
pub(crate) mod tests;

pub use answered::Answered;
pub use clarification::Clarification;
pub use danger::{DANGER_STANDS_S, StandingDanger};
pub use draft::Turn;
pub use input::{AgentAct, CustomerAct, DeskAct, DeskState, Duty, Find, Input, Refusal, World};
pub use mask_context::mask_context_after;
pub use phase::{Owner, Phase, Wait};
pub use repeat::is_repeat;
pub use staffing::UNSTAFFED_PAUSE_S;
pub use state::State;
pub use timer::Timer;
pub use treated::TreatedData;
pub use turn::{first_turn, turn};
