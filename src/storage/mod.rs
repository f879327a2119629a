//! What must outlive the process: conversations, customers, agents and their sessions.
//!
//! One `SQLite` file in one data folder. A single writer thread takes what is waiting into
//! one transaction and answers only after the commit is on disk, so whatever a caller was
//! told is stored; reads run beside it on connections of their own. A full disk refuses
//! writes and nothing else, and is got over without a restart.

mod agents;
mod conversations;
mod customers;
mod error;
mod folder;
mod places;
mod reader;
mod sqlite;
mod store;
mod writer;

#[cfg(test)]
mod tests;

pub use agents::AgentRow;
pub use conversations::{Append, Contact};
pub use customers::{CustomerRow, NewCustomer};
pub use error::StorageError;
pub(crate) use folder::{new_private_file, private_folder};
pub use places::{PLACES_KEPT, PlaceHash, SignInPlace};
pub use store::{Store, TokenHash};
