//! A snapshot that was put together, and how it is judged.

use jiff::civil::Date;

use super::table::Table;
use crate::authoring::{Figure, figures_under_floors};
use crate::config::TableChoice;
use crate::files::Root;
use crate::knowledge::KnowledgeBase;
use crate::matching::Snapshot;
use crate::parallel::Threads;

/// A snapshot, and how it was put together.
#[derive(Debug)]
pub struct Assembled {
    /// What answers.
    pub snapshot: Snapshot,
    /// The table that it is asked with.
    pub table: Table,
    /// A day on which the floors of its tests were kept, if one is known.
    pub(super) floors_kept_on: Option<Date>,
}

impl Assembled {
    /// The floors of its tests that it does not keep on that day; with any of them nobody may
    /// be served by it. Empty when it keeps all.
    ///
    /// The copy inside the program was tested with the shipped table before it was shipped,
    /// and without a table by nobody's promise; it is tested with a trained one. What was
    /// tested before, on a day that serves the same entries, is not tested again.
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
