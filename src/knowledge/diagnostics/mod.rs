//! Mistakes in the files: code, place, reason and mend.

pub(super) mod code;
pub(super) mod codes;
pub(super) mod diagnostic;
pub(super) mod report;
pub(super) mod similar_word;
pub(super) mod source;
