//! Reads entry files.

use std::ops::RangeInclusive;

use jiff::civil::Date;

use super::{
    facts_file::{self, WhenDraft},
    ids::{read_id, read_ids},
    match_by::{self, MatchDraft},
    prose::{Prose, Variables},
    question::{self, Question},
};
use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::Report,
        source::{Located, Place},
    },
    model::entry::{Compliance, Entry, EntryHandoff, Status},
    yaml::{
        fields::Fields,
        tree::{Node, NodeKind},
        version::check_version,
    },
};

/// Lengths in characters; `schema` tells editors the same.
pub(crate) const QUESTION_CHARS: RangeInclusive<usize> = 2..=60;
pub(crate) const ANSWER_CHARS: RangeInclusive<usize> = 1..=1000;
pub(crate) const SOURCE_CHARS: RangeInclusive<usize> = 2..=500;
pub(crate) const TAG_CHARS: RangeInclusive<usize> = 1..=20;
/// More buttons than this do not fit on a phone.
pub(crate) const FOLLOW_UPS_MAX: usize = 4;

pub(crate) const HANDOFFS: [(&str, EntryHandoff); 3] =
    [("none", EntryHandoff::None), ("offer", EntryHandoff::Offer), ("force", EntryHandoff::Force)];
pub(crate) const STATUSES: [(&str, Status); 3] =
    [("draft", Status::Draft), ("live", Status::Live), ("retired", Status::Retired)];

pub(crate) const FILE_KEYS: &[&str] = &["version", "defaults", "entries"];
pub(crate) const DEFAULT_KEYS: &[&str] = &["category", "class", "checked", "review_due"];
pub(crate) const ENTRY_KEYS: &[&str] = &[
    "id",
    "category",
    "question",
    "similar",
    "not",
    "match",
    "patterns",
    "when",
    "answer",
    "follow_ups",
    "handoff",
    "valid",
    "status",
    "tags",
    "compliance",
];
pub(crate) const COMPLIANCE_KEYS: &[&str] = &["class", "source", "checked", "review_due"];
pub(crate) const VALID_KEYS: &[&str] = &["from", "until"];

/// An entry as it is written; what could not be read is `None`, and reported.
#[derive(Clone, Debug)]
pub(crate) struct EntryDraft {
    pub(crate) id: Option<Located<String>>,
    category: Option<Located<String>>,
    /// The standard question first, if it could be read.
    pub(crate) questions: Vec<Question>,
    has_standard: bool,
    pub(crate) not: Vec<Question>,
    pub(crate) match_by: MatchDraft,
    pub(crate) when: WhenDraft,
    pub(crate) answer: Option<Prose>,
    pub(crate) follow_ups: Vec<Located<String>>,
    pub(crate) handoff: EntryHandoff,
    valid_from: Option<Date>,
    pub(crate) valid_until: Option<Located<Date>>,
    pub(crate) status: Status,
    tags: Vec<String>,
    pub(crate) class: Option<Located<String>>,
    source: Option<String>,
    checked: Option<Located<Date>>,
    pub(crate) review_due: Option<Located<Date>>,
}

impl EntryDraft {
    /// The id, or a word in its place.
    pub(crate) fn name(&self) -> &str {
        self.id.as_ref().map_or("（没有编号）", |id| id.value.as_str())
    }

    /// The category, if it could be read.
    pub(crate) fn category(&self) -> Option<&str> {
        self.category.as_ref().map(|category| category.value.as_str())
    }

    /// The entry, its texts filled in; `None` when part of it could not be read.
    pub(crate) fn build(self, risk_line: Option<&Prose>, variables: &Variables) -> Option<Entry> {
        let mut questions = self.questions.into_iter().map(|question| question.text);
        let standard_question = questions.next().filter(|_| self.has_standard)?;
        let mut answer = self.answer?.filled(variables).into_owned();
        if let Some(line) = risk_line {
            answer.push_str("\n\n");
            answer.push_str(&line.filled(variables));
        }
        Some(Entry {
            id: self.id?.value.as_str().into(),
            category: self.category?.value,
            standard_question,
            similar_questions: questions.collect(),
            not: self.not.into_iter().map(|question| question.text).collect(),
            match_by: self.match_by.build(),
            when: self.when.build(),
            answer,
            follow_ups: self.follow_ups.iter().map(|id| id.value.as_str().into()).collect(),
            handoff: self.handoff,
            valid_from: self.valid_from,
            valid_until: self.valid_until.map(|until| until.value),
            status: self.status,
            tags: self.tags,
            compliance: Compliance {
                class: self.class?.value,
                source: self.source?,
                checked: self.checked?.value,
                review_due: self.review_due?.value,
            },
        })
    }
}

/// The entries of one file.
#[derive(Debug, Default)]
pub(crate) struct EntryList {
    pub(crate) entries: Vec<EntryDraft>,
    /// The categories that the entries and the defaults name, as often as they are written.
    pub(crate) categories: Vec<Located<String>>,
    /// Whether every entry of the file is among them, with its id.
    pub(crate) is_complete: bool,
}

/// Reads the entries of one file.
pub(crate) fn read(root: &Node, report: &mut Report<'_>) -> EntryList {
    let Some(fields) = Fields::open(root, "条目文件", FILE_KEYS, report) else {
        return EntryList::default();
    };
    check_version(&fields, report);
    let defaults = fields
        .get("defaults")
        .and_then(|node| Fields::open(node, "defaults ", DEFAULT_KEYS, report))
        .map_or_else(Defaults::default, |fields| Defaults::read(&fields, report));
    let Some(list) = fields.require("entries", report) else { return EntryList::default() };
    let nodes = list.list("entries", report);
    let entries: Vec<EntryDraft> = nodes
        .iter()
        .filter_map(|node| {
            let fields = Fields::open(node, "条目", ENTRY_KEYS, report)?;
            Some(read_entry(&fields, &defaults, report))
        })
        .collect();
    let is_complete = matches!(list.kind, NodeKind::List(_))
        && entries.len() == nodes.len()
        && entries.iter().all(|entry| entry.id.is_some());
    let of_defaults = defaults.category.iter();
    let own = entries.iter().filter_map(|entry| entry.category.as_ref());
    let own = own.filter(|own| of_defaults.clone().all(|default| default.place != own.place));
    let categories = of_defaults.clone().chain(own).cloned().collect();
    EntryList { entries, categories, is_complete }
}

/// What an entry takes over from its file.
#[derive(Debug, Default)]
struct Defaults {
    category: Option<Located<String>>,
    class: Option<Located<String>>,
    checked: Option<Located<Date>>,
    review_due: Option<Located<Date>>,
    /// Keys that are there, even if their value is wrong.
    keys: Vec<&'static str>,
}

impl Defaults {
    fn read(fields: &Fields<'_>, report: &mut Report<'_>) -> Self {
        Self {
            category: read_category(fields, report),
            class: fields.text("class", report),
            checked: read_date(fields, "checked", report),
            review_due: read_date(fields, "review_due", report),
            keys: DEFAULT_KEYS.iter().copied().filter(|key| fields.get(key).is_some()).collect(),
        }
    }
}

fn read_entry(fields: &Fields<'_>, defaults: &Defaults, report: &mut Report<'_>) -> EntryDraft {
    let standard = fields
        .require("question", report)
        .and_then(|node| question::read(node, "question", QUESTION_CHARS, report));
    let has_standard = standard.is_some();
    let similar = fields.list("similar", report);
    let similar =
        similar.iter().filter_map(|node| question::read(node, "similar", QUESTION_CHARS, report));
    let questions: Vec<Question> = standard.into_iter().chain(similar).collect();
    let questions = question::without_repeats(questions, report);
    let not = fields.list("not", report);
    let not =
        not.iter().filter_map(|node| question::read(node, "not", QUESTION_CHARS, report)).collect();
    let not = question::without_repeats(not, report);
    for look_alike in &not {
        if let Some(own) = questions.iter().find(|own| own.normalized == look_alike.normalized) {
            let reason =
                format!("一句话不能既找到又不找到同一个条目（另一处：{}）", report.name(own.place));
            let message = format!("not 里的“{}”是条目自己的问法", look_alike.text);
            report.add(Code::NotOwnQuestion, look_alike.place, message, reason, "删掉其中一处");
        }
    }
    let (valid_from, valid_until) = read_validity(fields, report);
    let mut draft = EntryDraft {
        id: fields.require("id", report).and_then(|node| read_id(node, report)),
        category: read_category(fields, report).or_else(|| defaults.category.clone()),
        questions,
        has_standard,
        not,
        match_by: match_by::read(fields, report),
        when: facts_file::read_when(fields, report),
        answer: read_answer(fields, report),
        follow_ups: read_ids(fields, "follow_ups", FOLLOW_UPS_MAX, report),
        handoff: read_handoff(fields, report),
        valid_from,
        valid_until,
        status: read_status(fields, report),
        tags: read_tags(fields, report),
        class: None,
        source: None,
        checked: None,
        review_due: None,
    };
    if fields.get("category").is_none() {
        require_default("category", fields.place, defaults, report);
    }
    read_compliance(&mut draft, fields, defaults, report);
    draft
}

fn read_compliance(
    draft: &mut EntryDraft,
    entry: &Fields<'_>,
    defaults: &Defaults,
    report: &mut Report<'_>,
) {
    let Some(node) = entry.require("compliance", report) else { return };
    let Some(own) = Fields::open(node, "compliance ", COMPLIANCE_KEYS, report) else { return };
    draft.source = own.require("source", report).and_then(|node| {
        let source = node.text("source", report)?;
        source.has_length("source", SOURCE_CHARS, report).then_some(source.value)
    });
    for key in ["class", "checked", "review_due"] {
        if own.get(key).is_none() {
            require_default(key, own.place, defaults, report);
        }
    }
    draft.class = own.text("class", report).or_else(|| defaults.class.clone());
    draft.checked = read_date(&own, "checked", report).or_else(|| defaults.checked.clone());
    draft.review_due =
        read_date(&own, "review_due", report).or_else(|| defaults.review_due.clone());
    if let (Some(checked), Some(due)) = (&draft.checked, &draft.review_due)
        && checked.value > due.value
    {
        let message = format!("checked（{}）晚于 review_due（{}）", checked.value, due.value);
        report.add(Code::Date, due.place, message, "复核日期应在核对之后", "改正其中一个日期");
    }
}

/// Reports a key that stands neither in an entry nor in the file's defaults.
fn require_default(key: &str, place: Place, defaults: &Defaults, report: &mut Report<'_>) {
    if !defaults.keys.contains(&key) {
        let message = format!("缺少“{key}”");
        let mend = format!("补上 {key}: …，或写在文件开头的 defaults 里");
        report.add(Code::MissingKey, place, message, "条目和 defaults 里都没有它", mend);
    }
}

/// Whether the root has such a category is checked when all files are read.
fn read_category(fields: &Fields<'_>, report: &mut Report<'_>) -> Option<Located<String>> {
    fields.text("category", report)
}

fn read_date(fields: &Fields<'_>, key: &str, report: &mut Report<'_>) -> Option<Located<Date>> {
    let node = fields.get(key)?;
    let value = node.date(key, report)?;
    Some(Located { value, place: node.place })
}

fn read_answer(fields: &Fields<'_>, report: &mut Report<'_>) -> Option<Prose> {
    let answer = fields.require("answer", report)?.text("answer", report)?;
    answer.has_length("answer", ANSWER_CHARS, report).then(|| Prose::new(answer))
}

fn read_handoff(fields: &Fields<'_>, report: &mut Report<'_>) -> EntryHandoff {
    let found = fields.get("handoff").and_then(|node| node.choice("handoff", &HANDOFFS, report));
    found.unwrap_or(EntryHandoff::None)
}

fn read_status(fields: &Fields<'_>, report: &mut Report<'_>) -> Status {
    let found = fields.get("status").and_then(|node| node.choice("status", &STATUSES, report));
    found.unwrap_or(Status::Live)
}

fn read_validity(
    fields: &Fields<'_>,
    report: &mut Report<'_>,
) -> (Option<Date>, Option<Located<Date>>) {
    let Some(valid) =
        fields.get("valid").and_then(|node| Fields::open(node, "valid ", VALID_KEYS, report))
    else {
        return (None, None);
    };
    let from = read_date(&valid, "from", report);
    let until = read_date(&valid, "until", report);
    if let (Some(from), Some(until)) = (&from, &until)
        && from.value > until.value
    {
        let message = format!("from（{}）晚于 until（{}）", from.value, until.value);
        report.add(
            Code::Date,
            until.place,
            message,
            "这个条目哪一天都不会提供",
            "改正其中一个日期",
        );
        return (None, None);
    }
    (from.map(|from| from.value), until)
}

fn read_tags(fields: &Fields<'_>, report: &mut Report<'_>) -> Vec<String> {
    let mut tags = fields.texts("tags", report);
    tags.retain(|tag| tag.has_length("tags", TAG_CHARS, report) && tag.is_one_line("tags", report));
    tags.into_iter().map(|tag| tag.value).collect()
}
