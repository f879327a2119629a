//! Why something could not be stored or read.

use std::{error::Error, path::PathBuf, sync::Arc};

/// What the system or an engine said, without the type of any driver.
pub type Cause = Arc<dyn Error + Send + Sync>;

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
        source: Cause,
    },
    /// A newer kefu wrote this data; it is left as it is.
    #[error("the data has schema {found}, newer than {known}, the last that this kefu knows")]
    NewerSchema {
        /// The schema of the data.
        found: u32,
        /// The last schema that this program knows.
        known: u32,
    },
    /// The engine that was linked can lose committed writes.
    #[error("{engine} {found} can lose committed writes, {needed} or later is needed")]
    OldEngine {
        /// Its name.
        engine: &'static str,
        /// Its version.
        found: &'static str,
        /// The first version without the fault.
        needed: &'static str,
    },
    /// The disk, or the quota, is full. Nothing of the write was stored.
    #[error("the disk is full")]
    Full(#[source] Cause),
    /// Too many writes are waiting, or another process keeps the file locked. Try again.
    #[error("storage is busy")]
    Busy,
    /// The write contradicts what is stored: for example its sequence number was overtaken.
    /// Read again, then decide anew.
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
    /// A fold would read more records than [`FOLD_MAX`](super::FOLD_MAX).
    #[error("the conversation has more than {max} records to fold")]
    TooLongToFold {
        /// Records that one fold may read.
        max: usize,
    },
    /// Stored data cannot be understood.
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
    Io(#[source] Cause),
    /// Anything else that an engine says.
    #[error("the storage engine failed")]
    Engine(#[source] Cause),
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
