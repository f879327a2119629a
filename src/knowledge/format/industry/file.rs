//! Reads `industry.yaml` as a whole.

use std::sync::{Arc, LazyLock};

use super::{
    categories, question_kinds,
    words::{self, ThingReader},
};
use crate::knowledge::{
    diagnostics::{
        report::Report,
        source::{Source, SourceFile},
    },
    model::{
        categories::Categories,
        industry::{Courtesies, Industry, Opposites, QuestionKind, Thing},
        synonyms::Synonym,
    },
    yaml::{fields::Fields, parse, tree::Node, version::check_version},
};

/// The path of the file from the root.
pub(crate) const PATH: &str = "knowledge/industry.yaml";

/// The keys of the file; all but the first may be left out.
pub(crate) const FILE_KEYS: &[&str] = &[
    "version",
    "categories",
    "rivals",
    "brands",
    "opposites",
    "question_kinds",
    "stop_words",
    "courtesies",
    "not_denials",
    "dialect",
    "same",
];

/// The contents of the file. A list is `None` when its key is missing or could not be read.
#[derive(Clone, Debug, Default)]
pub(crate) struct IndustryDraft {
    /// The keys that are written, even if their value is wrong.
    keys: Vec<&'static str>,
    categories: Option<Categories>,
    rivals: Option<Vec<Vec<Thing>>>,
    brands: Option<Vec<Thing>>,
    opposites: Option<Vec<Opposites>>,
    question_kinds: Option<Vec<QuestionKind>>,
    stop_words: Option<Vec<String>>,
    courtesies: Option<Courtesies>,
    not_denials: Option<Vec<String>>,
    dialect: Option<Vec<Synonym>>,
    same: Option<Vec<Synonym>>,
}

impl IndustryDraft {
    /// The keys for which the program's own lists stand in.
    pub(crate) fn left_out(&self) -> Vec<&'static str> {
        let is_left_out = |key: &&str| *key != "version" && !self.keys.contains(key);
        FILE_KEYS.iter().copied().filter(is_left_out).collect()
    }

    /// The categories of the root: those of the file, or the program's own. `None` when the
    /// file has some that could not be read.
    pub(crate) fn categories(&self) -> Option<Categories> {
        let own = || Industry::shipped().categories.clone();
        self.categories.clone().or_else(|| (!self.keys.contains(&"categories")).then(own))
    }

    /// What the root says, with the program's own lists for what it does not say.
    pub(crate) fn build(self) -> Arc<Industry> {
        if self.keys.is_empty() {
            return Industry::shipped();
        }
        // A root with all keys, such as the shipped one, starts without reading the shipped file.
        let shipped = (!self.left_out().is_empty()).then(Industry::shipped);
        self.over(shipped.as_deref()).map_or_else(Industry::shipped, Arc::new)
    }

    /// The lists of this draft, else those of `other`; `None` when a list is in neither.
    fn over(self, other: Option<&Industry>) -> Option<Industry> {
        fn pick<T: Clone>(own: Option<T>, other: Option<&T>) -> Option<T> {
            own.or_else(|| other.cloned())
        }
        Some(Industry {
            categories: pick(self.categories, other.map(|other| &other.categories))?,
            rivals: pick(self.rivals, other.map(|other| &other.rivals))?,
            brands: pick(self.brands, other.map(|other| &other.brands))?,
            opposites: pick(self.opposites, other.map(|other| &other.opposites))?,
            question_kinds: pick(self.question_kinds, other.map(|other| &other.question_kinds))?,
            stop_words: pick(self.stop_words, other.map(|other| &other.stop_words))?,
            courtesies: pick(self.courtesies, other.map(|other| &other.courtesies))?,
            not_denials: pick(self.not_denials, other.map(|other| &other.not_denials))?,
            dialect: pick(self.dialect, other.map(|other| &other.dialect))?,
            same: pick(self.same, other.map(|other| &other.same))?,
        })
    }
}

impl Industry {
    /// What the program comes with: `knowledge/industry.yaml` of the shipped root.
    ///
    /// # Panics
    ///
    /// If that file has a mistake or lacks a key, which a test forbids.
    pub fn shipped() -> Arc<Self> {
        static SHIPPED: LazyLock<Arc<Industry>> = LazyLock::new(|| {
            let text = include_str!("../../../../knowledge/industry.yaml");
            let file = SourceFile { path: PATH.to_owned(), bytes: text.into() };
            let industry = read_alone(&file).and_then(|draft| draft.over(None));
            Arc::new(industry.expect("the file that the program is built with is whole"))
        });
        SHIPPED.clone()
    }
}

/// The categories of a root, by its files; none when they could not be read.
pub(crate) fn categories_of(files: &[SourceFile]) -> Categories {
    let Some(file) = files.iter().find(|file| file.path == PATH) else {
        return Industry::shipped().categories.clone();
    };
    read_alone(file).and_then(|draft| draft.categories()).unwrap_or_default()
}

/// Reads the file without the rest of its root, and drops the diagnostics; `None` when it is not
/// YAML.
fn read_alone(file: &SourceFile) -> Option<IndustryDraft> {
    let sources = [Source::decode(file)];
    let mut report = Report::new(&sources);
    let root = parse::read(0, &sources[0], &mut report)?;
    Some(read(&root, &mut report))
}

/// Reads the file, each key by itself.
pub(crate) fn read(root: &Node, report: &mut Report<'_>) -> IndustryDraft {
    let Some(fields) = Fields::open(root, "industry.yaml ", FILE_KEYS, report) else {
        // That is told; nothing stands in for what the file should say.
        return IndustryDraft { keys: FILE_KEYS.to_vec(), ..IndustryDraft::default() };
    };
    check_version(&fields, report);
    // A misspelt key is told by itself.
    let is_there = |key: &&str| fields.get(key).is_some() || fields.is_meant(key);
    let keys = FILE_KEYS.iter().copied().filter(is_there).collect();
    let mut things = ThingReader::default();
    let [dialect, same] = words::read_replaced(&fields, ["dialect", "same"], report);
    IndustryDraft {
        keys,
        categories: fields.get("categories").and_then(|node| categories::read(node, report)),
        rivals: fields.get("rivals").map(|node| things.read_rivals(node, report)),
        brands: fields.get("brands").map(|node| things.read_brands(node, report)),
        opposites: fields.get("opposites").map(|node| words::read_opposites(node, report)),
        question_kinds: fields.get("question_kinds").map(|node| question_kinds::read(node, report)),
        stop_words: fields.get("stop_words").map(|node| words::read_stop_words(node, report)),
        courtesies: fields.get("courtesies").map(|node| words::read_courtesies(node, report)),
        not_denials: fields.get("not_denials").map(|node| words::read_not_denials(node, report)),
        dialect,
        same,
    }
}
