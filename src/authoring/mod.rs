//! The workshop of the people who keep the knowledge: what needs the engine to be checked,
//! regression tests, comparisons of two roots, and sheets.

pub(crate) mod edit;
mod export;
mod import;
mod new_entry;
mod plan;
mod sheet;
mod trace;

pub use export::export;
pub use import::{Imported, Missing, Refusal, import};
pub use new_entry::{NewEntry, NewEntryError, Wanted, answered_by, new_entry};
pub use sheet::{Column, Sheet, SheetFormat, SheetMistake, SheetRow};
