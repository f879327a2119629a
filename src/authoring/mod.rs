//! The workshop of the people who keep the knowledge: what needs the engine to be checked,
//! regression tests, comparisons of two roots, and sheets.

mod change;
mod change_reason;
mod diff;
mod reaction;
mod regression;
mod verdict;

pub use change::{Change, ChangeKind, Side, Worth};
pub use change_reason::ChangeReason;
pub use diff::{compare, known_utterances};
pub use reaction::Reaction;
pub use regression::{Figure, Group, Judged, Regression, figures_under_floors, run_tests};
pub use verdict::Verdict;
