//! Conversations in memory: one task for each conversation that may change.

mod handles;
mod head;
mod open;
mod registry;
mod task;

#[cfg(test)]
mod tests;

pub(crate) use handles::{Committed, Handles};
pub use head::{Head, Receipt};
pub use open::OpenConversations;
pub(crate) use registry::Conversations;
