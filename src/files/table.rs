//! The trained embedding table of a data folder.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::error::FilesError;
use crate::matching::Embeddings;

/// The file name in the data folder.
const NAME: &str = "static-table.bin";

/// A larger file was not written by `kefu train`.
const BYTES_MAX: u64 = 200_000_000;

/// The table that `kefu train` wrote into the data folder; `None` without one.
pub fn read_table(data: &Path) -> Result<Option<Arc<Embeddings>>, FilesError> {
    let path = table_path(data);
    let failed = |source| FilesError::Read(path.clone(), source);
    let bytes = match fs::metadata(&path) {
        Ok(found) if found.len() > BYTES_MAX => {
            return Err(failed(io::Error::other("the file is too large for an embedding table")));
        }
        Ok(_) => fs::read(&path).map_err(failed)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let table = Embeddings::parse(&bytes).map_err(|error| failed(io::Error::other(error)))?;
    Ok(Some(Arc::new(table)))
}

/// Writes a table into the data folder, all or nothing. Returns its path.
pub fn write_table(data: &Path, table: &Embeddings) -> Result<PathBuf, FilesError> {
    let path = table_path(data);
    let failed = |source| FilesError::Write(path.clone(), source);
    fs::create_dir_all(data).map_err(failed)?;
    let beside = path.with_extension("new");
    let written = fs::File::create(&beside).and_then(|mut file| {
        file.write_all(&table.to_bytes())?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&beside, &path)).map_err(failed)?;
    Ok(path)
}

/// Whether a file is the table of its folder, by its name.
pub(super) fn is_table(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == NAME)
}

/// The path of the table in a data folder.
pub fn table_path(data: &Path) -> PathBuf {
    data.join(NAME)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_comes_back_and_a_damaged_one_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        assert!(read_table(&data).unwrap().is_none(), "none was written");
        let path = write_table(&data, &Embeddings::shipped()).unwrap();
        assert!(read_table(&data).unwrap().is_some_and(|read| *read == *Embeddings::shipped()));
        fs::write(&path, b"KEFUTAB1 and rubbish").unwrap();
        let error = read_table(&data).unwrap_err().to_string();
        assert!(error.contains("static-table.bin"), "{error}");
    }
}
