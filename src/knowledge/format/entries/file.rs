//! Reads entry files.

use jiff::civil::Date;

use super::{
    draft::EntryDraft,
    keys::{
        ANSWER_CHARS, ANSWER_LINES_MAX, COMPLIANCE_KEYS, DEFAULT_KEYS, ENTRY_KEYS, FILE_KEYS,
        FOLLOW_UPS_MAX, HANDOFFS, QUESTION_CHARS, SOURCE_CHARS, STATUSES, TAG_CHARS, VALID_KEYS,
        WITHOUT_FIGURE_CHARS,
    },
};
use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::Report,
        source::{Located, Place},
    },
    format::parts::{
        dates::{check_review, is_span, read_date},
        ids::{read_id, read_ids},
        match_by,
        prose::Prose,
        question::{self, Question},
        steps::read_steps,
        when::read_when,
    },
    model::entry::{EntryHandoff, Status},
    yaml::{
        fields::Fields,
        tree::{Node, NodeKind},
        version::check_version,
    },
};

/// The entries of one file.
#[derive(Debug, Default)]
pub(crate) struct EntryList {
    pub(crate) entries: Vec<EntryDraft>,
    /// Every category that an entry or the defaults name, once for each place.
    pub(crate) categories: Vec<Located<String>>,
    /// Whether every entry of the file could be read, with its id.
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

/// The defaults of a file, for entries that leave these keys out.
#[derive(Debug, Default)]
struct Defaults {
    category: Option<Located<String>>,
    class: Option<Located<String>>,
    checked: Option<Located<Date>>,
    review_due: Option<Located<Date>>,
    /// Keys that are written, even if their value is wrong.
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
        when: read_when(fields, report),
        answer: read_answer(fields, report),
        steps: read_steps(fields, report),
        without_figure: read_without_figure(fields, report),
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
        source.has_length("source", SOURCE_CHARS, report).then(|| Prose::new(source))
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
    check_review(draft.checked.as_ref(), draft.review_due.as_ref(), report);
}

/// Reports a key that is written neither in an entry nor in the defaults of its file.
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

fn read_answer(fields: &Fields<'_>, report: &mut Report<'_>) -> Option<Prose> {
    let answer = fields.require("answer", report)?.text("answer", report)?;
    if !answer.has_length("answer", ANSWER_CHARS, report) {
        return None;
    }
    let lines = answer.value.lines().filter(|line| !line.trim().is_empty()).count();
    if lines > ANSWER_LINES_MAX {
        let message = format!("答案有 {lines} 行，手机上一屏放不下");
        let reason = format!("不算步骤，最好不超过 {ANSWER_LINES_MAX} 行");
        let mend = "第一行就回答；先后要做的事移到 steps 里；和问题无关的删掉";
        report.add(Code::LongAnswer, answer.place, message, reason, mend);
    }
    Some(Prose::new(answer))
}

fn read_without_figure(fields: &Fields<'_>, report: &mut Report<'_>) -> Option<Prose> {
    let text = fields.text("without_figure", report)?;
    text.has_length("without_figure", WITHOUT_FIGURE_CHARS, report).then(|| Prose::new(text))
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
        && !is_span(from, until, "这个条目哪一天都不会提供", report)
    {
        return (None, None);
    }
    (from.map(|from| from.value), until)
}

fn read_tags(fields: &Fields<'_>, report: &mut Report<'_>) -> Vec<String> {
    let mut tags = fields.texts("tags", report);
    tags.retain(|tag| tag.has_length("tags", TAG_CHARS, report) && tag.is_one_line("tags", report));
    tags.into_iter().map(|tag| tag.value).collect()
}
