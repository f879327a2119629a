//! The folder with `knowledge/` and `intents/`, on disk or inside the program.

use std::{
    fs,
    io::{self, Read as _},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use rust_embed::RustEmbed;

use super::{editor::editor_files, error::FilesError, links::real_path};
use crate::knowledge::{Loader, SourceFile};

/// The folders of a root.
pub(super) const FOLDERS: [&str; 2] = ["knowledge", "intents"];

/// The limit of files of a root, and of their bytes in total.
const FILES_MAX: usize = 2_000;
const BYTES_MAX: u64 = 64 << 20;

/// Bytes that are read of one file: more than the checks allow, so that they can report it.
const FILE_BYTES_MAX: u64 = (8 << 20) + 1;

/// The deepest folder that is searched. Files below the first level are reported as unread.
const DEPTH_MAX: usize = 4;

#[derive(RustEmbed)]
#[folder = "knowledge/"]
struct EmbeddedKnowledge;

#[derive(RustEmbed)]
#[folder = "intents/"]
struct EmbeddedIntents;

/// The folder with `knowledge/` and `intents/`: one on disk, or the copy inside the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root(RootSource);

#[derive(Clone, Debug, PartialEq, Eq)]
enum RootSource {
    Folder(PathBuf),
    Embedded,
}

impl Root {
    /// The named folder. Without a name, the current folder if it is a root, else the copy inside
    /// the program.
    pub fn find(dir: Option<&Path>, cwd: &Path) -> Result<Root, FilesError> {
        let is_root = |dir: &Path| FOLDERS.iter().all(|folder| dir.join(folder).is_dir());
        match dir {
            Some(dir) if is_root(dir) => Ok(Root(RootSource::Folder(dir.to_owned()))),
            Some(dir) => Err(FilesError::NotARoot(dir.to_owned())),
            None if is_root(cwd) => Ok(Root(RootSource::Folder(cwd.to_owned()))),
            None => Ok(Root::embedded()),
        }
    }

    /// The copy inside the program.
    pub fn embedded() -> Root {
        Root(RootSource::Embedded)
    }

    /// The folder on disk; `None` for the copy inside the program.
    pub fn path(&self) -> Option<&Path> {
        match &self.0 {
            RootSource::Folder(dir) => Some(dir),
            RootSource::Embedded => None,
        }
    }

    /// The loader for this root. The rules are not applied again to the copy inside the program: a
    /// test does that (`the_shipped_knowledge_has_nothing_to_tell`).
    pub fn loader(&self) -> Loader {
        match &self.0 {
            RootSource::Embedded => Loader::of_reviewed(),
            RootSource::Folder(_) => Loader::default(),
        }
    }

    /// Every YAML and text file below `knowledge/` and `intents/`, sorted by path.
    ///
    /// Hidden files and copies of editors (`.x`, `x~`, `#x#`) are skipped. At most 2,000 files and
    /// 64 MB; of one file at most a byte more than the 8 MB that the checks allow. A link that
    /// leads out of the root is not followed: the checks report it.
    pub fn read(&self) -> Result<Vec<SourceFile>, FilesError> {
        let mut files = match &self.0 {
            RootSource::Embedded => embedded(),
            RootSource::Folder(dir) => {
                let real = fs::canonicalize(dir);
                let real = real.map_err(|error| FilesError::Read(dir.clone(), error))?;
                let mut walk = RootWalk { root: dir, real: &real, files: Vec::new(), bytes: 0 };
                for folder in FOLDERS {
                    let path = dir.join(folder);
                    match walk.lead(&path) {
                        LinkLead::Within => walk.folder(&path, folder, 1)?,
                        lead @ (LinkLead::Outside | LinkLead::Unknown) => {
                            walk.refuse(lead, folder.to_owned());
                        }
                    }
                }
                walk.files
            }
        };
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    /// Writes all files below a folder, and the files for editors. Creates the folder if it is
    /// missing. Writes nothing if `knowledge/` or `intents/` exists there and is not empty.
    pub fn write_to(&self, dir: &Path) -> Result<Vec<PathBuf>, FilesError> {
        for folder in FOLDERS {
            let path = dir.join(folder);
            let is_taken = match fs::read_dir(&path) {
                Ok(mut items) => items.next().is_some(),
                Err(error) if error.kind() == io::ErrorKind::NotFound => false,
                Err(error) => return Err(FilesError::Read(path, error)),
            };
            if is_taken {
                return Err(FilesError::Exists(path));
            }
        }
        let own = self.read()?.into_iter().map(|file| (file.path, file.bytes));
        let for_editors = editor_files().into_iter().map(|(path, text)| (path, text.into_bytes()));
        let mut written = Vec::new();
        for (path, bytes) in own.chain(for_editors) {
            let path = dir.join(path);
            // Existing editor settings are kept.
            if path.exists() {
                continue;
            }
            let folder = path.parent().unwrap_or(dir);
            let result = fs::create_dir_all(folder).and_then(|()| fs::write(&path, &bytes));
            result.map_err(|error| FilesError::Write(path.clone(), error))?;
            written.push(path);
        }
        Ok(written)
    }
}

fn embedded() -> Vec<SourceFile> {
    let knowledge = EmbeddedKnowledge::iter()
        .filter_map(|name| Some(("knowledge", EmbeddedKnowledge::get(&name)?, name)));
    let intents = EmbeddedIntents::iter()
        .filter_map(|name| Some(("intents", EmbeddedIntents::get(&name)?, name)));
    knowledge
        .chain(intents)
        .filter(|(_, _, name)| name.rsplit('/').next().is_some_and(is_wanted))
        .map(|(folder, file, name)| SourceFile {
            path: format!("{folder}/{name}"),
            bytes: file.data.into_owned(),
        })
        .collect()
}

/// Whether a file with this name is read. Misspelt endings of `.yaml` are, so that the checks can
/// warn about them: those in capital or full-width letters, and those with a space after them.
fn is_wanted(name: &str) -> bool {
    let narrow = |c: char| match c {
        '。' => '.',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        _ => c,
    };
    let name: String = name.trim_end().chars().map(narrow).collect();
    let is_scratch = name.starts_with(['.', '#']) || name.ends_with('~');
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    !is_scratch && ["yaml", "yml", "txt"].iter().any(|known| extension.eq_ignore_ascii_case(known))
}

/// Tries to open a file that is replaced at the same time.
const OPEN_TRIES: usize = 5;

/// Where a symbolic link leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LinkLead {
    /// Within the root; or it is no link.
    Within,
    Outside,
    /// That cannot be said.
    Unknown,
}

struct RootWalk<'r> {
    root: &'r Path,
    /// The root without links in its path.
    real: &'r Path,
    files: Vec<SourceFile>,
    bytes: u64,
}

impl RootWalk<'_> {
    /// Reads a folder; `name` is its path from the root, with `/`.
    fn folder(&mut self, dir: &Path, name: &str, depth: usize) -> Result<(), FilesError> {
        let failed = |error| FilesError::Read(dir.to_owned(), error);
        for item in fs::read_dir(dir).map_err(failed)? {
            let path = item.map_err(failed)?.path();
            let Some(own) = path.file_name().and_then(|own| own.to_str()) else {
                return Err(FilesError::Name(path));
            };
            let name = format!("{name}/{own}");
            let is_hidden = own.starts_with('.');
            let lead = self.lead(&path);
            if lead != LinkLead::Within {
                // What is not read is not told, as with files.
                let is_folder = || fs::metadata(&path).is_ok_and(|kind| kind.is_dir());
                if is_wanted(own) || (!is_hidden && is_folder()) {
                    self.refuse(lead, name);
                }
                continue;
            }
            // Follows links, because mounted configuration consists of them.
            let kind = match fs::metadata(&path) {
                Ok(kind) => kind,
                // Deleted since the folder was listed, or a dangling link.
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(FilesError::Read(path, error)),
            };
            if kind.is_dir() && !is_hidden && depth < DEPTH_MAX {
                self.folder(&path, &name, depth + 1)?;
            } else if kind.is_file() && is_wanted(own) {
                self.file(&path, name)?;
            }
        }
        Ok(())
    }

    /// Where a path leads, be it a symbolic link or not, and be its target there or not.
    fn lead(&self, path: &Path) -> LinkLead {
        if fs::read_link(path).is_err() {
            return LinkLead::Within;
        }
        match real_path(path) {
            Ok(real) if real.starts_with(self.real) => LinkLead::Within,
            Ok(_) => LinkLead::Outside,
            Err(_) => LinkLead::Unknown,
        }
    }

    fn refuse(&mut self, lead: LinkLead, name: String) {
        self.files.push(match lead {
            LinkLead::Unknown => SourceFile::unresolved_link(name),
            LinkLead::Outside | LinkLead::Within => SourceFile::refused_link(name),
        });
    }

    fn file(&mut self, path: &Path, name: String) -> Result<(), FilesError> {
        let failed = |error| FilesError::Read(path.to_owned(), error);
        let Some(file) = self.open_within(path).map_err(failed)? else {
            self.refuse(LinkLead::Outside, name);
            return Ok(());
        };
        let mut bytes = Vec::new();
        file.take(FILE_BYTES_MAX).read_to_end(&mut bytes).map_err(failed)?;
        self.bytes += bytes.len() as u64;
        self.files.push(SourceFile { path: name, bytes });
        if self.files.len() > FILES_MAX || self.bytes > BYTES_MAX {
            let path = self.root.to_owned();
            return Err(FilesError::TooMuch { path, files: FILES_MAX, megabytes: BYTES_MAX >> 20 });
        }
        Ok(())
    }

    /// Opens a file; `None` where it is outside of the root. A link may change after it was looked
    /// at, so what is open is compared with what stands in the root.
    fn open_within(&self, path: &Path) -> io::Result<Option<fs::File>> {
        for _ in 0..OPEN_TRIES {
            let file = fs::File::open(path)?;
            let real = fs::canonicalize(path)?;
            if !real.starts_with(self.real) {
                return Ok(None);
            }
            let (opened, there) = (file.metadata()?, fs::symlink_metadata(&real)?);
            if (opened.dev(), opened.ino()) == (there.dev(), there.ino()) {
                return Ok(Some(file));
            }
        }
        Err(io::Error::other("it is replaced again and again"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scratch_files_of_editors_are_passed_over() {
        let cases = [
            // (what it shows, name, wanted)
            ("an entry file", "payment.yaml", true),
            ("the dictionary", "dict.txt", true),
            ("a wrong spelling, to be warned of", "payment.YML", true),
            ("a full-width point", "payment．yaml", true),
            ("a Chinese full stop", "payment。yaml", true),
            ("full-width letters", "payment.ｙａｍｌ", true),
            ("a space at the end", "payment.yaml ", true),
            ("an editor's copy", "payment.yaml~", false),
            ("an editor's swap file", ".payment.yaml.swp", false),
            ("a hidden file", ".payment.yaml", false),
            ("a page for people", "README.md", false),
        ];
        for (shows, name, expected) in cases {
            assert_eq!(is_wanted(name), expected, "{shows}");
        }
    }

    #[test]
    fn what_is_written_out_reads_the_same_and_is_not_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let embedded = Root::embedded();
        let written = embedded.write_to(dir.path()).unwrap();
        let found = Root::find(Some(dir.path()), Path::new("/")).unwrap();
        assert_eq!(found.read().unwrap(), embedded.read().unwrap());
        let for_editors = editor_files().len();
        assert_eq!(found.read().unwrap().len() + for_editors, written.len());
        assert!(matches!(embedded.write_to(dir.path()), Err(FilesError::Exists(_))));
    }

    #[test]
    fn a_link_that_changes_after_the_look_opens_nothing_outside() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().canonicalize().unwrap();
        let root = dir.join("root");
        fs::create_dir(&root).unwrap();
        fs::write(root.join("own.yaml"), "own").unwrap();
        fs::write(dir.join("outside.yaml"), "outside").unwrap();
        let link = |name: &str, target: &Path| {
            std::os::unix::fs::symlink(target, root.join(name)).unwrap();
        };
        link("within.yaml", Path::new("own.yaml"));
        link("out.yaml", &dir.join("outside.yaml"));
        link("folder", &dir);
        let cases = [
            // (what it shows, path in the root, what is read)
            ("a file", "own.yaml", Some("own")),
            ("a link to it", "within.yaml", Some("own")),
            ("a link that leads out by now", "out.yaml", None),
            ("a file in a folder that leads out by now", "folder/outside.yaml", None),
        ];
        let mut walk = RootWalk { root: &root, real: &root, files: Vec::new(), bytes: 0 };
        for (shows, path, expected) in cases {
            walk.file(&root.join(path), path.to_owned()).unwrap();
            let refused = SourceFile::refused_link(path.to_owned()).bytes;
            let expected = expected.map_or(refused, |text| text.as_bytes().to_vec());
            assert_eq!(walk.files.pop().unwrap().bytes, expected, "{shows}");
        }
    }

    #[test]
    fn a_root_is_found_where_it_is_said_to_be() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(Root::find(Some(dir.path()), dir.path()), Err(FilesError::NotARoot(_))));
        assert_eq!(Root::find(None, dir.path()).unwrap(), Root::embedded());
        for folder in FOLDERS {
            fs::create_dir(dir.path().join(folder)).unwrap();
        }
        assert_eq!(Root::find(None, dir.path()).unwrap().path(), Some(dir.path()));
    }
}
