//! Figures: numbers, rates, limits and dates of laws and rules, which answers refer to.

pub(crate) mod book;
pub(crate) mod file;
