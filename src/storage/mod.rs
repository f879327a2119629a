//! Persistence: conversations, customers, agents and their sessions.
//!
//! [`Store`] is the handle to an engine. A server's engine is `SQLite`, one file in one data
//! folder. A single writer thread puts the waiting writes into one transaction and answers after
//! the commit is on disk, so every acknowledged write is durable. Reads run beside it on
//! connections of their own. A full disk only refuses writes, and recovers without a restart. The
//! engine in [`Memory`] is for tests and simulations. Both pass the same suite of tests.

mod error;
mod face;
mod memory;
mod records;
mod sqlite;

#[cfg(test)]
mod suite;

pub use error::{Cause, StorageError};
pub use face::Store;
pub use memory::{Fault, Memory};
pub use records::{
    AgentRow, Append, Contact, CustomerRow, FOLD_MAX, NewCustomer, OpenConversation, PLACES_KEPT,
    PlaceHash, SignInPlace, TokenHash,
};
pub(crate) use sqlite::{new_private_file, private_folder};
