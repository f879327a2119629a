//! The figures of tests in Chinese and as JSON, for every command that tells them.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::columns::columns;
use crate::authoring::{ASKED_PERCENT_MIN, Figure, FigureChange, IDS_SHOWN, Shortfall, Unasked};
use crate::knowledge::EntryId;

/// A line for each figure beside its limit, then why limits are not kept.
pub(super) fn write_figures(out: &mut impl Write, figures: &[Figure]) -> io::Result<()> {
    let rows: Vec<[String; 4]> = figures.iter().map(row).collect();
    columns(&rows, 2).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    write_shortfalls(out, figures)
}

/// The same of sealed cases: kinds, counts and intervals, and nothing else.
pub(super) fn write_sealed(out: &mut impl Write, figures: &[Figure]) -> io::Result<()> {
    if figures.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n封存集（split: sealed；只报类别、句数和 95% 的 Wilson 区间）")?;
    let rows = figures.iter().map(|figure| {
        let [verdict, _, found, limit] = row(figure);
        let kind = figure.floor.about().unwrap_or_default().to_owned();
        [verdict, kind, found, interval(figure), limit]
    });
    columns(&rows.collect::<Vec<_>>(), 2).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    write_shortfalls(out, figures)
}

/// What is too low or too high stands in the table already.
fn write_shortfalls(out: &mut impl Write, figures: &[Figure]) -> io::Result<()> {
    let is_told = |figure: &&Figure| {
        !matches!(figure.shortfall(), Some(Shortfall::TooLow | Shortfall::TooHigh))
    };
    let lines = figures.iter().filter(is_told).filter_map(shortfall_line);
    lines.enumerate().try_for_each(|(at, line)| {
        let gap = if at == 0 { "\n" } else { "" };
        writeln!(out, "{gap}{line}")
    })
}

fn row(figure: &Figure) -> [String; 4] {
    let verdict = match (figure.shortfall(), figure.limit) {
        (None, None) => "－ 没有底线",
        (None, Some(_)) => "✓ 达到",
        (Some(Shortfall::NoUtterances), _) => "✗ 没有测试",
        (Some(Shortfall::TooFewAsked), _) => "✗ 问得太少",
        (Some(Shortfall::NothingAnswered), _) => "✗ 没有回答",
        (Some(Shortfall::NothingToTellApart), _) => "✗ 无从判断",
        (Some(Shortfall::TooLow), _) => "✗ 低于底线",
        (Some(Shortfall::TooHigh), _) => "✗ 高于上限",
    };
    let of = if figure.is_share() {
        format!("{}/{}", figure.hits, figure.of)
    } else {
        format!("{} 句", figure.of)
    };
    let limit = figure.limit.map_or_else(String::new, |limit| {
        let word = if figure.floor.is_ceiling() { "上限" } else { "底线" };
        format!("{word} {}", shown(figure, f64::from(limit) / 1_000.0))
    });
    [verdict.to_owned(), figure.floor.title(), format!("{}（{of}）", value(figure)), limit]
}

/// The figure itself: a share in per cent, or a number.
pub(super) fn value(figure: &Figure) -> String {
    figure.value.map_or_else(|| "—".to_owned(), |value| shown(figure, value))
}

fn shown(figure: &Figure, value: f64) -> String {
    if figure.is_share() { share(value) } else { format!("{value:.3}") }
}

/// The interval of the share that did well.
pub(super) fn interval(figure: &Figure) -> String {
    let (low, high) = figure.interval();
    format!("{} 到 {}", share(low), share(high))
}

/// A share in per cent.
pub(super) fn share(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// A line for each figure before and after. Those that got worse are marked.
pub(super) fn write_changes(out: &mut impl Write, changes: &[FigureChange]) -> io::Result<()> {
    changes.iter().try_for_each(|FigureChange { before, after, is_worse }| {
        let mark = if *is_worse { " 变差" } else { "" };
        writeln!(out, "{}：{} → {}{mark}", after.floor.title(), value(before), value(after))
    })
}

/// Why a limit is not kept; `None` when it is.
pub(super) fn shortfall_line(figure: &Figure) -> Option<String> {
    let Figure { floor, hits, of, held, asked, .. } = figure;
    let why = match figure.shortfall()? {
        Shortfall::NoUtterances => {
            let part = if floor.key() == "sealed" { "sealed" } else { "test" };
            format!("写了底线，split: {part} 的测试里却没有一句算得上它；补上测试，或去掉这条底线")
        }
        Shortfall::TooFewAsked => {
            let share = per_cent(*asked, *held);
            let reasons =
                figure.unasked_by_reason().into_iter().map(|(why, utterances, entries)| {
                    format!("{utterances} 句要找的条目{}：{}", why.title(), first_ids(&entries))
                });
            let reasons = reasons.collect::<Vec<_>>().join("；");
            format!(
                "测试里有 {held} 句，当天能问的只有 {asked} 句（{share}），至少要 {ASKED_PERCENT_MIN}%。{reasons}"
            )
        }
        Shortfall::NothingAnswered => {
            format!("问了 {asked} 句，没有一句直接回答，无从判断")
        }
        Shortfall::NothingToTellApart => {
            format!("问了 {asked} 句，排第一的全对、全错或者全没有，无从判断")
        }
        Shortfall::TooLow | Shortfall::TooHigh => {
            let word = if floor.is_ceiling() { "上限" } else { "底线" };
            let limit = shown(figure, f64::from(figure.limit.unwrap_or_default()) / 1_000.0);
            if figure.is_share() {
                let found = per_cent(*hits, *of);
                format!("{of} 句里对了 {hits} 句（{found}），{word}是 {limit}")
            } else {
                format!("{of} 句得 {}，{word}是 {limit}", value(figure))
            }
        }
    };
    Some(format!("底线没有达到：{}：{why}", floor.title()))
}

pub(super) fn per_cent(part: usize, whole: usize) -> String {
    share(part as f64 / whole.max(1) as f64)
}

/// The first ids and how many there are in all.
pub(super) fn first_ids(ids: &[&EntryId]) -> String {
    let shown: Vec<&str> = ids.iter().take(IDS_SHOWN).map(|id| id.as_str()).collect();
    let shown = shown.join("、");
    if ids.len() > IDS_SHOWN { format!("{shown} 等 {} 个", ids.len()) } else { shown }
}

/// A figure of the regression set.
pub(super) fn figure_json(figure: &Figure) -> Value {
    let (at_least, at_most) = limits(figure);
    json!({
        "floor": figure.floor.key(),
        "intent": figure.floor.about(),
        "value": figure.value,
        "share": figure.value.filter(|_| figure.is_share()),
        "hits": figure.hits,
        "of": figure.of,
        "at_least": at_least,
        "at_most": at_most,
        "held": figure.held,
        "asked": figure.asked,
        "unasked": figure.unasked.iter().map(unasked_json).collect::<Vec<_>>(),
        "kept": figure.is_kept(),
        "shortfall": figure.shortfall().map(Shortfall::as_str),
    })
}

/// A figure of the sealed part.
pub(super) fn sealed_json(figure: &Figure) -> Value {
    let (low, high) = figure.interval();
    json!({
        "kind": figure.floor.about(),
        "hits": figure.hits,
        "of": figure.of,
        "low": low,
        "high": high,
        "at_least": limits(figure).0,
        "held": figure.held,
        "kept": figure.is_kept(),
        "shortfall": figure.shortfall().map(Shortfall::as_str),
    })
}

/// The least and the most that a figure may be, where the files say so.
fn limits(figure: &Figure) -> (Option<f64>, Option<f64>) {
    let limit = figure.limit.map(|limit| f64::from(limit) / 1_000.0);
    if figure.floor.is_ceiling() { (None, limit) } else { (limit, None) }
}

fn unasked_json(unasked: &Unasked) -> Value {
    let Unasked { why, entry, utterances } = unasked;
    json!({"why": why.as_str(), "entry": entry, "utterances": utterances})
}
