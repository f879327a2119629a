//! The workshop of the people who keep the knowledge: what needs the engine to be checked,
//! regression tests, comparisons of two roots, and sheets.

mod change;
mod change_reason;
mod clashes;
mod diff;
pub(crate) mod edit;
mod export;
mod fit_tasks;
mod idle_words;
mod import;
mod new_entry;
mod plan;
mod reaction;
mod regression;
mod sheet;
mod trace;
mod verdict;

#[cfg(test)]
mod tests;

pub use change::{Change, ChangeKind, Side, Worth};
pub use change_reason::ChangeReason;
pub use clashes::find_clashes;
pub use diff::{Ask, compare, known_utterances};
pub use export::export;
pub use fit_tasks::{FitTables, Group as SentenceGroup, fit_tasks, parse_groups};
pub use idle_words::find_idle_words;
pub use import::{Imported, Missing, Refusal, import};
pub use new_entry::{NewEntry, NewEntryError, Wanted, answered_by, new_entry};
pub use reaction::Reaction;
pub use regression::{Figure, Group, Judged, Regression, figures_under_floors, run_tests};
pub use sheet::{Column, Sheet, SheetFormat, SheetMistake, SheetRow};
pub use verdict::Verdict;
