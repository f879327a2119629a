//! Reads the knowledge anew when its files change: all of it or nothing.

use std::{
    path::Path,
    sync::{Arc, Mutex},
};

use jiff::{Timestamp, civil::Date};
use tokio::sync::mpsc;

use super::{
    Service,
    learnt_file::{LearntFile, Remembered},
    lock::lock,
    metrics::Outcome,
};
use crate::authoring::{Figure, Loss, LossMax, Served, figures_under_floors};
use crate::files::{FilesError, Root, Watcher, settle};
use crate::knowledge::{Diagnostic, KnowledgeBase, Loader, Severity, operators_day};
use crate::matching::{Earlier, MatchingError, Snapshot, StaticTable};
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
    #[error("use the knowledge, under the floors of its tests: {}", floors(.0))]
    Floors(Vec<Figure>),
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

/// Builds what answers from a root, again and again, and keeps what did not change: parsed
/// files in memory, and what was learnt and tested in the data folder.
#[derive(Debug)]
pub struct Builder {
    root: Root,
    table: Arc<StaticTable>,
    loader: Loader,
    learnt: Option<LearntFile>,
    loss_max: LossMax,
}

impl Builder {
    /// Begins with nothing in memory. `data` is the data folder.
    pub fn new(root: Root, table: Arc<StaticTable>, data: &Path) -> Self {
        let (loader, learnt) = (root.loader(), LearntFile::of(data));
        Self { root, table, loader, learnt, loss_max: LossMax::default() }
    }

    /// Lets a reload take away so much of what is served, and not more.
    #[must_use]
    pub fn losing_at_most(self, loss_max: LossMax) -> Self {
        Self { loss_max, ..self }
    }

    /// Reads, checks and indexes the knowledge, and runs the tests that its floors are about.
    /// Takes the threads for as long as that needs. The copy inside the program was tested
    /// before it was shipped.
    pub fn build(&mut self, now: Timestamp, threads: Threads) -> Result<Snapshot, ReloadError> {
        let (base, today) = self.load(now, threads)?;
        if !base.entries.iter().any(|entry| entry.is_served_on(today)) {
            tracing::warn!("no entry of the knowledge is served today");
        }
        self.prepare(base, None, today, threads)
    }

    /// The same beside what is served now; `None` when the files say the same as that. What takes
    /// away more of it than a reload may is refused.
    pub fn rebuild(
        &mut self,
        now: Timestamp,
        served: &Snapshot,
    ) -> Result<Option<Snapshot>, ReloadError> {
        let threads = Threads::but_one();
        let (base, today) = self.load(now, threads)?;
        if Snapshot::hash_of(&base, &self.table) == served.base.hash {
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
        let snapshot = self.prepare(base, Some(served), today, threads)?;
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
        served: Option<&Snapshot>,
        today: Date,
        threads: Threads,
    ) -> Result<Snapshot, ReloadError> {
        let before = self.learnt.as_ref().and_then(LearntFile::read);
        let learnt = before.as_ref().map(|before| before.learnt.clone());
        let earlier = Earlier { learnt, snapshot: served };
        let snapshot = Snapshot::build_again(base, self.table.clone(), earlier, threads)?;
        let before = before.filter(|before| before.learnt.is_of(&snapshot.base));
        tracing::debug!(is_learnt_anew = before.is_none(), "questions indexed");
        let mut floors_kept_on = before.as_ref().and_then(|before| before.floors_kept_on);
        let is_tested = floors_kept_on.is_some_and(|day| serves_alike(&snapshot.base, day, today));
        let must_test = self.root.path().is_some() && !is_tested;
        if must_test {
            let failed = figures_under_floors(&snapshot, today, threads);
            if !failed.is_empty() {
                return Err(ReloadError::Floors(failed));
            }
            floors_kept_on = Some(today);
        }
        let now = Remembered { learnt: snapshot.learnt(), floors_kept_on };
        if let Some(file) = self.learnt.as_ref().filter(|_| before.as_ref() != Some(&now)) {
            file.write(&now);
        }
        Ok(snapshot)
    }
}

/// Whether the same entries are served on both days.
fn serves_alike(base: &KnowledgeBase, one: Date, other: Date) -> bool {
    base.entries.iter().all(|entry| entry.is_served_on(one) == entry.is_served_on(other))
}

/// Watches the root for as long as the service runs, and gives the way to have it read again
/// although no change was noticed. `None` when it is no folder: the copy inside the program
/// does not change.
pub fn watch(
    service: &Arc<Service>,
    builder: Builder,
) -> Result<Option<mpsc::Sender<()>>, FilesError> {
    let Some(folder) = builder.root.path() else { return Ok(None) };
    let (sender, changes) = mpsc::channel(1);
    let watcher = Watcher::new(folder, sender.clone())?;
    tokio::spawn(run(service.clone(), Arc::new(Mutex::new(builder)), watcher, changes));
    Ok(Some(sender))
}

async fn run(
    service: Arc<Service>,
    builder: Arc<Mutex<Builder>>,
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
        reload(&service, &builder).await;
    }
}

async fn reload(service: &Arc<Service>, builder: &Arc<Mutex<Builder>>) {
    let served = service.snapshot();
    let now = service.clock.now();
    let builder = builder.clone();
    let rebuild = move || lock(&builder).rebuild(now, &served);
    let outcome = match tokio::task::spawn_blocking(rebuild).await {
        Ok(Ok(None)) => {
            service.note_refused_knowledge(None);
            return;
        }
        Ok(Ok(Some(snapshot))) => {
            tracing::info!(hash = snapshot.base.hash, "new knowledge answers");
            let old = service.swap(snapshot);
            // To free a large one takes a while, for which nobody who asks should wait.
            tokio::task::spawn_blocking(move || drop(old));
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

#[cfg(test)]
mod tests {
    use std::{fs, sync::mpsc, time::Duration};

    use super::*;
    use crate::knowledge::Facts;
    use crate::knowledge::questions_only;
    use crate::service::Clock;
    use crate::storage::Store;

    /// How long something that must happen may take.
    const PATIENCE: Duration = Duration::from_secs(20);

    #[tokio::test]
    async fn who_asks_does_not_wait_for_what_is_built() {
        let (data, root) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for folder in ["knowledge", "intents"] {
            fs::create_dir(root.path().join(folder)).unwrap();
        }
        let lines = r#"{"id": "a", "question": "提现多久到账"}"#;
        let snapshot = Snapshot::build(questions_only(lines.as_bytes()).base.unwrap()).unwrap();
        let clock = Clock::start();
        let store = Store::open(data.path(), clock.now()).unwrap();
        let service = Service::start(store, snapshot, clock).await.unwrap();
        let root = Root::find(Some(root.path()), root.path()).unwrap();
        let builder = Builder::new(root, StaticTable::shipped(), data.path());
        let builder = Arc::new(Mutex::new(builder));

        // Building takes until it is let go on.
        let (begun, has_begun) = mpsc::channel();
        let (go_on, goes_on) = mpsc::channel();
        let held = builder.clone();
        let holding = tokio::task::spawn_blocking(move || {
            let builder = lock(&held);
            begun.send(()).unwrap();
            let told = goes_on.recv_timeout(PATIENCE);
            drop(builder);
            told
        });
        has_begun.recv_timeout(PATIENCE).unwrap();
        let (own, its_builder) = (service.clone(), builder.clone());
        let reloading = tokio::spawn(async move { reload(&own, &its_builder).await });
        tokio::task::yield_now().await;
        for _ in 0..3 {
            let asked = service.ask("提现多久到账", Facts::none()).unwrap();
            assert_eq!(asked.reply.text, "提现多久到账");
            tokio::task::yield_now().await;
        }
        assert!(!reloading.is_finished() && service.refused_knowledge().is_none());

        go_on.send(()).unwrap();
        holding.await.unwrap().unwrap();
        reloading.await.unwrap();
        assert!(service.refused_knowledge().is_some(), "an empty root cannot answer");
        assert_eq!(service.ask("提现多久到账", Facts::none()).unwrap().reply.text, "提现多久到账");
    }
}
