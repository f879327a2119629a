//! Reads `tests.yaml` and the files of `tests/`.

use std::collections::BTreeMap;

use super::parts::{
    ids::read_ids,
    question::Question,
    when::{WhenDraft, read_facts},
};
use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::Report,
        source::{Located, Place},
    },
    model::cases::{Case, Expected, Floor, Said, Split, Tests},
    yaml::{
        fields::Fields,
        tree::{Node, NodeKind},
        version::check_version,
    },
};
use crate::text::normalize;

/// Most utterances of all files together. A run over them takes about ten seconds.
pub(crate) const UTTERANCES_MAX: usize = 50_000;

/// Most utterances of one case.
const SAY_MAX: usize = 50;

/// Longest utterance, in characters; more than any policy lets in.
const UTTERANCE_CHARS_MAX: usize = 3_000;

/// Fewest and most entries that a clarification is tested for; the most that one shows.
const CHOICES_MIN: usize = 2;
const CHOICES_MAX: usize = 5;

const FILE_KEYS: &[&str] = &["version", "floors", "cases"];
/// The floors stand in one place, so that nobody has to look for them.
const FURTHER_FILE_KEYS: &[&str] = &["version", "cases"];
const FLOOR_KEYS: &[&str] = &["first", "helped", "answered_right", "not_answered", "intents"];
const CASE_KEYS: &[&str] = &["entry", "clarify", "intent", "no_answer", "split", "facts", "say"];
const EXPECTED_KEYS: [&str; 4] = ["entry", "clarify", "intent", "no_answer"];

/// The tests as they are written.
#[derive(Debug, Default)]
pub(crate) struct TestsDraft {
    pub(crate) floors: BTreeMap<Floor, u16>,
    pub(crate) cases: Vec<CaseDraft>,
}

/// A case as it is written; what could not be read is `None`, and reported.
#[derive(Clone, Debug)]
pub(crate) struct CaseDraft {
    pub(crate) expected: Option<ExpectedDraft>,
    split: Split,
    pub(crate) facts: WhenDraft,
    pub(crate) say: Vec<Question>,
}

#[derive(Clone, Debug)]
pub(crate) enum ExpectedDraft {
    Entry(Located<String>),
    Clarify(Vec<Located<String>>),
    Intent(Located<String>),
    NoAnswer(String),
}

impl TestsDraft {
    /// The tests; `None` when part of them could not be read.
    pub(crate) fn build(self, report: &Report<'_>) -> Option<Tests> {
        let cases: Option<Vec<Case>> =
            self.cases.into_iter().map(|case| case.build(report)).collect();
        Some(Tests { floors: self.floors, cases: cases? })
    }
}

impl CaseDraft {
    fn build(self, report: &Report<'_>) -> Option<Case> {
        let expected = match self.expected? {
            ExpectedDraft::Entry(id) => Expected::Entry(id.value.as_str().into()),
            ExpectedDraft::Clarify(ids) => {
                Expected::Clarify(ids.iter().map(|id| id.value.as_str().into()).collect())
            }
            ExpectedDraft::Intent(id) => Expected::Intent(id.value.as_str().into()),
            ExpectedDraft::NoAnswer(reason) => Expected::NoAnswer(reason),
        };
        let said = |one: Question| Said { at: report.name(one.place), text: one.text };
        let facts = self.facts.facts();
        Some(Case {
            expected,
            split: self.split,
            facts,
            say: self.say.into_iter().map(said).collect(),
        })
    }
}

/// Reads one file. Only `knowledge/tests.yaml` itself may hold floors.
pub(crate) fn read(root: &Node, holds_floors: bool, report: &mut Report<'_>) -> TestsDraft {
    let known = if holds_floors { FILE_KEYS } else { FURTHER_FILE_KEYS };
    let Some(fields) = Fields::open(root, "测试文件", known, report) else {
        return TestsDraft::default();
    };
    check_version(&fields, report);
    let floors = fields.get("floors").filter(|_| holds_floors);
    let floors = floors.map_or_else(BTreeMap::new, |node| read_floors(node, report));
    let Some(list) = fields.require("cases", report) else {
        return TestsDraft { floors, cases: Vec::new() };
    };
    let nodes = list.list("cases", report).iter();
    TestsDraft { floors, cases: nodes.filter_map(|node| read_case(node, report)).collect() }
}

fn read_floors(node: &Node, report: &mut Report<'_>) -> BTreeMap<Floor, u16> {
    let Some(fields) = Fields::open(node, "floors ", FLOOR_KEYS, report) else {
        return BTreeMap::new();
    };
    let floors = Floor::ALL.into_iter().filter_map(|floor| {
        let share = fields.get(floor.key())?.number(floor.key(), 0..=1_000, report)?;
        Some((floor, share as u16))
    });
    floors.collect()
}

fn read_case(node: &Node, report: &mut Report<'_>) -> Option<CaseDraft> {
    let fields = Fields::open(node, "测试 ", CASE_KEYS, report)?;
    let expected = read_expected(&fields, report);
    let splits = [("fit", Split::Fit), ("test", Split::Test)];
    let split = fields.get("split").and_then(|node| node.choice("split", &splits, report));
    let facts = read_facts(&fields, report);
    let say = fields.require("say", report).map_or_else(Vec::new, |list| read_say(list, report));
    Some(CaseDraft { expected, split: split.unwrap_or(Split::Test), facts, say })
}

fn read_expected(fields: &Fields<'_>, report: &mut Report<'_>) -> Option<ExpectedDraft> {
    let mut given = EXPECTED_KEYS.into_iter().filter_map(|key| Some((key, fields.get(key)?)));
    let Some((key, node)) = given.next() else {
        if !EXPECTED_KEYS.iter().any(|key| fields.is_meant(key)) {
            report_expected(fields.place, "没有写这些话应该怎样", report);
        }
        return None;
    };
    if let Some((other, second)) = given.next() {
        report_expected(second.place, &format!("{key} 和 {other} 写了两个"), report);
        return None;
    }
    match key {
        "entry" => node.text(key, report).map(ExpectedDraft::Entry),
        "intent" => node.text(key, report).map(ExpectedDraft::Intent),
        "no_answer" => {
            let reason = node.text(key, report)?;
            reason.has_length(key, 1..=20, report).then_some(ExpectedDraft::NoAnswer(reason.value))
        }
        _ => {
            let ids = read_ids(fields, key, CHOICES_MAX, report);
            if ids.len() < CHOICES_MIN && matches!(&node.kind, NodeKind::List(_)) {
                let message = format!("clarify 至少写 {CHOICES_MIN} 个条目编号");
                let mend = "只有一个对的条目时写 entry";
                report.add(Code::OutOfRange, node.place, message, "只有一个，就不用反问", mend);
            }
            Some(ExpectedDraft::Clarify(ids))
        }
    }
}

fn report_expected(place: Place, message: &str, report: &mut Report<'_>) {
    let reason = "每组话只能有一个期望的结果";
    let mend = "写 entry、clarify、intent、no_answer 中的一个";
    report.add(Code::CaseExpects, place, message, reason, mend);
}

fn read_say(list: &Node, report: &mut Report<'_>) -> Vec<Question> {
    let nodes = list.list("say", report);
    if nodes.is_empty() && matches!(list.kind, NodeKind::List(_)) {
        let message = "say 里一句话也没有";
        report.add(Code::MissingKey, list.place, message, "这一组什么也测不到", "至少写一句");
    }
    if let Some(extra) = nodes.get(SAY_MAX) {
        let message = format!("say 最多 {SAY_MAX} 句，这里有 {} 句", nodes.len());
        report.add(Code::OutOfRange, extra.place, message, "", "拆成两组");
    }
    nodes.iter().filter_map(|node| read_utterance(node, report)).collect()
}

/// Unlike a question, an utterance may be of several lines, or of signs alone: these are
/// compared as they are.
fn read_utterance(node: &Node, report: &mut Report<'_>) -> Option<Question> {
    let text = node.text("say", report)?;
    if !text.has_length("say", 1..=UTTERANCE_CHARS_MAX, report) {
        return None;
    }
    let normalized = Some(normalize(&text.value).into_string()).filter(|text| !text.is_empty());
    let normalized = normalized.unwrap_or_else(|| text.value.clone());
    Some(Question { text: text.value, normalized, place: text.place })
}
