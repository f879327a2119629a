//! The figures of an evaluation.

use super::super::{
    confidence::{BestCandidate, ByConfidence, Coverage, Reliability, reliability, share_of},
    queries::{LabelReading, Prediction, Query},
};
use super::{
    confusion::{Confusion, confusions},
    judged::{JudgedQuery, judge},
    kinds::{KindFigures, Thresholds, kinds},
};
use crate::matching::Band;

/// The figures of an evaluation in one reading. Shares are 0 to 1; those over answerable
/// queries are `None` when there are none.
#[derive(Clone, Debug, PartialEq)]
pub struct QueryReport {
    /// Queries with a label.
    pub answerable: usize,
    /// Queries that must not be answered.
    pub unanswerable: usize,
    /// Of the answerable, the share whose first candidate is right.
    pub top1: Option<f64>,
    /// … with a right one among the first three.
    pub recall3: Option<f64>,
    /// Mean of 1 ÷ place of the first right one among the first ten, 0 when none is there.
    pub mrr10: Option<f64>,
    /// The chance that a right first candidate has more confidence than a wrong one or one
    /// of an unanswerable query.
    pub auroc: Option<f64>,
    /// The best coverage at 95 % precision.
    pub at95: Option<Coverage>,
    /// The best coverage at 98 % precision.
    pub at98: Option<Coverage>,
    /// What a fixed confidence yields, if one was asked about.
    pub at_threshold: Option<AtThreshold>,
    /// What the thresholds of the knowledge base made of the queries.
    pub bands: Bands,
    /// The figures by style, in the order of their names, queries without a style first.
    pub kinds: Vec<KindFigures>,
    /// Whether a confidence means what it says.
    pub reliability: Reliability,
    /// What is found where something else belongs, the worst first.
    pub confusions: Vec<Confusion>,
}

/// What it yields to answer from a confidence on that was fixed beforehand. That, unlike
/// [`Coverage`], is no upper estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AtThreshold {
    /// The confidence.
    pub threshold: f64,
    /// How many queries have at least that, answerable or not.
    pub answered: usize,
    /// Of them, the share that is right.
    pub precision: Option<f64>,
    /// Of all answerable queries, the share answered, rightly or wrongly.
    pub coverage: Option<f64>,
    /// Of all unanswerable queries, the share answered.
    pub false_answer_rate: Option<f64>,
}

/// What the bot would have done with the queries as first messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bands {
    /// Answerable queries answered at once.
    pub answered: usize,
    /// … with the right entry or intent.
    pub answered_right: usize,
    /// Unanswerable queries answered at once, by an entry or an intent.
    pub answered_falsely: usize,
    /// Answerable queries that got choices.
    pub clarified: usize,
    /// … with the right entry among them.
    pub clarified_right: usize,
    /// Unanswerable queries that got choices.
    pub clarified_falsely: usize,
    /// Queries of either kind that got neither; an intent's plain reply, where no answer is
    /// wanted, is neither.
    pub fallback: usize,
    /// Unanswerable queries that got neither an answer nor choices: the bot was rightly silent, or
    /// an intent's plain reply refused them.
    pub silent: usize,
}

/// Compares each query with the prediction at the same place. `threshold` is a confidence to
/// look at besides those of the knowledge base.
pub fn measure(
    queries: &[Query],
    predictions: &[Prediction],
    reading: LabelReading,
    threshold: Option<f64>,
) -> QueryReport {
    let judged = judge(queries, predictions, reading);
    let best: Vec<BestCandidate> = judged.iter().map(JudgedQuery::best).collect();
    let by_confidence = ByConfidence::new(&best);
    let once = vec![1; best.len()];
    let (at95, at98) =
        (by_confidence.coverage_at(0.95, &once), by_confidence.coverage_at(0.98, &once));
    let thresholds = Thresholds {
        at95: at95.map(|at| at.threshold),
        at98: at98.map(|at| at.threshold),
        given: threshold,
    };
    let answerable = best.iter().filter(|one| one.is_answerable).count();
    let within = |places: usize| {
        let hits = judged.iter().filter(|one| one.place.is_some_and(|place| place < places));
        share_of(hits.count(), answerable)
    };
    let reciprocal =
        |one: &JudgedQuery<'_>| one.place.map_or(0.0, |place| 1.0 / (place + 1) as f64);
    let reciprocals: f64 = judged.iter().map(reciprocal).sum();
    let mut bands = Bands::default();
    for one in &judged {
        bands.add(one);
    }
    QueryReport {
        answerable,
        unanswerable: best.len() - answerable,
        top1: within(1),
        recall3: within(3),
        mrr10: (answerable > 0).then(|| reciprocals / answerable as f64),
        auroc: by_confidence.auroc(&once),
        at95,
        at98,
        at_threshold: threshold.map(|threshold| at_threshold(&best, threshold)),
        bands,
        kinds: kinds(&judged, thresholds),
        reliability: reliability(&best),
        confusions: confusions(&judged),
    }
}

fn at_threshold(best: &[BestCandidate], threshold: f64) -> AtThreshold {
    let answerable = best.iter().filter(|one| one.is_answerable).count();
    let answered: Vec<&BestCandidate> =
        best.iter().filter(|one| one.confidence >= threshold).collect();
    let covered = answered.iter().filter(|one| one.is_answerable).count();
    let right = answered.iter().filter(|one| one.is_right).count();
    AtThreshold {
        threshold,
        answered: answered.len(),
        precision: share_of(right, answered.len()),
        coverage: share_of(covered, answerable),
        false_answer_rate: share_of(answered.len() - covered, best.len() - answerable),
    }
}

impl Bands {
    fn add(&mut self, one: &JudgedQuery<'_>) {
        match (one.band(), one.is_answerable()) {
            (Band::Answer, true) => {
                self.answered += 1;
                self.answered_right += usize::from(one.is_right());
            }
            (Band::Answer, false) => self.answered_falsely += 1,
            (Band::Clarify, true) => {
                self.clarified += 1;
                self.clarified_right += usize::from(one.is_shown());
            }
            (Band::Clarify, false) => self.clarified_falsely += 1,
            (Band::Fallback, is_answerable) => {
                self.fallback += 1;
                self.silent += usize::from(!is_answerable);
            }
        }
    }
}
