//! Rebuilds the knowledge when its files or its embedding table change: all of it or nothing.

use std::sync::{Arc, Mutex};

use tokio::sync::{mpsc, watch};

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

impl Reloading {
    /// Watches root and table for as long as the service runs. Returns a sender that requests a
    /// reload. `None` when neither can change: the root is the copy inside the program, and the
    /// table is not the trained one.
    pub(in crate::service) fn watch(
        self,
        builder: KnowledgeBuilder,
    ) -> Result<Option<mpsc::Sender<()>>, FilesError> {
        let (sender, changes) = mpsc::channel(1);
        let root = builder.root().path();
        let root = root.map(|folder| Watcher::new(folder, sender.clone())).transpose()?;
        if root.is_none() && builder.table_folder().is_none() {
            return Ok(None);
        }
        let table = builder.table_folder().map(|data| TableWatcher::new(data, sender.clone()));
        // SIGHUP still reloads it.
        let table = table.and_then(|watching| {
            watching
                .inspect_err(|error| tracing::warn!(%error, "a newly trained table is not noticed"))
                .ok()
        });
        let watched = Watched { root, _table: table };
        tokio::spawn(self.run(Arc::new(Mutex::new(builder)), watched, changes));
        Ok(Some(sender))
    }

    async fn run(
        mut self,
        builder: Arc<Mutex<KnowledgeBuilder>>,
        mut watched: Watched,
        mut changes: mpsc::Receiver<()>,
    ) {
        loop {
            tokio::select! {
                told = changes.recv() => if told.is_none() { return },
                _ = self.draining.changed() => return,
            }
            settle(&mut changes).await;
            // A folder that was replaced must be watched anew.
            if let Some(Err(error)) = watched.root.as_mut().map(Watcher::renew) {
                tracing::warn!(%error, "a folder of the knowledge is not watched");
            }
            self.reload(&builder).await;
        }
    }

    async fn reload(&self, builder: &Arc<Mutex<KnowledgeBuilder>>) {
        let served = self.live.snapshot();
        let now = self.clock.now();
        let builder = builder.clone();
        let rebuild = move || lock(&builder).rebuild(now, &served);
        let outcome = match tokio::task::spawn_blocking(rebuild).await {
            Ok(Ok(None)) => {
                tracing::info!("nothing to reload: files and table have not changed");
                self.live.note_refused(None);
                return;
            }
            Ok(Ok(Some(snapshot))) => {
                tracing::info!(hash = snapshot.base.hash, "new knowledge served");
                let old = self.live.swap(snapshot);
                // Freeing a large snapshot takes a while, which no request should wait for.
                tokio::task::spawn_blocking(move || drop(old));
                self.live.note_refused(None);
                "loaded"
            }
            Ok(Err(error)) => {
                tell(&error);
                self.live.note_refused(Some(error.to_string()));
                "refused"
            }
            Err(fault) => {
                tracing::error!(%fault, "building the knowledge failed");
                self.live.note_refused(Some("building the knowledge failed".to_owned()));
                "refused"
            }
        };
        self.metrics.reloads.get_or_create(&ReloadLabel { outcome }).inc();
    }
}

/// The watchers, which run until they are dropped.
struct Watched {
    root: Option<Watcher>,
    _table: Option<TableWatcher>,
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
    use std::{fs, sync::mpsc, time::Duration};

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
        let reloading = tokio::spawn(async move { own.reload(&its_builder).await });
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
