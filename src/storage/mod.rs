//! What must outlive the process: conversations, customers, agents and their sessions.
//!
//! [`Store`] is the one face; behind it is an engine. The engine of a server is `SQLite`, one
//! file in one data folder: a single writer thread takes what is waiting into one transaction
//! and answers only after the commit is on disk, so that whatever a caller was told is stored;
//! reads run beside it on connections of their own. A full disk refuses writes and nothing
//! else, and is got over without a restart. The engine in [`Memory`] forgets at the end; it is
//! for tests and simulations. Both pass the same suite of tests.

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
