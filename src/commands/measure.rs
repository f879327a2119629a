//! `kefu check --measure`: how well the compliance rules and the guard find sentences.

use std::{
    io::{self, IsTerminal, Write},
    path::Path,
    process::ExitCode,
};

use anyhow::Context;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{
    assembled::{assembled, base_of},
    columns::columns,
    figures::{per_cent, share},
    today::or_today,
};
use crate::assembly::Assembly;
use crate::authoring::{
    FalseFind, GuardMeasure, Measure, MeasuredFloor, MissedSentence, RuleMeasure, ShareOf, measure,
};
use crate::files::Root;
use crate::knowledge::{
    Diagnostic, ExpectedFind, GuardKind, Language, MeasuredSentences, Severity, SourceFile,
    read_measured,
};
use crate::parallel::Threads;

/// Exit code 0 when it could be measured and every floor is kept; 1 under a floor, or with
/// mistakes in the file or in the root.
pub(super) fn run(
    root: &Root,
    assembly: &mut Assembly,
    path: &Path,
    today: Option<Date>,
    is_json: bool,
) -> anyhow::Result<ExitCode> {
    let bytes = std::fs::read(path)
        .with_context(|| format!("failed to measure: failed to read {}", path.display()))?;
    let file = SourceFile { path: path.display().to_string(), bytes };
    let files = root.read().context("failed to read the root")?;
    let today = or_today(today, &files);
    let Some(base) = base_of(root.loader().load(&files, today, Threads::all()))? else {
        return Ok(ExitCode::FAILURE);
    };
    let (sentences, diagnostics) = read_measured(&file, &base.rules);
    write_diagnostics(&diagnostics)?;
    let Some(sentences) = sentences else { return Ok(ExitCode::FAILURE) };
    let rules = base.rules.clone();
    // The guard also compares with examples, which needs the whole engine.
    let snapshot =
        if asks_guard(&sentences) { Some(assembled(assembly, base)?.snapshot) } else { None };
    let measured = measure(&sentences, &rules, snapshot.as_ref(), today);
    let mut out = io::stdout().lock();
    if is_json {
        serde_json::to_writer_pretty(&mut out, &as_json(&measured))?;
        writeln!(out)?;
    } else {
        write_rules(&mut out, &measured)?;
        write_guard(&mut out, &measured)?;
        write_floors(&mut out, &measured.floors())?;
    }
    Ok(if measured.is_kept() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// On standard error, so that `--json` stays one object.
fn write_diagnostics(diagnostics: &[Diagnostic]) -> io::Result<()> {
    let mut err = io::stderr().lock();
    let color = err.is_terminal();
    let told = diagnostics.iter().filter(|found| found.severity != Severity::Note);
    told.into_iter()
        .try_for_each(|found| writeln!(err, "{}", found.render(Language::Chinese, color)))
}

fn asks_guard(sentences: &MeasuredSentences) -> bool {
    let is_of_guard = |expected: &ExpectedFind| {
        matches!(expected, ExpectedFind::Guard(_) | ExpectedFind::Harmless(_))
    };
    sentences.groups.iter().any(|group| is_of_guard(&group.expected))
}

fn write_rules(out: &mut impl Write, measured: &Measure) -> io::Result<()> {
    let found = measured.found();
    if found.of == 0 && measured.allowed.of == 0 {
        return Ok(());
    }
    let head = ["规则", "", "应找到", "找到", "其中别的规则", "漏掉", "误报"].map(str::to_owned);
    let row = |rule: &RuleMeasure| {
        let RuleMeasure { found, by_others, false_count, .. } = rule;
        let counts = [found.of, found.hits, *by_others, found.of - found.hits, *false_count];
        row(&rule.code, &rule.name, counts)
    };
    let rows = std::iter::once(head).chain(measured.rules.iter().map(row));
    columns(&rows.collect::<Vec<_>>(), 2).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    writeln!(out, "规则合计：{}；{}", found_line(found), false_line(measured.allowed))?;
    for rule in &measured.rules {
        let name = format!("{} {}", rule.code, rule.name);
        write_sentences(out, &name, &rule.missed, &rule.falsely)?;
    }
    Ok(())
}

fn write_guard(out: &mut impl Write, measured: &Measure) -> io::Result<()> {
    let found = measured.guarded();
    if found.of == 0 && measured.harmless.of == 0 {
        return Ok(());
    }
    let head = ["守门", "", "应找到", "找到", "当成别的", "漏掉", "误报"].map(str::to_owned);
    let row = |kind: &GuardMeasure| {
        let GuardMeasure { found, as_others, false_count, .. } = kind;
        let missed = found.of - found.hits - as_others;
        let counts = [found.of, found.hits, *as_others, missed, *false_count];
        row(kind.kind.as_str(), kind.kind.title(), counts)
    };
    let rows = std::iter::once(head).chain(measured.guard.iter().map(row));
    columns(&rows.collect::<Vec<_>>(), 2).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    writeln!(out, "守门合计：{}；{}", found_line(found), false_line(measured.harmless))?;
    for kind in &measured.guard {
        let name = format!("{} {}", kind.kind, kind.kind.title());
        write_sentences(out, &name, &kind.missed, &kind.falsely)?;
    }
    Ok(())
}

fn row(code: &str, name: &str, counts: [usize; 5]) -> [String; 7] {
    let [expected, found, others, missed, falsely] = counts.map(|count| count.to_string());
    [code.to_owned(), name.to_owned(), expected, found, others, missed, falsely]
}

fn found_line(share: ShareOf) -> String {
    format!("应找到 {} 句，找到 {} 句（{}）", share.of, share.hits, percentage(share))
}

fn false_line(share: ShareOf) -> String {
    format!("不该找到 {} 句，误报 {} 句（{}）", share.of, share.hits, percentage(share))
}

/// A dash without sentences: nothing was measured.
fn percentage(share: ShareOf) -> String {
    if share.of == 0 { "—".to_owned() } else { per_cent(share.hits, share.of) }
}

fn write_sentences(
    out: &mut impl Write,
    name: &str,
    missed: &[MissedSentence],
    falsely: &[FalseFind],
) -> io::Result<()> {
    if !missed.is_empty() {
        writeln!(out, "\n{name}：漏掉")?;
    }
    for MissedSentence { at, text, instead } in missed {
        let instead = instead.map_or_else(String::new, |kind| format!("  （当成了 {kind}）"));
        writeln!(out, "  {at}  {text}{instead}")?;
    }
    if !falsely.is_empty() {
        writeln!(out, "\n{name}：误报")?;
    }
    for FalseFind { at, text, found } in falsely {
        writeln!(out, "  {at}  {text}  ← “{found}”")?;
    }
    Ok(())
}

fn write_floors(out: &mut impl Write, floors: &[MeasuredFloor]) -> io::Result<()> {
    if floors.is_empty() {
        return Ok(());
    }
    let row = |floor: &MeasuredFloor| {
        let verdict = match (floor.is_kept(), floor.share.of) {
            (true, _) => "✓ 达到",
            (false, 0) => "✗ 没有句子",
            (false, _) if floor.is_ceiling => "✗ 高于上限",
            (false, _) => "✗ 低于底线",
        };
        let what = match floor.kind {
            Some(kind) => format!("{kind} {}", kind.title()),
            None if floor.is_ceiling => "规则误报".to_owned(),
            None => "规则找到".to_owned(),
        };
        let word = if floor.is_ceiling { "上限" } else { "底线" };
        let limit = format!("{word} {}", share(f64::from(floor.limit) / 1_000.0));
        [verdict.to_owned(), what, percentage(floor.share), limit]
    };
    writeln!(out, "\n底线")?;
    let rows: Vec<[String; 4]> = floors.iter().map(row).collect();
    columns(&rows, 2).iter().try_for_each(|line| writeln!(out, "{line}"))
}

fn as_json(measured: &Measure) -> Value {
    json!({
        "kept": measured.is_kept(),
        "rules": measured.rules.iter().map(rule_json).collect::<Vec<_>>(),
        "found": share_json(measured.found()),
        "false": share_json(measured.allowed),
        "guard": measured.guard.iter().map(guard_json).collect::<Vec<_>>(),
        "guarded": share_json(measured.guarded()),
        "guarded_falsely": share_json(measured.harmless),
        "floors": measured.floors().iter().map(floor_json).collect::<Vec<_>>(),
    })
}

fn rule_json(rule: &RuleMeasure) -> Value {
    json!({
        "code": rule.code,
        "name": rule.name,
        "expected": rule.found.of,
        "found": rule.found.hits,
        "found_by_others": rule.by_others,
        "missed": rule.found.of - rule.found.hits,
        "false": rule.false_count,
        "missed_sentences": rule.missed.iter().map(missed_json).collect::<Vec<_>>(),
        "false_sentences": rule.falsely.iter().map(false_json).collect::<Vec<_>>(),
    })
}

fn guard_json(kind: &GuardMeasure) -> Value {
    json!({
        "kind": kind.kind.as_str(),
        "expected": kind.found.of,
        "found": kind.found.hits,
        "found_as_others": kind.as_others,
        "missed": kind.found.of - kind.found.hits - kind.as_others,
        "false": kind.false_count,
        "missed_sentences": kind.missed.iter().map(missed_json).collect::<Vec<_>>(),
        "false_sentences": kind.falsely.iter().map(false_json).collect::<Vec<_>>(),
    })
}

fn missed_json(missed: &MissedSentence) -> Value {
    let MissedSentence { at, text, instead } = missed;
    json!({"at": at, "text": text, "found_as": instead.map(GuardKind::as_str)})
}

fn false_json(found: &FalseFind) -> Value {
    let FalseFind { at, text, found } = found;
    json!({"at": at, "text": text, "found": found})
}

fn share_json(share: ShareOf) -> Value {
    let value = (share.of > 0).then(|| share.hits as f64 / share.of as f64);
    json!({"hits": share.hits, "of": share.of, "share": value})
}

fn floor_json(floor: &MeasuredFloor) -> Value {
    let limit = f64::from(floor.limit) / 1_000.0;
    let (at_least, at_most) =
        if floor.is_ceiling { (None, Some(limit)) } else { (Some(limit), None) };
    json!({
        "floor": floor.key,
        "hits": floor.share.hits,
        "of": floor.share.of,
        "at_least": at_least,
        "at_most": at_most,
        "kept": floor.is_kept(),
    })
}
