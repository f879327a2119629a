//! The workshop of the people who keep the knowledge: what needs the engine to be checked,
//! regression tests, comparisons of two roots, and sheets.

mod append;
mod new_entry;

pub use new_entry::{NewEntry, NewEntryError, Wanted, answered_by, new_entry};
