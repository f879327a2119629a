//! Whether a confidence means what it says.

use super::{
    by_confidence::{BestCandidate, share},
    wilson::wilson,
};

/// How many bins the confidences from 0 to 1 are put into.
pub const BINS: usize = 10;

/// The confidences of best candidates beside the share of them that was right.
#[derive(Clone, Debug, PartialEq)]
pub struct Reliability {
    /// Of equal width, by rising confidence; the last one holds 1 too.
    pub bins: [Bin; BINS],
    /// Queries without a candidate, which have no confidence.
    pub unfound: usize,
    /// The [`calibration_error`]; `None` without queries.
    pub error: Option<f64>,
}

/// The queries whose best candidate's confidence is within a tenth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// How many.
    pub count: usize,
    /// Of them, those whose best candidate is right. None is where no answer is wanted.
    pub right: usize,
    /// The shares of the bin; `None` when it is empty.
    pub measured: Option<Measured>,
}

/// The shares of a bin, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// The mean confidence.
    pub confidence: f64,
    /// The share that is right.
    pub right: f64,
    /// The lower end of the 95 % interval of that share, by [`wilson`].
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

pub(in super::super) fn reliability(best: &[BestCandidate]) -> Reliability {
    let sums = sums(best, &vec![1; best.len()]);
    let mut bins = [Bin::default(); BINS];
    for (bin, sum) in bins.iter_mut().zip(&sums) {
        *bin = Bin { count: sum.weight, right: sum.right, measured: sum.measured() };
    }
    let unfound = best.iter().filter(|one| !one.is_found()).count();
    Reliability { bins, unfound, error: mean_distance(&sums) }
}

/// The expected calibration error, 0 to 1: the mean distance between the share that is right and
/// the mean confidence, over ten bins of confidence of equal width, each weighed by its queries.
///
/// Each query counts as often as its weight says. Queries without a candidate have no confidence
/// and do not count. `None` when none counts. Bins as in Guo, Pleiss, Sun and Weinberger, “On
/// calibration of modern neural networks”, ICML 2017, after Naeini, Cooper and Hauskrecht, AAAI
/// 2015.
///
/// # Examples
///
/// ```
/// use kefu::evaluation::{BestCandidate, calibration_error};
///
/// let best = |confidence, is_right| BestCandidate { confidence, is_right, is_answerable: true };
/// // Two of three are right at a confidence of 0.9.
/// let three = [best(0.9, true), best(0.9, true), best(0.9, false)];
/// let error = calibration_error(&three, &[1, 1, 1]).unwrap();
/// assert!((error - (0.9 - 2.0 / 3.0)).abs() < 1e-9);
/// ```
pub fn calibration_error(best: &[BestCandidate], weights: &[u32]) -> Option<f64> {
    mean_distance(&sums(best, weights))
}

/// What a bin adds up to, weights counted.
#[derive(Clone, Copy, Debug, Default)]
struct BinSum {
    weight: usize,
    right: usize,
    confidence: f64,
}

impl BinSum {
    fn measured(&self) -> Option<Measured> {
        (self.weight > 0).then(|| {
            let (low, high) = wilson(self.right, self.weight);
            let confidence = self.confidence / self.weight as f64;
            Measured { confidence, right: share(self.right, self.weight), low, high }
        })
    }
}

fn sums(best: &[BestCandidate], weights: &[u32]) -> [BinSum; BINS] {
    let mut sums = [BinSum::default(); BINS];
    for (one, weight) in best.iter().zip(weights).filter(|(one, _)| one.is_found()) {
        let sum = &mut sums[((one.confidence * BINS as f64) as usize).min(BINS - 1)];
        sum.weight += *weight as usize;
        sum.right += *weight as usize * usize::from(one.is_right);
        sum.confidence += one.confidence * f64::from(*weight);
    }
    sums
}

fn mean_distance(sums: &[BinSum; BINS]) -> Option<f64> {
    let all: usize = sums.iter().map(|sum| sum.weight).sum();
    let distance = |sum: &BinSum| {
        let measured = sum.measured();
        measured.map_or(0.0, |bin| (bin.right - bin.confidence).abs() * sum.weight as f64)
    };
    (all > 0).then(|| sums.iter().map(distance).sum::<f64>() / all as f64)
}
