//! Rebuilds the knowledge when its files or its embedding table change: all of it or nothing.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{Interval, MissedTickBehavior},
};

use super::{
    builder::{KnowledgeBuilder, ReloadError},
    live::LiveKnowledge,
};
use crate::files::{FilesError, TableWatcher, Watcher, settle};
use crate::service::{
    clock::Clock,
    lock::lock,
    metrics::{Metrics, ReloadLabel},
};

/// Requests that wait for the one before.
const ASKS_MAX: usize = 4;

/// The pause between two looks at files that have changed.
const LOOK_PAUSE: Duration = Duration::from_millis(500);

/// Looks at files that go on changing, before they are read as they are.
const LOOKS_MAX: usize = 20;

/// The parts of the service that a reload needs.
#[derive(Clone, Debug)]
pub(in crate::service) struct Reloading {
    /// The knowledge that is replaced.
    pub(in crate::service) live: LiveKnowledge,
    /// Tells the operator's day.
    pub(in crate::service) clock: Clock,
    /// Counts reloads.
    pub(in crate::service) metrics: Arc<Metrics>,
    /// Becomes true when the server stops.
    pub(in crate::service) draining: watch::Receiver<bool>,
}

/// Asks for reloads. Clones ask the same service.
#[derive(Clone, Debug)]
pub struct Reloader(mpsc::Sender<ReloadRequest>);

#[derive(Debug)]
struct ReloadRequest {
    may_lose: bool,
    told: oneshot::Sender<ReloadOutcome>,
}

/// What became of a reload.
#[derive(Debug)]
pub enum ReloadOutcome {
    /// Files and table are those that are served.
    Unchanged,
    /// New knowledge is served.
    Loaded {
        /// Its hash.
        knowledge: String,
        /// The number of warnings in the files.
        warnings: usize,
    },
    /// The old knowledge is still served.
    Refused(ReloadError),
    /// The reload failed in the program, or the server is stopping. The old knowledge is served.
    Failed,
}

impl Reloader {
    /// Reads the files again now, and waits for the outcome. `may_lose` lets the new knowledge drop
    /// more of the served entries than a reload otherwise may.
    pub async fn reload(&self, may_lose: bool) -> ReloadOutcome {
        let (told, outcome) = oneshot::channel();
        if self.0.send(ReloadRequest { may_lose, told }).await.is_err() {
            return ReloadOutcome::Failed;
        }
        outcome.await.unwrap_or(ReloadOutcome::Failed)
    }
}

impl Reloading {
    /// Watches root and table for as long as the service runs, and compares the hash of all files
    /// once in `look_every`, because a watch can lose its folder. Returns a handle that asks for reloads.
    pub(in crate::service) fn watch(
        self,
        builder: KnowledgeBuilder,
        look_every: Option<Duration>,
    ) -> Result<Reloader, FilesError> {
        let (sender, changes) = mpsc::channel(1);
        let root = builder.root().path();
        let root = root.map(|folder| Watcher::new(folder, sender.clone())).transpose()?;
        let table = builder.table_folder().map(|data| TableWatcher::new(data, sender.clone()));
        // A request still takes it up.
        let table = table.and_then(|watching| {
            watching
                .inspect_err(|error| tracing::warn!(%error, "a newly trained table is not noticed"))
                .ok()
        });
        let (asker, asks) = mpsc::channel(ASKS_MAX);
        // The sender is kept: without watchers the channel of changes must not end.
        let watched = Watched { root, _table: table, _sender: sender };
        let look_every = look_every.filter(|_| builder.root().path().is_some());
        tokio::spawn(self.run(
            Arc::new(Mutex::new(builder)),
            watched,
            Calls { changes, asks, look_every },
        ));
        Ok(Reloader(asker))
    }

    async fn run(
        mut self,
        builder: Arc<Mutex<KnowledgeBuilder>>,
        mut watched: Watched,
        mut calls: Calls,
    ) {
        let mut looks = calls.looks();
        loop {
            tokio::select! {
                told = calls.changes.recv() => {
                    if told.is_none() {
                        return;
                    }
                    settle(&mut calls.changes).await;
                    watched.renew();
                    self.reload(&builder, false).await;
                }
                asked = calls.asks.recv() => {
                    let Some(ReloadRequest { may_lose, told }) = asked else { return };
                    watched.renew();
                    let outcome = self.reload(&builder, may_lose).await;
                    // The client may have closed.
                    _ = told.send(outcome);
                }
                () = next_look(&mut looks) => {
                    if has_settled_otherwise(&builder).await {
                        tracing::warn!("files have changed of which the watch did not tell");
                        watched.renew();
                        self.reload(&builder, false).await;
                    }
                }
                _ = self.draining.changed() => return,
            }
        }
    }

    async fn reload(
        &self,
        builder: &Arc<Mutex<KnowledgeBuilder>>,
        may_lose: bool,
    ) -> ReloadOutcome {
        let served = self.live.snapshot();
        let now = self.clock.now();
        let builder = builder.clone();
        let rebuild = move || -> Result<_, ReloadError> {
            let mut builder = lock(&builder);
            let built = builder.rebuild(now, &served, may_lose)?;
            Ok(built.map(|snapshot| (snapshot, builder.warnings())))
        };
        let (outcome, label) = match tokio::task::spawn_blocking(rebuild).await {
            Ok(Ok(None)) => {
                tracing::info!("nothing to reload: files and table have not changed");
                self.live.note_refused(None);
                return ReloadOutcome::Unchanged;
            }
            Ok(Ok(Some((snapshot, warnings)))) => {
                let knowledge = snapshot.base.hash.clone();
                tracing::info!(hash = knowledge, warnings, "new knowledge served");
                let old = self.live.swap(snapshot);
                // Freeing a large snapshot takes a while, which no request should wait for.
                tokio::task::spawn_blocking(move || drop(old));
                self.live.note_refused(None);
                (ReloadOutcome::Loaded { knowledge, warnings }, "loaded")
            }
            Ok(Err(error)) => {
                tell(&error);
                self.live.note_refused(Some(error.to_string()));
                (ReloadOutcome::Refused(error), "refused")
            }
            Err(fault) => {
                tracing::error!(%fault, "building the knowledge failed");
                self.live.note_refused(Some("building the knowledge failed".to_owned()));
                (ReloadOutcome::Failed, "refused")
            }
        };
        self.metrics.reloads.get_or_create(&ReloadLabel { outcome: label }).inc();
        outcome
    }
}

/// What makes the service read the files again.
struct Calls {
    changes: mpsc::Receiver<()>,
    asks: mpsc::Receiver<ReloadRequest>,
    look_every: Option<Duration>,
}

impl Calls {
    fn looks(&self) -> Option<Interval> {
        let mut looks = tokio::time::interval(self.look_every?);
        // After a slow reload one look is enough.
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        // The first one comes at once, when all has just been read.
        looks.reset();
        Some(looks)
    }
}

/// Whether the files are others than at the last reading, and no longer change: what is copied
/// where no watch tells of it is not read half-way.
async fn has_settled_otherwise(builder: &Arc<Mutex<KnowledgeBuilder>>) -> bool {
    let name = || {
        let builder = builder.clone();
        async move {
            let look = move || lock(&builder).other_files();
            tokio::task::spawn_blocking(look).await.unwrap_or_default()
        }
    };
    let mut before = name().await;
    for _ in 0..LOOKS_MAX {
        if before.is_none() {
            return false;
        }
        tokio::time::sleep(LOOK_PAUSE).await;
        let after = name().await;
        if after == before {
            return true;
        }
        before = after;
    }
    // Files that keep changing are read as they are, as by the watch.
    before.is_some()
}

/// Waits for the next look; for ever without one.
async fn next_look(looks: &mut Option<Interval>) {
    match looks {
        Some(looks) => _ = looks.tick().await,
        None => std::future::pending().await,
    }
}

/// The watchers, which run until they are dropped.
struct Watched {
    root: Option<Watcher>,
    _table: Option<TableWatcher>,
    _sender: mpsc::Sender<()>,
}

impl Watched {
    /// Watches a folder that was replaced anew.
    fn renew(&mut self) {
        if let Some(Err(error)) = self.root.as_mut().map(Watcher::renew) {
            tracing::warn!(%error, "a folder of the knowledge is not watched");
        }
    }
}

fn tell(error: &ReloadError) {
    tracing::warn!(%error, "new knowledge refused, the old one is still served");
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
    use std::{fs, sync::mpsc};

    use super::*;
    use crate::config::TableChoice;
    use crate::files::Root;
    use crate::knowledge::{GivenFacts, questions_only};
    use crate::matching::Snapshot;
    use crate::service::{OpenConversations, Service};
    use crate::storage::Store;

    /// Time limit for an event that must happen.
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
        let open = OpenConversations::read(&store);
        let service = Service::start(store, open, snapshot, clock).await.unwrap();
        let root = Root::find(Some(root.path()), root.path()).unwrap();
        let builder = KnowledgeBuilder::new(root, TableChoice::Trained, data.path());
        let builder = Arc::new(Mutex::new(builder));

        // The build blocks until it is released.
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
        let (own, its_builder) = (service.reloading(), builder.clone());
        let reloading = tokio::spawn(async move { own.reload(&its_builder, false).await });
        tokio::task::yield_now().await;
        for _ in 0..3 {
            let (asked, _) = service.questions.ask("提现多久到账", GivenFacts::default()).unwrap();
            assert_eq!(asked.reply.text, "提现多久到账");
            tokio::task::yield_now().await;
        }
        assert!(!reloading.is_finished() && service.refused_knowledge().is_none());

        go_on.send(()).unwrap();
        holding.await.unwrap().unwrap();
        reloading.await.unwrap();
        assert!(service.refused_knowledge().is_some(), "an empty root cannot answer");
        let (asked, _) = service.questions.ask("提现多久到账", GivenFacts::default()).unwrap();
        assert_eq!(asked.reply.text, "提现多久到账");
    }
}
