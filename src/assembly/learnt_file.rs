//! What was learnt and tested of the knowledge, kept in the data folder to start faster.
//!
//! The file is never needed: one that is lost, broken or of something else costs the time to
//! learn anew, and nothing else.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::matching::Learnt;
use crate::storage::{new_private_file, private_folder};
use crate::text::hex;

/// Raised for another format, or other rules of when floors are kept. Format 2 was no JSON.
const FORMAT: u32 = 3;

/// A longer file is not ours: ours has less than a thousand bytes.
const BYTES_MAX: u64 = 16 << 10;

/// The server's file, in the folder `cache` of a data folder.
const OF_SERVER: &str = "learnt.json";

/// The commands' file beside it: theirs never takes the place of what the server needs.
const OF_COMMANDS: &str = "learnt-commands.json";

/// Where it is kept that a snapshot was learnt and tested.
#[derive(Debug)]
pub(super) struct LearntFile {
    /// The folder of all of them.
    folder: PathBuf,
    /// Those that are read, and of which the first is written.
    names: &'static [&'static str],
    /// Whether the folder is made where it is missing: one that another account had made could
    /// keep the server out.
    makes_folder: bool,
    /// The engine that learns: another one may learn something else from the same files.
    engine: String,
}

/// What a file remembers.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub(super) struct Remembered {
    /// What a snapshot learnt.
    pub(super) learnt: Learnt,
    /// A day on which the floors of its tests were kept.
    pub(super) floors_kept_on: Option<Date>,
}

impl LearntFile {
    /// The server's; `None` if this program cannot tell itself from others.
    pub(super) fn of_server(data: &Path) -> Option<Self> {
        Self::new(data, &[OF_SERVER], true)
    }

    /// The commands', who read the server's as well.
    pub(super) fn of_command(data: &Path) -> Option<Self> {
        Self::new(data, &[OF_COMMANDS, OF_SERVER], false)
    }

    fn new(data: &Path, names: &'static [&'static str], makes_folder: bool) -> Option<Self> {
        match engine() {
            Ok(engine) => Some(Self { folder: data.join("cache"), names, makes_folder, engine }),
            Err(error) => {
                tracing::debug!(%error, "learnt weights are not kept: this program's file cannot be read");
                None
            }
        }
    }

    /// What is kept, as far as it is of use.
    pub(super) fn read(&self) -> Vec<Remembered> {
        self.names.iter().filter_map(|name| self.read_one(&self.folder.join(name))).collect()
    }

    fn read_one(&self, path: &Path) -> Option<Remembered> {
        let text = match read_at_most(path, BYTES_MAX) {
            Ok(text) => text,
            Err(error) => {
                tracing::debug!(%error, "the file of learnt weights cannot be read");
                return None;
            }
        };
        let remembered = Remembered::from_json(&text, &self.engine);
        if remembered.is_none() {
            tracing::debug!("the file of learnt weights is damaged or of another engine");
        }
        remembered
    }

    /// Keeps it in place of what was kept before.
    pub(super) fn write(&self, remembered: &Remembered) {
        let [name, ..] = self.names else { return };
        let path = self.folder.join(name);
        // Of two commands that write at once one may break what the other writes: the sum tells.
        let scratch = path.with_extension("new");
        let Ok(text) = remembered.to_json(&self.engine) else { return };
        let made = if self.makes_folder { private_folder(&self.folder) } else { Ok(()) };
        let written = made
            .and_then(|()| new_private_file(&scratch)?.write_all(text.as_bytes()))
            .and_then(|()| fs::rename(&scratch, &path));
        if let Err(error) = written {
            tracing::debug!(%error, "learnt weights are not kept");
            // It may never have been there.
            _ = fs::remove_file(&scratch);
        }
    }
}

/// A whole file.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct LearntFileJson {
    /// SHA-256 of the rest, as [`LearntBody`] in JSON without white space: two commands may have
    /// written one file at once.
    sum: String,
    said: LearntBody,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct LearntBody {
    format: u32,
    engine: String,
    remembered: Remembered,
}

impl Remembered {
    fn to_json(&self, engine: &str) -> serde_json::Result<String> {
        let (engine, remembered) = (engine.to_owned(), self.clone());
        let said = LearntBody { format: FORMAT, engine, remembered };
        let sum = sum(&serde_json::to_string(&said)?);
        Ok(serde_json::to_string(&LearntFileJson { sum, said })? + "\n")
    }

    fn from_json(text: &str, engine: &str) -> Option<Self> {
        let LearntFileJson { sum: found, said } = serde_json::from_str(text).ok()?;
        let is_ours = said.format == FORMAT
            && said.engine == engine
            && sum(&serde_json::to_string(&said).ok()?) == found;
        is_ours.then_some(said.remembered)
    }
}

fn sum(text: &str) -> String {
    hex(&Sha256::digest(text))
}

/// Size and time of this program's file: what is built anew learns anew. Images may be built with
/// one time for all files; then what the shipped knowledge teaches tells one engine from another.
fn engine() -> io::Result<String> {
    let file = fs::metadata(std::env::current_exe()?)?;
    let since = file.modified()?.duration_since(UNIX_EPOCH).map_err(io::Error::other)?;
    let (version, length) = (env!("CARGO_PKG_VERSION"), file.len());
    let learnt = sum(&serde_json::to_string(&Learnt::shipped())?);
    Ok(format!("{version} {length} {}.{:09} {learnt}", since.as_secs(), since.subsec_nanos()))
}

fn read_at_most(path: &Path, bytes: u64) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(bytes).read_to_string(&mut text)?;
    Ok(text)
}
