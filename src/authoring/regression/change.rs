//! The figures of two runs over the same tests.

use super::{confidence, figure::Figure, run::Regression};
use crate::knowledge::Floor;

/// A figure before and after, such as with another table of embeddings.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureChange {
    /// Before.
    pub before: Figure,
    /// After.
    pub after: Figure,
    /// Whether it got worse. A share that falls is worse; a figure about confidence is when it is
    /// worse by more than chance makes.
    pub is_worse: bool,
}

/// The figures over the regression set that either run has utterances for.
///
/// Both runs ask the same tests of knowledge bases with the same entries. `tell` hears how much of
/// the comparison is done.
pub fn figure_changes(
    before: &Regression<'_>,
    after: &Regression<'_>,
    tell: &mut dyn FnMut(usize, usize),
) -> Vec<FigureChange> {
    let [area_fell, error_rose] =
        confidence::worse(&before.regression_set(), &after.regression_set(), tell);
    let pairs = before.figures().into_iter().zip(after.figures());
    let counted = pairs.filter(|(before, after)| before.of.max(after.of) > 0);
    let change = |(before, after): (Figure, Figure)| {
        let is_worse = if before.floor == Floor::Auroc {
            area_fell
        } else if before.floor == Floor::EceMax {
            error_rose
        } else {
            // A share of nothing, as when nothing is answered any more, is none better.
            after.value.unwrap_or_default() < before.value.unwrap_or_default()
        };
        FigureChange { before, after, is_worse }
    };
    counted.map(change).collect()
}
