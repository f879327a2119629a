//! An assembled snapshot, and its test against the floors.

use jiff::civil::Date;

use super::table::Table;
use crate::authoring::{Figure, figures_under_floors};
use crate::config::TableChoice;
use crate::files::Root;
use crate::knowledge::KnowledgeBase;
use crate::matching::Snapshot;
use crate::parallel::Threads;

/// A snapshot, and how it was assembled.
#[derive(Debug)]
pub struct Assembled {
    /// The snapshot.
    pub snapshot: Snapshot,
    /// Its embedding table.
    pub table: Table,
    /// A day on which the floors of its tests were kept, if one is known.
    pub(super) floors_kept_on: Option<Date>,
}

impl Assembled {
    /// The floors of its tests that the snapshot misses on `today`. It must not be served if there
    /// are any.
    ///
    /// The copy inside the program was tested with the shipped table, so it is tested only with a
    /// trained one. A test is not repeated if the same entries were served on the day of an earlier
    /// test.
    pub fn under_floors(&mut self, root: &Root, today: Date, threads: Threads) -> Vec<Figure> {
        let was_shipped = root.path().is_none() && self.table.which != TableChoice::Trained;
        let base = &self.snapshot.base;
        let is_tested = self.floors_kept_on.is_some_and(|day| serves_alike(base, day, today));
        if was_shipped || is_tested {
            return Vec::new();
        }
        let failed = figures_under_floors(&self.snapshot, today, threads);
        if failed.is_empty() {
            self.floors_kept_on = Some(today);
        }
        failed
    }
}

/// Whether the same entries are served on both days.
fn serves_alike(base: &KnowledgeBase, one: Date, other: Date) -> bool {
    base.entries.iter().all(|entry| entry.is_served_on(one) == entry.is_served_on(other))
}
