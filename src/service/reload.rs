//! Reads the knowledge anew when its files change: all of it or nothing.

use std::sync::Arc;

use jiff::civil::Date;
use tokio::sync::mpsc;

use super::{Service, metrics::Outcome};
use crate::authoring::{Figure, figures_under_floors};
use crate::files::{FilesError, Root, Watcher, settle};
use crate::knowledge::{Diagnostic, Facts, Severity, load};
use crate::matching::{MatchingError, Snapshot, StaticTable};

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
    #[error("use the knowledge, under the floors of its tests: {}", floors(.0))]
    Floors(Vec<Figure>),
}

fn errors(diagnostics: &[Diagnostic]) -> usize {
    diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count()
}

fn floors(figures: &[Figure]) -> String {
    let figures = figures.iter().map(|figure| {
        let Figure { floor, hits, of, at_least } = figure;
        format!("{} {hits} of {of}, wanted {} ‰", floor.key(), at_least.unwrap_or_default())
    });
    figures.collect::<Vec<_>>().join("; ")
}

/// Reads, checks and indexes the knowledge, and runs the tests that its floors are about.
/// Takes a core for as long as that needs. The copy inside the program was tested before it
/// was shipped.
pub fn build_snapshot(
    root: &Root,
    today: Date,
    table: &Arc<StaticTable>,
) -> Result<Snapshot, ReloadError> {
    let loaded = load(&root.read()?, today);
    let Some(base) = loaded.base else {
        return Err(ReloadError::Knowledge(loaded.diagnostics));
    };
    let snapshot = Snapshot::build_with(base, table.clone())?;
    let failed = match root.path() {
        Some(_) => figures_under_floors(&snapshot, today),
        None => Vec::new(),
    };
    if !failed.is_empty() {
        return Err(ReloadError::Floors(failed));
    }
    snapshot.prepare_suggestions();
    Ok(snapshot)
}

/// Watches the root, if it is a folder, for as long as the service runs.
pub fn watch(
    service: &Arc<Service>,
    root: Root,
    table: Arc<StaticTable>,
) -> Result<(), FilesError> {
    let Some(folder) = root.path() else { return Ok(()) };
    let (sender, changes) = mpsc::channel(1);
    let watcher = Watcher::new(folder, sender)?;
    tokio::spawn(run(service.clone(), root, table, watcher, changes));
    Ok(())
}

async fn run(
    service: Arc<Service>,
    root: Root,
    table: Arc<StaticTable>,
    mut watcher: Watcher,
    mut changes: mpsc::Receiver<()>,
) {
    let mut draining = service.draining();
    loop {
        tokio::select! {
            told = changes.recv() => if told.is_none() { return },
            _ = draining.changed() => return,
        }
        settle(&mut changes).await;
        // A folder that was replaced is another folder.
        if let Err(error) = watcher.renew() {
            tracing::warn!(%error, "a folder of the knowledge is not watched");
        }
        reload(&service, &root, &table).await;
    }
}

async fn reload(service: &Arc<Service>, root: &Root, table: &Arc<StaticTable>) {
    let today = service.circumstances(&service.snapshot(), Facts::none()).today;
    let (root, table) = (root.clone(), table.clone());
    let built = tokio::task::spawn_blocking(move || build_snapshot(&root, today, &table)).await;
    let outcome = match built {
        Ok(Ok(snapshot)) if snapshot.base.hash == service.snapshot().base.hash => {
            service.note_refused_knowledge(None);
            return;
        }
        Ok(Ok(snapshot)) => {
            tracing::info!(hash = snapshot.base.hash, "new knowledge answers");
            service.swap(snapshot);
            service.note_refused_knowledge(None);
            "loaded"
        }
        Ok(Err(error)) => {
            tell(&error);
            service.note_refused_knowledge(Some(error.to_string()));
            "refused"
        }
        Err(fault) => {
            tracing::error!(%fault, "building the knowledge failed");
            service.note_refused_knowledge(Some("building the knowledge failed".to_owned()));
            "refused"
        }
    };
    service.metrics.reloads.get_or_create(&Outcome { outcome }).inc();
}

fn tell(error: &ReloadError) {
    tracing::warn!(%error, "new knowledge refused, the old one keeps answering");
    if let ReloadError::Knowledge(diagnostics) = error {
        for diagnostic in diagnostics {
            let (line, column) = (diagnostic.span.line, diagnostic.span.column);
            let place = format!("{}:{line}:{column}", diagnostic.file);
            tracing::warn!(code = %diagnostic.code, place, "{}", diagnostic.message);
        }
    }
}
