//! Parts that several kinds of files share: ids, questions, texts, patterns, facts, schemas.

pub(crate) mod composition;
pub(crate) mod concepts;
pub(crate) mod dates;
pub(crate) mod help_line;
pub(crate) mod ids;
pub(crate) mod json_schema;
pub(crate) mod markdown;
pub(crate) mod match_by;
pub(crate) mod pattern;
pub(crate) mod private_numbers;
pub(crate) mod prose;
pub(crate) mod question;
pub(crate) mod steps;
pub(crate) mod when;
