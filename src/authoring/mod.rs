//! The workshop of the people who keep the knowledge: what needs the engine to be checked,
//! regression tests, comparisons of two roots, and sheets.

mod change;
mod change_reason;
mod clashes;
mod diff;
pub(crate) mod edit;
mod export;
mod figure;
mod fit_tasks;
mod gate;
mod idle_words;
mod import;
mod imported;
mod loss;
mod new_entry;
mod nothing_served;
mod plan;
mod reaction;
mod regression;
mod sheet;
mod talk;
mod trace;
mod unserved;
mod verdict;

#[cfg(test)]
mod tests;

pub use change::{Change, ChangeKind, Side, Worth};
pub use change_reason::ChangeReason;
pub use clashes::find_clashes;
pub use diff::{Ask, compare, known_utterances};
pub use export::export;
pub use figure::{ASKED_PERCENT_MIN, Figure, IDS_SHOWN, Shortfall, Unasked};
pub use fit_tasks::{FitTables, Group as SentenceGroup, fit_tasks, parse_groups};
pub use gate::{Effect, effect_of};
pub use idle_words::find_idle_words;
pub use import::import;
pub use imported::{Imported, Missing, Refusal};
pub use loss::{Loss, LossMax, Served};
pub use new_entry::{NewEntry, NewEntryError, Wanted, answered_by, new_entry};
pub use nothing_served::find_nothing_served;
pub use reaction::Reaction;
pub use regression::{Group, Judged, Regression, figures_under_floors, run_tests};
pub use sheet::{Column, Sheet, SheetFormat, SheetMistake, SheetRow};
pub use talk::{Talk, explain_first};
pub use unserved::Unserved;
pub use verdict::Verdict;
