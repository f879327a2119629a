//! What came of the utterances of tests: counts by kind, and those that failed.

use std::{collections::BTreeMap, io::Write};

use serde_json::{Value, json};

use super::{columns::columns, known_facts::customer, reaction_json::reaction_json};
use crate::authoring::{CaseKind, JudgedUtterance, Reaction, Verdict};
use crate::knowledge::{Case, Categories, Expected, KindName, Said};
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

/// A row for each kind. A category stands under the one that it is a part of, whose numbers
/// hold those of its parts.
pub(super) fn write_table(
    out: &mut impl Write,
    kinds: &BTreeMap<&CaseKind, Counts>,
    categories: &Categories,
) -> std::io::Result<()> {
    let heading = ["", "总数", "对", "选项里有", "选项里没有", "没听懂", "答错"];
    let mut rows = vec![heading.map(str::to_owned)];
    let mut all = Counts::new();
    for (path, counts) in with_parts(kinds, categories) {
        rows.push(row(&category_title(&path), &counts));
    }
    for (kind, counts) in kinds {
        if let Some(title) = other_title(kind) {
            rows.push(row(title, counts));
        }
        add(&mut all, counts);
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

/// The counts of categories by their paths from the top of the tree, each with those of its
/// parts; a category before its parts.
fn with_parts<'c>(
    kinds: &BTreeMap<&'c CaseKind, Counts>,
    categories: &'c Categories,
) -> BTreeMap<Vec<&'c str>, Counts> {
    let mut rolled_up: BTreeMap<Vec<&str>, Counts> = BTreeMap::new();
    for (kind, counts) in kinds {
        let CaseKind::Category(category) = kind else { continue };
        let path = categories.with_parents(category);
        let path = if path.is_empty() { vec![category.as_str()] } else { path };
        for depth in 1..=path.len() {
            add(rolled_up.entry(path[..depth].to_vec()).or_default(), counts);
        }
    }
    rolled_up
}

fn add(all: &mut Counts, more: &Counts) {
    for (verdict, count) in more {
        *all.entry(*verdict).or_default() += count;
    }
}

/// The last part of a path, further in the longer it is.
fn category_title(path: &[&str]) -> String {
    let last = path.last().copied().unwrap_or_default();
    match path.len() {
        0 | 1 => last.to_owned(),
        depth => format!("{}└ {last}", "  ".repeat(depth - 2)),
    }
}

/// The title of a kind that is no category.
fn other_title(kind: &CaseKind) -> Option<&'static str> {
    match kind {
        CaseKind::Category(_) => None,
        CaseKind::Clarify => Some("该反问"),
        CaseKind::Intent => Some("意图"),
        CaseKind::NoAnswer => Some("不该回答"),
        CaseKind::Guard(kind) => Some(kind.title()),
        CaseKind::Harmless => Some("不该拦"),
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
        Expected::Guard(kind) => format!("守门找到 {kind}（{}）", kind.title()),
        Expected::Harmless(reason) => format!("守门不拦（{reason}）"),
    };
    let customer = customer(&case.facts);
    writeln!(out, "\n{word}  {}\n  “{}”{customer}\n  应该：{wanted}", said.at, said.text)
}

pub(super) fn kind_json((kind, counts): (&&CaseKind, &Counts), categories: &Categories) -> Value {
    let (name, category) = match kind {
        CaseKind::Category(category) => ("entry", Some(category)),
        CaseKind::Clarify => ("clarify", None),
        CaseKind::Intent => ("intent", None),
        CaseKind::NoAnswer => ("no_answer", None),
        CaseKind::Guard(kind) => (KindName::of_guard(*kind), None),
        CaseKind::Harmless => (KindName::HARMLESS, None),
    };
    let counts: BTreeMap<&str, usize> =
        counts.iter().map(|(verdict, count)| (verdict.as_str(), *count)).collect();
    let mut object = json!({"kind": name, "category": category, "counts": counts});
    let path = category.map(|category| categories.with_parents(category)).unwrap_or_default();
    if let Some((_, above)) = path.split_last().filter(|(_, above)| !above.is_empty()) {
        object["part_of"] = json!(above);
    }
    object
}

pub(super) fn failure_json(one: &JudgedUtterance<'_>) -> Value {
    let expected = match &one.case.expected {
        Expected::Entry(id) => json!({"entry": id}),
        Expected::Clarify(ids) => json!({"clarify": ids}),
        Expected::Intent(id) => json!({"intent": id}),
        Expected::NoAnswer(reason) => json!({"no_answer": reason}),
        Expected::Guard(kind) => json!({"guard": kind.as_str()}),
        Expected::Harmless(reason) => json!({"harmless": reason}),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::Category;

    #[test]
    fn a_category_counts_its_parts() {
        let category = |id: &str, parent: Option<&str>| Category {
            id: id.to_owned(),
            name: id.to_owned(),
            parent: parent.map(str::to_owned),
        };
        let categories = Categories::new(vec![
            category("claim", None),
            category("car", Some("claim")),
            category("glass", Some("car")),
            category("life", None),
        ]);
        let kind = |id: &str| CaseKind::Category(id.to_owned());
        let kinds = [kind("claim"), kind("glass"), kind("life"), CaseKind::Intent];
        let right = |count| Counts::from([(Verdict::Right, count)]);
        let counts: BTreeMap<&CaseKind, Counts> =
            kinds.iter().zip([1, 2, 4, 8]).map(|(kind, count)| (kind, right(count))).collect();
        let mut table = Vec::new();
        write_table(&mut table, &counts, &categories).unwrap();
        let table = String::from_utf8(table).unwrap();
        let rows: Vec<Vec<&str>> =
            table.lines().map(|line| line.split_whitespace().take(3).collect()).collect();
        assert_eq!(rows[1][..2], ["claim", "3"]);
        assert_eq!(rows[2], ["└", "car", "2"]);
        assert_eq!(rows[3], ["└", "glass", "2"]);
        assert_eq!((rows[4][0], rows[5][0]), ("life", "意图"));
        assert_eq!(rows[6][..2], ["合计", "15"], "nothing is counted twice");

        let json = |at: usize| kind_json((&&kinds[at], &counts[&kinds[at]]), &categories);
        assert_eq!(json(1)["part_of"], json!(["claim", "car"]));
        assert_eq!(json(0).get("part_of"), None);
    }
}
