//! Entries: an answer, the questions that it answers, and what it rests on.

pub(crate) mod draft;
pub(crate) mod file;
pub(crate) mod keys;
pub(crate) mod schema;
mod shown_source;
