//! Reads YAML text into a tree in which every value knows its place.

pub(super) mod fields;
pub(super) mod parse;
pub(super) mod syntax;
pub(super) mod tree;
pub(super) mod version;
