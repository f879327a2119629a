//! How much can be answered at a given precision.

/// The best share of answerable queries that are answered at a precision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coverage {
    /// Of all answerable queries, the share answered, rightly or wrongly.
    pub coverage: f64,
    /// Of all unanswerable queries, the share answered.
    pub false_answer_rate: f64,
    /// The confidence from which on queries were answered. It was picked on the same
    /// queries, so coverage is an upper estimate.
    pub threshold: f64,
}

/// The best candidate of one query.
#[derive(Clone, Copy, Debug)]
pub(crate) struct First {
    /// Minus infinity when nothing was found.
    pub(crate) confidence: f64,
    pub(crate) is_right: bool,
    pub(crate) is_answerable: bool,
}

/// The largest coverage at which right ÷ answered, unanswerable queries included, is at
/// least `precision`. Equal confidences are answered together. `None` when there is none.
pub(crate) fn coverage_at(firsts: &[First], precision: f64) -> Option<Coverage> {
    let answerable = firsts.iter().filter(|first| first.is_answerable).count();
    let unanswerable = firsts.len() - answerable;
    let mut sorted: Vec<&First> = firsts.iter().collect();
    sorted.sort_by(|one, other| other.confidence.total_cmp(&one.confidence));
    let (mut right, mut covered, mut answered) = (0, 0, 0);
    let mut best = None;
    for ties in sorted.chunk_by(|one, other| one.confidence.total_cmp(&other.confidence).is_eq()) {
        answered += ties.len();
        right += ties.iter().filter(|first| first.is_right).count();
        covered += ties.iter().filter(|first| first.is_answerable).count();
        let threshold = ties[0].confidence;
        // Coverage only grows on the way down, so the last one that holds is the best.
        if threshold.is_finite() && right as f64 / answered as f64 >= precision {
            best = Some(Coverage {
                coverage: share(covered, answerable),
                false_answer_rate: share(answered - covered, unanswerable),
                threshold,
            });
        }
    }
    best
}

/// The chance that a right first candidate has more confidence than any other query's first;
/// ties count half. `None` when either side is empty.
pub(crate) fn auroc(firsts: &[First]) -> Option<f64> {
    let mut sorted: Vec<&First> = firsts.iter().collect();
    sorted.sort_by(|one, other| one.confidence.total_cmp(&other.confidence));
    let right = firsts.iter().filter(|first| first.is_right).count() as f64;
    let other = firsts.len() as f64 - right;
    let (mut below, mut ranks) = (0.0, 0.0);
    for ties in sorted.chunk_by(|one, other| one.confidence.total_cmp(&other.confidence).is_eq()) {
        let mean_rank = below + f64::midpoint(1.0, ties.len() as f64);
        ranks += mean_rank * ties.iter().filter(|first| first.is_right).count() as f64;
        below += ties.len() as f64;
    }
    let is_defined = right > 0.0 && other > 0.0;
    is_defined.then(|| (ranks - right * (right + 1.0) / 2.0) / (right * other))
}

/// A part of a whole; 0 of nothing.
pub(crate) fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}
