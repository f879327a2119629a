//! Whether a confidence means what it says.

use super::{coverage::share, judged::Judged};

/// How many bins the confidences from 0 to 1 are put into.
pub const BINS: usize = 10;

/// The 97.5 % point of the normal distribution: 95 % lie within it on both sides.
const Z: f64 = 1.959_963_984_540_054;

/// The confidences of first candidates beside how often they were right.
#[derive(Clone, Debug, PartialEq)]
pub struct Reliability {
    /// Of equal width, by rising confidence; the last one holds 1 too.
    pub bins: [Bin; BINS],
    /// Queries without a candidate, which have no confidence.
    pub unfound: usize,
    /// The expected calibration error: over the bins, weighed by their counts, the mean
    /// distance between share right and mean confidence, 0 to 1. `None` without queries.
    pub error: Option<f64>,
}

/// The queries whose first candidate's confidence is within a tenth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    /// How many.
    pub count: usize,
    /// Of them, those whose first candidate is right. None is where no answer is wanted.
    pub right: usize,
    /// What the bin shows; `None` when it is empty.
    pub measured: Option<Measured>,
}

/// What a bin shows. All are 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// The mean confidence.
    pub confidence: f64,
    /// The share that is right.
    pub right: f64,
    /// The lower end of the 95 % interval of that share, by Wilson.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

pub(crate) fn reliability(judged: &[Judged<'_>]) -> Reliability {
    let mut bins = [Bin::default(); BINS];
    let mut sums = [0.0; BINS];
    let mut unfound = 0;
    for one in judged {
        let Some(confidence) = one.confidence() else {
            unfound += 1;
            continue;
        };
        let place = ((confidence * BINS as f64) as usize).min(BINS - 1);
        bins[place].count += 1;
        bins[place].right += usize::from(one.is_right());
        sums[place] += confidence;
    }
    let mut distance = 0.0;
    for (bin, sum) in bins.iter_mut().zip(sums).filter(|(bin, _)| bin.count > 0) {
        let (low, high) = wilson(bin.right, bin.count);
        let (confidence, right) = (sum / bin.count as f64, share(bin.right, bin.count));
        bin.measured = Some(Measured { confidence, right, low, high });
        distance += (right - confidence).abs() * bin.count as f64;
    }
    let found = judged.len() - unfound;
    let error = (found > 0).then(|| distance / found as f64);
    Reliability { bins, unfound, error }
}

/// The 95 % interval of a share, which does not leave 0 to 1 and holds for few trials too.
fn wilson(hits: usize, trials: usize) -> (f64, f64) {
    let n = trials as f64;
    let p = hits as f64 / n;
    let scale = 1.0 + Z * Z / n;
    let middle = (p + Z * Z / (2.0 * n)) / scale;
    let half = Z / scale * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_the_books() {
        let cases = [
            // (what it shows, hits, trials, low, high)
            // 3.8415 / (10 + 3.8415) = 0.2775 is where the upper end for none of ten lies.
            ("none of ten", 0, 10, 0.0, 0.2775),
            ("all of ten, its mirror image", 10, 10, 0.7225, 1.0),
            // (0.5 + 0.19207) / 1.38415 = 0.5; 1.96 / 1.38415 × √(0.025 + 0.0096) = 0.2634.
            ("half of ten", 5, 10, 0.2366, 0.7634),
            ("81 of 263, in Newcombe's table of 1998", 81, 263, 0.2553, 0.3662),
        ];
        for (shows, hits, trials, low, high) in cases {
            let found = wilson(hits, trials);
            assert!((found.0 - low).abs() < 5e-5, "{shows}: {found:?}");
            assert!((found.1 - high).abs() < 5e-5, "{shows}: {found:?}");
        }
    }
}
