//! Reads `tests.yaml` and the files of `tests/`.

use super::{
    facts_file::{self, WhenDraft},
    ids::read_ids,
    question::Question,
};
use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::Report,
        source::{Located, Place},
    },
    model::cases::{Case, Expected, Floor, KindName, Said, SealedCase, Split, Tests},
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
const FLOOR_KEYS: &[&str] = &[
    "first",
    "helped",
    "answered_right",
    "not_answered",
    "intents",
    "silent",
    "clarify",
    "auroc",
    "ece_max",
    "by_intent",
    "sealed",
];
const CASE_KEYS: &[&str] = &["entry", "clarify", "intent", "no_answer", "split", "facts", "say"];
const EXPECTED_KEYS: [&str; 4] = ["entry", "clarify", "intent", "no_answer"];

/// The tests as they are written.
#[derive(Debug, Default)]
pub(crate) struct TestsDraft {
    pub(crate) floors: Vec<FloorDraft>,
    /// The cases that people may read.
    pub(crate) cases: Vec<CaseDraft>,
    pub(crate) sealed: Vec<CaseDraft>,
    /// The files with sealed cases, by their numbers.
    pub(crate) hidden: Vec<usize>,
}

/// A floor as it is written.
#[derive(Clone, Debug)]
pub(crate) struct FloorDraft {
    pub(crate) floor: Floor,
    /// Of its key.
    pub(crate) place: Place,
    /// In thousandths.
    limit: u16,
}

/// A case as it is written; what could not be read is `None`, and reported.
#[derive(Clone, Debug)]
pub(crate) struct CaseDraft {
    /// Of the whole case.
    pub(crate) place: Place,
    pub(crate) expected: Option<ExpectedDraft>,
    pub(crate) split: Split,
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
        let floors = self.floors.into_iter().map(|one| (one.floor, one.limit)).collect();
        let cases: Option<_> = self.cases.into_iter().map(|case| case.build(report)).collect();
        let sealed = self.sealed.into_iter();
        let sealed: Option<_> =
            sealed.map(|case| Some(SealedCase::new(case.build(report)?))).collect();
        Some(Tests { floors, cases: cases?, sealed: sealed? })
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
    let mut draft = TestsDraft::default();
    if may_hold_sealed(root) {
        report.hide(root.place.file);
        draft.hidden.push(root.place.file);
    }
    let Some(fields) = Fields::open(root, "测试文件", known, report) else { return draft };
    check_version(&fields, report);
    let floors = fields.get("floors").filter(|_| holds_floors);
    draft.floors = floors.map_or_else(Vec::new, |node| read_floors(node, report));
    if let Some(list) = fields.require("cases", report) {
        for node in list.list("cases", report) {
            let is_sealed = is_sealed(node);
            let cases = if is_sealed { &mut draft.sealed } else { &mut draft.cases };
            cases.extend(read_case(node, report));
        }
    }
    draft
}

/// The word of `split` for the sealed part.
pub(crate) const SEALED: &str = "sealed";

fn is_sealed(case: &Node) -> bool {
    case.value("split").and_then(Node::raw_text) == Some(SEALED)
}

/// Whether some case below a node is sealed, or may have been meant to be: the word stands
/// somewhere, or a `split` cannot be read.
fn may_hold_sealed(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Scalar(scalar) => scalar.text.contains(SEALED),
        NodeKind::List(items) => items.iter().any(may_hold_sealed),
        // A floor names the sealed part, too.
        NodeKind::Map(pairs) => {
            pairs.iter().filter(|(key, _)| key.value != "floors").any(|(key, value)| {
                let is_known = matches!(value.raw_text(), Some("fit" | "test"));
                key.value.contains(SEALED)
                    || (key.value.starts_with("split") && !is_known)
                    || may_hold_sealed(value)
            })
        }
        NodeKind::Refused => false,
    }
}

/// The same of a file that cannot be read to its end.
pub(super) fn text_may_hold_sealed(text: &str) -> bool {
    text.split("split").skip(1).any(|rest| {
        let word = rest.trim_start_matches([' ', ':', '：', '"', '\'']);
        !word.starts_with("fit") && !word.starts_with("test")
    })
}

fn read_floors(node: &Node, report: &mut Report<'_>) -> Vec<FloorDraft> {
    let Some(fields) = Fields::open(node, "floors ", FLOOR_KEYS, report) else {
        return Vec::new();
    };
    let mut floors = Vec::new();
    for floor in Floor::ALL {
        let Some(node) = fields.get(floor.key()) else { continue };
        floors.extend(read_floor(floor, node.place, node, report));
    }
    for (name, node) in pairs(&fields, "by_intent", report) {
        let floor = Floor::Intent(name.value.as_str().into());
        floors.extend(read_floor(floor, name.place, node, report));
    }
    for (name, node) in pairs(&fields, "sealed", report) {
        let floor = Floor::Sealed(KindName::from(name.value.as_str()));
        floors.extend(read_floor(floor, name.place, node, report));
    }
    floors
}

/// The names and values of a map whose names are the operator's.
fn pairs<'n>(
    fields: &Fields<'n>,
    key: &str,
    report: &mut Report<'_>,
) -> &'n [(Located<String>, Node)] {
    fields.get(key).and_then(|node| node.map(key, report)).unwrap_or_default()
}

fn read_floor(
    floor: Floor,
    place: Place,
    node: &Node,
    report: &mut Report<'_>,
) -> Option<FloorDraft> {
    let limit = node.number(floor.key(), 0..=1_000, report)?;
    Some(FloorDraft { floor, place, limit: limit as u16 })
}

fn read_case(node: &Node, report: &mut Report<'_>) -> Option<CaseDraft> {
    let fields = Fields::open(node, "测试 ", CASE_KEYS, report)?;
    let expected = read_expected(&fields, report);
    // A sealed case stands in a list of its own, where this says nothing.
    let splits = [("fit", Split::Fit), ("test", Split::Test), (SEALED, Split::Test)];
    let split = fields.get("split").and_then(|node| node.choice("split", &splits, report));
    let split = split.unwrap_or(Split::Test);
    let facts = facts_file::read_facts(&fields, report);
    let say = fields.require("say", report).map_or_else(Vec::new, |list| read_say(list, report));
    Some(CaseDraft { place: fields.place, expected, split, facts, say })
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
