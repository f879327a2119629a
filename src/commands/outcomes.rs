//! What came of the utterances of tests: counts by kind, and those that failed.

use std::{collections::BTreeMap, io::Write};

use serde_json::{Value, json};

use super::{columns::columns, known_facts::customer, reaction_json::reaction_json};
use crate::authoring::{CaseKind, JudgedUtterance, Reaction, Verdict};
use crate::knowledge::{Case, Expected, Said};
use crate::matching::Confidence;

/// How often each verdict was given.
type Counts = BTreeMap<Verdict, usize>;

pub(super) fn count<'a>(judged: &[&'a JudgedUtterance<'_>]) -> BTreeMap<&'a CaseKind, Counts> {
    let mut kinds: BTreeMap<&CaseKind, Counts> = BTreeMap::new();
    for one in judged {
        *kinds.entry(&one.kind).or_default().entry(one.verdict).or_default() += 1;
    }
    kinds
}

pub(super) fn write_table(
    out: &mut impl Write,
    kinds: &BTreeMap<&CaseKind, Counts>,
) -> std::io::Result<()> {
    let heading = ["", "总数", "对", "选项里有", "选项里没有", "没听懂", "答错"];
    let mut rows = vec![heading.map(str::to_owned)];
    let mut all = Counts::new();
    for (kind, counts) in kinds {
        rows.push(row(kind_title(kind), counts));
        for (verdict, count) in counts {
            *all.entry(*verdict).or_default() += count;
        }
    }
    rows.push(row("合计", &all));
    columns(&rows, 1).iter().try_for_each(|line| writeln!(out, "{line}"))
}

fn row(title: &str, counts: &Counts) -> [String; 7] {
    let of = |verdict| counts.get(&verdict).copied().unwrap_or(0);
    let wrong = of(Verdict::Wrong) + of(Verdict::Spoke);
    let cells = [Verdict::Right, Verdict::Shown, Verdict::Asked, Verdict::Missed].map(of);
    let [right, shown, asked, missed] = cells.map(|count| count.to_string());
    let total = counts.values().sum::<usize>().to_string();
    [title.to_owned(), total, right, shown, asked, missed, wrong.to_string()]
}

fn kind_title(kind: &CaseKind) -> &str {
    match kind {
        CaseKind::Category(category) => category,
        CaseKind::Clarify => "该反问",
        CaseKind::Intent => "意图",
        CaseKind::NoAnswer => "不该回答",
    }
}

/// What failed, the worst first, and of equals the one that the bot was most sure of.
pub(super) fn worst_first<'a, 's>(
    judged: &[&'a JudgedUtterance<'s>],
) -> Vec<&'a JudgedUtterance<'s>> {
    let mut failed: Vec<&JudgedUtterance<'_>> =
        judged.iter().copied().filter(|one| one.verdict.is_failure()).collect();
    let sure = |one: &JudgedUtterance<'_>| one.confidence.map_or(0.0, Confidence::get);
    failed.sort_by(|one, other| {
        other.verdict.cmp(&one.verdict).then(sure(other).total_cmp(&sure(one)))
    });
    failed
}

pub(super) fn write_failures(
    out: &mut impl Write,
    shown: &[&JudgedUtterance<'_>],
) -> std::io::Result<()> {
    worst_first(shown).into_iter().try_for_each(|one| write_outcome(out, one))
}

/// An utterance, what was expected, and what came of it.
pub(super) fn write_outcome(
    out: &mut impl Write,
    one: &JudgedUtterance<'_>,
) -> std::io::Result<()> {
    let sure = one
        .confidence
        .map_or_else(String::new, |confidence| format!("（置信度 {:.3}）", confidence.get()));
    write_utterance(out, one.verdict.title(), one.case, one.said)?;
    writeln!(out, "  实际：{}{sure}", one.reaction)
}

/// An utterance after a word about it, and what was expected.
pub(super) fn write_utterance(
    out: &mut impl Write,
    word: &str,
    case: &Case,
    said: &Said,
) -> std::io::Result<()> {
    let wanted = match &case.expected {
        Expected::Entry(id) => format!("回答 {id}"),
        Expected::Clarify(ids) => Reaction::Asked(ids.clone()).to_string(),
        Expected::Intent(id) => format!("意图 {id}"),
        Expected::NoAnswer(reason) => format!("不回答（{reason}）"),
    };
    let customer = customer(&case.facts);
    writeln!(out, "\n{word}  {}\n  “{}”{customer}\n  应该：{wanted}", said.at, said.text)
}

pub(super) fn kind_json((kind, counts): (&&CaseKind, &Counts)) -> Value {
    let (name, category) = match kind {
        CaseKind::Category(category) => ("entry", Some(category)),
        CaseKind::Clarify => ("clarify", None),
        CaseKind::Intent => ("intent", None),
        CaseKind::NoAnswer => ("no_answer", None),
    };
    let counts: BTreeMap<&str, usize> =
        counts.iter().map(|(verdict, count)| (verdict.as_str(), *count)).collect();
    json!({"kind": name, "category": category, "counts": counts})
}

pub(super) fn failure_json(one: &JudgedUtterance<'_>) -> Value {
    let expected = match &one.case.expected {
        Expected::Entry(id) => json!({"entry": id}),
        Expected::Clarify(ids) => json!({"clarify": ids}),
        Expected::Intent(id) => json!({"intent": id}),
        Expected::NoAnswer(reason) => json!({"no_answer": reason}),
    };
    json!({
        "at": one.said.at,
        "text": one.said.text,
        "facts": one.case.facts.pairs().collect::<BTreeMap<_, _>>(),
        "expected": expected,
        "found": reaction_json(&one.reaction),
        "confidence": one.confidence.map(Confidence::get),
        "verdict": one.verdict.as_str(),
    })
}
