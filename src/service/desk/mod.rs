//! The desk's part of the service: one task that carries out what [`Desk`](crate::handoff::Desk)
//! decides, and what sessions see of it.

mod handle;
mod presence;
mod task;
mod view;

#[cfg(test)]
mod tests;

pub(crate) use handle::{DeskHandle, Request, Rules};
pub(crate) use presence::AgentPresence;
pub(crate) use task::{Ends, Task};
pub use view::DeskView;
