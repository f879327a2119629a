//! How much can be answered at a given precision, and how well confidence tells right from
//! wrong.

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
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BestCandidate {
    /// From 0 to 1; minus infinity when nothing was found.
    pub confidence: f64,
    /// Whether it is the entry or intent that the query should find.
    pub is_right: bool,
    /// Whether the query should find anything.
    pub is_answerable: bool,
}

impl BestCandidate {
    /// Whether there is a candidate at all.
    pub fn is_found(&self) -> bool {
        self.confidence.is_finite()
    }
}

/// Best candidates by falling confidence, equal ones together. They are sorted once and counted
/// many times, each query as often as its weight says.
///
/// # Examples
///
/// ```
/// use kefu::evaluation::{BestCandidate, ByConfidence};
///
/// let best = |confidence, is_right| BestCandidate { confidence, is_right, is_answerable: true };
/// let sorted = ByConfidence::new(&[best(0.9, true), best(0.5, true), best(0.5, false)]);
/// // Of the two pairs of right and wrong one is won, and one is a tie, which counts half.
/// assert_eq!(sorted.auroc(&[1, 1, 1]), Some(0.75));
/// ```
#[derive(Debug)]
pub struct ByConfidence {
    /// Each with its place among the queries.
    best: Vec<(usize, BestCandidate)>,
    /// Where each run of equal confidence ends.
    ends: Vec<usize>,
}

/// How many queries of a kind there are, weights counted.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    all: usize,
    right: usize,
    answerable: usize,
}

impl ByConfidence {
    /// Sorts the best candidates of queries.
    pub fn new(best: &[BestCandidate]) -> Self {
        let mut best: Vec<(usize, BestCandidate)> = best.iter().copied().enumerate().collect();
        best.sort_by(|(_, one), (_, other)| other.confidence.total_cmp(&one.confidence));
        let runs = best
            .chunk_by(|(_, one), (_, other)| one.confidence.total_cmp(&other.confidence).is_eq());
        let end = |end: &mut usize, run: &[(usize, BestCandidate)]| {
            *end += run.len();
            Some(*end)
        };
        let ends = runs.scan(0, end).collect();
        Self { best, ends }
    }

    /// The largest coverage at which right ÷ answered, unanswerable queries included, is at
    /// least `precision`. Equal confidences are answered together. `None` when there is none.
    pub fn coverage_at(&self, precision: f64, weights: &[u32]) -> Option<Coverage> {
        let all = tally(&self.best, weights);
        let mut above = Tally::default();
        let mut best = None;
        for run in self.runs() {
            above.add(tally(run, weights));
            let threshold = run[0].1.confidence;
            let is_precise = above.right as f64 / above.all as f64 >= precision;
            // Coverage only grows on the way down, so the last one that holds is the best.
            if threshold.is_finite() && is_precise {
                best = Some((above, threshold));
            }
        }
        best.map(|(above, threshold)| Coverage {
            coverage: share(above.answerable, all.answerable),
            false_answer_rate: share(above.all - above.answerable, all.all - all.answerable),
            threshold,
        })
    }

    /// The area under the ROC curve of right against wrong: the chance that a right best candidate
    /// has more confidence than a wrong one, or than the best of a query without an answer. Ties
    /// count half. `None` when either side is empty.
    ///
    /// Hanley and `McNeil`, “The meaning and use of the area under a receiver operating
    /// characteristic (ROC) curve”, Radiology 143 (1982).
    pub fn auroc(&self, weights: &[u32]) -> Option<f64> {
        let all = tally(&self.best, weights);
        let others = all.all - all.right;
        let mut others_below = others;
        let mut half_wins = 0;
        for run in self.runs() {
            let run = tally(run, weights);
            let beside = run.all - run.right;
            others_below -= beside;
            half_wins += run.right * (2 * others_below + beside);
        }
        let pairs = all.right * others;
        (pairs > 0).then(|| half_wins as f64 / (2 * pairs) as f64)
    }

    fn runs(&self) -> impl Iterator<Item = &[(usize, BestCandidate)]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.best[start..end])
    }
}

fn tally(best: &[(usize, BestCandidate)], weights: &[u32]) -> Tally {
    let mut tally = Tally::default();
    for (place, one) in best {
        let weight = weights[*place] as usize;
        tally.all += weight;
        tally.right += weight * usize::from(one.is_right);
        tally.answerable += weight * usize::from(one.is_answerable);
    }
    tally
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.all += other.all;
        self.right += other.right;
        self.answerable += other.answerable;
    }
}

/// A part of a whole; 0 of nothing.
pub(super) fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// A part of a whole; `None` of nothing.
pub(in super::super) fn share_of(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| share(part, whole))
}
