//! Writes files of a root, all of them or none.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use super::{error::FilesError, links::real_path, root::Root};
use crate::knowledge::SourceFile;

impl Root {
    /// Replaces files that were read, all of them or none.
    ///
    /// Each file is written beside its place and renamed. If that fails half way, the old files are
    /// restored. `old` must be the result of [`Root::read`]: nothing is written if a file has
    /// changed since. The copy inside the program is never changed.
    pub fn replace(&self, old: &[SourceFile], new: &[SourceFile]) -> Result<(), FilesError> {
        let Some(root) = self.path() else { return Ok(()) };
        let mut beside = Vec::new();
        let written = new.iter().try_for_each(|file| {
            let before = old.iter().find(|old| old.path == file.path);
            let one = Beside::write(root, file, before)?;
            beside.push(one);
            Ok(())
        });
        let renamed = written.and_then(|()| rename_all(&beside));
        if renamed.is_err() {
            for one in &beside {
                // Scratch files are never read, and this one may have been renamed.
                let _ = fs::remove_file(&one.scratch);
            }
        }
        renamed
    }
}

/// Renames all files. If one fails, restores those already renamed.
fn rename_all(beside: &[Beside<'_>]) -> Result<(), FilesError> {
    for (at, one) in beside.iter().enumerate() {
        if let Err(error) = one.rename() {
            beside.iter().take(at).for_each(Beside::put_back);
            return Err(error);
        }
    }
    Ok(())
}

/// A file, written beside its place.
struct Beside<'f> {
    path: PathBuf,
    scratch: PathBuf,
    before: Option<&'f SourceFile>,
}

impl<'f> Beside<'f> {
    fn write(
        root: &Path,
        file: &SourceFile,
        before: Option<&'f SourceFile>,
    ) -> Result<Self, FilesError> {
        let path = root.join(&file.path);
        // A symbolic link stays; the file behind it is written.
        let real = fs::canonicalize(root).and_then(|root| Ok((root, real_path(&path)?)));
        let path = match real {
            Ok((root, real)) if real.starts_with(&root) => real,
            Ok(_) => return Err(FilesError::LinkOut(path)),
            Err(error) => return Err(FilesError::Read(path, error)),
        };
        let failed = |error| FilesError::Write(path.clone(), error);
        let found = match fs::read(&path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(FilesError::Read(path, error)),
        };
        if found.as_deref() != before.map(|before| before.bytes.as_slice()) {
            return Err(FilesError::Changed(path));
        }
        let folder = path.parent().unwrap_or(root);
        fs::create_dir_all(folder).map_err(failed)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // The leading dot keeps the scratch file from being read as knowledge.
        let scratch = folder.join(format!(".{name}.kefu-new"));
        let done = write_through(&scratch, &file.bytes).and_then(|()| match found {
            Some(_) => fs::set_permissions(&scratch, fs::metadata(&path)?.permissions()),
            None => Ok(()),
        });
        match done {
            Ok(()) => Ok(Self { path, scratch, before }),
            Err(error) => {
                // A scratch file is never read.
                let _ = fs::remove_file(&scratch);
                Err(failed(error))
            }
        }
    }

    fn rename(&self) -> Result<(), FilesError> {
        fs::rename(&self.scratch, &self.path)
            .map_err(|error| FilesError::Write(self.path.clone(), error))
    }

    /// Restores the old file as well as possible. The first error is the one reported.
    fn put_back(&self) {
        let _ = match self.before {
            Some(before) => write_through(&self.scratch, &before.bytes)
                .and_then(|()| fs::rename(&self.scratch, &self.path)),
            None => fs::remove_file(&self.path),
        };
    }
}

fn write_through(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile { path: path.to_owned(), bytes: text.into() }
    }

    fn root_with(files: &[SourceFile]) -> (tempfile::TempDir, Root) {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("intents")).unwrap();
        fs::create_dir(dir.path().join("knowledge")).unwrap();
        for file in files {
            fs::write(dir.path().join(&file.path), &file.bytes).unwrap();
        }
        let root = Root::find(Some(dir.path()), Path::new("/")).unwrap();
        (dir, root)
    }

    /// Every file below a folder, including scratch files.
    fn names(dir: &Path) -> Vec<String> {
        let items = fs::read_dir(dir.join("knowledge")).unwrap();
        let mut names: Vec<String> =
            items.map(|item| item.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// A file or folder that is a link out of the root is never written through.
    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link_out_of_the_root() {
        let dir = tempfile::tempdir().unwrap();
        let (root, outside) = (dir.path().join("root"), dir.path().join("outside"));
        for folder in [root.join("knowledge"), outside.clone()] {
            fs::create_dir_all(folder).unwrap();
        }
        fs::write(outside.join("a.yaml"), "old").unwrap();
        std::os::unix::fs::symlink(outside.join("a.yaml"), root.join("knowledge/a.yaml")).unwrap();
        std::os::unix::fs::symlink(&outside, root.join("knowledge/more")).unwrap();
        let old = file("knowledge/a.yaml", "old");
        let written = Beside::write(&root, &file("knowledge/a.yaml", "new"), Some(&old));
        assert!(matches!(written.err(), Some(FilesError::LinkOut(_))));
        let written = Beside::write(&root, &file("knowledge/more/b.yaml", "new"), None);
        assert!(matches!(written.err(), Some(FilesError::LinkOut(_))));
        // Nor is a folder made there.
        let written = Beside::write(&root, &file("knowledge/more/new/deep/b.yaml", "new"), None);
        assert!(matches!(written.err(), Some(FilesError::LinkOut(_))));
        let gone = root.join("knowledge/gone");
        std::os::unix::fs::symlink("../../outside/gone", gone).unwrap();
        let written = Beside::write(&root, &file("knowledge/gone/new/b.yaml", "new"), None);
        assert!(matches!(written.err(), Some(FilesError::LinkOut(_))));
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
    }

    #[test]
    fn all_files_are_written() {
        let old = [file("knowledge/a.yaml", "1"), file("knowledge/b.yaml", "2")];
        let (dir, root) = root_with(&old);
        root.replace(&old, &[file("knowledge/a.yaml", "3"), file("knowledge/c/d.yaml", "4")])
            .unwrap();
        assert_eq!(names(dir.path()), ["a.yaml", "b.yaml", "c"]);
        let texts = root.read().unwrap();
        let texts: Vec<&[u8]> = texts.iter().map(|file| file.bytes.as_slice()).collect();
        assert_eq!(texts, [b"3", b"2", b"4"]);
    }

    #[test]
    fn a_file_that_was_changed_meanwhile_keeps_all_as_they_are() {
        let old = [file("knowledge/a.yaml", "1"), file("knowledge/b.yaml", "2")];
        let (dir, root) = root_with(&old);
        fs::write(dir.path().join("knowledge/b.yaml"), "by another").unwrap();
        let new = [file("knowledge/a.yaml", "3"), file("knowledge/b.yaml", "4")];
        assert!(matches!(root.replace(&old, &new), Err(FilesError::Changed(_))));
        assert_eq!(names(dir.path()), ["a.yaml", "b.yaml"]);
        assert_eq!(fs::read_to_string(dir.path().join("knowledge/a.yaml")).unwrap(), "1");
    }

    #[test]
    fn what_was_renamed_is_put_back() {
        let old = [file("knowledge/a.yaml", "1"), file("knowledge/c.yaml", "4")];
        let (dir, root) = root_with(&old);
        let new = ["a", "b", "c"].map(|name| file(&format!("knowledge/{name}.yaml"), "2"));
        let beside: Vec<Beside<'_>> = new
            .iter()
            .map(|file| {
                let before = old.iter().find(|old| old.path == file.path);
                Beside::write(dir.path(), file, before).unwrap()
            })
            .collect();
        fs::remove_file(&beside[2].scratch).unwrap();
        assert!(matches!(rename_all(&beside), Err(FilesError::Write(..))));
        assert_eq!(root.read().unwrap(), old);
        assert_eq!(names(dir.path()), ["a.yaml", "c.yaml"]);
    }
}
