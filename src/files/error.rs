//! What goes wrong with a root folder.

use std::{io, path::PathBuf};

/// What goes wrong with a root folder.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// A folder was named that is no root.
    #[error("use {0}: it does not hold knowledge/ and intents/")]
    NotARoot(PathBuf),
    /// A file or folder could not be read.
    #[error("read {0}")]
    Read(PathBuf, #[source] io::Error),
    /// A file or folder could not be written.
    #[error("write {0}")]
    Write(PathBuf, #[source] io::Error),
    /// A file is not as it was when it was read; nothing was written.
    #[error("write {0}: it has been changed meanwhile")]
    Changed(PathBuf),
    /// What would be written is there already; nothing was written.
    #[error("write {0}: it is there already")]
    Exists(PathBuf),
    /// A name that is not UTF-8.
    #[error("read {0}: its name is not UTF-8")]
    Name(PathBuf),
    /// More files, or more bytes, than a root may hold.
    #[error("read {path}: more than {files} files or {megabytes} MB")]
    TooMuch {
        /// The root.
        path: PathBuf,
        /// Most files.
        files: usize,
        /// Most bytes, in MB.
        megabytes: u64,
    },
    /// The folders could not be watched.
    #[error("watch {0}")]
    Watch(PathBuf, #[source] notify::Error),
}
