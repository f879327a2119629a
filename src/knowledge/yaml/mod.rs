//! Reads YAML text into a tree in which every value knows its place.

mod as_typed;
mod conflicts;
pub(super) mod fields;
pub(super) mod parse;
pub(super) mod recover;
mod slips;
mod stop;
pub(super) mod syntax;
pub(super) mod tree;
pub(super) mod version;
