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
#[derive(Clone, Copy, Debug)]
pub(crate) struct First {
    /// Minus infinity when nothing was found.
    pub(crate) confidence: f64,
    pub(crate) is_right: bool,
    pub(crate) is_answerable: bool,
}

/// The firsts of queries by falling confidence, equal ones together. It is sorted once and
/// counted many times, each query as often as a weight says.
#[derive(Debug)]
pub(crate) struct Ladder {
    /// Each with its place among the queries.
    firsts: Vec<(usize, First)>,
    /// Where each group of equal confidence ends.
    ends: Vec<usize>,
}

/// How many queries of a kind there are, weights counted.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    all: usize,
    right: usize,
    answerable: usize,
}

impl Ladder {
    pub(crate) fn new(firsts: &[First]) -> Self {
        let mut firsts: Vec<(usize, First)> = firsts.iter().copied().enumerate().collect();
        firsts.sort_by(|(_, one), (_, other)| other.confidence.total_cmp(&one.confidence));
        let groups = firsts
            .chunk_by(|(_, one), (_, other)| one.confidence.total_cmp(&other.confidence).is_eq());
        let end = |end: &mut usize, group: &[(usize, First)]| {
            *end += group.len();
            Some(*end)
        };
        let ends = groups.scan(0, end).collect();
        Self { firsts, ends }
    }

    /// The largest coverage at which right ÷ answered, unanswerable queries included, is at
    /// least `precision`. Equal confidences are answered together. `None` when there is none.
    pub(crate) fn coverage_at(&self, precision: f64, weights: &[u32]) -> Option<Coverage> {
        let all = tally(&self.firsts, weights);
        let mut above = Tally::default();
        let mut best = None;
        for group in self.groups() {
            above.add(tally(group, weights));
            let threshold = group[0].1.confidence;
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

    /// The chance that a right first candidate has more confidence than any other query's
    /// first; ties count half. `None` when either side is empty.
    pub(crate) fn auroc(&self, weights: &[u32]) -> Option<f64> {
        let all = tally(&self.firsts, weights);
        let others = all.all - all.right;
        let mut others_below = others;
        let mut half_wins = 0;
        for group in self.groups() {
            let group = tally(group, weights);
            let beside = group.all - group.right;
            others_below -= beside;
            half_wins += group.right * (2 * others_below + beside);
        }
        let pairs = all.right * others;
        (pairs > 0).then(|| half_wins as f64 / (2 * pairs) as f64)
    }

    fn groups(&self) -> impl Iterator<Item = &[(usize, First)]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.firsts[start..end])
    }
}

fn tally(firsts: &[(usize, First)], weights: &[u32]) -> Tally {
    let mut tally = Tally::default();
    for (place, first) in firsts {
        let weight = weights[*place] as usize;
        tally.all += weight;
        tally.right += weight * usize::from(first.is_right);
        tally.answerable += weight * usize::from(first.is_answerable);
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
pub(crate) fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// A part of a whole; `None` of nothing.
pub(crate) fn share_of(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| share(part, whole))
}
