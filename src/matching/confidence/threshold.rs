//! The smallest confidence at which a promised precision is kept.

use crate::matching::score::Confidence;

/// The largest threshold: an utterance that equals a reviewed question is always answered.
const THRESHOLD_MAX: Confidence = Confidence::EXACT;

/// The smallest confidence at which something is done, and the evidence for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// The smallest confidence that suffices.
    pub at: Confidence,
    /// The precision promised by the policy, 0 to 1.
    pub target: f64,
    /// The evidence that the target is reached.
    pub basis: Basis,
}

/// The evidence behind a threshold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Basis {
    /// The cases at or above the threshold reach the target, by the lower bound of their expected
    /// precision.
    Expected {
        /// How many cases are at or above the threshold.
        count: usize,
        /// The lower bound of their expected precision, 0 to 1; the truth is above it in nine of
        /// ten cases.
        precision: f64,
    },
    /// Too few cases for any evidence: the target itself is the threshold.
    TooFew {
        /// How many cases there were.
        count: usize,
    },
    /// There were enough cases, but at no confidence did they reach the target. The target
    /// itself is the threshold.
    OutOfReach {
        /// The best lower bound of the expected precision at any confidence.
        best: f64,
    },
}

impl Basis {
    /// The smallest number of cases that is evidence of a precision.
    pub const CASES_MIN: usize = 30;
}

/// One case: its confidence, its weight, and the chance that acting on it is right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trial {
    pub(crate) confidence: Confidence,
    pub(crate) weight: f64,
    pub(crate) chance: f64,
}

impl Threshold {
    /// The smallest confidence at and above which the trials reach the target, by the lower bound
    /// of their expected precision.
    pub(crate) fn find(mut trials: Vec<Trial>, target: f64) -> Self {
        trials.sort_by(|one, other| other.confidence.get().total_cmp(&one.confidence.get()));
        let (mut all, mut squares, mut right) = (0.0, 0.0, 0.0);
        let (mut found, mut best) = (None, 0.0_f64);
        for (place, trial) in trials.iter().enumerate() {
            all += trial.weight;
            squares += trial.weight * trial.weight;
            right += trial.weight * trial.chance;
            let next = trials.get(place + 1);
            if next.is_some_and(|next| next.confidence == trial.confidence) {
                continue; // trials of equal confidence count together
            }
            let (at, count) = (trial.confidence, place + 1);
            // The effective sample size of weighted trials (Kish 1965).
            let effective_count = all * all / squares;
            let precision = lower_bound(right / all, effective_count);
            if count >= Basis::CASES_MIN {
                best = best.max(precision);
                if precision >= target {
                    let basis = Basis::Expected { count, precision };
                    found = Some(Self { at, target, basis });
                }
            }
        }
        found.unwrap_or_else(|| {
            let count = trials.len();
            let basis = if count < Basis::CASES_MIN {
                Basis::TooFew { count }
            } else {
                Basis::OutOfReach { best }
            };
            let at = Confidence::new(target as f32).filter(|at| *at < THRESHOLD_MAX);
            Self { at: at.unwrap_or(THRESHOLD_MAX), target, basis }
        })
    }
}

/// The quantile of the normal distribution for a one-sided lower bound: the truth is below the
/// bound in one of ten cases.
const QUANTILE: f64 = 1.28;

/// The lower bound of a share that was estimated from `count` cases (Wilson 1927, "Probable
/// inference, the law of succession, and statistical inference").
fn lower_bound(share: f64, count: f64) -> f64 {
    let squared = QUANTILE * QUANTILE;
    let deviation = (share * (1.0 - share) / count + squared / (4.0 * count * count)).sqrt();
    (share + squared / (2.0 * count) - QUANTILE * deviation) / (1.0 + squared / count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trials(groups: &[(f32, usize, f64)]) -> Vec<Trial> {
        let mut trials = Vec::new();
        for &(confidence, count, chance) in groups {
            let confidence = Confidence::new(confidence).unwrap();
            trials.extend(std::iter::repeat_n(Trial { confidence, weight: 1.0, chance }, count));
        }
        trials
    }

    #[test]
    fn the_smallest_confidence_that_keeps_the_promise() {
        let found =
            Threshold::find(trials(&[(0.9, 200, 0.995), (0.7, 100, 0.93), (0.3, 90, 0.1)]), 0.95);
        assert_eq!(found.at, Confidence::new(0.7).unwrap());
        let Basis::Expected { count, precision } = found.basis else { panic!("{found:?}") };
        assert_eq!(count, 300);
        let expected = (200.0 * 0.995 + 100.0 * 0.93) / 300.0;
        assert!(precision > 0.95 && precision < expected - 0.01, "{precision}");
    }

    #[test]
    fn ties_stand_or_fall_together() {
        let found = Threshold::find(trials(&[(0.9, 120, 0.5)]), 0.95);
        let Basis::OutOfReach { best } = found.basis else { panic!("{found:?}") };
        assert!(best < 0.5 && best > 0.4, "{best}");
        assert_eq!(found.at, Confidence::new(0.95).unwrap());
    }

    #[test]
    fn a_handful_promises_nothing() {
        let found = Threshold::find(trials(&[(0.9, 5, 1.0)]), 0.95);
        assert_eq!(found.basis, Basis::TooFew { count: 5 });
        assert_eq!(Threshold::find(Vec::new(), 1.0).at, Confidence::EXACT);
    }

    #[test]
    fn a_lower_bound_worked_by_hand() {
        // Of 100, 95: z² = 1.6384, (0.95 + 0.008192 - 1.28 · √(0.000475 + 0.00004096)) / 1.016384.
        assert!((lower_bound(0.95, 100.0) - 0.914_16).abs() < 1e-4, "{}", lower_bound(0.95, 100.0));
        assert!(lower_bound(1.0, 30.0) < 0.95, "thirty right ones promise no 95 %");
        assert!(lower_bound(0.95, 1e9) > 0.9499);
    }
}
