//! Reads `tests.yaml` and the files of `tests/`.

use std::ops::RangeInclusive;

use serde_json::{Value, json};

use super::guard;
use super::parts::{
    ids::{ids_schema, read_ids},
    json_schema::{about, choice, fact_word, id, line, list, number, object, text, version},
    question::Question,
    when::{WhenDraft, read_facts},
};
use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::Report,
        source::{Located, Place},
    },
    model::{
        cases::{Case, Expected, Floor, KindName, Said, SealedCase, Split, Tests},
        guard::GuardKind,
    },
    yaml::{
        fields::Fields,
        tree::{Node, NodeKind},
        version::check_version,
    },
};
use crate::text::normalize;

/// Most utterances of all files together; asking them all takes about ten seconds.
pub(crate) const UTTERANCES_MAX: usize = 50_000;

/// Most utterances of one case.
const SAY_MAX: usize = 50;

/// Length of an utterance in characters; the most is more than any policy lets in.
const UTTERANCE_CHARS: RangeInclusive<usize> = 1..=3_000;

/// Length of the reason of `no_answer` in characters.
const REASON_CHARS: RangeInclusive<usize> = 1..=20;

/// Range of a floor, in thousandths.
const THOUSANDTHS: RangeInclusive<u32> = 0..=1_000;

/// Fewest and most entries of a tested clarification. A clarification shows at most five.
const CHOICES_MIN: usize = 2;
const CHOICES_MAX: usize = 5;

const FILE_KEYS: &[&str] = &["version", "floors", "cases"];
/// The files of `tests/` hold no floors: people look for them in `tests.yaml` alone.
const FURTHER_FILE_KEYS: &[&str] = &["version", "cases"];
const FLOOR_KEYS: &[&str] = &[
    "first",
    "helped",
    "right_at_once",
    "answered_right",
    "not_answered",
    "intents",
    "silent",
    "clarify",
    "two_meanings",
    "auroc",
    "ece_max",
    "by_intent",
    "sealed",
];
const CASE_KEYS: &[&str] =
    &["entry", "clarify", "intent", "no_answer", "guard", "harmless", "split", "facts", "say"];
/// The word of `split` for the sealed part.
pub(crate) const SEALED: &str = "sealed";

/// The values of `split`. A sealed case is kept in a list of its own, which makes its split
/// meaningless.
const SPLITS: [(&str, Split); 3] =
    [("fit", Split::Fit), ("test", Split::Test), (SEALED, Split::Test)];

const EXPECTED_KEYS: [&str; 6] = ["entry", "clarify", "intent", "no_answer", "guard", "harmless"];

/// The tests as they are written.
#[derive(Debug, Default)]
pub(crate) struct TestsDraft {
    pub(crate) floors: Vec<FloorDraft>,
    /// The cases that people may read.
    pub(crate) cases: Vec<CaseDraft>,
    pub(crate) sealed: Vec<CaseDraft>,
    /// The numbers of the files with sealed cases.
    pub(crate) hidden: Vec<usize>,
}

/// A floor as it is written.
#[derive(Clone, Debug)]
pub(crate) struct FloorDraft {
    pub(crate) floor: Floor,
    /// The place of its key.
    pub(crate) place: Place,
    /// In thousandths.
    limit: u16,
}

/// A case as it is written. A part that could not be read is `None` and was reported.
#[derive(Clone, Debug)]
pub(crate) struct CaseDraft {
    /// The place of the whole case.
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
    Guard(Vec<GuardKind>),
    Harmless(String),
}

impl TestsDraft {
    /// Makes the tests; `None` when part of them could not be read.
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
            ExpectedDraft::Guard(kind) => Expected::Guard(kind),
            ExpectedDraft::Harmless(reason) => Expected::Harmless(reason),
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

fn is_sealed(case: &Node) -> bool {
    case.value("split").and_then(Node::raw_text) == Some(SEALED)
}

/// Whether some case below a node is sealed or may have been meant to be: the word is written
/// anywhere, or a `split` is unreadable.
pub(super) fn may_hold_sealed(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Scalar(scalar) => scalar.text.contains(SEALED),
        NodeKind::List(items) => items.iter().any(may_hold_sealed),
        // The floors name the sealed part without holding its cases.
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

/// Whether a file that cannot be read to its end may hold sealed cases.
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

/// The pairs of a map whose names the operator chooses.
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
    let limit = node.number(floor.key(), THOUSANDTHS, report)?;
    Some(FloorDraft { floor, place, limit: limit as u16 })
}

fn read_case(node: &Node, report: &mut Report<'_>) -> Option<CaseDraft> {
    let fields = Fields::open(node, "测试 ", CASE_KEYS, report)?;
    let expected = read_expected(&fields, report);
    let split = fields.get("split").and_then(|node| node.choice("split", &SPLITS, report));
    let split = split.unwrap_or(Split::Test);
    let facts = read_facts(&fields, report);
    let say = fields.require("say", report).map_or_else(Vec::new, |list| read_say(list, report));
    Some(CaseDraft { place: fields.place, expected, split, facts, say })
}

fn read_expected(fields: &Fields<'_>, report: &mut Report<'_>) -> Option<ExpectedDraft> {
    let mut given = EXPECTED_KEYS.into_iter().filter_map(|key| Some((key, fields.get(key)?)));
    let Some((key, node)) = given.next() else {
        if !EXPECTED_KEYS.iter().any(|key| fields.is_meant(key)) {
            report_expected(fields.place, "没有写这些话期望的结果", report);
        }
        return None;
    };
    if let Some((other, second)) = given.next() {
        report_expected(second.place, &format!("同时写了 {key} 和 {other}"), report);
        return None;
    }
    match key {
        "entry" => node.text(key, report).map(ExpectedDraft::Entry),
        "intent" => node.text(key, report).map(ExpectedDraft::Intent),
        "no_answer" => read_reason(node, key, report).map(ExpectedDraft::NoAnswer),
        "harmless" => read_reason(node, key, report).map(ExpectedDraft::Harmless),
        "guard" => read_kinds(node, report).map(ExpectedDraft::Guard),
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

/// One kind, or a list of those that will do.
fn read_kinds(node: &Node, report: &mut Report<'_>) -> Option<Vec<GuardKind>> {
    let mut read = |node: &Node| node.choice("guard", &guard::file::kinds(), report);
    let kinds: Vec<GuardKind> = match &node.kind {
        NodeKind::List(items) => items.iter().filter_map(read).collect(),
        NodeKind::Scalar(_) | NodeKind::Map(_) | NodeKind::Refused => {
            read(node).into_iter().collect()
        }
    };
    if kinds.is_empty() && matches!(&node.kind, NodeKind::List(items) if items.is_empty()) {
        let mend = "写一种，如 guard: fraud；几种都可以的，写成列表";
        report.add(Code::MissingKey, node.place, "“guard”里一种也没有", "", mend);
    }
    (!kinds.is_empty()).then_some(kinds)
}

fn read_reason(node: &Node, key: &str, report: &mut Report<'_>) -> Option<String> {
    let reason = node.text(key, report)?;
    reason.has_length(key, REASON_CHARS, report).then_some(reason.value)
}

fn report_expected(place: Place, message: &str, report: &mut Report<'_>) {
    let reason = "每组话只能有一个期望的结果";
    let mend = "写 entry、clarify、intent、no_answer、guard、harmless 中的一个";
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

/// Reads an utterance. Unlike a question, it may have several lines. One of punctuation alone is
/// compared as it is written.
fn read_utterance(node: &Node, report: &mut Report<'_>) -> Option<Question> {
    let text = node.text("say", report)?;
    if !text.has_length("say", UTTERANCE_CHARS, report) {
        return None;
    }
    let normalized = Some(normalize(&text.value).into_string()).filter(|text| !text.is_empty());
    let normalized = normalized.unwrap_or_else(|| text.value.clone());
    Some(Question { text: text.value, normalized, place: text.place })
}

/// The JSON Schema of tests.
pub(crate) fn schema() -> Value {
    let floor = || number(THOUSANDTHS);
    let floors = object(
        FLOOR_KEYS,
        &[],
        [
            ("first", about(floor(), "有答案的话里，正确条目排第一的千分比")),
            ("helped", about(floor(), "有答案的话里，答对或选项里有正确条目的千分比")),
            ("right_at_once", about(floor(), "有答案的话里，直接答对的千分比；给选项不算")),
            ("answered_right", about(floor(), "直接回答里答对的千分比")),
            ("not_answered", about(floor(), "不该回答的话里，没有回答的千分比")),
            ("intents", about(floor(), "意图的话里，按该意图处理的千分比")),
            ("silent", about(floor(), "不该回答的话里，没听懂或用意图婉拒的千分比；给选项不算")),
            ("clarify", about(floor(), "该反问的话里，反问了、选项里有期望条目的千分比")),
            (
                "two_meanings",
                about(floor(), "该反问的话里，反问了、期望的条目至少给出两个的千分比"),
            ),
            ("auroc", about(floor(), "置信度分得清对错的程度（AUROC）的千分比")),
            ("ece_max", about(floor(), "置信度与实际正确率的差距（ECE）最多几个千分点")),
            ("by_intent", about(named(&id(), &floor()), "按意图：编号和按该意图处理的千分比")),
            (
                "sealed",
                about(
                    named(&kind_schema(), &floor()),
                    "封存集按类别：条目的 category、意图编号、guard.加守门的种类、harmless、clarify 或 no_answer，和做对的千分比",
                ),
            ),
        ],
    );
    object(
        FILE_KEYS,
        FURTHER_FILE_KEYS,
        [
            ("version", version()),
            (
                "floors",
                about(
                    floors,
                    "底线：只看 split: test（sealed 下面的只看 split: sealed）；有一条没有达到，kefu test 和上线都不通过",
                ),
            ),
            ("cases", list(&case_schema())),
        ],
    )
}

/// The JSON Schema of a map whose names the operator chooses.
fn named(name: &Value, value: &Value) -> Value {
    json!({"type": "object", "propertyNames": name, "additionalProperties": value})
}

fn kinds_schema() -> Value {
    let kind = choice(&guard::file::kinds());
    let mut kinds = list(&kind);
    kinds["minItems"] = 1.into();
    json!({"oneOf": [kind, kinds]})
}

/// The JSON Schema of the name of a kind of sealed cases.
fn kind_schema() -> Value {
    json!({"type": "string", "pattern": "\\S"})
}

fn facts_schema() -> Value {
    json!({
        "type": "object",
        "propertyNames": fact_word(),
        "additionalProperties": fact_word(),
    })
}

fn case_schema() -> Value {
    let mut utterances = list(&text(UTTERANCE_CHARS));
    utterances["minItems"] = 1.into();
    utterances["maxItems"] = SAY_MAX.into();
    let mut asked = ids_schema(CHOICES_MAX);
    asked["minItems"] = CHOICES_MIN.into();
    let mut case = object(
        CASE_KEYS,
        &["say"],
        [
            ("entry", about(id(), "应当由这个条目回答")),
            ("clarify", about(asked, "应当反问，选项里有这些条目")),
            ("intent", about(id(), "应当按这个意图处理")),
            ("no_answer", about(line(REASON_CHARS), "不应当回答，这里写为什么")),
            ("guard", about(kinds_schema(), "守门应当找到，是这一种；写成列表的，其中一种就行")),
            ("harmless", about(line(REASON_CHARS), "只是像，守门不应当拦；这里写像什么")),
            (
                "split",
                about(
                    choice(&SPLITS),
                    "fit：写知识时看，也用于拟合；test：回归集，用于底线（默认）；sealed：封存，写知识的人不看，什么也不拟合，只报数目",
                ),
            ),
            (
                "facts",
                about(
                    facts_schema(),
                    "客户的属性，如 {product: wallet}；名字和值在 knowledge/facts.yaml 里",
                ),
            ),
            ("say", about(utterances, "客户的话")),
        ],
    );
    let only = |key: &str| json!({"required": [key]});
    case["oneOf"] = EXPECTED_KEYS.map(only).to_vec().into();
    case
}
