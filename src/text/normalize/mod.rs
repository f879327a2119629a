//! One form for all spellings of the same words: script, width, marks, numbers and amounts.

pub(super) mod amounts;
pub(super) mod normal_form;
pub(super) mod normalized;
pub(super) mod numerals;
pub(super) mod simplify;
pub(super) mod surroundings;
