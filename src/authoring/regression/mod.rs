//! Runs the tests of a knowledge base, and compares what came of them with its floors.

mod change;
mod confidence;
mod figure;
mod judge;
mod kind;
mod reaction;
mod run;
mod sealed;
mod stability;
mod unserved;
mod verdict;

pub use change::{FigureChange, figure_changes};
pub(super) use figure::first_ids;
pub use figure::{ASKED_PERCENT_MIN, Figure, IDS_SHOWN, Shortfall, Unasked};
pub use judge::JudgedUtterance;
pub(super) use judge::judge_case;
pub(super) use kind::BaseIndex;
pub use kind::CaseKind;
pub use reaction::Reaction;
pub use run::{Regression, figures_under_floors, run_tests};
pub(super) use sealed::did_well;
pub use sealed::sealed_figures;
pub use stability::{AnsweredShare, Stability, Thinned};
pub use unserved::Unserved;
pub use verdict::Verdict;
