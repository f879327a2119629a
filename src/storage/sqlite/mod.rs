//! One `SQLite` file in one data folder.
//!
//! `schema` opens the file and brings it up to date; `session` is a connection that runs the
//! statements of `statements` and no others; `writer` and `reader` lend sessions to the rest.

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
mod writer;

#[cfg(test)]
mod plans;
#[cfg(test)]
mod tests;

pub(super) use engine::Sqlite;
pub(crate) use folder::{new_private_file, private_folder};
