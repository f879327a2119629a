//! From files to a knowledge base, or to everything that keeps it from being one.

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::Date;

use super::{
    check::{
        across,
        places::{Finding, WrittenPlaces},
        wording::{self, Harmless},
    },
    diagnostics::{
        codes::Code,
        diagnostic::Diagnostic,
        report::{Report, sort},
        source::{Located, Source, SourceFile},
    },
    format::{
        drafts::Drafts,
        file::{FileContents, Parsed},
        industry_file::IndustryDraft,
        role::FileRole,
    },
    hash::{Hash, name},
    model::base::KnowledgeBase,
};
use crate::parallel::Threads;

/// Most entries of one root. Ten times the largest knowledge base we know of.
pub(crate) const ENTRIES_MAX: usize = 20_000;

/// What came of reading a root.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// `None` when there is any error.
    pub base: Option<KnowledgeBase>,
    /// Sorted by file, line and column. Warnings come with a base, too.
    pub diagnostics: Vec<Diagnostic>,
    /// What was read, also of files with mistakes in them.
    pub summary: Summary,
    /// How many files were parsed for it; the others were before, by the same
    /// [`Loader`](super::Loader).
    pub parsed: usize,
    pub(super) places: WrittenPlaces,
    /// The number by which the places name each of the sorted files.
    pub(super) numbers: Vec<usize>,
}

impl Loaded {
    /// Adds what checks found that came after loading. `files` are those that were loaded.
    pub fn add(&mut self, files: &[SourceFile], findings: Vec<Finding>) {
        let sources = sources(&by_path(files), &self.numbers);
        let mut report = Report::new(&sources);
        for Finding { code, part, message, reason, mend } in findings {
            if let Some(place) = self.places.find(part) {
                report.add(code, place, message, reason, mend);
            }
        }
        self.diagnostics.extend(report.into_diagnostics());
        sort(&mut self.diagnostics);
    }
}

/// The order in which they are read.
pub(super) fn by_path(files: &[SourceFile]) -> Vec<&SourceFile> {
    let mut files: Vec<&SourceFile> = files.iter().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The files by their numbers, with empty ones where a number is free.
pub(super) fn sources<'f>(files: &[&'f SourceFile], numbers: &[usize]) -> Vec<Source<'f>> {
    let room = numbers.iter().max().map_or(0, |most| most + 1);
    let mut sources: Vec<Source<'f>> = (0..room).map(|_| Source::none()).collect();
    for (file, number) in files.iter().zip(numbers) {
        if let Some(source) = sources.get_mut(*number) {
            *source = Source::decode(file);
        }
    }
    sources
}

/// How much was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Files given.
    pub files: usize,
    /// Entries.
    pub entries: usize,
    /// Intents.
    pub intents: usize,
    /// Standard and similar questions of entries, and examples of intents.
    pub questions: usize,
}

/// All files of a root, read one by one.
pub(super) struct ReadFiles<'f> {
    /// Sorted by path.
    pub(super) files: Vec<&'f SourceFile>,
    /// Of the bytes of each.
    pub(super) hashes: Vec<Hash>,
    /// What each of them says.
    pub(super) parsed: Vec<Arc<Parsed>>,
    /// By the numbers that the places name them by.
    pub(super) sources: Vec<Source<'f>>,
    /// The number of each file.
    pub(super) numbers: Vec<usize>,
}

/// Checks the files against each other, and makes a knowledge base of them if all is well. Without
/// `harmless`, no text is reviewed by the rules.
pub(super) fn put_together(
    read: ReadFiles<'_>,
    today: Date,
    harmless: Option<&mut Harmless>,
    threads: Threads,
) -> Loaded {
    let ReadFiles { files, hashes, parsed, sources, numbers } = read;
    let mut report = Report::new(&sources);
    let drafts = Drafts {
        entries_complete: true,
        intents_complete: true,
        facts: Some(BTreeMap::new()),
        industry: Some(IndustryDraft::default()),
        ..Drafts::default()
    };
    let mut whole = Whole { report: &mut report, drafts, roles: Vec::new() };
    for (file, parsed) in files.iter().zip(&parsed) {
        whole.add(FileRole::of(&file.path), parsed);
    }
    whole.check();
    let drafts = whole.drafts;
    across::check(&drafts, today, &mut report);
    if let Some(harmless) = harmless {
        wording::check(&drafts, harmless, threads, &mut report);
    }
    let summary = summary(&drafts, files.len());
    let places = WrittenPlaces::of(&drafts);
    let base = if report.has_errors() {
        None
    } else {
        build(drafts, name(files.iter().copied().zip(&hashes)), &report)
    };
    let diagnostics = report.into_diagnostics();
    Loaded { base, diagnostics, summary, parsed: files.len(), places, numbers }
}

/// What all files say, before they are checked against each other.
struct Whole<'a, 's> {
    report: &'a mut Report<'s>,
    drafts: Drafts,
    /// Files that were there, whether they could be read or not.
    roles: Vec<FileRole>,
}

impl Whole<'_, '_> {
    /// Adds one file, and notes what is wrong in it by itself.
    fn add(&mut self, role: FileRole, parsed: &Parsed) {
        self.roles.push(role);
        self.report.take_in(&parsed.notes);
        match &parsed.contents {
            FileContents::Unread => {}
            FileContents::Lost => {
                self.drafts.entries_complete &= role != FileRole::Entries;
                self.drafts.intents_complete &= role != FileRole::Intents;
                if role == FileRole::Facts {
                    self.drafts.facts = None;
                }
                if role == FileRole::Industry {
                    self.drafts.industry = None;
                }
            }
            FileContents::Entries(list) => {
                self.drafts.entries_complete &= list.is_complete;
                self.drafts.entries.extend(list.entries.iter().cloned());
                self.drafts.categories.extend(list.categories.iter().cloned());
            }
            FileContents::Intents(list) => {
                self.drafts.intents_complete &= list.is_complete;
                self.drafts.intents.extend(list.intents.iter().cloned());
            }
            FileContents::Variables(variables) => self.variables(variables.as_ref()),
            FileContents::Compliance(read) => {
                (self.drafts.classes, self.drafts.rules) = read.as_deref().cloned().unzip();
            }
            FileContents::Hours(hours) => self.drafts.hours = hours.as_deref().cloned(),
            FileContents::Dictionary(words) => self.drafts.dictionary.clone_from(words),
            FileContents::Facts(facts) => self.drafts.facts.clone_from(facts),
            FileContents::Industry(industry) => self.drafts.industry = Some((**industry).clone()),
            FileContents::Synonyms(synonyms) => self.drafts.synonyms.clone_from(synonyms),
            FileContents::Policy(policy) => self.drafts.policy = policy.as_deref().cloned(),
            FileContents::Tests(tests) => {
                self.drafts.tests.floors.extend(tests.floors.iter().cloned());
                self.drafts.tests.sealed.extend(tests.sealed.iter().cloned());
                for file in &tests.hidden {
                    self.report.hide(*file);
                }
                self.drafts.tests.cases.extend(tests.cases.iter().cloned());
            }
        }
    }

    fn variables(&mut self, variables: Option<&BTreeMap<String, Located<String>>>) {
        self.drafts.variables = variables.map(|variables| {
            let value =
                |(name, text): (&String, &Located<String>)| (name.clone(), text.value.clone());
            variables.iter().map(value).collect()
        });
        self.drafts.variable_texts =
            variables.into_iter().flatten().map(|(_, text)| text.clone()).collect();
    }

    /// What only shows when all files are read.
    fn check(&mut self) {
        for (role, path) in FileRole::REQUIRED {
            if !self.roles.contains(&role) {
                let message = format!("缺少 {path}");
                let mend = "补上这个文件；kefu init 可以写出一份样例来对照".to_owned();
                self.report.add_file(Code::MissingFile, path, message, mend);
            }
        }
        if self.drafts.entries.is_empty() && self.drafts.entries_complete {
            let mend = "至少写一个条目，例如从 kefu init 写出的样例开始".to_owned();
            let message = "没有任何条目，机器人什么也答不了".to_owned();
            self.report.add_file(Code::NoEntries, "knowledge", message, mend);
        }
        if let Some(extra) = self.drafts.entries.get(ENTRIES_MAX).and_then(|e| e.id.as_ref()) {
            let message = format!("条目超过 {ENTRIES_MAX} 个");
            let place = extra.place;
            self.report.add(Code::TooLarge, place, message, "再多会让启动和检查太慢", "减少条目");
        }
    }
}

fn summary(drafts: &Drafts, files: usize) -> Summary {
    let questions = drafts.entries.iter().map(|entry| entry.questions.len()).sum::<usize>();
    let examples = drafts.intents.iter().map(|intent| intent.examples.len()).sum::<usize>();
    Summary {
        files,
        entries: drafts.entries.len(),
        intents: drafts.intents.len(),
        questions: questions + examples,
    }
}

fn build(drafts: Drafts, hash: String, report: &Report<'_>) -> Option<KnowledgeBase> {
    let variables = &drafts.variables;
    let classes = drafts.classes?;
    let entries: Option<Vec<_>> = (drafts.entries.into_iter())
        .map(|entry| {
            let class = entry.class.as_ref().and_then(|class| classes.get(&class.value))?;
            entry.build(class.risk_line.as_ref(), variables)
        })
        .collect();
    let intents: Option<Vec<_>> =
        drafts.intents.into_iter().map(|intent| intent.build(variables)).collect();
    let mut intents = intents?;
    intents.sort_by_key(|intent| std::cmp::Reverse(intent.priority));
    Some(KnowledgeBase {
        entries: entries?.into(),
        intents: intents.into(),
        policy: drafts.policy?.build(variables)?,
        hours: drafts.hours?,
        variables: drafts.variables?,
        dictionary: drafts.dictionary.into_iter().map(|word| word.value).collect(),
        synonyms: drafts.synonyms,
        industry: drafts.industry?.build(),
        rules: drafts.rules?,
        facts: drafts.facts?,
        tests: drafts.tests.build(report)?,
        hash,
    })
}
