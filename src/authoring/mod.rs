//! The workshop of the people who keep the knowledge: what needs the engine to be checked,
//! regression tests, comparisons of two roots, and sheets.

mod check;
mod diff;
pub(crate) mod edit;
mod fit_tasks;
mod foreign;
mod gate;
mod guard_sentences;
mod import;
mod loss;
mod measure;
mod new_entry;
mod regression;
mod reveal;
mod sheet;
mod talk;

pub use check::{find_clashes, find_idle_words, find_nothing_served};
pub use diff::{
    Ask, Change, ChangeKind, ChangeReason, SealedChange, Side, Worth, compare, known_utterances,
    sealed_changes,
};
pub use fit_tasks::{FitTables, SentenceGroup, fit_tasks, parse_groups};
pub use foreign::{
    ForeignDefaults, ForeignNote, ForeignSheet, rasa_sheet, table_sheet, without_taken,
};
pub use gate::{Effect, effect_of};
pub use guard_sentences::guard_sentences;
pub use import::{ImportRefusal, Imported, Missing, import, import_new};
pub use loss::{Loss, LossMax, Served};
pub use measure::{
    FalseFind, GuardMeasure, Measure, MeasuredFloor, MissedSentence, RuleMeasure, ShareOf, measure,
};
pub use new_entry::{NewEntry, NewEntryError, Wanted, answered_by, new_entry};
pub use regression::{
    ASKED_PERCENT_MIN, AnsweredShare, CaseKind, Figure, FigureChange, IDS_SHOWN, JudgedUtterance,
    Reaction, Regression, Shortfall, Stability, Thinned, Unasked, Unserved, Verdict,
    figure_changes, figures_under_floors, run_tests, sealed_figures,
};
pub use reveal::{RevealError, Revealed, reveal};
pub use sheet::{Column, Sheet, SheetFormat, SheetMistake, SheetRow, export};
pub use talk::{Talk, explain_first};
