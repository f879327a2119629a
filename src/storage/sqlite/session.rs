//! A connection that runs only the listed statements.

use rusqlite::{Connection, Params, types::FromSql};

use super::{failure::failure, statements::Statement};
use crate::storage::error::StorageError;

/// An opened connection. It runs only [`Statement`]s, so that the test of their plans covers every
/// statement that a serving program runs.
#[derive(Debug)]
pub(super) struct SqliteSession(Connection);

impl SqliteSession {
    pub(super) fn new(conn: Connection) -> Self {
        Self(conn)
    }

    /// Returns the number of changed rows.
    pub(super) fn execute(
        &self,
        statement: Statement,
        values: impl Params,
    ) -> Result<usize, StorageError> {
        let mut prepared = self.0.prepare_cached(statement.sql()).map_err(failure)?;
        prepared.execute(values).map_err(failure)
    }

    /// The first row, converted by `read`.
    pub(super) fn row<T>(
        &self,
        statement: Statement,
        values: impl Params,
        read: impl FnOnce(SqlRow<'_>) -> Result<T, StorageError>,
    ) -> Result<Option<T>, StorageError> {
        let mut prepared = self.0.prepare_cached(statement.sql()).map_err(failure)?;
        let mut rows = prepared.query(values).map_err(failure)?;
        rows.next().map_err(failure)?.map(SqlRow).map(read).transpose()
    }

    /// All rows in order, each converted by `read`.
    pub(super) fn rows<T>(
        &self,
        statement: Statement,
        values: impl Params,
        mut read: impl FnMut(SqlRow<'_>) -> Result<T, StorageError>,
    ) -> Result<Vec<T>, StorageError> {
        let mut prepared = self.0.prepare_cached(statement.sql()).map_err(failure)?;
        let mut rows = prepared.query(values).map_err(failure)?;
        let mut taken = Vec::new();
        while let Some(row) = rows.next().map_err(failure)? {
            taken.push(read(SqlRow(row))?);
        }
        Ok(taken)
    }

    /// The key of the last inserted row.
    pub(super) fn last_key(&self) -> i64 {
        self.0.last_insert_rowid()
    }

    /// The number of rows changed since the connection was opened.
    pub(super) fn changes(&self) -> u64 {
        self.0.total_changes()
    }

    /// Whether a transaction is open.
    pub(super) fn is_in_transaction(&self) -> bool {
        !self.0.is_autocommit()
    }

    /// The connection itself, for tests of states that the program never makes.
    #[cfg(test)]
    pub(super) fn raw(&self) -> &Connection {
        &self.0
    }
}

/// A row of a result; columns count from 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct SqlRow<'r>(&'r rusqlite::Row<'r>);

impl SqlRow<'_> {
    pub(super) fn get<T: FromSql>(self, column: usize) -> Result<T, StorageError> {
        self.0.get(column).map_err(failure)
    }

    /// A number that is never negative.
    pub(super) fn number(self, column: usize) -> Result<u64, StorageError> {
        self.get::<i64>(column).map(|value| value as u64)
    }

    /// Converts a text with `read`, without copying it.
    pub(super) fn text<T>(
        self,
        column: usize,
        read: impl FnOnce(&str) -> T,
    ) -> Result<T, StorageError> {
        let value = self.0.get_ref(column).map_err(failure)?;
        value.as_str().map(read).map_err(|error| failure(error.into()))
    }
}
