//! Removes facts of customers that may no longer be kept from the file, at the start of a server.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior};

use super::{failure::failure, schema};
use crate::knowledge::Facts;
use crate::storage::error::StorageError;

/// Keeps of each customer's facts those that `keep` returns. Returns the number of changed rows.
///
/// The table is copied if any row changes: a row that is changed in its place leaves bytes of the
/// old one in the page, even with `secure_delete`, while the pages of a dropped table are
/// overwritten. Has a connection of its own, because the writer runs only listed statements.
pub(super) fn rewrite(path: &Path, keep: impl Fn(&Facts) -> Facts) -> Result<usize, StorageError> {
    let mut conn = schema::open_writer(path)?;
    // Nothing is kept of a row that is not a list of key=value.
    let kept = |stored: &str| {
        stored.parse::<Facts>().map_or_else(|_| String::new(), |facts| keep(&facts).to_string())
    };
    let changed = changed_rows(&conn, kept).map_err(failure)?;
    if changed > 0 {
        copy(&mut conn, kept).map_err(failure)?;
        // The log still has the old pages. Nobody reads at the start, so that it can be emptied.
        let is_busy = conn
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0))
            .map_err(failure)?;
        if is_busy {
            tracing::warn!(
                "old facts are still in the write-ahead log: another process reads the data folder"
            );
        }
    }
    Ok(changed)
}

fn changed_rows(conn: &Connection, kept: impl Fn(&str) -> String) -> rusqlite::Result<usize> {
    let mut select = conn.prepare("SELECT facts FROM customer WHERE facts <> ''")?;
    let mut rows = select.query([])?;
    let mut changed = 0;
    while let Some(row) = rows.next()? {
        let stored = row.get_ref(0)?.as_str()?;
        changed += usize::from(kept(stored) != stored);
    }
    Ok(changed)
}

fn copy(conn: &mut Connection, kept: impl Fn(&str) -> String) -> rusqlite::Result<()> {
    let transaction = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // As the migrations left it.
    transaction.execute_batch(
        "CREATE TABLE customer_kept (
            token_hash   BLOB PRIMARY KEY CHECK (length(token_hash) = 32),
            conversation INTEGER NOT NULL UNIQUE REFERENCES conversation (key),
            origin       TEXT,
            created_at   INTEGER NOT NULL,
            expires_at   INTEGER NOT NULL,
            facts        TEXT NOT NULL DEFAULT ''
        ) STRICT, WITHOUT ROWID",
    )?;
    {
        let mut select = transaction.prepare(
            "SELECT token_hash, conversation, origin, created_at, expires_at, facts
             FROM customer ORDER BY token_hash",
        )?;
        let mut insert = transaction.prepare(
            "INSERT INTO customer_kept
                (token_hash, conversation, origin, created_at, expires_at, facts)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        let mut rows = select.query([])?;
        while let Some(row) = rows.next()? {
            let (token_hash, origin): ([u8; 32], Option<String>) = (row.get(0)?, row.get(2)?);
            let numbers: (i64, i64, i64) = (row.get(1)?, row.get(3)?, row.get(4)?);
            let facts = kept(row.get_ref(5)?.as_str()?);
            insert.execute((token_hash, numbers.0, origin, numbers.1, numbers.2, facts))?;
        }
    }
    transaction.execute_batch(
        "DROP TABLE customer;
         ALTER TABLE customer_kept RENAME TO customer;
         CREATE INDEX customer_expires_at ON customer (expires_at)",
    )?;
    transaction.commit()
}
