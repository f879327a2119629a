//! Changes a YAML text in place: only lines of changed values change.
//!
//! Comments, order, quoting, blank lines and line ends of everything else stay as they are,
//! byte for byte. [`Edits`] is given nodes of the tree of that text and what shall become of
//! them; nothing is applied before [`Edits::apply`].

mod block;
mod change;
mod edits;
mod flow;
mod scalar;
mod steps;
#[cfg(test)]
mod tests;

pub(crate) use change::{KeyChange, Value};
pub(crate) use edits::Edits;
