//! Confusions, and the comparison with an earlier run.

use std::io::{self, Write};

use super::{clip::clip, difference::difference_row, evaluation::Evaluation};
use crate::commands::columns::columns;
use crate::evaluation::{Confusion, Grade, Prediction, RESAMPLES, RankedId, Swing};
use crate::matching::Band;

/// How many queries won, and how many lost, are listed.
const SWINGS_LISTED: usize = 10;
/// How many cells an id gets in a line with others.
const ID_CELLS: usize = 40;

/// A label that nothing bears is mostly a slip, which would pass for a bad engine.
pub(super) fn write_unknown(out: &mut impl Write, evaluation: &Evaluation) -> io::Result<()> {
    let queries = &evaluation.queries;
    let Some(first) = evaluation.unknown.first().and_then(|place| queries.get(*place)) else {
        return Ok(());
    };
    let label = clip(first.label.as_deref().unwrap_or_default(), ID_CELLS);
    let (count, line) = (evaluation.unknown.len(), first.line);
    writeln!(out, "提示：{count} 句的标签不是知识库里的条目或意图，第一处在第 {line} 行：{label}")
}

pub(super) fn write_confusions(
    out: &mut impl Write,
    evaluation: &Evaluation,
    listed: usize,
    width: usize,
) -> io::Result<()> {
    let report = evaluation.second.as_ref().unwrap_or(&evaluation.strict);
    let reading = if evaluation.second.is_some() { "，计入第二意见" } else { "" };
    let all = report.confusions.len();
    if all == 0 || listed == 0 {
        return Ok(());
    }
    let shown = listed.min(all);
    writeln!(out, "\n认错的条目（应为 → 找到；{all} 对中最糟的 {shown} 对，答错的在前{reading}）")?;
    for one in report.confusions.iter().take(listed) {
        write_confusion(out, one, width)?;
    }
    Ok(())
}

fn write_confusion(out: &mut impl Write, one: &Confusion, width: usize) -> io::Result<()> {
    let expected = id(one.expected.as_deref(), "不应回答");
    let found = id(one.found.as_deref(), "没有找到");
    let answered = match one.answered {
        0 => "没有答错".to_owned(),
        count => format!("答错 {count} 句"),
    };
    writeln!(out, "{}  {expected} → {found}  {} 句，{answered}", sure(one.confidence), one.count)?;
    let half = width.saturating_sub(24) / 2;
    let text = clip(&one.text, half);
    let wording = one.wording.as_deref();
    let wording =
        wording.map_or_else(String::new, |wording| format!(" 像 “{}”", clip(wording, half)));
    writeln!(out, "       第 {} 行 “{text}”{wording}", one.line)
}

pub(super) fn write_comparison(
    out: &mut impl Write,
    evaluation: &Evaluation,
    width: usize,
) -> io::Result<()> {
    let Some((old, comparison)) = &evaluation.baseline else { return Ok(()) };
    let (count, draws) = (comparison.queries, RESAMPLES);
    writeln!(out, "\n与基线比较（{count} 句，严格；差的 95% 区间由 {draws} 次重抽得出）")?;
    let heading = ["", "基线", "现在", "差", "95% 区间", ""].map(str::to_owned);
    let rows = comparison.differences.iter().map(difference_row);
    let rows: Vec<_> = std::iter::once(heading).chain(rows).collect();
    columns(&rows, 1).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    if comparison.is_too_small {
        writeln!(out, "提示：不到 30 句，看不出差别是不是偶然")?;
    }
    let lists = [("变好", &comparison.won), ("变差", &comparison.lost)];
    for (title, swings) in lists {
        let shown = swings.len().min(SWINGS_LISTED);
        writeln!(out, "{title} {} 句{}", swings.len(), if shown > 0 { "：" } else { "" })?;
        for swing in swings.iter().take(SWINGS_LISTED) {
            write_swing(out, evaluation, old, *swing, width)?;
        }
        if swings.len() > shown {
            writeln!(out, "  还有 {} 句没有列出，--json 有全部", swings.len() - shown)?;
        }
    }
    Ok(())
}

fn write_swing(
    out: &mut impl Write,
    evaluation: &Evaluation,
    old: &[Prediction],
    swing: Swing,
    width: usize,
) -> io::Result<()> {
    let Some(query) = evaluation.queries.get(swing.place) else { return Ok(()) };
    let wanted = query.label.as_deref().map(|label| format!("应为 {}", clip(label, ID_CELLS)));
    let wanted = wanted.unwrap_or_else(|| "不应回答".to_owned());
    let text = clip(&query.text, width.saturating_sub(26));
    writeln!(out, "  第 {} 行 “{text}” {wanted}", query.line)?;
    let runs = [("基线", old, swing.old), ("现在", &evaluation.predictions, swing.new)];
    for (when, predictions, standing) in runs {
        let found = predictions.get(swing.place);
        writeln!(out, "    {when}：{}", found.map_or_else(String::new, |one| done(one, standing)))?;
    }
    Ok(())
}

/// What the bot did, and how well.
fn done(prediction: &Prediction, standing: Grade) -> String {
    let did = match (prediction.band, &prediction.intent) {
        (Band::Answer, None) => "直接回答",
        (Band::Answer, Some(_)) => "按意图办",
        (Band::Clarify, _) => "反问，首位",
        (Band::Fallback, _) => "兜底，首位",
    };
    let first = prediction.ranked.first();
    let found = id(first.map(|first| first.id.as_str()), "没有找到");
    let worth = match standing {
        Grade::AnsweredWrong => "答错",
        Grade::FirstWrong => "首位不对",
        Grade::FirstRight => "没有答错",
        Grade::AnsweredRight => "答对",
    };
    format!(
        "{did} {found}，置信度 {}（{worth}）",
        sure(first.map(|first: &RankedId| first.confidence))
    )
}

fn id(id: Option<&str>, without: &str) -> String {
    id.map_or_else(|| without.to_owned(), |id| clip(id, ID_CELLS))
}

fn sure(confidence: Option<f64>) -> String {
    confidence.map_or_else(|| "—".to_owned(), |confidence| format!("{confidence:.3}"))
}
