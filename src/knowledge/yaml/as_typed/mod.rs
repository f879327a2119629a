//! Whether a text says what was typed: valid YAML may cut it, fold it, or change its signs.

pub(super) mod check;
mod letters;
pub(super) mod lines;
mod marks;
pub(super) mod swallowed;
pub(super) mod text;
