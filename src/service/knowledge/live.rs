//! The served knowledge, shared by all of its users.

use std::sync::{Arc, Mutex};

use arc_swap::ArcSwap;
use tokio::sync::watch;

use crate::matching::Snapshot;
use crate::service::lock::lock;

/// A handle to the served knowledge. Clones share it.
#[derive(Clone, Debug)]
pub struct LiveKnowledge(Arc<Live>);

#[derive(Debug)]
struct Live {
    snapshot: ArcSwap<Snapshot>,
    /// Signals each swap.
    changes: watch::Sender<u64>,
    /// Why the newest files are not served.
    refused: Mutex<Option<String>>,
}

impl LiveKnowledge {
    /// Serves this snapshot.
    pub fn new(snapshot: Snapshot) -> Self {
        let (snapshot, refused) = (ArcSwap::from_pointee(snapshot), Mutex::default());
        Self(Arc::new(Live { snapshot, changes: watch::Sender::new(0), refused }))
    }

    /// The served snapshot. A caller keeps it to the end of its work.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.0.snapshot.load_full()
    }

    /// Serves another snapshot from the next utterance on. Returns the old one.
    pub fn swap(&self, snapshot: Snapshot) -> Arc<Snapshot> {
        let old = self.0.snapshot.swap(Arc::new(snapshot));
        self.0.changes.send_modify(|changes| *changes += 1);
        old
    }

    /// Signals each swap.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.0.changes.subscribe()
    }

    /// Why the newest files are not served; `None` when they are.
    pub fn refused(&self) -> Option<String> {
        lock(&self.0.refused).clone()
    }

    /// Sets why the newest files are not served; `None` when they are.
    pub(super) fn note_refused(&self, reason: Option<String>) {
        *lock(&self.0.refused) = reason;
    }
}
