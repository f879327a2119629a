//! Builds the served snapshot from a root, at the start and at each reload.

use std::path::{Path, PathBuf};

use jiff::{Timestamp, civil::Date};

use crate::assembly::{Assembled, Assembly, Table};
use crate::authoring::{Figure, Loss, LossMax, Served};
use crate::config::TableChoice;
use crate::files::{FilesError, Root};
use crate::knowledge::{Diagnostic, KnowledgeBase, Loader, Severity, files_name, operators_day};
use crate::matching::{MatchingError, Snapshot};
use crate::parallel::Threads;

/// Why the knowledge cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ReloadError {
    /// A file cannot be read.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The files contain mistakes. The list has all of them, and the warnings.
    #[error("use the knowledge, mistakes: {}", errors(.0))]
    Knowledge(Vec<Diagnostic>),
    /// The index cannot be built.
    #[error(transparent)]
    Matching(#[from] MatchingError),
    /// The knowledge fails floors of its own tests.
    #[error("use the knowledge, under the floors of its tests: {}{}", floors(figures), way_out(*table))]
    Floors {
        /// The floors that are missed, with the measured figures.
        figures: Vec<Figure>,
        /// The embedding table of this test run.
        table: TableChoice,
    },
    /// The knowledge drops more of the served entries than a reload may. An operator who means it
    /// says so with `kefu reload --allow-loss`, or restarts the service.
    #[error(
        "use the knowledge, it takes away {loss}; a reload may take away {} % (reload_max_loss); \
         if that is meant, run kefu reload --allow-loss, otherwise bring them back",
        most.percent()
    )]
    Loss {
        /// The dropped entries.
        loss: Loss,
        /// The limit.
        most: LossMax,
    },
}

/// Logs the warnings of files that can be served. What customers see may not be what was typed.
fn tell_warnings(diagnostics: &[Diagnostic]) {
    /// Most warnings that are logged at one reading.
    const SHOWN_MAX: usize = 5;
    let warnings = || diagnostics.iter().filter(|one| one.severity == Severity::Warning);
    for Diagnostic { code, file, span, message, .. } in warnings().take(SHOWN_MAX) {
        let place = format!("{file}:{}:{}", span.line, span.column);
        tracing::warn!(%code, place, "{message}");
    }
    let count = warnings().count();
    if count > 0 {
        tracing::warn!(count, "the knowledge has warnings: kefu check shows them all");
    }
}

fn errors(diagnostics: &[Diagnostic]) -> usize {
    count(diagnostics, Severity::Error)
}

fn count(diagnostics: &[Diagnostic], severity: Severity) -> usize {
    diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
}

fn floors(figures: &[Figure]) -> String {
    figures.iter().map(Figure::to_string).collect::<Vec<_>>().join("; ")
}

/// The advice when the table may be the cause.
fn way_out(table: TableChoice) -> &'static str {
    match table {
        TableChoice::Trained => {
            "; it was asked with the trained table, which kefu train --forget removes"
        }
        TableChoice::Shipped | TableChoice::Off => "",
    }
}

/// Builds the served snapshot from a root, at the start and at each reload. Unchanged parts are
/// kept: parsed files in memory, learnt weights and test results in the data folder.
#[derive(Debug)]
pub struct KnowledgeBuilder {
    root: Root,
    loader: Loader,
    assembly: Assembly,
    /// The data folder, if a table that is trained later must be picked up.
    table_folder: Option<PathBuf>,
    loss_max: LossMax,
    /// The name of the files of the last reading; `None` when they could not be read.
    seen: Option<String>,
    /// The warnings of the last reading.
    warnings: usize,
}

impl KnowledgeBuilder {
    /// Starts with nothing in memory. `data` is the data folder, which may hold a trained table.
    pub fn new(root: Root, choice: TableChoice, data: &Path) -> Self {
        let (loader, assembly) = (root.loader(), Assembly::of_server(choice, data));
        let table_folder = (choice == TableChoice::Trained).then(|| data.to_owned());
        let loss_max = LossMax::default();
        Self { root, loader, assembly, table_folder, loss_max, seen: None, warnings: 0 }
    }

    /// Names the file of the second encoder, if there is one. It is read at the first build.
    #[must_use]
    pub fn with_encoder(self, path: Option<&Path>) -> Self {
        Self { assembly: self.assembly.with_encoder(path), ..self }
    }

    /// Limits how much of the served knowledge a reload may drop.
    #[must_use]
    pub fn losing_at_most(self, loss_max: LossMax) -> Self {
        Self { loss_max, ..self }
    }

    /// The root that is read.
    pub(super) fn root(&self) -> &Root {
        &self.root
    }

    /// The number of warnings of the last reading, as `kefu check --fast` tells them.
    pub(super) fn warnings(&self) -> usize {
        self.warnings
    }

    /// The data folder, if a table that is trained later must be picked up.
    pub(super) fn table_folder(&self) -> Option<&Path> {
        self.table_folder.as_deref()
    }

    /// Reads, checks and indexes the knowledge, and runs the tests of its floors. Uses these
    /// threads meanwhile.
    pub fn build(&mut self, now: Timestamp, threads: Threads) -> Result<Snapshot, ReloadError> {
        let (base, today) = self.load(now, threads)?;
        if !base.entries.iter().any(|entry| entry.is_served_on(today)) {
            tracing::warn!("no entry of the knowledge is served today");
        }
        let table = self.assembly.table()?;
        self.prepare(base, table, None, today, threads)
    }

    /// Builds again while `served` is served; `None` if files and table have not changed. Refuses
    /// to drop more of the served entries than a reload may, unless `may_lose`.
    pub fn rebuild(
        &mut self,
        now: Timestamp,
        served: &Snapshot,
        may_lose: bool,
    ) -> Result<Option<Snapshot>, ReloadError> {
        let threads = Threads::but_one();
        let (base, today) = self.load(now, threads)?;
        let table = self.assembly.table()?;
        if Snapshot::hash_of(&base, &table.models()) == served.base.hash {
            return Ok(None);
        }
        // Both are taken on one day: an entry that ends by its own date is not lost.
        let loss = Loss::between(&Served::of(&served.base, today), &Served::of(&base, today));
        if !may_lose && loss.is_over(self.loss_max) {
            return Err(ReloadError::Loss { loss, most: self.loss_max });
        }
        if base.tests.floors.is_empty() && !served.base.tests.floors.is_empty() {
            tracing::warn!("the new knowledge has no floors: its tests are not enforced");
        }
        let snapshot = self.prepare(base, table, Some(served), today, threads)?;
        // Warms the caches before any request waits for them.
        snapshot.prepare();
        Ok(Some(snapshot))
    }

    /// The name of the files, if they are others than at the last reading. Empty for files that
    /// cannot be read any more.
    pub(super) fn other_files(&self) -> Option<String> {
        let name = self.root.read().ok().map(|files| files_name(&files));
        (name != self.seen).then(|| name.unwrap_or_default())
    }

    /// Loads the knowledge. Returns it with the operator's day on which it was checked.
    fn load(
        &mut self,
        now: Timestamp,
        threads: Threads,
    ) -> Result<(KnowledgeBase, Date), ReloadError> {
        self.seen = None;
        let files = self.root.read()?;
        self.seen = Some(files_name(&files));
        let today = operators_day(&files, now);
        let loaded = self.loader.load(&files, today, threads);
        self.warnings = count(&loaded.diagnostics, Severity::Warning);
        tracing::debug!(files = loaded.summary.files, parsed = loaded.parsed, "knowledge read");
        let Some(base) = loaded.base else {
            return Err(ReloadError::Knowledge(loaded.diagnostics));
        };
        tell_warnings(&loaded.diagnostics);
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
