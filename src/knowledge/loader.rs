//! Loads a root repeatedly and parses only the files that changed.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::civil::Date;

use super::{
    check::wording::Harmless,
    diagnostics::source::{Source, SourceFile},
    format::file::{self, Parsed},
    hash::{Hash, hash},
    load::{Loaded, ReadFiles, by_path, put_together, sources},
};
use crate::parallel::Threads;

/// Loads a root repeatedly and parses only the files that changed.
///
/// A text is checked against the compliance rules again only when the text or the rules changed.
/// The result is the same as that of [`load`](super::load).
///
/// # Examples
///
/// ```
/// use jiff::civil::date;
/// use kefu::knowledge::{Loader, SourceFile};
/// use kefu::parallel::Threads;
///
/// let file = |path: &str, text: &str| SourceFile { path: path.to_owned(), bytes: text.into() };
/// let words = file("knowledge/dict.txt", "提现\n");
/// let mut loader = Loader::default();
/// let mut parsed = |entries: &str| {
///     let files = [words.clone(), file("knowledge/a.yaml", entries)];
///     loader.load(&files, date(2026, 11, 22), Threads::ONE).parsed
/// };
/// assert_eq!(parsed("version: 1\nentries: []"), 2);
/// assert_eq!(parsed("version: 1\nentries:"), 1); // the dictionary is as it was
/// ```
#[derive(Debug, Default)]
pub struct Loader {
    files: BTreeMap<String, Kept>,
    harmless: Harmless,
    /// Whether the texts passed the compliance rules before and need no further check.
    are_reviewed: bool,
}

/// A file as it was read last time.
#[derive(Debug)]
struct Kept {
    hash: Hash,
    /// The number by which places in `parsed` name the file.
    number: usize,
    parsed: Arc<Parsed>,
}

impl Loader {
    /// A loader for files whose texts passed the compliance rules before, such as those inside the
    /// binary. It does not check them again.
    pub(crate) fn of_reviewed() -> Self {
        Self { are_reviewed: true, ..Self::default() }
    }

    /// Reads and checks all files of a root.
    pub fn load(&mut self, files: &[SourceFile], today: Date, threads: Threads) -> Loaded {
        let files = by_path(files);
        let hashes: Vec<Hash> = threads.map(&files, |file| hash(file));
        let mut before = std::mem::take(&mut self.files);
        let kept: Vec<Option<Kept>> = files.iter().map(|file| before.remove(&file.path)).collect();
        let numbers = numbers(&kept);
        let sources = sources(&files, &numbers);
        let is_same = |kept: &&Kept, hash: &Hash| kept.hash == *hash;
        let unknown: Vec<usize> = (kept.iter().zip(&hashes).zip(&numbers))
            .filter(|((kept, hash), _)| kept.as_ref().is_none_or(|kept| !is_same(&kept, hash)))
            .map(|(_, number)| *number)
            .collect();
        let mut read = read_all(&unknown, &sources, threads).into_iter();
        let parsed: Vec<Arc<Parsed>> = (kept.into_iter().zip(&hashes))
            .filter_map(|(kept, hash)| match kept.filter(|kept| is_same(&kept, hash)) {
                Some(kept) => Some(kept.parsed),
                None => read.next(),
            })
            .collect();
        for (((file, hash), number), parsed) in files.iter().zip(&hashes).zip(&numbers).zip(&parsed)
        {
            let kept = Kept { hash: *hash, number: *number, parsed: parsed.clone() };
            self.files.insert(file.path.clone(), kept);
        }
        let rules = files.iter().zip(&hashes).find(|(file, _)| file.path == RULES);
        self.harmless.by_rules(rules.map(|(_, hash)| *hash).unwrap_or_default());
        let read = ReadFiles { files, hashes, parsed, sources, numbers };
        let harmless = (!self.are_reviewed).then_some(&mut self.harmless);
        let loaded = put_together(read, today, harmless, threads);
        Loaded { parsed: unknown.len(), ..loaded }
    }
}

/// Reads and checks all files of a root.
///
/// Every mistake of every file is reported in one run. Of a file that is not valid YAML, the parts
/// that cannot be read are left out. References from other files to its contents are then not
/// checked.
/// `today` decides which reviews are overdue.
///
/// # Examples
///
/// ```
/// use jiff::civil::date;
/// use kefu::knowledge::{SourceFile, load};
///
/// let file = SourceFile {
///     path: "knowledge/payment.yaml".to_owned(),
///     bytes: "version: 1\nentries:\n  - id：payment.fee\n".into(),
/// };
/// let loaded = load(&[file], date(2026, 11, 22));
/// assert!(loaded.base.is_none());
/// let colon = loaded.diagnostics.iter().find(|found| found.code == "KB006").unwrap();
/// assert_eq!((colon.span.line, colon.span.column), (3, 7));
/// ```
pub fn load(files: &[SourceFile], today: Date) -> Loaded {
    Loader::default().load(files, today, Threads::all())
}

/// Reads the files with these numbers, in their order. The rules come first and use all threads,
/// because their patterns take long to compile; the other files use one thread each.
fn read_all(numbers: &[usize], sources: &[Source<'_>], threads: Threads) -> Vec<Arc<Parsed>> {
    let is_rules = |number: usize| sources[number].path == RULES;
    let rules = numbers.iter().find(|&&number| is_rules(number));
    let mut rules = rules.map(|&number| file::read(number, sources, threads));
    let read = threads.map(numbers, |&number| {
        (!is_rules(number)).then(|| file::read(number, sources, Threads::ONE))
    });
    let read = read.into_iter().filter_map(|parsed| parsed.or_else(|| rules.take()));
    read.map(Arc::new).collect()
}

/// The path of the file with the compliance rules.
const RULES: &str = "knowledge/compliance.yaml";

/// The number of each file: that of the last load, or else the first free one.
fn numbers(kept: &[Option<Kept>]) -> Vec<usize> {
    let taken: BTreeSet<usize> = kept.iter().flatten().map(|kept| kept.number).collect();
    let mut free = (0..).filter(|number| !taken.contains(number));
    kept.iter()
        .map(|kept| {
            kept.as_ref().map_or_else(|| free.next().unwrap_or_default(), |kept| kept.number)
        })
        .collect()
}
