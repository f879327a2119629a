//! Errors of the store.

use std::{error::Error, path::PathBuf, sync::Arc};

/// An error of the system or of an engine, without any driver's type.
pub type Cause = Arc<dyn Error + Send + Sync>;

/// Why a write or a read of the store failed.
///
/// Clones share their cause: a failed commit answers all callers that waited for it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StorageError {
    /// Another process holds the data folder.
    #[error("the data folder {} is in use by another process", dir.display())]
    InUse {
        /// The folder.
        dir: PathBuf,
    },
    /// A file or folder cannot be created, opened or written.
    #[error("cannot write {}", path.display())]
    NotWritable {
        /// The file or folder.
        path: PathBuf,
        /// The system's error.
        #[source]
        source: Cause,
    },
    /// A newer kefu wrote this data. It is left unchanged.
    #[error("the data has schema {found}, newer than {known}, the last that this kefu knows")]
    NewerSchema {
        /// The schema of the data.
        found: u32,
        /// The last schema that this program knows.
        known: u32,
    },
    /// The linked engine has a fault by which committed writes can be lost.
    #[error("{engine} {found} can lose committed writes, {needed} or later is needed")]
    OldEngine {
        /// The engine's name.
        engine: &'static str,
        /// The engine's version.
        found: &'static str,
        /// The first version without the fault.
        needed: &'static str,
    },
    /// The disk, or the quota, is full. Nothing of the write was stored.
    #[error("the disk is full")]
    Full(#[source] Cause),
    /// Too many writes wait, or another process keeps the file locked. The caller may try again.
    #[error("storage is busy")]
    Busy,
    /// The write contradicts the stored data, for example because its sequence number was
    /// overtaken. The caller must read again before it decides.
    #[error("the write contradicts what is stored")]
    Conflict,
    /// The conversation already has a message with this client id.
    #[error("the conversation already has a message with this client id")]
    DuplicateClientId,
    /// Another agent has this name.
    #[error("the name is taken")]
    NameTaken,
    /// There is no such conversation or agent, or the agent has changed since the caller read it.
    #[error("not found")]
    NotFound,
    /// A fold would read more records than [`FOLD_MAX`](super::FOLD_MAX).
    #[error("the conversation has more than {max} records to fold")]
    TooLongToFold {
        /// Records that one fold may read.
        max: usize,
    },
    /// The stored data cannot be parsed.
    #[error("the stored data is damaged: {what}")]
    Corrupt {
        /// The damaged part, without any of its content.
        what: String,
    },
    /// The store was closed before the write.
    #[error("storage has stopped")]
    Stopped,
    /// Reading or writing the disk failed.
    #[error("the disk failed")]
    Io(#[source] Cause),
    /// Any other error of an engine.
    #[error("the storage engine failed")]
    Engine(#[source] Cause),
}

impl StorageError {
    /// Whether storage itself failed, not only this request; shown by `/readyz`.
    ///
    /// [`Busy`](Self::Busy) is back-pressure that ends by itself, not an outage.
    pub fn is_outage(&self) -> bool {
        match self {
            Self::InUse { .. }
            | Self::NotWritable { .. }
            | Self::NewerSchema { .. }
            | Self::OldEngine { .. }
            | Self::Full(_)
            | Self::Corrupt { .. }
            | Self::Stopped
            | Self::Io(_)
            | Self::Engine(_) => true,
            Self::Busy
            | Self::Conflict
            | Self::DuplicateClientId
            | Self::NameTaken
            | Self::NotFound
            | Self::TooLongToFold { .. } => false,
        }
    }
}
