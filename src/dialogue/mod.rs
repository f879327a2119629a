//! What a conversation does next: [`State`] is a fold over the journal, [`step`] decides.
//!
//! Nothing here waits, reads a clock or speaks to anybody: [`step`] takes an [`Input`] and
//! the [`World`] at one moment and gives the events to write. The shell commits them, shows
//! them, and sends [`Input::Tick`] when [`State::deadline`] has come.

mod agent;
mod awaited;
mod bot;
mod choice;
mod clarification;
mod customer;
mod draft;
mod input;
mod phase;
mod seen;
mod staffing;
mod state;
mod step;
mod tick;

#[cfg(test)]
pub(crate) mod tests;

pub use clarification::Clarification;
pub(crate) use customer::LONG_TEXT_TIMES;
pub use input::{Duty, Input, Refusal, Step, World};
pub use phase::{Owner, Phase, Wait};
pub use staffing::UNSTAFFED_PAUSE_S;
pub use state::State;
pub use step::step;
