//! The desk's part of the service: a task that carries out the decisions of
//! [`Desk`](crate::handoff::Desk), and the view of it for sessions.

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
