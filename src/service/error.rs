//! Why the service refuses or cannot do something.

use super::wording::FoundWords;
use crate::dialogue::Refusal;
use crate::handoff::AtLimit;
use crate::storage::StorageError;

/// Why an input was not taken. Nothing of it was stored.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The dialogue refused it.
    #[error("take the input: {0}")]
    Refused(Refusal),
    /// The operator's rules do not let an agent say it. Shown are the rules alone.
    #[error("send the message, found by rules: {0:?}")]
    Wording(Vec<FoundWords>),
    /// The agent has no room for one more conversation.
    #[error("take the conversation: {0}")]
    AtLimit(AtLimit),
    /// The store could not keep it.
    #[error("keep the events: {0}")]
    Storage(#[from] StorageError),
    /// Too many inputs wait for this conversation.
    #[error("reach the conversation: too many inputs wait")]
    Busy,
    /// The server is going away.
    #[error("take the input while draining")]
    Draining,
    /// The conversation's task failed; logged there.
    #[error("reach the conversation: its task failed")]
    Failed,
}
