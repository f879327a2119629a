//! Reads the file of `check --measure`: sentences, and what must be found in them.

use std::ops::RangeInclusive;

use super::{
    file::is_decoded,
    guard::file::{KIND_KEYS, kinds},
    tests_file::{SEALED, may_hold_sealed, text_may_hold_sealed},
};
use crate::compliance::{Rule, RuleBook, Speaker};
use crate::knowledge::{
    diagnostics::{
        codes::Code,
        diagnostic::Diagnostic,
        report::Report,
        similar_word::nearest,
        source::{Located, Source, SourceFile},
    },
    model::{
        cases::Said,
        guard::GuardKind,
        measured::{ExpectedFind, MeasureFloors, MeasuredGroup, MeasuredSentences},
    },
    yaml::{
        fields::Fields,
        parse,
        tree::{Node, NodeKind},
        version::check_version,
    },
};

const FILE_KEYS: &[&str] = &["version", "floors", "sentences"];
const FLOOR_KEYS: &[&str] = &["found", "false_max", "harmless_max", "guard"];
const GROUP_KEYS: &[&str] = &["rule", "allowed", "guard", "harmless", "speaker", "split", "say"];
const EXPECTED_KEYS: [&str; 4] = ["rule", "allowed", "guard", "harmless"];

/// The values of `split`, and whether only counts may be shown.
const SPLITS: [(&str, bool); 2] = [("test", false), (SEALED, true)];
/// The values of `speaker`: those whom rules forbid something.
const SPEAKERS: [(&str, Speaker); 2] = [("agent", Speaker::Agent), ("answer", Speaker::Answer)];

/// Lengths in characters.
const SENTENCE_CHARS: RangeInclusive<usize> = 1..=3_000;
const REASON_CHARS: RangeInclusive<usize> = 1..=40;

/// Most sentences of one group.
const SAY_MAX: usize = 2_000;

/// Range of a floor, in thousandths.
const THOUSANDTHS: RangeInclusive<u32> = 0..=1_000;

/// Reads sentences for rules with these codes. They are `None` when there is an error.
pub fn read_measured(
    file: &SourceFile,
    rules: &RuleBook,
) -> (Option<MeasuredSentences>, Vec<Diagnostic>) {
    let sources = [Source::decode(file)];
    let mut report = Report::new(&sources);
    let [source] = &sources;
    let root = is_decoded(0, source, &mut report).then(|| parse::read(0, source, &mut report));
    let root = root.flatten();
    let may_hold_sealed = match &root {
        Some(root) => may_hold_sealed(root),
        None => source.undecoded.is_some() || text_may_hold_sealed(source.text),
    };
    if may_hold_sealed {
        report.hide(0);
    }
    let sentences = root.map(|root| read(&root, rules.rules(), &mut report));
    let sentences = sentences.filter(|_| !report.has_errors());
    (sentences, report.into_diagnostics())
}

fn read(root: &Node, rules: &[Rule], report: &mut Report<'_>) -> MeasuredSentences {
    let mut sentences = MeasuredSentences::default();
    let Some(fields) = Fields::open(root, "句子文件 ", FILE_KEYS, report) else {
        return sentences;
    };
    check_version(&fields, report);
    sentences.floors =
        fields.get("floors").map_or_else(MeasureFloors::default, |node| read_floors(node, report));
    if let Some(list) = fields.require("sentences", report) {
        let groups = list.list("sentences", report).iter();
        sentences.groups = groups.filter_map(|node| read_group(node, rules, report)).collect();
    }
    sentences
}

fn read_floors(node: &Node, report: &mut Report<'_>) -> MeasureFloors {
    let Some(fields) = Fields::open(node, "floors ", FLOOR_KEYS, report) else {
        return MeasureFloors::default();
    };
    let mut limit = |node: Option<&Node>, key: &str| {
        node.and_then(|node| node.number(key, THOUSANDTHS, report)).map(|limit| limit as u16)
    };
    let [found, false_max, harmless_max] =
        ["found", "false_max", "harmless_max"].map(|key| limit(fields.get(key), key));
    let guard = fields.get("guard");
    let guard = guard.and_then(|node| Fields::open(node, "guard ", &KIND_KEYS, report));
    let of_kind = |fields: &Fields<'_>, kind: GuardKind, report: &mut Report<'_>| {
        let limit = fields.get(kind.as_str())?.number(kind.as_str(), THOUSANDTHS, report)?;
        Some((kind, limit as u16))
    };
    let guard = guard.map_or_else(Vec::new, |fields| {
        GuardKind::ALL.into_iter().filter_map(|kind| of_kind(&fields, kind, report)).collect()
    });
    MeasureFloors { found, false_max, harmless_max, guard }
}

fn read_group(node: &Node, rules: &[Rule], report: &mut Report<'_>) -> Option<MeasuredGroup> {
    let fields = Fields::open(node, "句子 ", GROUP_KEYS, report)?;
    let speaker = fields.get("speaker");
    let speaker = speaker.and_then(|node| node.choice("speaker", &SPEAKERS, report));
    let expected = read_expected(&fields, speaker.unwrap_or(Speaker::Agent), rules, report);
    let split = fields.get("split").and_then(|node| node.choice("split", &SPLITS, report));
    let say = fields.require("say", report).map_or_else(Vec::new, |list| read_say(list, report));
    Some(MeasuredGroup { expected: expected?, is_sealed: split.unwrap_or(false), say })
}

fn read_expected(
    fields: &Fields<'_>,
    speaker: Speaker,
    rules: &[Rule],
    report: &mut Report<'_>,
) -> Option<ExpectedFind> {
    let reason = "每组话只能有一个期望的结果";
    let mend = "写 rule、allowed、guard、harmless 中的一个";
    let mut given = EXPECTED_KEYS.into_iter().filter_map(|key| Some((key, fields.get(key)?)));
    let Some((key, node)) = given.next() else {
        if !EXPECTED_KEYS.iter().any(|key| fields.is_meant(key)) {
            let message = "没有写该不该找到这些话";
            report.add(Code::CaseExpects, fields.place, message, reason, mend);
        }
        return None;
    };
    if let Some((other, second)) = given.next() {
        let message = format!("同时写了 {key} 和 {other}");
        report.add(Code::CaseExpects, second.place, message, reason, mend);
        return None;
    }
    match key {
        "rule" => {
            let code = read_rule_code(node, rules, report)?;
            Some(ExpectedFind::Rule { code, speaker })
        }
        "guard" => node.choice(key, &kinds(), report).map(ExpectedFind::Guard),
        _ => {
            let reason = node.text(key, report)?;
            let reason = reason.has_length(key, REASON_CHARS, report).then_some(reason.value)?;
            Some(match key {
                "allowed" => ExpectedFind::Allowed { reason, speaker },
                _ => ExpectedFind::Harmless(reason),
            })
        }
    }
}

fn read_rule_code(node: &Node, rules: &[Rule], report: &mut Report<'_>) -> Option<String> {
    let Located { value: code, place } = node.text("rule", report)?;
    let mut codes = rules.iter().map(|rule| rule.code.as_str());
    if !codes.clone().any(|known| known == code) {
        let message = format!("没有代码是“{code}”的规则");
        let mend = match nearest(&code, codes.clone()) {
            Some(guess) => format!("是不是想写“{guess}”？"),
            None => format!("可选：{}", codes.by_ref().collect::<Vec<_>>().join("、")),
        };
        report.add(Code::BadRuleCode, place, message, "compliance.yaml 里没有它", mend);
        return None;
    }
    Some(code)
}

fn read_say(list: &Node, report: &mut Report<'_>) -> Vec<Said> {
    let nodes = list.list("say", report);
    if nodes.is_empty() && matches!(list.kind, NodeKind::List(_)) {
        let message = "say 里一句话也没有";
        report.add(Code::MissingKey, list.place, message, "这一组什么也量不到", "至少写一句");
    }
    if let Some(extra) = nodes.get(SAY_MAX) {
        let message = format!("say 最多 {SAY_MAX} 句，这里有 {} 句", nodes.len());
        report.add(Code::OutOfRange, extra.place, message, "", "拆成两组");
    }
    let mut said = Vec::with_capacity(nodes.len());
    for node in nodes {
        let Some(text) = node.text("say", report) else { continue };
        if text.has_length("say", SENTENCE_CHARS, report) {
            said.push(Said { at: report.name(text.place), text: text.value });
        }
    }
    said
}
