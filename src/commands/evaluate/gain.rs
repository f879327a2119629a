//! What the second encoder is worth for a knowledge base.

use std::io::{self, Write};

use super::{difference::difference_row, table::per_cent};
use crate::commands::columns::columns;
use crate::evaluation::{Comparison, Prediction, Query, QueryReport};
use crate::matching::Calibration;

/// The second encoder in an evaluation.
pub(super) enum EncoderGain {
    /// None was named.
    NotNamed,
    /// It is not asked for this knowledge base, whose entries have many wordings.
    NotAsked,
    /// It is asked.
    Measured(Box<MeasuredGain>),
}

/// Figures of the same queries without and with the encoder.
pub(super) struct MeasuredGain {
    /// Of how many queries the encoder ranked again.
    pub(super) asked: usize,
    pub(super) comparison: Comparison,
    /// Without the encoder, with second opinions if there are any.
    pub(super) second_without: Option<QueryReport>,
}

/// How many queries have another ranking than without the encoder.
pub(super) fn ranked_again(without: &[Prediction], with: &[Prediction]) -> usize {
    without.iter().zip(with).filter(|(one, other)| one.ranked != other.ranked).count()
}

pub(super) fn write_gain(
    out: &mut impl Write,
    gain: &EncoderGain,
    queries: &[Query],
    second: Option<&QueryReport>,
    calibration: &Calibration,
) -> io::Result<()> {
    let measured = match gain {
        EncoderGain::NotNamed => return Ok(()),
        EncoderGain::NotAsked => {
            return writeln!(out, "\n第二编码器：没有用上，多数条目的问法不止 4 句，用它没有好处");
        }
        EncoderGain::Measured(measured) => measured,
    };
    let MeasuredGain { asked, comparison, second_without } = &**measured;
    writeln!(out, "\n第二编码器：{} 句里有 {asked} 句由它重排（严格）", queries.len())?;
    let heading = ["", "没有", "有", "差", "95% 区间", ""].map(str::to_owned);
    let rows = comparison.differences.iter().map(difference_row);
    let rows: Vec<_> = std::iter::once(heading).chain(rows).collect();
    columns(&rows, 1).iter().try_for_each(|line| writeln!(out, "{line}"))?;
    if let Some((without, with)) = second_without.as_ref().zip(second) {
        let coverage = |report: &QueryReport| per_cent(report.at95.map(|at| at.coverage));
        writeln!(
            out,
            "计入第二意见：首位正确 {} → {}，准确率 95% 时可回答 {} → {}",
            per_cent(without.top1),
            per_cent(with.top1),
            coverage(without),
            coverage(with),
        )?;
    }
    match calibration.second {
        Some(second) => writeln!(out, "由它重排的条目，置信度 {:.3} 起直接回答", second.at.get()),
        None => writeln!(out, "由它重排的条目只作选项：可据的话语不足以保证直接回答的准确率"),
    }
}
