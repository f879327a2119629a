//! Confidence against what was right, in a terminal.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::table::per_cent;
use crate::commands::columns::columns;
use crate::evaluation::{BINS, Measured, Reliability};

/// How long a bar is at least, in cells, however narrow the terminal.
const BAR_MIN: usize = 10;

/// A line for each tenth of confidence, with a bar as long as the share that was right and a
/// mark where the confidence says it should end.
pub(super) fn write_reliability(
    out: &mut impl Write,
    reliability: &Reliability,
    width: usize,
) -> io::Result<()> {
    let Some(error) = reliability.error else { return Ok(()) };
    writeln!(out, "\n置信度与实际（# 实际正确率，| 平均置信度；区间为 95%；校准误差 {error:.3}）")?;
    let heading = ["置信度", "句数", "平均", "实际", "区间"].map(str::to_owned);
    let rows = reliability.bins.iter().enumerate().map(|(place, bin)| {
        let [mean, right, interval] = bin.measured.map_or_else(Default::default, |bin| {
            let [mean, right, low, high] =
                [bin.confidence, bin.right, bin.low, bin.high].map(|share| per_cent(Some(share)));
            [mean, right, format!("{low} 到 {high}")]
        });
        [tenth(place), bin.count.to_string(), mean, right, interval]
    });
    let lines = columns(&std::iter::once(heading).chain(rows).collect::<Vec<_>>(), 1);
    let text = lines.iter().map(|line| line.width()).max().unwrap_or(0);
    let bar_cells = width.saturating_sub(text + 2).max(BAR_MIN);
    let bars = reliability.bins.iter().map(|bin| bin.measured);
    let bars = bars.map(|bin| bin.map_or_else(String::new, |bin| bar(&bin, bar_cells)));
    for (line, bar) in lines.iter().zip(std::iter::once(String::new()).chain(bars)) {
        let blanks = " ".repeat(text - line.width() + 2);
        writeln!(out, "{}", format!("{line}{blanks}{bar}").trim_end())?;
    }
    if reliability.unfound > 0 {
        writeln!(out, "另有 {} 句没有候选", reliability.unfound)?;
    }
    Ok(())
}

/// The confidences of a bin.
pub(super) fn tenth(place: usize) -> String {
    let edge = |place: usize| place as f64 / BINS as f64;
    format!("{:.1}-{:.1}", edge(place), edge(place + 1))
}

fn bar(bin: &Measured, cells: usize) -> String {
    let at = |share: f64| (share * cells as f64).round() as usize;
    let (end, mark) = (at(bin.right), at(bin.confidence).min(cells.saturating_sub(1)));
    let cell = |place: usize| match (place == mark, place < end) {
        (true, _) => '|',
        (false, true) => '#',
        (false, false) => ' ',
    };
    (0..cells).map(cell).collect::<String>().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_ends_where_the_share_does_and_the_mark_is_always_seen() {
        let cases = [
            // (what it shows, share right, confidence, expected)
            ("less than said", 0.3, 0.8, "###     |"),
            ("more than said", 0.8, 0.3, "###|####"),
            ("none", 0.0, 0.0, "|"),
            ("all", 1.0, 1.0, "#########|"),
        ];
        for (shows, right, confidence, expected) in cases {
            let bin = Measured { confidence, right, low: 0.0, high: 1.0 };
            assert_eq!(bar(&bin, 10), expected, "{shows}");
        }
    }
}
