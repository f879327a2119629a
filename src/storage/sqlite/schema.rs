//! Opens the database file and migrates its schema.

use std::{io, path::Path, time::Duration};

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::{
    client_ids,
    failure::{failure, not_writable, opening},
    session::SqliteSession,
    statements,
};
use crate::storage::error::StorageError;

/// Migrates the schema by one version.
type Migration = fn(&Connection) -> rusqlite::Result<()>;

/// The first migration leads from 0 (an empty file) to 1.
const MIGRATIONS: [Migration; 6] = [
    |conn| conn.execute_batch(include_str!("migrations/0001_first.sql")),
    |conn| conn.execute_batch(include_str!("migrations/0002_facts.sql")),
    |conn| conn.execute_batch(include_str!("migrations/0003_sign_in_place.sql")),
    |conn| conn.execute_batch(include_str!("migrations/0004_fold_from.sql")),
    client_ids::hash,
    |conn| conn.execute_batch(include_str!("migrations/0006_fold_from_episode.sql")),
];

/// The last schema version that this program knows.
pub(super) const SCHEMA: u32 = MIGRATIONS.len() as u32;

/// Up to 3.51.2 two connections in WAL mode could lose a committed write.
const OLDEST_SQLITE: (i32, &str) = (3_051_003, "3.51.3");

/// How long to wait for another writing process, such as `kefu agent`, which needs milliseconds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The size in bytes to which the write-ahead log is cut back after a long read let it grow.
const WAL_BYTES_KEPT: i64 = 16 << 20;

/// More than the number of statements, so that each is compiled once per connection.
const STATEMENTS_KEPT: usize = 64;

/// A probe writes more pages than most appends, so that its success means something.
pub(super) const PROBE_BYTES: i64 = 64 << 10;

/// Opens for writing. Refuses a newer schema before it changes anything.
pub(super) fn open_writer(path: &Path) -> Result<Connection, StorageError> {
    let (oldest, needed) = OLDEST_SQLITE;
    if rusqlite::version_number() < oldest {
        let (engine, found) = ("SQLite", rusqlite::version());
        return Err(StorageError::OldEngine { engine, found, needed });
    }
    let opening = |error| opening(path, error);
    let conn = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(opening)?;
    let found = schema(&conn).map_err(opening)?;
    if found > SCHEMA {
        return Err(StorageError::NewerSchema { found, known: SCHEMA });
    }
    let journal = set_durable(&conn).map_err(opening)?;
    if journal != "wal" {
        // SQLite falls back without an error where a file cannot share memory.
        let error = io::Error::other("this file system cannot carry a write-ahead log");
        return Err(not_writable(path, error));
    }
    Ok(conn)
}

/// Opens for reading only.
pub(super) fn open_reader(path: &Path) -> Result<SqliteSession, StorageError> {
    let opened = open(path, OpenFlags::SQLITE_OPEN_READ_ONLY);
    opened.map(SqliteSession::new).map_err(|error| opening(path, error))
}

/// Whether the schema version is the one that this program writes.
pub(super) fn is_current(conn: &Connection) -> Result<bool, StorageError> {
    Ok(schema(conn).map_err(failure)? == SCHEMA)
}

/// Migrates the schema, all or nothing. The caller must hold the folder's lock.
pub(super) fn migrate(conn: &mut Connection, now: Timestamp) -> Result<(), StorageError> {
    let found = schema(conn).map_err(failure)?;
    if found > 0 {
        tracing::info!(found, wanted = SCHEMA, "bringing the stored data up to date");
    }
    migrate_to(conn, SCHEMA, now).map_err(failure)?;
    // The log still has the old pages. Truncating it removes what a migration deleted.
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).map_err(failure)
}

/// Makes a test write.
pub(super) fn try_writing(conn: &Connection, path: &Path) -> Result<(), StorageError> {
    let tried = conn.unchecked_transaction().and_then(|transaction| {
        transaction.execute(statements::FILL_PROBE.sql(), [PROBE_BYTES])?;
        transaction.execute(statements::EMPTY_PROBE.sql(), [])?;
        transaction.commit()
    });
    tried.map_err(|error| opening(path, error))
}

/// The generation of the history; see [`Store::generation`](crate::storage::Store::generation).
pub(super) fn generation(conn: &Connection) -> Result<u64, StorageError> {
    let value: rusqlite::Result<i64> =
        conn.query_row("SELECT value FROM meta WHERE key = 'generation'", [], |row| row.get(0));
    value.map(|value| value as u64).map_err(failure)
}

/// Converts a stored time.
pub(super) fn timestamp(micros: i64) -> Result<Timestamp, StorageError> {
    Timestamp::from_microsecond(micros)
        .map_err(|_| StorageError::Corrupt { what: "a time out of range".to_owned() })
}

pub(super) fn migrate_to(
    conn: &mut Connection,
    wanted: u32,
    now: Timestamp,
) -> rusqlite::Result<()> {
    // A table that others refer to may be replaced by another of its name. This cannot be set
    // within a transaction.
    conn.pragma_update(None, "foreign_keys", false)?;
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let found = schema(&transaction)?;
    for migration in MIGRATIONS.iter().take(wanted as usize).skip(found as usize) {
        migration(&transaction)?;
    }
    transaction.pragma_update(None, "user_version", wanted)?;
    // The time of creation, so that a new data folder in the same place gets another generation.
    transaction.execute(
        "INSERT OR IGNORE INTO meta (key, value) VALUES ('generation', ?1)",
        [now.as_microsecond()],
    )?;
    transaction.commit()?;
    conn.pragma_update(None, "foreign_keys", true)
}

fn open(path: &Path, access: OpenFlags) -> rusqlite::Result<Connection> {
    // Each connection is used by one thread at a time, so SQLite need not lock it.
    let conn = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.busy_timeout(BUSY_TIMEOUT)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS_KEPT);
    conn.pragma_update(None, "foreign_keys", true)?;
    // Sorting must work while the disk is full, and must not leave text in other folders.
    conn.pragma_update(None, "temp_store", "memory")?;
    Ok(conn)
}

fn schema(conn: &Connection) -> rusqlite::Result<u32> {
    conn.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Makes each commit wait for the disk. Returns the resulting journal mode.
fn set_durable(conn: &Connection) -> rusqlite::Result<String> {
    let journal = conn.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    conn.pragma_update(None, "synchronous", "full")?;
    conn.pragma_update(None, "secure_delete", true)?;
    conn.pragma_update_and_check(None, "journal_size_limit", WAL_BYTES_KEPT, |_| Ok(()))?;
    Ok(journal)
}
