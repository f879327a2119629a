//! Errors of `SQLite` as the store's own errors.

use std::{io, path::Path, sync::Arc};

use rusqlite::{Error, ErrorCode};

use crate::storage::error::StorageError;

/// The store's error for an error of `SQLite`.
pub(super) fn failure(error: Error) -> StorageError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StorageError::Full(Arc::new(error)),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StorageError::Busy,
        Some(ErrorCode::ConstraintViolation) => StorageError::Conflict,
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            StorageError::Corrupt { what: error.to_string() }
        }
        Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::ReadOnly) => {
            StorageError::Io(Arc::new(error))
        }
        _ => StorageError::Engine(Arc::new(error)),
    }
}

/// As [`failure`], naming `path` if `SQLite` could not open or write it.
pub(super) fn opening(path: &Path, error: Error) -> StorageError {
    match error.sqlite_error_code() {
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            StorageError::NotWritable { path: path.to_owned(), source: Arc::new(error) }
        }
        _ => failure(error),
    }
}

pub(super) fn not_writable(path: &Path, source: io::Error) -> StorageError {
    StorageError::NotWritable { path: path.to_owned(), source: Arc::new(source) }
}
