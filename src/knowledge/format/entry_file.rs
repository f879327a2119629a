//! Reads entry files.

use std::{ops::RangeInclusive, sync::LazyLock};

use jiff::civil::Date;
use serde_json::{Value, json};

use super::{
    figures::book::FigureBook,
    industry::schema::category_id,
    parts::{
        dates::{check_review, is_span, read_date},
        ids::{ids_schema, read_id, read_ids},
        json_schema::{about, choice, date, fact_values, id, line, list, object, text, version},
        match_by::{self, MatchDraft},
        prose::{Prose, Variables, is_variable_name},
        question::{self, Question},
        steps::{read_steps, steps_schema},
        when::{WhenDraft, read_when},
    },
};
use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::Report,
        source::{Located, Place},
    },
    model::{
        answer::{AnswerVersion, DatedAnswer},
        entry::{Compliance, Entry, EntryHandoff, Status},
    },
    yaml::{
        fields::Fields,
        tree::{Node, NodeKind},
        version::check_version,
    },
};

/// Lengths in characters.
pub(crate) const QUESTION_CHARS: RangeInclusive<usize> = 2..=60;
const ANSWER_CHARS: RangeInclusive<usize> = 1..=1000;
/// Lines of an answer that a phone shows at once beside a keyboard.
const ANSWER_LINES_MAX: usize = 6;
const SOURCE_CHARS: RangeInclusive<usize> = 2..=500;
const TAG_CHARS: RangeInclusive<usize> = 1..=20;
const WITHOUT_FIGURE_CHARS: RangeInclusive<usize> = 2..=400;
/// Most buttons under an answer: more do not fit on a phone.
const FOLLOW_UPS_MAX: usize = 4;

const HANDOFFS: [(&str, EntryHandoff); 3] =
    [("none", EntryHandoff::None), ("offer", EntryHandoff::Offer), ("force", EntryHandoff::Force)];
const STATUSES: [(&str, Status); 3] =
    [("draft", Status::Draft), ("live", Status::Live), ("retired", Status::Retired)];

const FILE_KEYS: &[&str] = &["version", "defaults", "entries"];
const DEFAULT_KEYS: &[&str] = &["category", "class", "checked", "review_due"];
const ENTRY_KEYS: &[&str] = &[
    "id",
    "category",
    "question",
    "similar",
    "not",
    "match",
    "patterns",
    "when",
    "answer",
    "steps",
    "without_figure",
    "follow_ups",
    "handoff",
    "valid",
    "status",
    "tags",
    "compliance",
];
const COMPLIANCE_KEYS: &[&str] = &["class", "source", "checked", "review_due"];
const VALID_KEYS: &[&str] = &["from", "until"];

/// The keys of an entry and of the maps in it, in the order in which they are written.
pub(crate) fn key_order() -> &'static [&'static str] {
    static ORDER: LazyLock<Vec<&str>> =
        LazyLock::new(|| [ENTRY_KEYS, VALID_KEYS, COMPLIANCE_KEYS].concat());
    &ORDER
}

/// An entry as it is written. A part that could not be read is `None` and was reported.
#[derive(Clone, Debug)]
pub(crate) struct EntryDraft {
    pub(crate) id: Option<Located<String>>,
    category: Option<Located<String>>,
    /// The standard question comes first, if it could be read.
    pub(crate) questions: Vec<Question>,
    has_standard: bool,
    pub(crate) not: Vec<Question>,
    pub(crate) match_by: MatchDraft,
    pub(crate) when: WhenDraft,
    pub(crate) answer: Option<Prose>,
    pub(crate) steps: Vec<Prose>,
    pub(crate) without_figure: Option<Prose>,
    pub(crate) follow_ups: Vec<Located<String>>,
    pub(crate) handoff: EntryHandoff,
    valid_from: Option<Date>,
    pub(crate) valid_until: Option<Located<Date>>,
    pub(crate) status: Status,
    tags: Vec<String>,
    pub(crate) class: Option<Located<String>>,
    pub(crate) source: Option<Prose>,
    pub(crate) checked: Option<Located<Date>>,
    pub(crate) review_due: Option<Located<Date>>,
}

impl EntryDraft {
    /// The id, or a Chinese placeholder where the entry has none.
    pub(crate) fn name(&self) -> &str {
        self.id.as_ref().map_or("（没有编号）", |id| id.value.as_str())
    }

    /// The category, if it could be read.
    pub(crate) fn category(&self) -> Option<&str> {
        self.category.as_ref().map(|category| category.value.as_str())
    }

    /// Makes the entry and fills its names in; `None` when part of it could not be read.
    pub(crate) fn build(self, risk_line: Option<&Prose>, filling: &Filling<'_>) -> Option<Entry> {
        let answer = self.dated_answer(risk_line, filling)?;
        let mut questions = self.questions.into_iter().map(|question| question.text);
        let standard_question = questions.next().filter(|_| self.has_standard)?;
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
                checked: self.checked?.value,
                review_due: self.review_due?.value,
            },
        })
    }
}

/// What stands for the names in the texts of entries.
#[derive(Debug)]
pub(crate) struct Filling<'d> {
    pub(crate) variables: &'d Variables,
    pub(crate) figures: &'d FigureBook,
    /// What is said in place of a missing figure, where an entry has no such text of its own.
    pub(crate) without_figure: &'d str,
}

impl<'d> Filling<'d> {
    fn variable(&self, name: &str) -> Option<&'d str> {
        Some(self.variables.as_ref()?.get(name)?.as_str())
    }
}

impl EntryDraft {
    /// The figures that stand in the source alone.
    pub(crate) fn cited<'a>(&'a self, figures: &'a FigureBook) -> impl Iterator<Item = &'a str> {
        let names = self.source.iter().flat_map(Prose::names);
        names.filter(|name| figures.has(name) && self.stated(figures).all(|stated| stated != *name))
    }

    /// Whether customers may get it on one of some days, the first and the last included.
    pub(crate) fn is_served_between(&self, first: Date, last: Date) -> bool {
        self.status == Status::Live
            && self.valid_from.is_none_or(|from| from <= last)
            && self.valid_until.as_ref().is_none_or(|until| first <= until.value)
    }

    /// The figures that the answer and its steps state.
    pub(crate) fn stated<'a>(&'a self, figures: &'a FigureBook) -> impl Iterator<Item = &'a str> {
        let said = self.answer.iter().chain(&self.steps);
        said.flat_map(Prose::names).filter(|name| figures.has(name))
    }

    fn dated_answer(
        &self,
        risk_line: Option<&Prose>,
        filling: &Filling<'_>,
    ) -> Option<DatedAnswer> {
        let figures = filling.figures;
        let turns = figures.turns(self.stated(figures).chain(self.cited(figures)));
        let first = self.version(Date::MIN, risk_line, filling)?;
        let later: Option<Vec<_>> = (turns.into_iter())
            .map(|day| Some((day, self.version(day, risk_line, filling)?)))
            .collect();
        let answer = DatedAnswer::new(first, later?);
        Some(if answer.is_ever_complete() {
            answer
        } else {
            answer.searched_by(self.template(risk_line, filling)?)
        })
    }

    /// What the entry says from a day on.
    fn version(
        &self,
        day: Date,
        risk_line: Option<&Prose>,
        filling: &Filling<'_>,
    ) -> Option<AnswerVersion> {
        let Filling { figures, .. } = filling;
        let value = |name: &str| figures.value_on(name, day).or_else(|| filling.variable(name));
        let is_without_figure =
            self.stated(figures).any(|name| figures.value_on(name, day).is_none());
        let (text, steps) = if is_without_figure {
            let own = self.without_figure.as_ref();
            let text = own.map(|text| text.filled(filling.variables).into_owned());
            (text.unwrap_or_else(|| filling.without_figure.to_owned()), Vec::new())
        } else {
            self.said_with(value)?
        };
        let rests_on = |name: &str| figures.rests_on(name, day).or_else(|| filling.variable(name));
        let source = for_customers(&self.source.as_ref()?.filled_by(rests_on));
        let text = with_risk_line(text, risk_line, filling);
        Some(AnswerVersion { text, steps, source, is_without_figure })
    }

    /// What the entry would say, without the values of its figures.
    fn template(&self, risk_line: Option<&Prose>, filling: &Filling<'_>) -> Option<AnswerVersion> {
        let value = |name: &str| {
            if filling.figures.has(name) { Some("") } else { filling.variable(name) }
        };
        let (text, steps) = self.said_with(value)?;
        let text = with_risk_line(text, risk_line, filling);
        Some(AnswerVersion { text, steps, ..AnswerVersion::default() })
    }

    /// The answer and its steps with the given values of names.
    fn said_with<'v>(
        &self,
        value: impl Fn(&str) -> Option<&'v str>,
    ) -> Option<(String, Vec<String>)> {
        let steps = self.steps.iter().map(|step| step.filled_by(&value).into_owned());
        Some((self.answer.as_ref()?.filled_by(&value).into_owned(), steps.collect()))
    }
}

fn with_risk_line(mut text: String, risk_line: Option<&Prose>, filling: &Filling<'_>) -> String {
    if let Some(line) = risk_line {
        text.push_str("\n\n");
        text.push_str(&line.filled(filling.variables));
    }
    text
}

/// A source as customers read it: without the names of variables, which mean nothing to them,
/// without parts that are empty today, and with each document once.
fn for_customers(source: &str) -> String {
    let kept = without_empty_brackets(&without_variables(source));
    let is_sign = |c: char| matches!(c, '，' | '、') || c.is_whitespace();
    let (mut parts, mut depth): (Vec<&str>, usize) = (Vec::new(), 0);
    let written = kept.split('；').map(|part| part.trim_matches(is_sign));
    for part in written.filter(|part| !part.is_empty()) {
        // Within brackets a sign separates no documents.
        let (before, opened) = (depth, part.matches(['（', '《', '(']).count());
        depth = (depth + opened).saturating_sub(part.matches(['）', '》', ')']).count());
        if (before, depth) != (0, 0) || !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts.join("；")
}

/// A source without the names of variables in brackets: `（变量 hotline、app；…）`. Without its
/// closing bracket the text stays as it is.
fn without_variables(source: &str) -> String {
    let mut kept = String::with_capacity(source.len());
    let mut rest = source;
    while let Some((before, after)) = rest.split_once("变量") {
        kept.push_str(before);
        let is_inside = kept.rfind('（') > kept.rfind('）') && after.contains('）');
        let after_names = after_names(after).filter(|_| is_inside);
        if after_names.is_none() {
            kept.push_str("变量");
        }
        rest = after_names.unwrap_or(after);
    }
    kept.push_str(rest);
    kept
}

/// The text after a list of names of variables; `None` where it does not begin with one.
fn after_names(text: &str) -> Option<&str> {
    let mut rest = text.trim_start();
    let mut names = 0;
    loop {
        let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let after = rest.trim_start_matches(is_part);
        let name = rest.strip_suffix(after).unwrap_or_default();
        let after = after.trim_start();
        if !is_variable_name(name) || !after.starts_with(['、', '，', '；', '）']) {
            return (names > 0).then_some(rest);
        }
        names += 1;
        match after.strip_prefix(['、', '，']) {
            Some(next) => rest = next.trim_start(),
            None => return Some(after),
        }
    }
}

/// A text without signs at both ends of its brackets, and without brackets that hold nothing else.
fn without_empty_brackets(text: &str) -> String {
    let is_sign = |c: char| matches!(c, '，' | '、' | '；') || c.is_whitespace();
    let mut kept = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '）' {
            kept.truncate(kept.trim_end_matches(is_sign).len());
            if kept.ends_with('（') {
                kept.pop();
                continue;
            }
        }
        if !(is_sign(c) && kept.ends_with('（')) {
            kept.push(c);
        }
    }
    kept
}

#[cfg(test)]
mod source_tests {
    use super::*;

    #[test]
    fn a_source_loses_the_names_of_variables_and_nothing_else() {
        let cases = [
            // (what it shows, written, as customers read it)
            ("one name", "运营方规则（变量 hotline）", "运营方规则"),
            ("several names", "运营方规则（变量 app_2、hotline）；合同", "运营方规则；合同"),
            ("words after it", "规则（变量 bill_entry；项目发起协议）", "规则（项目发起协议）"),
            ("words before it", "规则（工单制度；变量 hotline、app）", "规则（工单制度）"),
            ("around it", "规则（工单；变量 app；协议）；法", "规则（工单；协议）；法"),
            ("a word in the list", "规则（变量 app、付款页）", "规则（付款页）"),
            ("a name that goes on", "规则（变量 app接口）", "规则（变量 app接口）"),
            ("not closed", "规则（变量 hotline；协议", "规则（变量 hotline；协议"),
            ("without brackets", "关于变量 hotline 的规则", "关于变量 hotline 的规则"),
            ("twice", "甲（变量 a）；乙（变量 b）", "甲；乙"),
            ("an empty figure at the end", "规则（《办法》，）；法", "规则（《办法》）；法"),
            ("an empty figure at the begin", "规则（、《办法》）", "规则（《办法》）"),
            ("nothing else in brackets", "规则（，）；法", "规则；法"),
            ("empty parts", "；规则；；法；", "规则；法"),
            ("a sign at the end of a part", "规则、；，法", "规则；法"),
            ("nothing at all", "（变量 app）", ""),
        ];
        for (shows, written, expected) in cases {
            assert_eq!(for_customers(written), expected, "{shows}");
        }
    }
}

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

/// The JSON Schema of entry files.
pub(crate) fn schema() -> Value {
    let mut file = object(
        FILE_KEYS,
        &["version", "entries"],
        [
            ("version", version()),
            ("defaults", about(defaults_schema(), "本文件所有条目的默认值")),
            ("entries", about(list(&entry_schema()), "条目：一个答案和它回答的各种问法")),
        ],
    );
    // These keys are required in each entry, unless the defaults of the file have them.
    let own = |path: &[&str], key: &str| {
        let inner = json!({"required": [key]});
        path.iter()
            .rev()
            .fold(inner, |schema, part| json!({"required": [part], "properties": {*part: schema}}))
    };
    let everywhere = |path: &[&str], key: &str| {
        json!({"properties": {"entries": {"items": {
            "anyOf": [{"not": {"type": "object"}}, own(path, key)],
        }}}})
    };
    let either = |path: &[&str], key: &str| json!({"anyOf": [own(&["defaults"], key), everywhere(path, key)]});
    file["allOf"] = json!([
        either(&[], "category"),
        either(&["compliance"], "class"),
        either(&["compliance"], "checked"),
        either(&["compliance"], "review_due"),
    ]);
    file
}

fn category_schema() -> Value {
    about(category_id(), "业务类别：knowledge/industry.yaml 的 categories 里的一个 id")
}

fn class_schema() -> Value {
    about(text(1..=80), "合规类别：knowledge/compliance.yaml 里 classes 下的一个")
}

fn checked_schema() -> Value {
    about(date(), "最近核对来源的日期，如 2026-11-22")
}

fn review_due_schema() -> Value {
    about(date(), "该复核的日期；过期只是警告")
}

fn defaults_schema() -> Value {
    object(
        DEFAULT_KEYS,
        &[],
        [
            ("category", category_schema()),
            ("class", class_schema()),
            ("checked", checked_schema()),
            ("review_due", review_due_schema()),
        ],
    )
}

fn entry_schema() -> Value {
    let mut entry = bare_entry_schema();
    // `contains` and `regex` need patterns; `smart` and `exact` may have none.
    let with_patterns = json!({"enum": ["contains", "regex"]});
    entry["if"] = json!({"required": ["match"], "properties": {"match": with_patterns}});
    entry["then"] = json!({"required": ["patterns"]});
    entry["else"] = json!({"not": {"required": ["patterns"]}});
    entry
}

fn bare_entry_schema() -> Value {
    object(
        ENTRY_KEYS,
        &["id", "question", "answer", "compliance"],
        [
            ("id", about(id(), "编号，如 payment.withdraw.arrival；上线后不要再改")),
            ("category", category_schema()),
            ("question", about(line(QUESTION_CHARS), "标准问：反问时给客户看的那一句")),
            (
                "similar",
                about(list(&line(QUESTION_CHARS)), "相似问：客户会说的其他话，最好 8 句以上"),
            ),
            ("not", about(list(&line(QUESTION_CHARS)), "很像、但不该找到这一条的话")),
            ("match", match_by::method_schema()),
            ("patterns", match_by::patterns_schema()),
            ("when", {
                let note =
                    "只给这些客户，如 {product: [wallet]}；名字和值在 knowledge/facts.yaml 里声明";
                about(fact_values(), note)
            }),
            (
                "answer",
                about(
                    text(ANSWER_CHARS),
                    "答案，先说怎么做。可用段落、**加粗**、一层列表、[文字](https://…)、{{变量}} 和 {{数}}（knowledge/figures）",
                ),
            ),
            ("steps", steps_schema()),
            (
                "without_figure",
                about(
                    text(WITHOUT_FIGURE_CHARS),
                    "答案里的数过期或没有核实时改说的话；不写就用 policy.yaml 里的",
                ),
            ),
            ("follow_ups", about(ids_schema(FOLLOW_UPS_MAX), "答案下面的按钮：其他条目的编号")),
            (
                "handoff",
                about(
                    choice(&HANDOFFS),
                    "none 不提人工（默认）、offer 给一个按钮、force 直接转人工",
                ),
            ),
            (
                "valid",
                about(
                    object(
                        VALID_KEYS,
                        &[],
                        [
                            ("from", about(date(), "从哪一天起提供")),
                            ("until", about(date(), "到哪一天为止，含当天")),
                        ],
                    ),
                    "有效期，首尾两天都算",
                ),
            ),
            ("status", about(choice(&STATUSES), "draft 未上线、live 上线（默认）、retired 已下线")),
            ("tags", about(list(&line(TAG_CHARS)), "标签，供查找和统计")),
            ("compliance", about(compliance_schema(), "依据和复核")),
        ],
    )
}

fn compliance_schema() -> Value {
    object(
        COMPLIANCE_KEYS,
        &["source"],
        [
            ("class", class_schema()),
            (
                "source",
                about(
                    text(SOURCE_CHARS),
                    "依据：法律、规则、合同，或“运营方规则（变量 …）”；{{数}} 会变成它的文件和条款",
                ),
            ),
            ("checked", checked_schema()),
            ("review_due", review_due_schema()),
        ],
    )
}
