//! Whether the confidence of a knowledge base means something, over the utterances of its
//! regression set.

use super::judge::JudgedUtterance;
use crate::evaluation::{
    BestCandidate, ByConfidence, QUERIES_FOR_CHANCE_MIN, calibration_error, interval, resample,
};
use crate::knowledge::Expected;

/// Of four customers, how many ask something that no entry answers: the share that the thresholds
/// are calibrated for. The tests hold another share, so their utterances are weighed to this one.
const UNANSWERABLE_OF_FOUR: u32 = 1;

/// The area under the ROC curve of right against wrong; `None` without both.
pub(super) fn area(set: &[&JudgedUtterance<'_>]) -> Option<f64> {
    let (best, weights) = weighed(set);
    ByConfidence::new(&best).auroc(&weights)
}

/// The expected calibration error; `None` when nothing was found.
pub(super) fn error(set: &[&JudgedUtterance<'_>]) -> Option<f64> {
    let (best, weights) = weighed(set);
    calibration_error(&best, &weights)
}

/// Which of the two is worse in the second run by more than chance makes: the area, the error.
///
/// Both runs ask the same utterances. 95 % of the differences over resampled utterances must lie on
/// the worse side; with fewer than 30 utterances nothing is told from chance. `tell` hears how many
/// resamples of how many are done.
pub(super) fn worse(
    before: &[&JudgedUtterance<'_>],
    after: &[&JudgedUtterance<'_>],
    tell: &mut dyn FnMut(usize, usize),
) -> [bool; 2] {
    let ((old, old_weights), (new, new_weights)) = (weighed(before), weighed(after));
    if old.len() != new.len() || old.len() < QUERIES_FOR_CHANCE_MIN {
        return [false; 2];
    }
    let (by_old, by_new) = (ByConfidence::new(&old), ByConfidence::new(&new));
    let times = |weights: &[u32], drawn: &[u32]| -> Vec<u32> {
        weights.iter().zip(drawn).map(|(weight, times)| weight * times).collect()
    };
    let (mut areas, mut errors) = (Vec::new(), Vec::new());
    let draw = |drawn: &[u32]| {
        let (old_drawn, new_drawn) = (times(&old_weights, drawn), times(&new_weights, drawn));
        let area = by_old.auroc(&old_drawn).zip(by_new.auroc(&new_drawn));
        areas.extend(area.map(|(old, new)| new - old));
        let error = calibration_error(&old, &old_drawn).zip(calibration_error(&new, &new_drawn));
        errors.extend(error.map(|(old, new)| new - old));
    };
    resample(old.len(), draw, tell);
    let fell = interval(areas).is_some_and(|(_, high)| high < 0.0);
    let rose = interval(errors).is_some_and(|(low, _)| low > 0.0);
    [fell, rose]
}

/// The best candidates of the regression set, each with its weight; 0 where confidence did not
/// decide.
fn weighed(set: &[&JudgedUtterance<'_>]) -> (Vec<BestCandidate>, Vec<u32>) {
    let count = |is_answerable: bool| {
        let counted = set.iter().filter(|one| one.is_ranked());
        counted.filter(|one| is_entry(one) == is_answerable).count() as u32
    };
    let (answerable, unanswerable) = (count(true), count(false));
    let weight = |one: &JudgedUtterance<'_>| match (one.is_ranked(), is_entry(one)) {
        (false, _) => 0,
        (true, _) if answerable == 0 || unanswerable == 0 => 1,
        (true, true) => (4 - UNANSWERABLE_OF_FOUR) * unanswerable,
        (true, false) => UNANSWERABLE_OF_FOUR * answerable,
    };
    let weights = set.iter().map(|one| weight(one)).collect();
    let best = set.iter().map(|one| BestCandidate {
        confidence: one.confidence.map_or(f64::NEG_INFINITY, |best| f64::from(best.get())),
        is_right: one.is_first,
        is_answerable: is_entry(one),
    });
    (best.collect(), weights)
}

fn is_entry(one: &JudgedUtterance<'_>) -> bool {
    matches!(one.case.expected, Expected::Entry(_))
}
