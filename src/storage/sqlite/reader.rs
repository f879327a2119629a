//! Readers: a few connections beside the writer's.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{sync::Semaphore, task};

use super::{schema, session::SqliteSession};
use crate::storage::error::StorageError;

/// Reads at the same time. More would only delay the writer.
const READERS: usize = 2;

/// Read-only connections. They see all writes that were acknowledged before a read started.
#[derive(Debug)]
pub(super) struct Readers {
    path: PathBuf,
    turns: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<SqliteSession>>>,
}

impl Readers {
    /// Opens the connections at the start, so that reads work when files can no longer be opened.
    pub(super) fn open(path: PathBuf) -> Result<Self, StorageError> {
        let idle = (0..READERS).map(|_| schema::open_reader(&path)).collect::<Result<_, _>>()?;
        Ok(Self {
            path,
            turns: Arc::new(Semaphore::new(READERS)),
            idle: Arc::new(Mutex::new(idle)),
        })
    }

    /// Runs `work` on a blocking thread when its turn comes.
    pub(super) async fn read<T, F>(&self, work: F) -> Result<T, StorageError>
    where
        T: Send + 'static,
        F: FnOnce(&SqliteSession) -> Result<T, StorageError> + Send + 'static,
    {
        let turn =
            Arc::clone(&self.turns).acquire_owned().await.map_err(|_| StorageError::Stopped)?;
        let idle = Arc::clone(&self.idle);
        let path = self.path.clone();
        let reading = task::spawn_blocking(move || {
            let kept = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            // A session is missing only if an earlier read panicked.
            let session = kept.map_or_else(|| schema::open_reader(&path), Ok)?;
            let result = work(&session);
            idle.lock().unwrap_or_else(PoisonError::into_inner).push(session);
            // Held until here even if the caller is gone, because the connection was in use.
            drop(turn);
            result
        });
        reading.await.unwrap_or(Err(StorageError::Stopped))
    }

    /// Waits for the running reads and closes their files.
    pub(super) async fn close(&self) {
        // An error means that it is closed already.
        if let Ok(turns) = self.turns.acquire_many(READERS as u32).await {
            self.turns.close();
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
            drop(turns);
        }
    }
}
