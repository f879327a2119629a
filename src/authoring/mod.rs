//! The workshop of the people who keep the knowledge: what needs the engine to be checked,
//! regression tests, comparisons of two roots, and sheets.

mod clashes;
pub(crate) mod edit;
mod export;
mod idle_words;
mod import;
mod new_entry;
mod plan;
mod sheet;
#[cfg(test)]
mod tests;
mod trace;

pub use clashes::find_clashes;
pub use export::export;
pub use idle_words::find_idle_words;
pub use import::{Imported, Missing, Refusal, import};
pub use new_entry::{NewEntry, NewEntryError, Wanted, answered_by, new_entry};
pub use sheet::{Column, Sheet, SheetFormat, SheetMistake, SheetRow};
