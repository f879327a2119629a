//! Puts the files of a root together: a knowledge base, or the errors that prevent one.

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::Date;

use super::{
    check::{
        across, guard_intents,
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
        drafts::{Drafts, WrittenGuard},
        entries::draft::Filling,
        file::{FileContents, Parsed},
        industry::file::IndustryDraft,
        role::FileRole,
    },
    hash::{Hash, name},
    model::base::KnowledgeBase,
};
use crate::parallel::Threads;

/// Most entries of one root. Ten times the largest knowledge base we know of.
pub(crate) const ENTRIES_MAX: usize = 20_000;

/// The result of reading a root.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The knowledge base; `None` when there is any error.
    pub base: Option<KnowledgeBase>,
    /// Sorted by file, line and column. There may be warnings and notes beside a base.
    pub diagnostics: Vec<Diagnostic>,
    /// Counts of what was read, including files with mistakes.
    pub summary: Summary,
    /// Number of files that were parsed now. The others are unchanged since the same
    /// [`Loader`](super::Loader) parsed them.
    pub parsed: usize,
    pub(super) places: WrittenPlaces,
    /// For each of the sorted files, the number by which places name it.
    pub(super) numbers: Vec<usize>,
}

impl Loaded {
    /// Adds the findings of checks that ran after loading. `files` must be those that were loaded.
    pub fn add(&mut self, files: &[SourceFile], findings: Vec<Finding>) {
        let sources = sources(&by_path(files), &self.numbers);
        let mut report = Report::new(&sources);
        for Finding { code, part, message, reason, mend } in findings {
            if let Some(place) = self.places.find(part)
                && !report.is_explained(code, &message, place)
            {
                report.add(code, place, message, reason, mend);
            }
        }
        self.diagnostics.extend(report.into_diagnostics());
        sort(&mut self.diagnostics);
    }
}

/// The files sorted by path, which is the order of reading.
pub(super) fn by_path(files: &[SourceFile]) -> Vec<&SourceFile> {
    let mut files: Vec<&SourceFile> = files.iter().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The files at the index of their number; an unused number has an empty file.
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

/// Counts of what was read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Number of files.
    pub files: usize,
    /// Number of entries.
    pub entries: usize,
    /// Number of intents.
    pub intents: usize,
    /// Number of standard and similar questions of entries and of examples of intents.
    pub questions: usize,
}

/// All files of a root, read one by one.
pub(super) struct ReadFiles<'f> {
    /// Sorted by path.
    pub(super) files: Vec<&'f SourceFile>,
    /// The hash of the bytes of each file.
    pub(super) hashes: Vec<Hash>,
    /// The contents of each file.
    pub(super) parsed: Vec<Arc<Parsed>>,
    /// The files at the index of their number.
    pub(super) sources: Vec<Source<'f>>,
    /// The number of each file.
    pub(super) numbers: Vec<usize>,
}

/// Checks the files against each other, and builds a knowledge base if there is no error. With
/// `harmless` as `None`, no text is checked against the compliance rules.
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
    let is_folder = |file: &&&SourceFile| !file.path.contains('/');
    let refused = files.iter().filter(is_folder).map(|file| format!("{}/", file.path)).collect();
    let mut collected = Collected { report: &mut report, drafts, roles: Vec::new(), refused };
    for (file, parsed) in files.iter().zip(&parsed) {
        collected.add(FileRole::of(&file.path), parsed);
    }
    collected.check_presence();
    let mut drafts = collected.drafts;
    if let Some(variables) = &drafts.variables {
        drafts.figures.yield_to(variables);
    }
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

/// The contents of all files, as they are collected.
struct Collected<'a, 's> {
    report: &'a mut Report<'s>,
    drafts: Drafts,
    /// The roles of all given files, whether these could be read or not.
    roles: Vec<FileRole>,
    /// `knowledge` or `intents` itself, where it is a link that was not followed.
    refused: Vec<String>,
}

impl Collected<'_, '_> {
    /// Adds one file, and its own mistakes.
    fn add(&mut self, role: FileRole, parsed: &Parsed) {
        self.roles.push(role);
        self.report.take_in(&parsed.notes);
        match &parsed.contents {
            FileContents::Unread => {}
            FileContents::Lost => {
                // A folder behind a refused link may hold files of both.
                let is_folder = role == FileRole::Unread;
                self.drafts.entries_complete &= role != FileRole::Entries && !is_folder;
                self.drafts.intents_complete &= role != FileRole::Intents && !is_folder;
                if role == FileRole::Facts {
                    self.drafts.facts = None;
                }
                self.drafts.figures.is_complete &= role != FileRole::Figures;
                if role == FileRole::Industry {
                    self.drafts.industry = None;
                }
                if role == FileRole::Guard {
                    self.drafts.guard = WrittenGuard::Unread;
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
            FileContents::Figures(list) => self.drafts.figures.add(list),
            FileContents::Ids(ids) => self.drafts.masker.ids.clone_from(ids),
            FileContents::Masking(policy) => self.drafts.masker.policy.clone_from(policy),
            FileContents::Facts(facts) => self.drafts.facts.clone_from(facts),
            FileContents::Industry(industry) => self.drafts.industry = Some((**industry).clone()),
            FileContents::Synonyms(synonyms) => self.drafts.synonyms.clone_from(synonyms),
            FileContents::Guard(guard) => {
                self.drafts.guard = guard.clone().map_or(WrittenGuard::Unread, WrittenGuard::Read);
            }
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

    /// Reports missing files, missing entries and too many entries.
    fn check_presence(&mut self) {
        for (role, path) in FileRole::REQUIRED {
            let is_behind_link = self.refused.iter().any(|folder| path.starts_with(folder));
            if !self.roles.contains(&role) && !is_behind_link {
                let message = format!("缺少 {path}");
                let mend = "补上这个文件；kefu init 可以写出一份样例来对照".to_owned();
                self.report.add_file(Code::MissingFile, path, message, mend);
            }
        }
        if self.drafts.entries.is_empty() && self.drafts.entries_complete {
            let mend = "至少写一个条目，例如从 kefu init 写出的样例开始".to_owned();
            let message = "没有任何条目，机器人没有可以给的答案".to_owned();
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
    let guard = drafts.guard.guard();
    let shipped = match drafts.guard {
        WrittenGuard::Missing => {
            guard_intents::shipped(&guard_intents::missing(&drafts, &guard), &drafts)
        }
        WrittenGuard::Unread | WrittenGuard::Read(_) => Vec::new(),
    };
    let variables = &drafts.variables;
    let classes = drafts.classes?;
    let policy = drafts.policy?.build(variables)?;
    let without_figure = policy.texts.without_figure.as_str();
    let filling = Filling { variables, figures: &drafts.figures, without_figure };
    let entries: Option<Vec<_>> = (drafts.entries.into_iter())
        .map(|entry| {
            let class = entry.class.as_ref().and_then(|class| classes.get(&class.value))?;
            entry.build(class.risk_line.as_ref(), &filling)
        })
        .collect();
    let intents: Option<Vec<_>> =
        drafts.intents.into_iter().map(|intent| intent.build(variables)).collect();
    let mut intents = intents?;
    intents.extend(shipped);
    intents.sort_by_key(|intent| std::cmp::Reverse(intent.priority));
    Some(KnowledgeBase {
        entries: entries?.into(),
        intents: intents.into(),
        guard,
        policy,
        hours: drafts.hours?,
        variables: drafts.variables?,
        dictionary: drafts.dictionary.into_iter().map(|word| word.value).collect(),
        synonyms: drafts.synonyms,
        industry: drafts.industry?.build(),
        rules: drafts.rules?,
        masker: drafts.masker,
        facts: drafts.facts?,
        tests: drafts.tests.build(report)?,
        hash,
    })
}
