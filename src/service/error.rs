//! Errors of the service.

use super::wording::ViolationReport;
use crate::dialogue::Refusal;
use crate::handoff::AtLimit;
use crate::storage::StorageError;

/// Why an input was not taken. Nothing of it was stored.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The dialogue refused it.
    #[error("take the input: {0}")]
    Refused(Refusal),
    /// The operator's rules forbid an agent's message. The error shows the rules, not the text.
    #[error("send the message, forbidden by rules: {0:?}")]
    Wording(Vec<ViolationReport>),
    /// The agent has no room for one more conversation.
    #[error("take the conversation: {0}")]
    AtLimit(AtLimit),
    /// The store failed.
    #[error("store the events: {0}")]
    Storage(#[from] StorageError),
    /// Too many inputs wait for this conversation.
    #[error("reach the conversation: too many inputs wait")]
    Busy,
    /// The server is stopping.
    #[error("take the input while draining")]
    Draining,
    /// The conversation's task failed. The task has logged the reason.
    #[error("reach the conversation: its task failed")]
    Failed,
}
