//! Builds what answers from a root, again and again.

use std::path::{Path, PathBuf};

use jiff::{Timestamp, civil::Date};

use crate::assembly::{Assembled, Assembly, Table};
use crate::authoring::{Figure, Loss, LossMax, Served};
use crate::config::TableChoice;
use crate::files::{FilesError, Root};
use crate::knowledge::{Diagnostic, KnowledgeBase, Loader, Severity, operators_day};
use crate::matching::{MatchingError, Snapshot};
use crate::parallel::Threads;

/// Why the knowledge cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ReloadError {
    /// The files cannot be read.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// They hold mistakes; all of them are here, warnings too.
    #[error("use the knowledge, mistakes: {}", errors(.0))]
    Knowledge(Vec<Diagnostic>),
    /// They cannot be indexed.
    #[error(transparent)]
    Matching(#[from] MatchingError),
    /// They do worse on their own tests than they say they may; these floors are not kept.
    #[error("use the knowledge, under the floors of its tests: {}{}", floors(figures), way_out(*table))]
    Floors {
        /// How each of these floors is missed.
        figures: Vec<Figure>,
        /// The table that it was asked with.
        table: TableChoice,
    },
    /// They take away more of what is served than a reload may. Whoever means it restarts the
    /// service: at a start there is nothing to lose.
    #[error(
        "use the knowledge, it takes away {loss}; a reload may take away {} % (reload_max_loss); \
         if that is meant, restart the service, otherwise bring them back",
        most.percent()
    )]
    Loss {
        /// What is gone.
        loss: Loss,
        /// What may be.
        most: LossMax,
    },
}

fn errors(diagnostics: &[Diagnostic]) -> usize {
    diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count()
}

fn floors(figures: &[Figure]) -> String {
    figures.iter().map(Figure::to_string).collect::<Vec<_>>().join("; ")
}

/// What helps when it is the table that is wrong.
fn way_out(table: TableChoice) -> &'static str {
    match table {
        TableChoice::Trained => {
            "; it was asked with the trained table, which kefu train --forget removes"
        }
        TableChoice::Shipped | TableChoice::Off => "",
    }
}

/// Builds what answers from a root, again and again, and keeps what did not change: parsed
/// files in memory, and what was learnt and tested in the data folder.
#[derive(Debug)]
pub struct Builder {
    root: Root,
    loader: Loader,
    assembly: Assembly,
    /// The data folder, if a table that is trained later is taken up.
    table_folder: Option<PathBuf>,
    loss_max: LossMax,
}

impl Builder {
    /// Begins with nothing in memory. `data` is the data folder, where a trained table lies.
    pub fn new(root: Root, choice: TableChoice, data: &Path) -> Self {
        let (loader, assembly) = (root.loader(), Assembly::of_server(choice, data));
        let table_folder = (choice == TableChoice::Trained).then(|| data.to_owned());
        Self { root, loader, assembly, table_folder, loss_max: LossMax::default() }
    }

    /// Lets a reload take away so much of what is served, and not more.
    #[must_use]
    pub fn losing_at_most(self, loss_max: LossMax) -> Self {
        Self { loss_max, ..self }
    }

    /// The root that it reads.
    pub(super) fn root(&self) -> &Root {
        &self.root
    }

    /// The data folder, if a table that is trained later is taken up.
    pub(super) fn table_folder(&self) -> Option<&Path> {
        self.table_folder.as_deref()
    }

    /// Reads, checks and indexes the knowledge, and runs the tests that its floors are about.
    /// Takes the threads for as long as that needs.
    pub fn build(&mut self, now: Timestamp, threads: Threads) -> Result<Snapshot, ReloadError> {
        let (base, today) = self.load(now, threads)?;
        if !base.entries.iter().any(|entry| entry.is_served_on(today)) {
            tracing::warn!("no entry of the knowledge is served today");
        }
        let table = self.assembly.table()?;
        self.prepare(base, table, None, today, threads)
    }

    /// The same beside what is served now; `None` when files and table say the same as that.
    /// What takes away more of it than a reload may is refused.
    pub fn rebuild(
        &mut self,
        now: Timestamp,
        served: &Snapshot,
    ) -> Result<Option<Snapshot>, ReloadError> {
        let threads = Threads::but_one();
        let (base, today) = self.load(now, threads)?;
        let table = self.assembly.table()?;
        if Snapshot::hash_of(&base, &table.vectors) == served.base.hash {
            return Ok(None);
        }
        // Both as of one day: what ends by its own date is not lost.
        let loss = Loss::between(&Served::of(&served.base, today), &Served::of(&base, today));
        if loss.is_over(self.loss_max) {
            return Err(ReloadError::Loss { loss, most: self.loss_max });
        }
        if base.tests.floors.is_empty() && !served.base.tests.floors.is_empty() {
            tracing::warn!("the new knowledge has no floors any more, nothing holds its tests");
        }
        let snapshot = self.prepare(base, table, Some(served), today, threads)?;
        // Nobody waits for it yet.
        snapshot.prepare();
        Ok(Some(snapshot))
    }

    /// The knowledge, and the operator's day on which it is checked.
    fn load(
        &mut self,
        now: Timestamp,
        threads: Threads,
    ) -> Result<(KnowledgeBase, Date), ReloadError> {
        let files = self.root.read()?;
        let today = operators_day(&files, now);
        let loaded = self.loader.load(&files, today, threads);
        tracing::debug!(files = loaded.summary.files, parsed = loaded.parsed, "knowledge read");
        let base = loaded.base.ok_or(ReloadError::Knowledge(loaded.diagnostics))?;
        Ok((base, today))
    }

    fn prepare(
        &self,
        base: KnowledgeBase,
        table: Table,
        served: Option<&Snapshot>,
        today: Date,
        threads: Threads,
    ) -> Result<Snapshot, ReloadError> {
        let mut assembled = self.assembly.assemble(base, table, served, threads)?;
        let figures = assembled.under_floors(&self.root, today, threads);
        if !figures.is_empty() {
            return Err(ReloadError::Floors { figures, table: assembled.table.which });
        }
        self.assembly.keep(&assembled);
        let Assembled { snapshot, table, .. } = assembled;
        tracing::info!(table = table.which.as_str(), hash = snapshot.base.hash, "knowledge built");
        Ok(snapshot)
    }
}
