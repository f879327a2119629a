//! Scripts in virtual time, and laws over any sequence of inputs.

mod agents;
mod awaited;
mod bot;
mod clarifying;
mod closing;
mod danger;
mod danger_and_humans;
pub(crate) mod fixture;
mod laws;
mod long;
mod masking;
mod messages;
mod queue;
mod retries;
mod script;
mod staffing;
