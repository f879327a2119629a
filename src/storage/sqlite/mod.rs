//! One `SQLite` file in one data folder.
//!
//! `schema` opens the file and migrates it. `session` is a connection that runs only the statements
//! of `statements`. `writer` and `reader` run work on sessions.

mod agents;
mod client_ids;
mod conversations;
mod customers;
mod engine;
mod failure;
mod folder;
mod places;
mod reader;
mod schema;
mod session;
mod statements;
mod stored_facts;
mod writer;

#[cfg(test)]
mod plans;
#[cfg(test)]
mod tests;

pub(super) use engine::Sqlite;
pub(crate) use folder::{new_private_file, private_folder};
