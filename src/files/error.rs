//! Errors of root folders.

use std::{io, path::PathBuf};

/// Why a root folder cannot be read, written or watched.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The named folder is not a root.
    #[error("use {0}: a root must have the folders knowledge/ and intents/")]
    NotARoot(PathBuf),
    /// A file or folder could not be read.
    #[error("read {0}")]
    Read(PathBuf, #[source] io::Error),
    /// A file or folder could not be written.
    #[error("write {0}")]
    Write(PathBuf, #[source] io::Error),
    /// A file has changed since it was read. Nothing was written.
    #[error("write {0}: it has changed since it was read")]
    Changed(PathBuf),
    /// The file already exists. Nothing was written.
    #[error("write {0}: it already exists")]
    Exists(PathBuf),
    /// A link leads out of the root. Nothing was written.
    #[error("write {0}: a link leads out of the root")]
    LinkOut(PathBuf),
    /// The name of a file is not UTF-8.
    #[error("read {0}: its name is not UTF-8")]
    Name(PathBuf),
    /// The root has more files or bytes than allowed.
    #[error("read {path}: it must have at most {files} files and {megabytes} MB")]
    TooMuch {
        /// The root.
        path: PathBuf,
        /// The limit of files.
        files: usize,
        /// The limit of bytes, in MB.
        megabytes: u64,
    },
    /// The folders could not be watched.
    #[error("watch {0}")]
    Watch(PathBuf, #[source] notify::Error),
}
