//! Reads `industry.yaml`: the words and lists that belong to a trade.

pub(crate) mod categories;
pub(crate) mod file;
pub(crate) mod question_kinds;
pub(crate) mod schema;
pub(crate) mod words;
