//! `kefu test`: the operator's own regression tests.

use std::{collections::BTreeMap, io::Write, path::PathBuf, process::ExitCode};

use anyhow::bail;
use clap::{Args, ValueEnum};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{
    assembled::{TableArgs, assembled_root, table_line},
    columns::columns,
    floor_lines::shortfall_line,
    known_facts::customer,
    progress::with_bar,
    reaction_json::reaction_json,
};
use crate::assembly::Assembled;
use crate::authoring::{
    Figure, Group, Judged, Reaction, Regression, Shortfall, Unasked, Verdict, run_tests,
};
use crate::config::Environment;
use crate::knowledge::{Expected, Language, Split};
use crate::matching::Confidence;

/// Asks the utterances of knowledge/tests.yaml and judges what is found.
#[derive(Args, Clone, Debug)]
pub(super) struct TestArgs {
    /// The folder with knowledge/ and intents/. Default: the current folder if it has them,
    /// else the copy inside the program.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Which half is shown. The floors are always about the test half.
    #[arg(long, value_enum, default_value_t = Half::All)]
    split: Half,
    /// Lists each utterance that failed, worst first.
    #[arg(long)]
    failures: bool,
    /// Prints one JSON object, with the failures.
    #[arg(long)]
    json: bool,
    /// The day that decides which entries are served. Default: today.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    #[command(flatten)]
    table: TableArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Half {
    Fit,
    Test,
    All,
}

impl Half {
    fn has(self, split: Split) -> bool {
        match self {
            Self::Fit => split == Split::Fit,
            Self::Test => split == Split::Test,
            Self::All => true,
        }
    }
}

/// Exit code 0; 1 under a floor, when nothing could be asked, or when the knowledge has mistakes.
pub(super) fn run(args: TestArgs, environment: &Environment) -> anyhow::Result<ExitCode> {
    let TestArgs { root, split, failures, json, today, table } = args;
    let mut assembly = table.assembly(environment)?;
    let Some((assembled, today)) = assembled_root(&mut assembly, root.as_deref(), today)? else {
        return Ok(ExitCode::FAILURE);
    };
    let Assembled { snapshot, table, .. } = assembled;
    if snapshot.base.tests.cases.is_empty() {
        bail!("failed to test: the root has no knowledge/tests.yaml with cases");
    }
    if !snapshot.base.tests.cases.iter().any(|case| split.has(case.split)) {
        bail!("failed to test: no case of the tests is of the half that --split names");
    }
    let run = with_bar("测试", |tell| run_tests(&snapshot, today, None, tell));
    let figures = run.figures();
    let shown: Vec<&Judged<'_>> =
        run.judged.iter().filter(|one| split.has(one.case.split)).collect();
    // Where nothing is asked nothing is passed.
    let is_passed = !shown.is_empty() && figures.iter().all(Figure::is_kept);
    let mut out = std::io::stdout().lock();
    if json {
        let object = json!({
            "passed": is_passed,
            "static_table": table.which.as_str(),
            "asked": shown.len(),
            "figures": figures.iter().map(figure_json).collect::<Vec<_>>(),
            "groups": groups(&shown).iter().map(group_json).collect::<Vec<_>>(),
            "skipped": run.skipped(),
            "failures": worst_first(&shown).into_iter().map(failure_json).collect::<Vec<_>>(),
        });
        serde_json::to_writer_pretty(&mut out, &object)?;
        writeln!(out)?;
    } else {
        if shown.is_empty() {
            writeln!(out, "一句也没有问到，不算通过")?;
        }
        writeln!(out, "{}", table_line(Language::Chinese, table.which))?;
        write_table(&mut out, &groups(&shown))?;
        write_figures(&mut out, &run, &figures)?;
        if failures {
            write_failures(&mut out, &shown)?;
        }
    }
    Ok(if is_passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How often each verdict was given.
type Counts = BTreeMap<Verdict, usize>;

fn groups<'a>(judged: &[&'a Judged<'_>]) -> BTreeMap<&'a Group, Counts> {
    let mut groups: BTreeMap<&Group, Counts> = BTreeMap::new();
    for one in judged {
        *groups.entry(&one.group).or_default().entry(one.verdict).or_default() += 1;
    }
    groups
}

fn write_table(out: &mut impl Write, groups: &BTreeMap<&Group, Counts>) -> std::io::Result<()> {
    let heading = ["", "总数", "对", "选项里有", "选项里没有", "没听懂", "答错"];
    let mut rows = vec![heading.map(str::to_owned)];
    let mut all = Counts::new();
    for (group, counts) in groups {
        rows.push(row(group_title(group), counts));
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

fn group_title(group: &Group) -> &str {
    match group {
        Group::Category(category) => category,
        Group::Clarify => "该反问",
        Group::Intent => "意图",
        Group::NoAnswer => "不该回答",
    }
}

fn write_figures(
    out: &mut impl Write,
    run: &Regression<'_>,
    figures: &[Figure],
) -> std::io::Result<()> {
    if run.skipped() > 0 {
        writeln!(out, "另有 {} 句没有测：要找的条目当天不提供", run.skipped())?;
    }
    writeln!(out, "\n底线（只看 split: test 的一半）")?;
    let rows: Vec<[String; 4]> = figures.iter().map(figure_row).collect();
    columns(&rows, 2).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    // What is too low stands in the table.
    let is_told = |figure: &&Figure| figure.shortfall() != Some(Shortfall::TooLow);
    let lines = figures.iter().filter(is_told).filter_map(shortfall_line);
    lines.enumerate().try_for_each(|(at, line)| {
        let gap = if at == 0 { "\n" } else { "" };
        writeln!(out, "{gap}{line}")
    })
}

fn figure_row(figure: &Figure) -> [String; 4] {
    let verdict = match (figure.shortfall(), figure.at_least) {
        (None, None) => "－ 没有底线",
        (None, Some(_)) => "✓ 达到",
        (Some(Shortfall::NoUtterances), _) => "✗ 没有测试",
        (Some(Shortfall::TooFewAsked), _) => "✗ 问得太少",
        (Some(Shortfall::NothingAnswered), _) => "✗ 没有回答",
        (Some(Shortfall::TooLow), _) => "✗ 低于底线",
    };
    let share = figure.share().map_or_else(|| "—".to_owned(), |share| per_cent(share * 100.0));
    let found = format!("{share}（{}/{}）", figure.hits, figure.of);
    let floor = figure
        .at_least
        .map_or_else(String::new, |floor| format!("底线 {}", per_cent(f64::from(floor) / 10.0)));
    [verdict.to_owned(), figure.floor.title().to_owned(), found, floor]
}

fn per_cent(share: f64) -> String {
    format!("{share:.1}%")
}

/// What failed, the worst first, and of equals the one that the bot was most sure of.
fn worst_first<'a, 's>(judged: &[&'a Judged<'s>]) -> Vec<&'a Judged<'s>> {
    let mut failed: Vec<&Judged<'_>> =
        judged.iter().copied().filter(|one| one.verdict.is_failure()).collect();
    let sure = |one: &Judged<'_>| one.confidence.map_or(0.0, Confidence::get);
    failed.sort_by(|one, other| {
        other.verdict.cmp(&one.verdict).then(sure(other).total_cmp(&sure(one)))
    });
    failed
}

fn write_failures(out: &mut impl Write, shown: &[&Judged<'_>]) -> std::io::Result<()> {
    for one in worst_first(shown) {
        let (at, text) = (&one.said.at, &one.said.text);
        let wanted = match &one.case.expected {
            Expected::Entry(id) => format!("回答 {id}"),
            Expected::Clarify(ids) => Reaction::Asked(ids.clone()).to_string(),
            Expected::Intent(id) => format!("意图 {id}"),
            Expected::NoAnswer(reason) => format!("不回答（{reason}）"),
        };
        let sure = one
            .confidence
            .map_or_else(String::new, |confidence| format!("（置信度 {:.3}）", confidence.get()));
        let customer = customer(&one.case.facts);
        writeln!(out, "\n{}  {at}\n  “{text}”{customer}", one.verdict.title())?;
        writeln!(out, "  应该：{wanted}\n  实际：{}{sure}", one.reaction)?;
    }
    Ok(())
}

fn figure_json(figure: &Figure) -> Value {
    json!({
        "floor": figure.floor.key(),
        "share": figure.share(),
        "hits": figure.hits,
        "of": figure.of,
        "at_least": figure.at_least.map(|floor| f64::from(floor) / 1_000.0),
        "held": figure.held,
        "asked": figure.asked(),
        "unasked": figure.unasked.iter().map(unasked_json).collect::<Vec<_>>(),
        "kept": figure.is_kept(),
        "shortfall": figure.shortfall().map(Shortfall::as_str),
    })
}

fn unasked_json(unasked: &Unasked) -> Value {
    let Unasked { why, entry, utterances } = unasked;
    json!({"why": why.as_str(), "entry": entry, "utterances": utterances})
}

fn group_json((group, counts): (&&Group, &Counts)) -> Value {
    let (kind, category) = match group {
        Group::Category(category) => ("entry", Some(category)),
        Group::Clarify => ("clarify", None),
        Group::Intent => ("intent", None),
        Group::NoAnswer => ("no_answer", None),
    };
    let counts: BTreeMap<&str, usize> =
        counts.iter().map(|(verdict, count)| (verdict.as_str(), *count)).collect();
    json!({"kind": kind, "category": category, "counts": counts})
}

fn failure_json(one: &Judged<'_>) -> Value {
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
