//! Searches files for what was masked.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use aho_corasick::AhoCorasick;

use super::samples::Typed;

/// What must not be found in any file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traces {
    needles: BTreeSet<Needle>,
    /// The values that were added.
    pub(crate) values: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Needle {
    text: String,
    /// Whether it must stand apart from other letters and digits to count, because the digits of an
    /// id or a time may be the same by chance.
    is_apart: bool,
}

/// The characters of a value that do not occur by chance.
const LONG: usize = 13;
/// The characters of a value that occur by chance within longer ones alone.
const MIDDLE: usize = 9;
/// The characters beside a shorter value that make it one to look for.
const BESIDE: usize = 4;

impl Traces {
    /// Adds a value as it was typed, and `characters`, the same without separators.
    ///
    /// A short value, such as a code of four digits, is looked for with the characters beside it:
    /// alone it occurs in times and ids.
    pub(crate) fn add(&mut self, typed: &Typed, characters: &str) {
        self.values += 1;
        let before: Vec<char> = typed.before.chars().collect();
        let before = String::from_iter(
            before.get(before.len().saturating_sub(BESIDE)..).unwrap_or_default(),
        );
        let after: String = typed.after.chars().take(BESIDE).collect();
        let quote = |text: String| if text.is_empty() { "\"".to_owned() } else { text };
        let (before, after) = (quote(before), quote(after));
        for spelling in [typed.value.as_str(), characters] {
            self.insert(&format!("{before}{spelling}{after}"), false);
            let length = spelling.chars().filter(|c| c.is_alphanumeric()).count();
            if length >= MIDDLE {
                self.insert(spelling, length < LONG);
            }
        }
    }

    pub(crate) fn extend(&mut self, more: Traces) {
        self.needles.extend(more.needles);
        self.values += more.values;
    }

    /// The text as it is, and as JSON and the log escape it.
    fn insert(&mut self, text: &str, is_apart: bool) {
        let escaped = |text: &str| text.replace('\n', "\\n");
        let shown: String = text.chars().flat_map(char::escape_debug).collect();
        for text in [text.to_owned(), escaped(text), shown] {
            self.needles.insert(Needle { text, is_apart });
        }
    }

    /// The places where something was found: the file, and what stands there.
    pub(crate) fn search(&self, files: &[PathBuf]) -> Vec<String> {
        let needles: Vec<&Needle> = self.needles.iter().collect();
        let finder =
            AhoCorasick::new(needles.iter().map(|needle| &needle.text)).expect("few enough");
        let mut found = Vec::new();
        for path in files {
            // The control socket has no bytes.
            if !path.is_file() {
                continue;
            }
            let bytes = fs::read(path).expect("the file is there");
            for hit in finder.find_overlapping_iter(&bytes) {
                let needle = needles[hit.pattern().as_usize()];
                let beside = [hit.start().checked_sub(1), Some(hit.end())];
                let is_part = |at: Option<usize>| {
                    at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_alphanumeric)
                };
                if !(needle.is_apart && beside.into_iter().any(is_part)) {
                    found.push(format!("{}: {:?}", path.display(), needle.text));
                }
            }
        }
        found
    }
}

/// All files below a folder.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let paths = fs::read_dir(folder).expect("the folder is there");
    let below = paths.flat_map(|entry| {
        let path = entry.expect("it can be read").path();
        if path.is_dir() { files_below(&path) } else { vec![path] }
    });
    below.collect()
}
