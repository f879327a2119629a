//! The data folder: private to its owner, and locked by one serving process.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

use super::failure::not_writable;
use crate::storage::error::StorageError;

/// Creates the folder if it is missing. An existing folder keeps its permissions.
pub(super) fn create(dir: &Path) -> Result<(), StorageError> {
    private_folder(dir).map_err(|error| not_writable(dir, error))
}

/// Creates a folder for its owner alone if it is missing.
pub(crate) fn private_folder(dir: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Locks the folder against a second process, until the returned file is dropped.
///
/// The system releases the lock when the process ends, however it ends.
pub(super) fn lock(dir: &Path) -> Result<File, StorageError> {
    let path = dir.join("kefu.lock");
    let file = private_file(&path).map_err(|error| not_writable(&path, error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StorageError::InUse { dir: dir.to_owned() }),
        Err(TryLockError::Error(error)) => Err(not_writable(&path, error)),
    }
}

/// The name of the database file.
const DATABASE: &str = "kefu.sqlite3";

/// Whether the folder has a database.
pub(super) fn has_database(dir: &Path) -> bool {
    dir.join(DATABASE).is_file()
}

/// The path of the database. The file is created here if it is missing, because `SQLite` would let
/// everyone read it.
pub(super) fn database(dir: &Path) -> Result<PathBuf, StorageError> {
    let path = dir.join(DATABASE);
    private_file(&path).map_err(|error| not_writable(&path, error))?;
    Ok(path)
}

/// Opens a file, created for its owner alone if it is missing.
fn private_file(path: &Path) -> io::Result<File> {
    private().create(true).truncate(false).open(path)
}

/// Creates a file for its owner alone, and replaces an existing one.
pub(crate) fn new_private_file(path: &Path) -> io::Result<File> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => private().create_new(true).open(path),
    }
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
