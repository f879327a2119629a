//! What editors are told about the files: JSON Schemas, from the lists that the loader uses.
//!
//! A schema sees one file. What only shows when the files are seen together, such as an
//! unknown id or a question under two entries, stays with `kefu check`.

mod entries;
mod industry;
mod intents;
mod kind;
mod parts;
mod settings;
mod tests_file;

pub use kind::SchemaKind;
