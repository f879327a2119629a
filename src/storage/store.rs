//! The handle by which the shell stores and reads.

use std::{fs::File, path::Path, sync::Arc};

use jiff::Timestamp;
use rusqlite::Connection;

use super::{error::StorageError, folder, reader::Readers, sqlite, writer::Writer};

/// SHA-256 of a session token; the token itself is never stored.
pub type TokenHash = [u8; 32];

/// What a probe writes: more pages than a small append, so that a probe which works means it.
const PROBE_BYTES: i64 = 16 << 10;

/// Expired sessions deleted in one command, so that messages need not wait for long.
const DELETED_AT_ONCE: usize = 1_000;

/// The stored data of one site. Clones share one writer and one set of readers.
///
/// Every writing method returns after its commit is on disk, or with an error and nothing
/// stored. If its future is dropped earlier, the write may still take place. Times are
/// kept in microseconds; what is finer is cut off.
///
/// Dropping the last clone blocks until what was taken is written; [`close`](Self::close)
/// does the same without blocking.
///
/// # Examples
///
/// ```
/// use jiff::Timestamp;
/// use kefu::storage::Store;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let dir = tempfile::tempdir()?;
/// let now: Timestamp = "2026-03-02T09:00:00Z".parse()?;
/// let store = Store::open(dir.path(), now)?;
/// let agent = store.add_agent("小林", "$argon2id$…", now).await?;
/// assert_eq!(store.agent_by_name("小林").await?.map(|row| row.id), Some(agent));
/// assert!(Store::open(dir.path(), now).is_err()); // one process, one store
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Store {
    shared: Arc<Shared>,
}

/// Dropped in this order: `SQLite` tidies up when the last connection, the writer's, closes.
#[derive(Debug)]
struct Shared {
    readers: Readers,
    writer: Writer,
    generation: u64,
    _lock: Option<File>,
}

impl Store {
    /// Opens the data folder for a server, made when missing, and locks it against a second.
    ///
    /// Brings an older schema up to date. Blocks: for the start of the program.
    ///
    /// # Errors
    ///
    /// [`InUse`](StorageError::InUse), [`NotWritable`](StorageError::NotWritable),
    /// [`NewerSchema`](StorageError::NewerSchema), [`Full`](StorageError::Full) and the
    /// rest: whether the disk takes writes is tried at once.
    pub fn open(dir: &Path, now: Timestamp) -> Result<Self, StorageError> {
        folder::create(dir)?;
        let lock = folder::lock(dir)?;
        let path = folder::database(dir)?;
        let mut conn = sqlite::open_writer(&path)?;
        if !sqlite::is_current(&conn)? {
            sqlite::migrate(&mut conn, now)?;
        }
        Self::start(&path, conn, Some(lock))
    }

    /// Whether the folder holds the data of a server.
    pub fn exists(dir: &Path) -> bool {
        folder::has_database(dir)
    }

    /// Opens the same data beside a running server, for `kefu agent` and `kefu train`: to write
    /// agents' accounts only.
    ///
    /// Takes no lock: `SQLite` lets two processes write in turn, and accounts belong to nobody.
    /// Conversations do, to the server's tasks, which would not see a stranger's append.
    /// Without a server it makes the folder and the schema, under the lock for that moment.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open); `InUse` when the schema is older and a server is running.
    pub fn open_shared(dir: &Path, now: Timestamp) -> Result<Self, StorageError> {
        folder::create(dir)?;
        let path = folder::database(dir)?;
        let mut conn = sqlite::open_writer(&path)?;
        if !sqlite::is_current(&conn)? {
            let _lock = folder::lock(dir)?;
            sqlite::migrate(&mut conn, now)?;
        }
        Self::start(&path, conn, None)
    }

    /// Which history this is. Another number than before means that a client's sequence
    /// numbers are of another history, and it must start afresh.
    pub fn generation(&self) -> u64 {
        self.shared.generation
    }

    /// Why storage last failed to write; `None` when the last write worked. For `/readyz`.
    ///
    /// Only a write clears it: without traffic call [`probe`](Self::probe).
    pub fn health(&self) -> Option<StorageError> {
        self.shared.writer.failure()
    }

    /// Tries whether the disk takes a write, and so brings [`health`](Self::health) up to date.
    pub async fn probe(&self) -> Result<(), StorageError> {
        self.write(probe).await
    }

    /// Deletes the sessions of customers and agents that ended before `now`; how many.
    ///
    /// Conversations stay, without a customer who could come back to them.
    pub async fn delete_expired_sessions(&self, now: Timestamp) -> Result<usize, StorageError> {
        let now = now.as_microsecond();
        let mut deleted = 0;
        loop {
            let some = self.write(move |conn| delete_expired(conn, now)).await?;
            deleted += some;
            if some == 0 {
                return Ok(deleted);
            }
        }
    }

    /// Writes what was taken until now and closes the files. Afterwards, all clones answer
    /// [`Stopped`](StorageError::Stopped); the folder's lock goes with the last of them.
    pub async fn close(&self) {
        self.shared.readers.close().await;
        self.shared.writer.close().await;
    }

    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, StorageError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StorageError> + Send + 'static,
    {
        self.shared.writer.write(work).await
    }

    pub(super) async fn read<T, F>(&self, work: F) -> Result<T, StorageError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StorageError> + Send + 'static,
    {
        self.shared.readers.read(work).await
    }

    fn start(path: &Path, conn: Connection, lock: Option<File>) -> Result<Self, StorageError> {
        let tried = conn.unchecked_transaction().and_then(|transaction| {
            fill_and_empty(&transaction)?;
            transaction.commit()
        });
        tried.map_err(|error| StorageError::opening(path, error))?;
        let generation = sqlite::generation(&conn)?;
        let readers = Readers::open(path.to_owned())?;
        let writer =
            Writer::start(conn).map_err(|error| StorageError::not_writable(path, error))?;
        Ok(Self { shared: Arc::new(Shared { readers, writer, generation, _lock: lock }) })
    }
}

fn probe(conn: &Connection) -> Result<(), StorageError> {
    Ok(fill_and_empty(conn)?)
}

fn fill_and_empty(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute("INSERT INTO probe (filler) VALUES (zeroblob(?1))", [PROBE_BYTES])?;
    conn.execute("DELETE FROM probe", [])?;
    Ok(())
}

fn delete_expired(conn: &Connection, now: i64) -> Result<usize, StorageError> {
    let mut deleted = 0;
    for statement in [
        "DELETE FROM customer WHERE token_hash IN
            (SELECT token_hash FROM customer WHERE expires_at <= ?1 LIMIT ?2)",
        "DELETE FROM agent_session WHERE token_hash IN
            (SELECT token_hash FROM agent_session WHERE expires_at <= ?1 LIMIT ?2)",
    ] {
        deleted += conn.prepare_cached(statement)?.execute((now, DELETED_AT_ONCE as i64))?;
    }
    Ok(deleted)
}
