//! What an edit of the knowledge changes for customers.

mod change;
mod change_reason;
mod compare;
mod sealed;

pub use change::{Change, ChangeKind, Side, Worth};
pub use change_reason::ChangeReason;
pub use compare::{Ask, compare, known_utterances};
pub use sealed::{SealedChange, sealed_changes};
