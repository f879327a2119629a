//! Why something could not be stored or read.

use std::{
    error::Error,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use rusqlite::ErrorCode;

/// Why something could not be stored or read.
///
/// Clones share their cause: one failed commit answers everyone who waited for it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StorageError {
    /// Another process holds the data folder.
    #[error("the data folder {} is in use by another process", dir.display())]
    InUse {
        /// The folder.
        dir: PathBuf,
    },
    /// A file or folder cannot be made, opened or written.
    #[error("cannot write {}", path.display())]
    NotWritable {
        /// Which.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: Arc<dyn Error + Send + Sync>,
    },
    /// A newer kefu wrote this data; it is left as it is.
    #[error("the data has schema {found}, newer than {known}, the last that this kefu knows")]
    NewerSchema {
        /// The schema of the data.
        found: u32,
        /// The last schema that this program knows.
        known: u32,
    },
    /// The `SQLite` that was linked can lose committed writes (fixed in 3.51.3).
    #[error("SQLite {found} can lose committed writes, 3.51.3 or later is needed")]
    OldSqlite {
        /// Its version.
        found: &'static str,
    },
    /// The disk, or the quota, is full. Nothing of the write was stored.
    #[error("the disk is full")]
    Full(#[source] Arc<rusqlite::Error>),
    /// Too many writes are waiting, or another process keeps the file locked. Try again.
    #[error("storage is busy")]
    Busy,
    /// What was to be written contradicts what is stored, such as a sequence number that
    /// was overtaken. Read again, then decide anew.
    #[error("the write contradicts what is stored")]
    Conflict,
    /// The conversation already has a message with this client id.
    #[error("the conversation already has a message with this client id")]
    DuplicateClientId,
    /// Another agent has this name.
    #[error("the name is taken")]
    NameTaken,
    /// There is no such conversation or agent, or the agent is no longer as described.
    #[error("not found")]
    NotFound,
    /// What is stored cannot be understood.
    #[error("the stored data is damaged: {what}")]
    Corrupt {
        /// What, without any of its content.
        what: String,
    },
    /// The store was closed; the write was not taken.
    #[error("storage has stopped")]
    Stopped,
    /// Reading or writing the disk failed.
    #[error("the disk failed")]
    Io(#[source] Arc<rusqlite::Error>),
    /// Anything else that `SQLite` says.
    #[error("SQLite failed")]
    Sqlite(#[source] Arc<rusqlite::Error>),
}

impl StorageError {
    /// Whether storage itself failed, rather than this one request: what `/readyz` tells.
    ///
    /// [`Busy`](Self::Busy) is no outage: it is back-pressure and ends by itself.
    pub fn is_outage(&self) -> bool {
        match self {
            Self::InUse { .. }
            | Self::NotWritable { .. }
            | Self::NewerSchema { .. }
            | Self::OldSqlite { .. }
            | Self::Full(_)
            | Self::Corrupt { .. }
            | Self::Stopped
            | Self::Io(_)
            | Self::Sqlite(_) => true,
            Self::Busy
            | Self::Conflict
            | Self::DuplicateClientId
            | Self::NameTaken
            | Self::NotFound => false,
        }
    }

    pub(super) fn not_writable(path: &Path, source: io::Error) -> Self {
        Self::NotWritable { path: path.to_owned(), source: Arc::new(source) }
    }

    /// The same, naming `path` when `SQLite` could not open or write it.
    pub(super) fn opening(path: &Path, error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
                Self::NotWritable { path: path.to_owned(), source: Arc::new(error) }
            }
            _ => error.into(),
        }
    }
}

impl From<rusqlite::Error> for StorageError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full(Arc::new(error)),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::ConstraintViolation) => Self::Conflict,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
                Self::Corrupt { what: error.to_string() }
            }
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::ReadOnly) => {
                Self::Io(Arc::new(error))
            }
            _ => Self::Sqlite(Arc::new(error)),
        }
    }
}
