//! `kefu diff`: what an edit changes for customers.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{Read, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context, bail};
use clap::Args;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{
    assembled::{TableArgs, assembled_root},
    columns::columns,
    figures::{per_cent, share, value},
    known_facts::customer,
    progress::with_bar,
    reaction_json::reaction_json,
};
use crate::assembly::{Assembled, Assembly};
use crate::authoring::{
    Ask, Change, ChangeKind, Figure, SealedChange, Side, Worth, compare, known_utterances,
    run_tests, sealed_changes,
};
use crate::config::Environment;
use crate::evaluation::wilson;
use crate::knowledge::{Facts, Split};
use crate::matching::{Confidence, Snapshot};

/// How many changes are listed unless all are asked for.
const LISTED: usize = 50;

/// Limits of a file of utterances: bytes, lines, and characters of one.
const FILE_BYTES_MAX: u64 = 64 << 20;
const UTTERANCES_MAX: usize = 200_000;
const UTTERANCE_CHARS_MAX: usize = 3_000;

/// Lists the utterances that get another answer from NEW than from OLD, worst first.
#[derive(Args, Clone, Debug)]
pub(super) struct DiffArgs {
    /// A folder with knowledge/ and intents/
    old: PathBuf,
    /// Another one, such as the same after an edit
    new: PathBuf,
    /// A file with an utterance a line, or lines of JSON with "text". Default: the tests,
    /// questions and examples of both.
    #[arg(long, value_name = "FILE")]
    queries: Option<PathBuf>,
    /// Lists all changes, not the 50 worst.
    #[arg(long)]
    all: bool,
    /// Prints one JSON object, with all changes.
    #[arg(long)]
    json: bool,
    /// The day that decides which entries are served. Default: today.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    #[command(flatten)]
    table: TableArgs,
}

/// Exit code 0 without changes, 1 with changes.
pub(super) fn run(args: DiffArgs, environment: &Environment) -> anyhow::Result<ExitCode> {
    let DiffArgs { old, new, queries, all, json, today, table } = args;
    let mut assembly = table.assembly(environment)?;
    // Both on one day and with one table, so that what changes is what was edited.
    let (Assembled { snapshot: old, .. }, today) = open(&mut assembly, &old, today)?;
    let (Assembled { snapshot: new, table, .. }, _) = open(&mut assembly, &new, Some(today))?;
    let utterances = match queries {
        Some(path) => {
            read_utterances(&path).with_context(|| format!("failed to use {}", path.display()))?
        }
        None => known_utterances(&old.base, &new.base),
    };
    let changes = with_bar("比较", |tell| {
        compare(&old, &new, &utterances, today, &mut |done| tell(done, utterances.len()))
    });
    let figures = figures(&old, &new, today);
    let sealed = sealed_changes(&old, &new, today);
    let mut out = std::io::stdout().lock();
    if json {
        let object = json!({
            "static_table": table.which.as_str(),
            "asked": utterances.len(),
            "changed": changes.len(),
            "summary": summary(&changes),
            "figures": figures.iter().map(figures_json).collect::<Vec<_>>(),
            "sealed": sealed.iter().map(sealed_json).collect::<Vec<_>>(),
            "changes": changes.iter().map(change_json).collect::<Vec<_>>(),
        });
        serde_json::to_writer_pretty(&mut out, &object)?;
        writeln!(out)?;
    } else {
        let (edited, other): (Vec<&Change>, Vec<&Change>) =
            changes.iter().partition(|change| change.kind == ChangeKind::OtherText);
        let listed = if all { other.len() } else { LISTED };
        other.iter().take(listed).try_for_each(|change| write_change(&mut out, change))?;
        if other.len() > listed {
            writeln!(out, "还有 {} 处没有列出，加 --all 列出全部\n", other.len() - listed)?;
        }
        write_edits(&mut out, &edited)?;
        write_summary(&mut out, utterances.len(), &changes)?;
        write_figures(&mut out, &figures)?;
        write_sealed(&mut out, &sealed)?;
    }
    let is_same = changes.is_empty() && sealed.iter().all(|one| one.changed == 0);
    Ok(if is_same { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The figures that both have over their regression sets, before and after.
fn figures(old: &Snapshot, new: &Snapshot, today: Date) -> Vec<(Figure, Figure)> {
    let run = |snapshot| {
        with_bar("测试", |tell| run_tests(snapshot, today, Some(Split::Test), tell).figures())
    };
    let (old, new) = (run(old), run(new));
    let pair = |new: Figure| {
        let old = old.iter().find(|old| old.floor == new.floor)?.clone();
        (old.of.max(new.of) > 0).then_some((old, new))
    };
    new.into_iter().filter_map(pair).collect()
}

fn write_figures(out: &mut impl Write, figures: &[(Figure, Figure)]) -> std::io::Result<()> {
    if figures.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n回归集（split: test）")?;
    let heading = ["", "原来", "现在"].map(str::to_owned);
    let cell = |figure: &Figure| format!("{}（{}）", value(figure), figure.of);
    let rows = figures.iter().map(|(old, new)| [new.floor.title(), cell(old), cell(new)]);
    let rows: Vec<[String; 3]> = std::iter::once(heading).chain(rows).collect();
    columns(&rows, 1).iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// Of sealed cases kinds, counts and intervals alone.
fn write_sealed(out: &mut impl Write, sealed: &[SealedChange]) -> std::io::Result<()> {
    if sealed.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n封存集（只报类别、句数和 95% 的 Wilson 区间）")?;
    let heading = ["", "句数", "有变化", "原来", "现在", "现在的区间"].map(str::to_owned);
    let rows = sealed.iter().map(|one| {
        let (low, high) = wilson(one.new_hits, one.asked);
        [
            one.kind.to_string(),
            one.asked.to_string(),
            one.changed.to_string(),
            per_cent(one.old_hits, one.asked),
            per_cent(one.new_hits, one.asked),
            format!("{} 到 {}", share(low), share(high)),
        ]
    });
    let rows: Vec<[String; 6]> = std::iter::once(heading).chain(rows).collect();
    columns(&rows, 1).iter().try_for_each(|line| writeln!(out, "{line}"))
}

fn figures_json((old, new): &(Figure, Figure)) -> Value {
    json!({
        "floor": new.floor.key(),
        "intent": new.floor.about(),
        "old": {"value": old.value, "hits": old.hits, "of": old.of},
        "new": {"value": new.value, "hits": new.hits, "of": new.of},
    })
}

fn sealed_json(one: &SealedChange) -> Value {
    let side = |hits: usize| {
        let (low, high) = wilson(hits, one.asked);
        json!({"hits": hits, "low": low, "high": high})
    };
    json!({
        "kind": one.kind.as_str(),
        "of": one.asked,
        "changed": one.changed,
        "old": side(one.old_hits),
        "new": side(one.new_hits),
    })
}

/// The root, and the day on which it is asked. A root with mistakes cannot be compared, which is
/// no change.
fn open(
    assembly: &mut Assembly,
    root: &Path,
    today: Option<Date>,
) -> anyhow::Result<(Assembled, Date)> {
    let assembled = assembled_root(assembly, Some(root), today)?;
    assembled.with_context(|| format!("failed to compare: {} has mistakes", root.display()))
}

fn read_utterances(path: &Path) -> anyhow::Result<Vec<Ask>> {
    let mut text = String::new();
    File::open(path)?.take(FILE_BYTES_MAX + 1).read_to_string(&mut text)?;
    if text.len() as u64 > FILE_BYTES_MAX {
        bail!("more than {} MB", FILE_BYTES_MAX >> 20);
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut utterances = Vec::new();
    for (line, number) in text.lines().map(str::trim).zip(1..) {
        if line.is_empty() {
            continue;
        }
        let ask = if line.starts_with('{') {
            read_ask(line).with_context(|| format!("line {number}"))?
        } else {
            Ask { utterance: line.to_owned(), facts: Facts::default() }
        };
        if ask.utterance.chars().count() > UTTERANCE_CHARS_MAX {
            bail!("line {number}: more than {UTTERANCE_CHARS_MAX} characters");
        }
        utterances.push(ask);
        if utterances.len() > UTTERANCES_MAX {
            bail!("more than {UTTERANCES_MAX} utterances");
        }
    }
    if utterances.is_empty() {
        bail!("it holds no utterance");
    }
    Ok(utterances)
}

/// A line of JSON with “text”, and perhaps “facts”.
fn read_ask(line: &str) -> anyhow::Result<Ask> {
    let object: Value = serde_json::from_str(line)?;
    let text = object.get("text").and_then(Value::as_str);
    let utterance = text.context("“text” is missing or no text")?.to_owned();
    let facts: BTreeMap<String, String> = match object.get("facts") {
        Some(facts) => serde_json::from_value(facts.clone()).context("“facts”")?,
        None => BTreeMap::new(),
    };
    Ok(Ask { utterance, facts: Facts::new(facts).context("“facts”")? })
}

fn write_change(out: &mut impl Write, change: &Change) -> std::io::Result<()> {
    let worth = match change.worth {
        Worth::Unknown => String::new(),
        Worth::Worse | Worth::Better => format!("（{}）", change.worth.title()),
    };
    let customer = customer(&change.facts);
    writeln!(out, "{}{worth}  “{}”{customer}", change.kind.title(), change.utterance)?;
    for (when, side) in [("原来", &change.old), ("现在", &change.new)] {
        let sure = side
            .confidence
            .map_or_else(String::new, |confidence| format!("（置信度 {:.3}）", confidence.get()));
        writeln!(out, "  {when}：{}{sure}", side.reaction)?;
    }
    let reasons: Vec<String> = change.reasons.iter().map(ToString::to_string).collect();
    writeln!(out, "  原因：{}\n", reasons.join("；"))
}

/// One answer that was edited changes all its utterances: it is shown once, by its lines.
fn write_edits(out: &mut impl Write, edited: &[&Change]) -> std::io::Result<()> {
    let mut answers: BTreeMap<(&str, &str), Vec<&Change>> = BTreeMap::new();
    for change in edited {
        answers.entry((&change.old.text, &change.new.text)).or_default().push(change);
    }
    for ((old, new), changes) in answers {
        let Some(first) = changes.first() else { continue };
        let (title, count) = (first.kind.title(), changes.len());
        writeln!(out, "{title}  {}，{count} 句，例如“{}”", first.new.reaction, first.utterance)?;
        for (sign, text, other) in [('-', old, new), ('+', new, old)] {
            for line in text.lines().filter(|line| !other.lines().any(|other| other == *line)) {
                writeln!(out, "  {sign} {line}")?;
            }
        }
        writeln!(out)?;
    }
    Ok(())
}

fn write_summary(out: &mut impl Write, asked: usize, changes: &[Change]) -> std::io::Result<()> {
    if changes.is_empty() {
        return writeln!(out, "问了 {asked} 句，没有变化");
    }
    writeln!(out, "问了 {asked} 句，{} 句有变化", changes.len())?;
    let heading = ["", "合计", "变差", "变好"].map(str::to_owned);
    let rows = ChangeKind::ALL.into_iter().filter_map(|kind| {
        let of_kind = || changes.iter().filter(move |change| change.kind == kind);
        let count = |worth| of_kind().filter(|change| change.worth == worth).count().to_string();
        let total = of_kind().count();
        (total > 0).then(|| {
            [kind.title().to_owned(), total.to_string(), count(Worth::Worse), count(Worth::Better)]
        })
    });
    let rows: Vec<[String; 4]> = std::iter::once(heading).chain(rows).collect();
    columns(&rows, 1).iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// How many changes of each kind, and of those how many to what end.
fn summary(changes: &[Change]) -> BTreeMap<&'static str, BTreeMap<&'static str, usize>> {
    let mut summary: BTreeMap<_, BTreeMap<_, usize>> = BTreeMap::new();
    for change in changes {
        let of_kind = summary.entry(change.kind.as_str()).or_default();
        *of_kind.entry(change.worth.as_str()).or_default() += 1;
    }
    summary
}

fn change_json(change: &Change) -> Value {
    let side = |side: &Side| {
        json!({
            "found": reaction_json(&side.reaction),
            "confidence": side.confidence.map(Confidence::get),
            "text": side.text,
        })
    };
    let reasons = change
        .reasons
        .iter()
        .map(|reason| json!({"code": reason.as_str(), "text": reason.to_string()}));
    json!({
        "text": change.utterance,
        "facts": change.facts.pairs().collect::<BTreeMap<_, _>>(),
        "kind": change.kind.as_str(),
        "worth": change.worth.as_str(),
        "old": side(&change.old),
        "new": side(&change.new),
        "reasons": reasons.collect::<Vec<_>>(),
    })
}
