//! The desk's part of the service: a task that carries out the decisions of
//! [`Desk`](crate::handoff::Desk), and the view of it for sessions.

mod handle;
mod presence;
mod task;
mod view;

#[cfg(test)]
mod tests;

pub(crate) use handle::{DeskHandle, DeskRequest, DeskRules};
pub(crate) use presence::AgentPresence;
pub(crate) use task::{DeskChannels, DeskTask};
pub use view::DeskView;
