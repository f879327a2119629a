//! A line of a comparison of two runs.

use super::table::per_cent;
use crate::evaluation::{Compared, Difference};

/// A figure in two runs, their difference and its interval.
pub(super) fn difference_row(one: &Difference) -> [String; 6] {
    let title = match one.figure {
        Compared::Top1 => "首位正确",
        Compared::Auroc => "AUROC",
        Compared::CoverageAt95 => "准确率 95% 时可回答",
        Compared::AnsweredRight => "直接答对",
        Compared::AnsweredWrong => "直接答错",
    };
    // Shares in percent, and their differences in points of it.
    let points = |share: f64| format!("{:+.1}", share * 100.0);
    let number = |share: Option<f64>| match one.figure {
        Compared::Auroc => share.map_or_else(|| "—".to_owned(), |share| format!("{share:.3}")),
        Compared::Top1
        | Compared::CoverageAt95
        | Compared::AnsweredRight
        | Compared::AnsweredWrong => per_cent(share),
    };
    let apart = one.old.zip(one.new).map(|(old, new)| new - old);
    let difference = |share: f64| match one.figure {
        Compared::Auroc => format!("{share:+.3}"),
        Compared::Top1
        | Compared::CoverageAt95
        | Compared::AnsweredRight
        | Compared::AnsweredWrong => points(share),
    };
    let interval = one.interval.map_or_else(String::new, |(low, high)| {
        format!("{} 到 {}", difference(low), difference(high))
    });
    let verdict = if one.is_beyond_chance { "不是偶然" } else { "可能是偶然" };
    [
        title.to_owned(),
        number(one.old),
        number(one.new),
        apart.map_or_else(String::new, difference),
        interval,
        verdict.to_owned(),
    ]
}
