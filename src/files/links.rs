//! Where a path leads once its symbolic links are followed.

use std::{
    fs, io,
    path::{Component, Path, PathBuf},
};

/// The real path of a file or folder that may not be there, behind every link of it.
///
/// Of what is not there, the nearest folder that is counts: a file or folder of that path would be
/// made there. An error if it cannot be said.
pub(super) fn real_path(path: &Path) -> io::Result<PathBuf> {
    let missing = match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => error,
        found => return found,
    };
    let Some(folder) = path.parent() else { return Err(missing) };
    // A link to nothing: its target begins in its own folder, unless it is absolute.
    if let Ok(target) = fs::read_link(path) {
        return real_path(&folder.join(target));
    }
    match path.components().next_back() {
        Some(Component::Normal(name)) => Ok(real_path(folder)?.join(name)),
        // Up from a folder that is not there leads nowhere, and anywhere once it is a link.
        _ => Err(missing),
    }
}
