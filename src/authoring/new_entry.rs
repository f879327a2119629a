//! A draft of an entry where it belongs, for somebody to finish.

use jiff::{ToSpan, civil::Date};
use pinyin::{Pinyin, ToPinyin};

use super::{
    edit::{Edits, Value},
    import::is_safe,
    sheet::REVIEW_MONTHS,
};
use crate::knowledge::{
    Diagnostic, Entry, EntryId, KnowledgeBase, Node, Severity, SourceFile, Status, Written,
    is_entry_file, load,
};
use crate::matching::{Band, Found, Outcome};
use crate::text::normalize;

/// What stands for the answer until there is one.
const ANSWER: &str = "待补充。先写怎么做，再写时间、费用和例外。";
/// What stands for the source until there is one.
const SOURCE: &str = "待补充。写法律、规则、合同的名称和条款，或运营方规则（变量名）";
/// Most letters of the last word of an id that is made up; longer ones nobody reads.
const READING_MAX: usize = 32;
/// Most letters of what is taken over from the nearest entry's id.
const STEM_MAX: usize = 40;

/// What somebody wants to add.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The standard question.
    pub question: String,
    /// Other wordings of it.
    pub similar: Vec<String>,
    /// Default: that of the nearest entry.
    pub category: Option<String>,
    /// Default: made of the nearest entry's and of how the question is read.
    pub id: Option<String>,
    /// By its path from the root. Default: where the nearest entry of the category stands.
    pub file: Option<String>,
}

/// A file of the root with a new entry in it, checked but not written.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// Its id.
    pub id: EntryId,
    /// Its category.
    pub category: String,
    /// The whole file.
    pub file: SourceFile,
    /// The line of the file on which it begins.
    pub line: usize,
}

/// Why an entry cannot be added.
#[derive(Debug, thiserror::Error)]
pub enum NewEntryError {
    /// A wording that is there already; there can be no second answer to it.
    #[error("add “{wording}”: it belongs to {owner}")]
    Known {
        /// As it was given.
        wording: String,
        /// Whose it is.
        owner: Found,
    },
    /// An id that an entry has, be it out of service.
    #[error("add {id}: an entry has that id")]
    IdInUse {
        /// As it was given.
        id: String,
        /// One like it that is free.
        free: String,
    },
    /// Nothing is near enough to tell the category.
    #[error("choose a category: nothing is like the question; give --category, one of {0}")]
    NoCategory(String),
    /// A category that the root does not have.
    #[error("add to the category {category}: the root has none of that name, but {known}")]
    UnknownCategory {
        /// As it was given.
        category: String,
        /// Those that it has.
        known: String,
    },
    /// A path where no entries are read from.
    #[error("add to {0}: entries stand in knowledge/NAME.yaml or knowledge/FOLDER/NAME.yaml")]
    NotForEntries(String),
    /// A file that is written in too special a way.
    #[error("add to {0}: it is written in too special a way; name another file")]
    NoRoom(String),
    /// The root would have mistakes.
    #[error("add the entry: there would be {} mistakes", .0.len())]
    Mistakes(Vec<Diagnostic>),
}

/// What answers a question at once already.
pub fn answered_by(outcome: &Outcome) -> Option<Found> {
    match (&outcome.intent, outcome.band, outcome.ranked.first()) {
        (Some(intent), ..) => Some(Found::Intent(intent.clone())),
        (None, Band::Answer, Some(first)) => Some(Found::Entry(first.entry.clone())),
        (None, Band::Answer | Band::Clarify | Band::Fallback, _) => None,
    }
}

/// Writes a draft of an entry at the end of the file where it belongs.
///
/// `files` are those of `base`, and `outcome` is what that finds for the question. The whole
/// new root is checked as of `today`, and refused if there is any error. A draft is not
/// served: what is answered stays as it is.
pub fn new_entry(
    files: &[SourceFile],
    base: &KnowledgeBase,
    outcome: &Outcome,
    wanted: &Wanted,
    today: Date,
) -> Result<NewEntry, NewEntryError> {
    for wording in std::iter::once(&wanted.question).chain(&wanted.similar) {
        if let Some(owner) = owner(base, wording) {
            return Err(NewEntryError::Known { wording: wording.clone(), owner });
        }
    }
    let near: Vec<&Entry> =
        outcome.ranked.iter().filter_map(|one| base.entry(&one.entry)).collect();
    let category = wanted.category.as_ref().or_else(|| near.first().map(|entry| &entry.category));
    let known = &base.industry.categories;
    let listed = || known.ids().collect::<Vec<_>>().join(", ");
    let category = category.ok_or_else(|| NewEntryError::NoCategory(listed()))?;
    if known.get(category).is_none() {
        let category = category.clone();
        return Err(NewEntryError::UnknownCategory { category, known: listed() });
    }
    let nearest = near.iter().copied().find(|entry| entry.category == *category);

    let path = match (&wanted.file, nearest) {
        (Some(path), _) if is_entry_file(path) && is_safe(path) => Some(path.clone()),
        (Some(path), _) => return Err(NewEntryError::NotForEntries(path.clone())),
        (None, Some(nearest)) => file_of(files, &nearest.id),
        (None, None) => None,
    };
    let path = path.unwrap_or_else(|| format!("knowledge/{category}/new.yaml"));
    let class = nearest.or_else(|| base.entries.iter().find(|one| one.category == *category));
    let class = class.or(base.entries.first()).map(|entry| entry.compliance.class.as_str());
    let begun = files.iter().find(|file| file.path == path).cloned();
    let begun = begun.unwrap_or_else(|| empty_file(&path, category));

    let id = match &wanted.id {
        Some(id) if is_in_use(base, id) => {
            return Err(NewEntryError::IdInUse { id: id.clone(), free: free_id(base, id) });
        }
        Some(id) => id.clone(),
        None => free_id(base, &made_up_id(category, nearest, outcome.matched())),
    };
    let draft = Draft { id: &id, category, class, wanted, today };
    let file = appended(&begun, &draft).ok_or_else(|| NewEntryError::NoRoom(path.clone()))?;
    check(files, &file, today)?;
    let line = line_of(&file, &id).ok_or(NewEntryError::NoRoom(path))?;
    Ok(NewEntry { id: id.as_str().into(), category: category.clone(), file, line })
}

/// Whose question or example a wording is. The words of a retired entry are free.
fn owner(base: &KnowledgeBase, wording: &str) -> Option<Found> {
    let wanted = normalize(wording).into_string();
    let is_same = |other: &str| !wanted.is_empty() && normalize(other).as_str() == wanted;
    let entries = base.entries.iter().filter(|entry| entry.status != Status::Retired);
    let entry = entries.into_iter().find(|entry| entry.questions().any(is_same));
    entry.map(|entry| Found::Entry(entry.id.clone())).or_else(|| {
        let is_its = |example: &String| is_same(example);
        let intent = base.intents.iter().find(|intent| intent.examples.iter().any(is_its));
        intent.map(|intent| Found::Intent(intent.id.clone()))
    })
}

fn file_of(files: &[SourceFile], id: &EntryId) -> Option<String> {
    let mut entry_files = files.iter().filter(|file| is_entry_file(&file.path));
    let found = entry_files.find(|file| {
        Written::read(file).is_some_and(|written| {
            let mut ids = written.entries().filter_map(|entry| entry.value("id")?.raw_text());
            ids.any(|own| own == id.as_str())
        })
    });
    found.map(|file| file.path.clone())
}

/// A file that waits for its first entry.
fn empty_file(path: &str, category: &str) -> SourceFile {
    let up = "../".repeat(path.matches('/').count() - 1);
    let text = format!(
        "# yaml-language-server: $schema={up}schemas/entries.json\n\
         version: 1\n\
         defaults:\n  category: {category}\n\
         entries: []\n"
    );
    SourceFile { path: path.to_owned(), bytes: text.into() }
}

fn is_in_use(base: &KnowledgeBase, id: &str) -> bool {
    base.entry(&id.into()).is_some()
}

/// The id itself, or the first of `id_2`, `id_3` … that no entry has.
fn free_id(base: &KnowledgeBase, id: &str) -> String {
    let numbered = (2..).map(|number| format!("{id}_{number}"));
    let mut ids = std::iter::once(id.to_owned()).chain(numbered);
    ids.find(|id| !is_in_use(base, id)).unwrap_or_else(|| id.to_owned())
}

/// An id beside that of the nearest entry, its last word how the question is read.
fn made_up_id(category: &str, nearest: Option<&Entry>, normalized: &str) -> String {
    let stem = nearest.and_then(|entry| entry.id.as_str().rsplit_once('.'));
    let stem = stem.map_or(category, |(stem, _)| stem);
    let stem = if stem.len() > STEM_MAX { category } else { stem };
    let mut word = String::new();
    for c in normalized.chars() {
        let reading = match c.to_pinyin() {
            Some(reading) => Pinyin::plain(reading).replace('ü', "v"),
            None if c.is_ascii_alphanumeric() => c.to_ascii_lowercase().to_string(),
            None => continue,
        };
        if word.len() + reading.len() > READING_MAX {
            break;
        }
        word.push_str(&reading);
    }
    format!("{stem}.{}", if word.is_empty() { "new" } else { &word })
}

/// What the entry says.
struct Draft<'d> {
    id: &'d str,
    category: &'d str,
    class: Option<&'d str>,
    wanted: &'d Wanted,
    today: Date,
}

impl Draft<'_> {
    /// The entry; what the file says for all of its entries is left to it.
    fn entry(&self, file: &Written<'_>) -> Value {
        let text = |text: &str| Value::Text(text.trim().to_owned());
        let day = |date: Date| Value::Word(date.to_string());
        let default = |key| file.root.value("defaults").and_then(|defaults| defaults.value(key));
        let mut pairs = vec![("id", text(self.id))];
        if default("category").and_then(|node| node.raw_text()) != Some(self.category) {
            pairs.push(("category", text(self.category)));
        }
        pairs.push(("question", text(&self.wanted.question)));
        let similar = self.wanted.similar.iter().map(|wording| wording.trim().to_owned());
        if !self.wanted.similar.is_empty() {
            pairs.push(("similar", Value::List(similar.collect())));
        }
        let mut compliance = Vec::new();
        if let Some(class) = self.class.filter(|_| default("class").is_none()) {
            compliance.push(("class", text(class)));
        }
        compliance.extend([
            ("source", text(SOURCE)),
            ("checked", day(self.today)),
            ("review_due", day(self.today.saturating_add(REVIEW_MONTHS.months()))),
        ]);
        pairs.extend([
            ("answer", text(ANSWER)),
            ("status", Value::Word("draft".to_owned())),
            ("compliance", Value::Map(compliance)),
        ]);
        Value::Map(pairs)
    }
}

/// The file with the entry after its last one.
fn appended(file: &SourceFile, draft: &Draft<'_>) -> Option<SourceFile> {
    let written = Written::read(file)?;
    let mut edits = Edits::new(written.text);
    edits.append(&written.root, "entries", &[draft.entry(&written)]);
    let mark = if written.byte_order_mark { "\u{feff}" } else { "" };
    let bytes = format!("{mark}{}", edits.apply()?).into_bytes();
    Some(SourceFile { path: file.path.clone(), bytes })
}

/// The line on which the entry of an id begins.
fn line_of(file: &SourceFile, id: &str) -> Option<usize> {
    let written = Written::read(file)?;
    let is_it = |entry: &&Node| entry.value("id").and_then(|own| own.raw_text()) == Some(id);
    let start = written.entries().find(is_it)?.place.start;
    Some(written.text.get(..start)?.matches('\n').count() + 1)
}

/// Checks the root with the new file in it.
fn check(files: &[SourceFile], new: &SourceFile, today: Date) -> Result<(), NewEntryError> {
    let kept = files.iter().filter(|file| file.path != new.path);
    let files: Vec<SourceFile> = kept.chain([new]).cloned().collect();
    let mut errors = load(&files, today).diagnostics;
    errors.retain(|found| found.severity == Severity::Error);
    if errors.is_empty() { Ok(()) } else { Err(NewEntryError::Mistakes(errors)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_made_of_how_the_question_is_read() {
        let cases = [
            // (what it shows, normalised question, id)
            ("Han", "提现能撤销吗", "payment.tixiannengchexiaoma"),
            ("letters and digits", "vip有3张券", "payment.vipyou3zhangquan"),
            ("a vowel that ASCII does not have", "绿卡", "payment.lvka"),
            (
                "whole words only, as many as fit",
                "双创双创双创双创",
                "payment.shuangchuangshuangchuangshuang",
            ),
            ("nothing that can be read", "？", "payment.new"),
        ];
        for (shows, normalized, expected) in cases {
            assert_eq!(made_up_id("payment", None, normalized), expected, "{shows}");
        }
    }
}
