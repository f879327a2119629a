//! From files to a knowledge base, or to everything that keeps it from being one.

use std::{collections::BTreeMap, fmt::Write as _};

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::{
    Code, Diagnostic, Finding, KnowledgeBase, SourceFile, calendar, cases_file,
    cross::{self, Drafts},
    entries, facts_file, intents,
    places::Places,
    policy_file,
    report::{Report, sort},
    settings,
    source::{FILE_BYTES_MAX, Located, Place, Source, Undecoded},
    synonyms, wording, yaml,
};

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
    pub(super) places: Places,
}

impl Loaded {
    /// Adds what checks found that came after loading. `files` are those that were loaded.
    pub fn add(&mut self, files: &[SourceFile], findings: Vec<Finding>) {
        let files = by_path(files);
        let sources: Vec<Source<'_>> = files.iter().map(|file| Source::decode(file)).collect();
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

/// The order in which places count them.
fn by_path(files: &[SourceFile]) -> Vec<&SourceFile> {
    let mut files: Vec<&SourceFile> = files.iter().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
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

/// Reads and checks all files of a root.
///
/// Every mistake of every file is reported in one run. A file that is not YAML ends at its
/// first mistake, and what other files say about its contents is then not judged.
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
    let files = by_path(files);
    let sources: Vec<Source<'_>> = files.iter().map(|file| Source::decode(file)).collect();
    let mut report = Report::new(&sources);
    let mut read = Read::new(&sources, &mut report);
    for file in 0..sources.len() {
        read.file(file);
    }
    read.check_whole();
    let drafts = read.drafts;
    cross::check(&drafts, today, &mut report);
    wording::check(&drafts, &mut report);
    let summary = summary(&drafts, files.len());
    let places = Places::of(&drafts);
    let base = if report.has_errors() { None } else { build(drafts, hash(&files), &report) };
    Loaded { base, diagnostics: report.into_diagnostics(), summary, places }
}

/// What a file is, by its path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Entries,
    Variables,
    Classes,
    Hours,
    Dictionary,
    Synonyms,
    Facts,
    Intents,
    Policy,
    Tests,
    Unread,
}

impl Role {
    const REQUIRED: [(Role, &str); 4] = [
        (Role::Variables, "knowledge/variables.yaml"),
        (Role::Classes, "knowledge/compliance.yaml"),
        (Role::Hours, "knowledge/hours.yaml"),
        (Role::Policy, "intents/policy.yaml"),
    ];
    const OPTIONAL: [(Role, &str); 2] =
        [(Role::Synonyms, "knowledge/synonyms.yaml"), (Role::Facts, "knowledge/facts.yaml")];

    pub(super) fn of(path: &str) -> Self {
        let special = || Self::REQUIRED.iter().chain(&Self::OPTIONAL);
        if let Some((role, _)) = special().find(|(_, special)| *special == path) {
            return *role;
        }
        let parts: Vec<&str> = path.split('/').collect();
        let is_yaml = |name: &str| name.strip_suffix(".yaml").is_some_and(|stem| !stem.is_empty());
        let is_special =
            |name: &str| special().any(|(_, special)| special.rsplit('/').next() == Some(name));
        match parts.as_slice() {
            ["knowledge", "dict.txt"] => Role::Dictionary,
            ["knowledge", "tests.yaml"] => Role::Tests,
            ["knowledge", "tests", name] if is_yaml(name) => Role::Tests,
            ["knowledge", name] if is_yaml(name) => Role::Entries,
            ["knowledge", _, name] if is_yaml(name) && !is_special(name) => Role::Entries,
            ["intents", name] if is_yaml(name) => Role::Intents,
            _ => Role::Unread,
        }
    }
}

/// Reads file after file.
struct Read<'a, 's> {
    sources: &'s [Source<'s>],
    report: &'a mut Report<'s>,
    drafts: Drafts,
    /// Files that were there, whether they could be read or not.
    roles: Vec<Role>,
}

impl<'a, 's> Read<'a, 's> {
    fn new(sources: &'s [Source<'s>], report: &'a mut Report<'s>) -> Self {
        let drafts = Drafts {
            entries_complete: true,
            intents_complete: true,
            facts: Some(BTreeMap::new()),
            ..Drafts::default()
        };
        Self { sources, report, drafts, roles: Vec::new() }
    }

    fn file(&mut self, file: usize) {
        let Some(source) = self.sources.get(file) else { return };
        let role = Role::of(source.path);
        self.roles.push(role);
        match role {
            Role::Unread => {
                let message = format!("{} 不会被读取", source.path);
                let mend = "改名为 .yaml 并放在 knowledge/、knowledge/<一层子目录>/ 或 intents/ 下；不需要就移走";
                self.report.add_file(Code::UnreadFile, source.path, message, mend.to_owned());
            }
            _ if !self.is_decoded(file, source) => self.is_lost(role),
            Role::Dictionary => {
                self.drafts.dictionary = settings::read_dictionary(file, source, self.report);
            }
            Role::Entries
            | Role::Variables
            | Role::Classes
            | Role::Hours
            | Role::Synonyms
            | Role::Facts
            | Role::Intents
            | Role::Policy
            | Role::Tests => self.yaml(role, file, source),
        }
    }

    /// A file could not be read: nobody knows which ids or names it holds.
    fn is_lost(&mut self, role: Role) {
        self.drafts.entries_complete &= role != Role::Entries;
        self.drafts.intents_complete &= role != Role::Intents;
        if role == Role::Facts {
            self.drafts.facts = None;
        }
    }

    fn yaml(&mut self, role: Role, file: usize, source: &'s Source<'s>) {
        let Some(root) = yaml::read(file, source, self.report) else {
            return self.is_lost(role);
        };
        match role {
            Role::Entries => {
                let list = entries::read(&root, self.report);
                self.drafts.entries_complete &= list.is_complete;
                self.drafts.entries.extend(list.entries);
            }
            Role::Intents => {
                let list = intents::read(&root, self.report);
                self.drafts.intents_complete &= list.is_complete;
                self.drafts.intents.extend(list.intents);
            }
            Role::Variables => {
                let variables = settings::read_variables(&root, self.report);
                self.drafts.variables = variables.as_ref().map(|variables| {
                    let value = |(name, text): (&String, &Located<String>)| {
                        (name.clone(), text.value.clone())
                    };
                    variables.iter().map(value).collect()
                });
                self.drafts.variable_texts =
                    variables.into_iter().flatten().map(|(_, text)| text).collect();
            }
            Role::Classes => {
                let read = settings::read_compliance(&root, self.report);
                (self.drafts.classes, self.drafts.rules) = read.unzip();
            }
            Role::Hours => self.drafts.hours = calendar::read(&root, self.report),
            Role::Synonyms => self.drafts.synonyms = synonyms::read(&root, self.report),
            Role::Facts => self.drafts.facts = facts_file::read(&root, self.report),
            Role::Policy => self.drafts.policy = policy_file::read(&root, self.report),
            Role::Tests => {
                let holds_floors = source.path == "knowledge/tests.yaml";
                let tests = cases_file::read(&root, holds_floors, self.report);
                self.drafts.tests.floors.extend(tests.floors);
                self.drafts.tests.cases.extend(tests.cases);
            }
            Role::Dictionary | Role::Unread => {}
        }
    }

    /// Whether a file is text; reported if not.
    fn is_decoded(&mut self, file: usize, source: &Source<'_>) -> bool {
        let end = source.text.len();
        match source.undecoded {
            None => {}
            Some(Undecoded::TooLarge) => {
                let message = format!("文件超过 {} MB", FILE_BYTES_MAX / 1024 / 1024);
                let mend = "拆成几个文件".to_owned();
                self.report.add_file(Code::TooLarge, source.path, message, mend);
                return false;
            }
            Some(Undecoded::NotUtf8 { utf16 }) => {
                let looks =
                    if utf16 { "看起来是 UTF-16" } else { "可能是 GBK（“ANSI”）" };
                self.report.add(
                    Code::NotUtf8,
                    Place { file, start: end, end },
                    "从这里开始不是 UTF-8",
                    format!("{looks}；整个文件都没有读"),
                    "用编辑器另存为 UTF-8（无 BOM）",
                );
                return false;
            }
        }
        if source.byte_order_mark {
            self.report.add(
                Code::ByteOrderMark,
                Place { file, start: 0, end: 0 },
                "文件开头有看不见的 BOM",
                "内容照常读取，但其他工具可能出错",
                "另存为 UTF-8（无 BOM）",
            );
        }
        true
    }

    /// What only shows when all files are read.
    fn check_whole(&mut self) {
        for (role, path) in Role::REQUIRED {
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
        entries: entries?,
        intents,
        policy: drafts.policy?.build(variables)?,
        hours: drafts.hours?,
        variables: drafts.variables?,
        dictionary: drafts.dictionary.into_iter().map(|word| word.value).collect(),
        synonyms: drafts.synonyms,
        rules: drafts.rules?,
        facts: drafts.facts?,
        tests: drafts.tests.build(report)?,
        hash,
    })
}

/// The name of what these files say to this version of the engine.
pub(crate) fn hash(files: &[&SourceFile]) -> String {
    let mut sha = Sha256::new();
    // Lengths go first, so that no two sets of files run together to the same bytes.
    let mut part = |bytes: &[u8]| {
        sha.update((bytes.len() as u64).to_le_bytes());
        sha.update(bytes);
    };
    for file in files {
        part(file.path.as_bytes());
        part(&file.bytes);
    }
    part(env!("CARGO_PKG_VERSION").as_bytes());
    sha.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
        // Writing into a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
