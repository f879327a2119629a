//! The smallest confidence at which a promised precision is kept.

use super::logistic::{self, Observed, Prior, covariance, dot, fit, logistic};
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
    /// Too few cases for any evidence: the threshold is nearly that of young knowledge bases in
    /// general.
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
    /// Whether it is of the knowledge base itself. A case of young bases in general is no evidence
    /// about this one; it only stands in while there are few.
    pub(crate) is_own: bool,
}

impl Threshold {
    /// The smallest confidence from `least` on at and above which the trials reach the target, by
    /// the lower bound of their expected precision.
    ///
    /// The precision is smoothed: the chance of a trial follows from its confidence by a logistic
    /// curve over all trials, and the precision at a threshold is the mean chance at and above it.
    /// Counted outcomes would make a plateau with steps, on which one wording decides.
    pub(crate) fn find(mut trials: Vec<Trial>, target: f64, least: Confidence) -> Self {
        trials.retain(|trial| trial.confidence.get() > 0.0);
        trials.sort_by(|one, other| other.confidence.get().total_cmp(&one.confidence.get()));
        let smooth = SmoothChance::of(&trials);
        let own = trials.iter().filter(|trial| trial.is_own).count();
        let mut above = Above::default();
        let (mut found, mut best) = (None, 0.0_f64);
        let from_least = trials.iter().take_while(|trial| trial.confidence >= least);
        for (place, trial) in from_least.enumerate() {
            above.add(trial, smooth.at(trial.confidence));
            let next = trials.get(place + 1);
            if next.is_some_and(|next| next.confidence == trial.confidence) {
                continue; // trials of equal confidence count together
            }
            let precision = above.lower_bound(&smooth);
            best = best.max(precision);
            if precision >= target {
                found = Some((trial.confidence, Basis::Expected { count: above.own, precision }));
            }
        }
        let (at, basis) = found.unwrap_or_else(|| {
            let at = Confidence::new(target as f32).filter(|at| *at < THRESHOLD_MAX);
            let at = at.unwrap_or(THRESHOLD_MAX);
            (at.max(least), Basis::OutOfReach { best })
        });
        let is_enough = own >= Basis::CASES_MIN;
        Self { at, target, basis: if is_enough { basis } else { Basis::TooFew { count: own } } }
    }
}

/// The chance of a trial as a function of its confidence, with its uncertainty.
#[derive(Clone, Copy, Debug)]
pub(super) struct SmoothChance {
    /// A constant and a factor of the log-odds of the confidence.
    coefficients: [f64; 2],
    /// The covariance of the two.
    covariance: [[f64; 2]; 2],
}

/// The prior of the coefficients: confidences are calibrated already, so little is expected of
/// the correction.
const SMOOTHING: Prior<2> = Prior { mean: [0.0, 1.0], standard_deviation: [0.5, 0.25] };

impl SmoothChance {
    /// A trial whose chance is estimated counts as partly right and partly wrong.
    pub(super) fn of(trials: &[Trial]) -> Self {
        let observed: Vec<Observed<2>> = trials
            .iter()
            .flat_map(|trial| {
                let inputs = [1.0, log_odds(trial.confidence)];
                [(trial.chance, true), (1.0 - trial.chance, false)].map(|(part, is_right)| {
                    Observed { inputs, weight: trial.weight * part, is_right }
                })
            })
            .filter(|observed| observed.weight > 0.0)
            .collect();
        let coefficients = fit(&SMOOTHING, &observed);
        Self { coefficients, covariance: covariance(&SMOOTHING, &coefficients, &observed) }
    }

    /// The chance at a confidence.
    pub(super) fn at(&self, confidence: Confidence) -> f64 {
        logistic(dot(&self.coefficients, &[1.0, log_odds(confidence)]))
    }

    /// The confidence at which right is as likely as wrong. A promised precision is a mean, so
    /// very sure cases would pay for others that are more likely wrong.
    pub(super) fn even(&self) -> Confidence {
        let [constant, factor] = self.coefficients;
        Confidence::inexact(if factor > 0.0 { logistic(-constant / factor) } else { 1.0 })
    }
}

/// The trials at and above a confidence.
#[derive(Debug, Default)]
struct Above {
    /// How many of them are of the knowledge base itself.
    own: usize,
    weight: f64,
    right: f64,
    /// By coefficient, how much the sum of the chances changes with it.
    slope: [f64; 2],
}

impl Above {
    fn add(&mut self, trial: &Trial, chance: f64) {
        self.own += usize::from(trial.is_own);
        self.weight += trial.weight;
        self.right += trial.weight * chance;
        let part = trial.weight * chance * (1.0 - chance);
        self.slope[0] += part;
        self.slope[1] += part * log_odds(trial.confidence);
    }

    /// The lower bound of the mean chance: the truth is below it in one of ten cases. The variance
    /// follows from that of the coefficients (delta method).
    fn lower_bound(&self, smooth: &SmoothChance) -> f64 {
        let slope = self.slope.map(|part| part / self.weight);
        let [one, other] = smooth.covariance.map(|row| dot(&row, &slope));
        let variance = dot(&slope, &[one, other]);
        (self.right / self.weight - QUANTILE * variance.max(0.0).sqrt()).clamp(0.0, 1.0)
    }
}

/// The quantile of the normal distribution for a one-sided lower bound: the truth is below the
/// bound in one of ten cases.
const QUANTILE: f64 = 1.28;

/// The log-odds of a confidence, finite.
fn log_odds(confidence: Confidence) -> f64 {
    logistic::log_odds(confidence.get().into())
}

/// How wide a single case is spread over the log-odds of confidence where leaks are counted, as a
/// standard deviation: one wording more or less moves a confidence by about as much.
const LEAK_SPREAD: f64 = 0.4;

/// A case that nothing answers: the confidence that its best entry has all the same, 0 for none,
/// and the weight of the case.
pub(super) type LeakCase = (Confidence, f64);

/// The weighted share of unanswerable cases that reach a confidence, each case spread out by
/// [`LEAK_SPREAD`]. 0 without cases.
fn leaks(cases: &[LeakCase], at: Confidence) -> f64 {
    let all: f64 = cases.iter().map(|&(_, weight)| weight).sum();
    let of = |&(confidence, weight): &LeakCase| {
        if confidence.get() > 0.0 {
            weight * normal_share((log_odds(confidence) - log_odds(at)) / LEAK_SPREAD)
        } else {
            0.0
        }
    };
    if all > 0.0 { cases.iter().map(of).sum::<f64>() / all } else { 0.0 }
}

/// The smallest confidence at which no larger share than `most` leaks.
pub(super) fn leak_threshold(cases: &[LeakCase], most: f64) -> Confidence {
    let at = |log_odds: f64| Confidence::inexact(logistic(log_odds));
    let (mut low, mut high) = (-LOG_ODDS_MAX, LOG_ODDS_MAX);
    for _ in 0..BISECTIONS {
        let middle = f64::midpoint(low, high);
        // The share falls as the threshold rises.
        if leaks(cases, at(middle)) <= most {
            high = middle;
        } else {
            low = middle;
        }
    }
    at(high)
}

/// Between these log-odds a threshold is looked for.
const LOG_ODDS_MAX: f64 = 8.0;

/// How often their distance is halved: to far below the precision of a confidence.
const BISECTIONS: usize = 40;

/// The share of a normal distribution below `deviations` standard deviations above its mean.
fn normal_share(deviations: f64) -> f64 {
    0.5 * libm::erfc(-deviations / std::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trials(groups: &[(f32, usize, f64)]) -> Vec<Trial> {
        let mut trials = Vec::new();
        for &(confidence, count, chance) in groups {
            let confidence = Confidence::new(confidence).unwrap();
            trials.extend(std::iter::repeat_n(
                Trial { confidence, weight: 1.0, chance, is_own: true },
                count,
            ));
        }
        trials
    }

    fn find(trials: Vec<Trial>, target: f64) -> Threshold {
        Threshold::find(trials, target, Confidence::inexact(0.0))
    }

    #[test]
    fn the_smallest_confidence_that_keeps_the_promise() {
        let found = find(trials(&[(0.97, 200, 0.97), (0.93, 100, 0.93), (0.3, 90, 0.3)]), 0.94);
        assert_eq!(found.at, Confidence::new(0.93).unwrap());
        let Basis::Expected { count, precision } = found.basis else { panic!("{found:?}") };
        assert_eq!(count, 300);
        let expected = (200.0 * 0.97 + 100.0 * 0.93) / 300.0;
        assert!(precision > 0.94 && precision < expected, "{precision}");
    }

    #[test]
    fn ties_stand_or_fall_together() {
        let found = find(trials(&[(0.9, 120, 0.5)]), 0.95);
        let Basis::OutOfReach { best } = found.basis else { panic!("{found:?}") };
        assert!(best < 0.5 && best > 0.4, "{best}");
        assert_eq!(found.at, Confidence::new(0.95).unwrap());
    }

    #[test]
    fn a_handful_promises_nothing() {
        let found = find(trials(&[(0.9, 5, 1.0)]), 0.95);
        assert_eq!(found.basis, Basis::TooFew { count: 5 });
        assert_eq!(find(Vec::new(), 1.0).at, Confidence::EXACT);
    }

    /// Cases whose outcome is seen: of each hundred at a confidence, this many are right.
    fn seen(right_of_hundred: &[(f32, usize)]) -> Vec<Trial> {
        let mut trials = Vec::new();
        for &(confidence, right) in right_of_hundred {
            let confidence = Confidence::new(confidence).unwrap();
            let trial = |number| Trial {
                confidence,
                weight: 1.0,
                is_own: true,
                chance: f64::from(u8::from(number < right)),
            };
            trials.extend((0..100).map(trial));
        }
        trials
    }

    #[test]
    fn one_case_more_or_less_moves_no_threshold_far() {
        // The counted precision is nearly the same from 0.95 down to 0.75: a plateau.
        let groups =
            [(0.97, 97), (0.95, 95), (0.9, 93), (0.85, 93), (0.8, 92), (0.75, 90), (0.6, 70)];
        let find = |trials| Threshold::find(trials, 0.92, Confidence::inexact(0.0)).at.get();
        let all = find(seen(&groups));
        let changed: Vec<f32> = (0..groups.len())
            .flat_map(|group| {
                [groups[group].1 - 1, groups[group].1 + 1].map(|right| (group, right))
            })
            .map(|(group, right)| {
                let mut groups = groups;
                groups[group].1 = right;
                find(seen(&groups))
            })
            .collect();
        assert!(changed.iter().all(|at| (at - all).abs() <= 0.051), "{all} {changed:?}");
    }

    #[test]
    fn fewer_leaks_need_a_larger_threshold() {
        let cases: Vec<LeakCase> =
            (0..100).map(|number| (Confidence::new(number as f32 / 100.0).unwrap(), 1.0)).collect();
        let at = |most| leak_threshold(&cases, most);
        assert!(at(0.05) > at(0.3));
        for most in [0.05, 0.3] {
            let counted = cases.iter().filter(|case| case.0 >= at(most)).count();
            assert!((counted as f64 / 100.0 - most).abs() < 0.03, "{most}: {counted}");
        }
        assert_eq!(leak_threshold(&[], 0.05), Confidence::inexact(logistic(-LOG_ODDS_MAX)));
    }

    #[test]
    fn a_threshold_keeps_both_promises() {
        let trials = seen(&[(0.95, 99), (0.8, 96), (0.6, 95)]);
        let at = |least| Threshold::find(trials.clone(), 0.9, least).at;
        assert_eq!(at(Confidence::inexact(0.0)), Confidence::new(0.6).unwrap());
        assert_eq!(at(Confidence::new(0.7).unwrap()), Confidence::new(0.8).unwrap());
    }
}
