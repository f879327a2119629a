//! The engine: a writer, readers, and the folder's lock.

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::Timestamp;
use rusqlite::Connection;
use tokio::task;

use super::{
    failure::not_writable,
    folder,
    reader::Readers,
    schema::{self, PROBE_BYTES},
    session::SqliteSession,
    statements, stored_facts,
    writer::Writer,
};
use crate::knowledge::Facts;
use crate::storage::error::StorageError;

/// The stored data of one site in one data folder. Clones share the writer and the readers.
#[derive(Clone, Debug)]
pub(in crate::storage) struct Sqlite {
    shared: Arc<Shared>,
}

/// Fields are dropped in this order: `SQLite` cleans up when the last connection, the writer's,
/// closes.
#[derive(Debug)]
struct Shared {
    readers: Readers,
    writer: Writer,
    path: PathBuf,
    generation: u64,
    _lock: Option<File>,
}

impl Sqlite {
    pub(in crate::storage) fn open(dir: &Path, now: Timestamp) -> Result<Self, StorageError> {
        folder::create(dir)?;
        let lock = folder::lock(dir)?;
        let path = folder::database(dir)?;
        let mut conn = schema::open_writer(&path)?;
        if !schema::is_current(&conn)? {
            schema::migrate(&mut conn, now)?;
        }
        Self::start(&path, conn, Some(lock))
    }

    pub(in crate::storage) fn open_shared(
        dir: &Path,
        now: Timestamp,
    ) -> Result<Self, StorageError> {
        folder::create(dir)?;
        let path = folder::database(dir)?;
        let mut conn = schema::open_writer(&path)?;
        if !schema::is_current(&conn)? {
            let _lock = folder::lock(dir)?;
            schema::migrate(&mut conn, now)?;
        }
        Self::start(&path, conn, None)
    }

    pub(in crate::storage) fn exists(dir: &Path) -> bool {
        folder::has_database(dir)
    }

    pub(in crate::storage) fn generation(&self) -> u64 {
        self.shared.generation
    }

    pub(in crate::storage) fn health(&self) -> Option<StorageError> {
        self.shared.writer.failure()
    }

    pub(in crate::storage) async fn probe(&self) -> Result<(), StorageError> {
        self.write(|session| {
            session.execute(statements::FILL_PROBE, [PROBE_BYTES])?;
            session.execute(statements::EMPTY_PROBE, [])?;
            Ok(())
        })
        .await
    }

    pub(in crate::storage) async fn rewrite_facts(
        &self,
        keep: impl Fn(&Facts) -> Facts + Send + 'static,
    ) -> Result<usize, StorageError> {
        let path = self.shared.path.clone();
        let rewritten = task::spawn_blocking(move || stored_facts::rewrite(&path, keep));
        rewritten.await.unwrap_or(Err(StorageError::Stopped))
    }

    pub(in crate::storage) async fn close(&self) {
        self.shared.readers.close().await;
        self.shared.writer.close().await;
    }

    /// Runs `work` in a transaction. Returns its result once it is on disk.
    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, StorageError>
    where
        T: Send + 'static,
        F: FnOnce(&SqliteSession) -> Result<T, StorageError> + Send + 'static,
    {
        self.shared.writer.write(work).await
    }

    /// Runs `work` on a blocking thread when its turn comes.
    pub(super) async fn read<T, F>(&self, work: F) -> Result<T, StorageError>
    where
        T: Send + 'static,
        F: FnOnce(&SqliteSession) -> Result<T, StorageError> + Send + 'static,
    {
        self.shared.readers.read(work).await
    }

    fn start(path: &Path, conn: Connection, lock: Option<File>) -> Result<Self, StorageError> {
        schema::try_writing(&conn, path)?;
        let generation = schema::generation(&conn)?;
        let readers = Readers::open(path.to_owned())?;
        let writer =
            Writer::start(SqliteSession::new(conn)).map_err(|error| not_writable(path, error))?;
        let shared = Shared { readers, writer, path: path.to_owned(), generation, _lock: lock };
        Ok(Self { shared: Arc::new(shared) })
    }
}
