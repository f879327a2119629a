//! The figures as tables.

use std::io::{self, Write};

use super::{clip::clip, latency::Latency};
use crate::commands::{columns::columns, promise::promise_lines};
use crate::evaluation::{Coverage, KindFigures, QueryReport};
use crate::knowledge::Language;
use crate::matching::Calibration;

/// How many cells the name of a style gets.
const KIND_CELLS: usize = 24;

pub(super) fn write_figures(
    out: &mut impl Write,
    strict: &QueryReport,
    second: Option<&QueryReport>,
    calibration: &Calibration,
) -> io::Result<()> {
    let titles = titles(calibration, strict);
    let strict = cells(strict);
    let lines = match second {
        None => {
            let rows: Vec<[String; 2]> =
                titles.into_iter().zip(strict).map(|(title, one)| [title, one]).collect();
            columns(&rows, 1)
        }
        Some(second) => {
            let heading = ["", "严格", "计入第二意见"].map(str::to_owned);
            let both = strict.into_iter().zip(cells(second));
            let rows = titles.into_iter().zip(both).map(|(title, (one, two))| [title, one, two]);
            columns(&std::iter::once(heading).chain(rows).collect::<Vec<_>>(), 1)
        }
    };
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// What the cells of [`cells`] are, in the same order.
fn titles(calibration: &Calibration, report: &QueryReport) -> Vec<String> {
    let (answer, clarify) = (calibration.answer.at.get(), calibration.clarify.at.get());
    let mut titles: Vec<String> =
        ["有答案", "不应回答", "首位正确", "前三召回", "MRR@10", "AUROC", "校准误差（ECE）"]
            .map(str::to_owned)
            .into();
    for precision in ["95%", "98%"] {
        titles.push(format!("准确率 {precision} 时可回答"));
        titles.push("　误答".to_owned());
        titles.push("　置信度从".to_owned());
    }
    if let Some(at) = report.at_threshold {
        titles.push(format!("置信度 {} 起的准确率", at.threshold));
        titles.push("　可回答".to_owned());
        titles.push("　误答".to_owned());
    }
    titles.push(format!("直接回答（置信度 {answer:.3} 起）"));
    titles.push("　其中正确".to_owned());
    titles.push("　另误答".to_owned());
    titles.push(format!("反问（置信度 {clarify:.3} 起）"));
    titles.push("　选项里有正确的".to_owned());
    titles.push("　另误问".to_owned());
    titles.push("兜底".to_owned());
    titles.push("　不应回答而没有答（给选项不算）".to_owned());
    titles
}

fn cells(report: &QueryReport) -> Vec<String> {
    let bands = report.bands;
    let count = |count: usize| format!("{count} 句");
    let mut cells = vec![
        count(report.answerable),
        count(report.unanswerable),
        per_cent(report.top1),
        per_cent(report.recall3),
        decimal(report.mrr10),
        decimal(report.auroc),
        decimal(report.reliability.error),
    ];
    for at in [report.at95, report.at98] {
        let part = |part: fn(Coverage) -> f64| per_cent(at.map(part));
        cells.push(at.map_or_else(|| "达不到".to_owned(), |at| per_cent(Some(at.coverage))));
        cells.push(part(|at| at.false_answer_rate));
        cells.push(decimal(at.map(|at| at.threshold)));
    }
    if let Some(at) = report.at_threshold {
        cells.extend([at.precision, at.coverage, at.false_answer_rate].map(per_cent));
    }
    cells.extend([
        count(bands.answered),
        of(bands.answered_right, bands.answered),
        of(bands.answered_falsely, report.unanswerable),
        count(bands.clarified),
        of(bands.clarified_right, bands.clarified),
        of(bands.clarified_falsely, report.unanswerable),
        count(bands.fallback),
        of(bands.silent, report.unanswerable),
    ]);
    cells
}

pub(super) fn write_calibration(out: &mut impl Write, calibration: &Calibration) -> io::Result<()> {
    let lines = promise_lines(Language::Chinese, calibration);
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))
}

pub(super) fn write_latency(out: &mut impl Write, latency: Option<Latency>) -> io::Result<()> {
    let Some(Latency { queries, p50, p99 }) = latency else { return Ok(()) };
    writeln!(out, "匹配用时：{queries} 句，中位数 {p50:.0} 微秒，99% 在 {p99:.0} 微秒以内")
}

/// By style, where queries name one.
pub(super) fn write_kinds(
    out: &mut impl Write,
    strict: &QueryReport,
    second: Option<&QueryReport>,
) -> io::Result<()> {
    if strict.kinds.iter().all(|one| one.kind.is_none()) {
        return Ok(());
    }
    let second = second.filter(|second| second.kinds != strict.kinds);
    let readings = [("", Some(strict)), ("（计入第二意见）", second)];
    for (reading, report) in readings {
        let Some(report) = report else { continue };
        let rows: Vec<_> =
            report.kinds.iter().filter(|one| one.answerable > 0).map(answerable_row).collect();
        if !rows.is_empty() {
            writeln!(out, "\n有答案的话语，按类别{reading}")?;
            let heading = ["类别", "句数", "首位正确", "直接回答", "其中正确"].map(str::to_owned);
            write_table(out, heading, rows)?;
        }
        let rows: Vec<_> =
            report.kinds.iter().filter(|one| one.unanswerable > 0).map(unanswerable_row).collect();
        if !rows.is_empty() {
            writeln!(out, "\n不应回答的话语被误答，按类别{reading}")?;
            let given = report.at_threshold.map(|at| format!("置信度 {} 起", at.threshold));
            let heading = ["类别", "句数", "现用阈值", "准确率 95% 时", "准确率 98% 时"];
            let [kind, all, now, at95, at98] = heading.map(str::to_owned);
            let heading = [kind, all, now, at95, at98, given.unwrap_or_default()];
            write_table(out, heading, rows)?;
        }
    }
    Ok(())
}

fn write_table<const N: usize>(
    out: &mut impl Write,
    heading: [String; N],
    rows: Vec<[String; N]>,
) -> io::Result<()> {
    let rows: Vec<[String; N]> = std::iter::once(heading).chain(rows).collect();
    columns(&rows, 1).iter().try_for_each(|line| writeln!(out, "{line}"))
}

fn answerable_row(one: &KindFigures) -> [String; 5] {
    [
        title(one),
        one.answerable.to_string(),
        of(one.first_right, one.answerable),
        of(one.answered, one.answerable),
        of(one.answered_right, one.answered),
    ]
}

fn unanswerable_row(one: &KindFigures) -> [String; 6] {
    let falsely = |count: Option<usize>| {
        count.map_or_else(|| "—".to_owned(), |count| of(count, one.unanswerable))
    };
    [
        title(one),
        one.unanswerable.to_string(),
        of(one.answered_falsely, one.unanswerable),
        falsely(one.falsely_at95),
        falsely(one.falsely_at98),
        one.falsely_at_threshold.map_or_else(String::new, |count| of(count, one.unanswerable)),
    ]
}

fn title(one: &KindFigures) -> String {
    one.kind.as_deref().map_or_else(|| "（未注明）".to_owned(), |kind| clip(kind, KIND_CELLS))
}

/// A count, and which part of a whole that is.
fn of(part: usize, whole: usize) -> String {
    let share = (whole > 0).then(|| part as f64 / whole as f64);
    share.map_or_else(|| part.to_string(), |share| format!("{part}（{}）", per_cent(Some(share))))
}

pub(super) fn per_cent(share: Option<f64>) -> String {
    share.map_or_else(|| "—".to_owned(), |share| format!("{:.1}%", share * 100.0))
}

fn decimal(number: Option<f64>) -> String {
    number.map_or_else(|| "—".to_owned(), |number| format!("{number:.3}"))
}
