//! Runs the regression tests of a knowledge base, and compares what came of them with its floors.

mod figure;
mod reaction;
mod run;
mod unserved;
mod verdict;

pub(super) use figure::first_ids;
pub use figure::{ASKED_PERCENT_MIN, Figure, IDS_SHOWN, Shortfall, Unasked};
pub use reaction::Reaction;
pub use run::{Group, Judged, Regression, figures_under_floors, run_tests};
pub use unserved::Unserved;
pub use verdict::Verdict;
