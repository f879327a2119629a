//! The file of learnt weights and test results in the data folder, for a faster start.
//!
//! The file is never required: a lost, damaged or foreign file only costs the time to learn anew.

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

/// Raised when the format or the rules for keeping floors change. Format 2 was not JSON.
const FORMAT: u32 = 3;

/// A longer file is not ours: ours has less than a thousand bytes.
const BYTES_MAX: u64 = 16 << 10;

/// The server's file, in the folder `cache` of a data folder.
const OF_SERVER: &str = "learnt.json";

/// The commands' file beside it. Commands never overwrite the server's file.
const OF_COMMANDS: &str = "learnt-commands.json";

/// The place of the learnt weights and test results of snapshots.
#[derive(Debug)]
pub(super) struct LearntFile {
    /// The folder of the files.
    folder: PathBuf,
    /// The files to read; the first is also written.
    names: &'static [&'static str],
    /// Whether a missing folder is created. A folder that another account created could keep the
    /// server out.
    makes_folder: bool,
    /// The engine that learns: another engine may learn other weights from the same files.
    engine: String,
}

/// The contents of a file.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
pub(super) struct Remembered {
    /// The learnt weights of a snapshot.
    pub(super) learnt: Learnt,
    /// A day on which the floors of its tests were kept.
    pub(super) floors_kept_on: Option<Date>,
}

impl LearntFile {
    /// The server's file; `None` if this program cannot identify itself.
    pub(super) fn of_server(data: &Path) -> Option<Self> {
        Self::new(data, &[OF_SERVER], true)
    }

    /// The file of the commands, which also read the server's.
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

    /// The usable contents of the files.
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

    /// Replaces the file.
    pub(super) fn write(&self, remembered: &Remembered) {
        let [name, ..] = self.names else { return };
        let path = self.folder.join(name);
        // If two commands write at once, the file may be damaged. Its checksum shows that.
        let scratch = path.with_extension("new");
        let Ok(text) = remembered.to_json(&self.engine) else { return };
        let made = if self.makes_folder { private_folder(&self.folder) } else { Ok(()) };
        let written = made
            .and_then(|()| new_private_file(&scratch)?.write_all(text.as_bytes()))
            .and_then(|()| fs::rename(&scratch, &path));
        if let Err(error) = written {
            tracing::debug!(%error, "learnt weights are not kept");
            // The scratch file may not exist.
            _ = fs::remove_file(&scratch);
        }
    }
}

/// The whole file.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct LearntFileJson {
    /// SHA-256 of `said`, a [`LearntBody`] as JSON without white space: two commands may have
    /// written the file at once.
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

/// Size and time of this program's file: a new build learns anew. Images may be built with one time
/// for all files; then the weights of the shipped knowledge tell engines apart.
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
