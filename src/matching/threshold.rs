//! From which confidence on a promised precision is kept.

use super::Confidence;

/// How sure the lower bound is: one-sided 90 %. One promise in ten may then be missed by a
/// little; 95 % would cost a tenth of the direct answers of a small knowledge base.
const Z: f64 = 1.2816;

/// An utterance equal to a reviewed question is always answered, whatever the threshold.
const AT_MOST: Confidence = Confidence::EXACT;

/// From which confidence on something is done, and how well that is founded.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// The smallest confidence that suffices.
    pub at: Confidence,
    /// The precision promised by the policy, 0 to 1.
    pub target: f64,
    /// What the promise rests on.
    pub basis: Basis,
}

/// What a threshold rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Basis {
    /// Hold-outs at or above it keep the promise, by the lower bound of their precision.
    Assured {
        /// How many there were.
        count: usize,
        /// Their precision, 0 to 1.
        precision: f64,
        /// Its lower bound, at least the target.
        lower_bound: f64,
    },
    /// At least [`Basis::SEEN_MIN`] hold-outs reached the target, but too few to be sure.
    Seen {
        /// How many there were.
        count: usize,
        /// Their precision, at least the target.
        precision: f64,
        /// Its lower bound, below the target.
        lower_bound: f64,
    },
    /// Too few hold-outs to say anything: the calibrated confidence is taken at its word.
    TooFew {
        /// How many there were.
        count: usize,
    },
    /// There were enough, but no such group reached the target. The calibrated confidence
    /// is taken at its word.
    OutOfReach {
        /// The best precision of a group large enough.
        best: f64,
    },
}

impl Basis {
    /// How many hold-outs it takes to believe a precision at all.
    pub const SEEN_MIN: usize = 30;
}

/// One hold-out: how sure the answer was, what it weighs, and whether it was right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trial {
    pub(crate) confidence: Confidence,
    pub(crate) weight: f64,
    pub(crate) is_right: bool,
}

impl Threshold {
    /// The smallest confidence at and above which the trials reach the target: surely, or
    /// failing that at least in what was seen.
    pub(crate) fn find(mut trials: Vec<Trial>, target: f64) -> Self {
        trials.sort_by(|one, other| other.confidence.get().total_cmp(&one.confidence.get()));
        let (mut all, mut right, mut squares) = (0.0, 0.0, 0.0);
        let (mut assured, mut seen, mut best) = (None, None, 0.0_f64);
        for (place, trial) in trials.iter().enumerate() {
            all += trial.weight;
            squares += trial.weight * trial.weight;
            right += if trial.is_right { trial.weight } else { 0.0 };
            let next = trials.get(place + 1);
            if next.is_some_and(|next| next.confidence == trial.confidence) {
                continue; // ties stand or fall together
            }
            let (at, count, precision) = (trial.confidence, place + 1, right / all);
            let lower_bound = wilson_lower(precision, all * all / squares);
            if lower_bound >= target {
                let basis = Basis::Assured { count, precision, lower_bound };
                assured = Some(Self { at, target, basis });
            } else if count >= Basis::SEEN_MIN {
                best = best.max(precision);
                if precision >= target {
                    let basis = Basis::Seen { count, precision, lower_bound };
                    seen = Some(Self { at, target, basis });
                }
            }
        }
        assured.or(seen).unwrap_or_else(|| {
            let count = trials.len();
            let basis = if count < Basis::SEEN_MIN {
                Basis::TooFew { count }
            } else {
                Basis::OutOfReach { best }
            };
            let at = Confidence::new(target as f32).filter(|at| *at < AT_MOST);
            Self { at: at.unwrap_or(AT_MOST), target, basis }
        })
    }
}

/// Wilson's lower bound of a share seen in `count` trials.
fn wilson_lower(share: f64, count: f64) -> f64 {
    if count <= 0.0 {
        return 0.0;
    }
    let square = Z * Z;
    let middle = share + square / (2.0 * count);
    let spread = Z * (share * (1.0 - share) / count + square / (4.0 * count * count)).sqrt();
    (middle - spread) / (1.0 + square / count)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trials(groups: &[(f32, usize, usize)]) -> Vec<Trial> {
        let mut trials = Vec::new();
        for &(confidence, right, wrong) in groups {
            let confidence = Confidence::new(confidence).unwrap();
            let trial = |is_right| Trial { confidence, weight: 1.0, is_right };
            trials.extend(std::iter::repeat_n(trial(true), right));
            trials.extend(std::iter::repeat_n(trial(false), wrong));
        }
        trials
    }

    #[test]
    fn wilson_by_hand() {
        // 9 of 10, z = 1.2816: (0.9 + 0.08212 - 1.2816 * sqrt(0.009 + 0.0041062)) / 1.16425
        assert!((wilson_lower(0.9, 10.0) - 0.71753).abs() < 1e-4, "{}", wilson_lower(0.9, 10.0));
        // All of n right: n / (n + z²)
        assert!((wilson_lower(1.0, 100.0) - 100.0 / 101.642_498_56).abs() < 1e-9);
    }

    #[test]
    fn the_smallest_confidence_that_keeps_the_promise() {
        let found = Threshold::find(trials(&[(0.9, 200, 0), (0.7, 99, 1), (0.3, 10, 90)]), 0.95);
        assert_eq!(found.at, Confidence::new(0.7).unwrap());
        assert!(matches!(found.basis, Basis::Assured { count: 300, .. }));
    }

    #[test]
    fn what_was_seen_serves_where_nothing_is_sure() {
        let found = Threshold::find(trials(&[(0.9, 39, 1), (0.3, 10, 90)]), 0.95);
        assert_eq!(found.at, Confidence::new(0.9).unwrap());
        assert!(matches!(found.basis, Basis::Seen { count: 40, .. }));
    }

    #[test]
    fn ties_stand_or_fall_together() {
        let found = Threshold::find(trials(&[(0.9, 60, 60)]), 0.95);
        assert!(matches!(found.basis, Basis::OutOfReach { .. }));
        assert_eq!(found.at, Confidence::new(0.95).unwrap());
    }

    #[test]
    fn a_handful_promises_nothing() {
        let found = Threshold::find(trials(&[(0.9, 5, 0)]), 0.95);
        assert_eq!(found.basis, Basis::TooFew { count: 5 });
        assert_eq!(Threshold::find(Vec::new(), 1.0).at, Confidence::EXACT);
    }
}
