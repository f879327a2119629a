//! The knowledge that answers now, for everybody who needs it.

use std::sync::{Arc, Mutex};

use arc_swap::ArcSwap;
use tokio::sync::watch;

use crate::matching::Snapshot;
use crate::service::lock::lock;

/// A handle to the knowledge that answers now. Clones share it.
#[derive(Clone, Debug)]
pub struct LiveKnowledge(Arc<Live>);

#[derive(Debug)]
struct Live {
    snapshot: ArcSwap<Snapshot>,
    /// Changes when another one answers.
    changes: watch::Sender<u64>,
    /// Why the newest files do not answer.
    refused: Mutex<Option<String>>,
}

impl LiveKnowledge {
    /// Lets this answer.
    pub fn new(snapshot: Snapshot) -> Self {
        let (snapshot, refused) = (ArcSwap::from_pointee(snapshot), Mutex::default());
        Self(Arc::new(Live { snapshot, changes: watch::Sender::new(0), refused }))
    }

    /// What answers now. Whoever began with it ends with it.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.0.snapshot.load_full()
    }

    /// Lets another one answer from the next utterance on; gives back the old one.
    pub fn swap(&self, snapshot: Snapshot) -> Arc<Snapshot> {
        let old = self.0.snapshot.swap(Arc::new(snapshot));
        self.0.changes.send_modify(|changes| *changes += 1);
        old
    }

    /// Changes when another one answers.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes.subscribe()
    }

    /// Why the newest files do not answer; `None` when they do.
    pub fn refused(&self) -> Option<String> {
        lock(&self.0.refused).clone()
    }

    /// Notes why the newest files do not answer, or that they do.
    pub(super) fn note_refused(&self, reason: Option<String>) {
        *lock(&self.0.refused) = reason;
    }
}
