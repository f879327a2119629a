//! The figures of an evaluation.

use super::{
    Coverage, Query,
    coverage::{First, auroc, coverage_at, share},
};
use crate::matching::{Band, Outcome};

/// The figures of an evaluation. Shares are 0 to 1; those over answerable queries are `None`
/// when there are none.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Queries with a label.
    pub answerable: usize,
    /// Queries that must not be answered.
    pub unanswerable: usize,
    /// Of the answerable, the share whose first candidate is right.
    pub top1: Option<f64>,
    /// … with the right one among the first three.
    pub recall3: Option<f64>,
    /// Mean of 1 ÷ place of the right one among the first ten, 0 when it is not there.
    pub mrr10: Option<f64>,
    /// The chance that a right first candidate has more confidence than a wrong one or one
    /// of an unanswerable query.
    pub auroc: Option<f64>,
    /// The best coverage at 95 % precision.
    pub at95: Option<Coverage>,
    /// The best coverage at 98 % precision.
    pub at98: Option<Coverage>,
    /// What the thresholds of the knowledge base made of the queries.
    pub bands: Bands,
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
    /// Queries of either kind that got neither.
    pub fallback: usize,
}

/// Compares each query with the outcome at the same place.
pub fn measure(queries: &[Query], outcomes: &[Outcome]) -> Report {
    let mut bands = Bands::default();
    let mut firsts = Vec::with_capacity(queries.len());
    let (mut first_right, mut in_three, mut reciprocal) = (0, 0, 0.0);
    for (query, outcome) in queries.iter().zip(outcomes) {
        bands.add(query, outcome);
        let place = query.label.as_deref().and_then(|label| {
            outcome.ranked.iter().position(|candidate| candidate.entry.as_str() == label)
        });
        let best = outcome.ranked.first();
        firsts.push(First {
            confidence: best.map_or(f64::NEG_INFINITY, |best| best.confidence.get().into()),
            is_right: place == Some(0),
            is_answerable: query.label.is_some(),
        });
        first_right += usize::from(place == Some(0));
        in_three += usize::from(place.is_some_and(|place| place < 3));
        reciprocal += place.map_or(0.0, |place| 1.0 / (place + 1) as f64);
    }
    let answerable = firsts.iter().filter(|first| first.is_answerable).count();
    let of_answerable = |share| (answerable > 0).then_some(share);
    Report {
        answerable,
        unanswerable: firsts.len() - answerable,
        top1: of_answerable(share(first_right, answerable)),
        recall3: of_answerable(share(in_three, answerable)),
        mrr10: of_answerable(reciprocal / answerable.max(1) as f64),
        auroc: auroc(&firsts),
        at95: coverage_at(&firsts, 0.95),
        at98: coverage_at(&firsts, 0.98),
        bands,
    }
}

impl Bands {
    fn add(&mut self, query: &Query, outcome: &Outcome) {
        let answer = match (&outcome.intent, outcome.ranked.first()) {
            (Some(intent), _) => Some(intent.as_str()),
            (None, first) => first.map(|first| first.entry.as_str()),
        };
        match (outcome.band, query.label.as_deref()) {
            (Band::Answer, Some(label)) => {
                self.answered += 1;
                self.answered_right += usize::from(answer == Some(label));
            }
            (Band::Answer, None) => self.answered_falsely += 1,
            (Band::Clarify, Some(label)) => {
                self.clarified += 1;
                let is_shown = outcome.clarify.iter().any(|choice| choice.as_str() == label);
                self.clarified_right += usize::from(is_shown);
            }
            (Band::Clarify, None) => self.clarified_falsely += 1,
            (Band::Fallback, _) => self.fallback += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::Qid;
    use crate::matching::{Candidate, Confidence, Score};

    fn query(label: Option<&str>) -> Query {
        Query { qid: Qid::Line(0), text: String::new(), label: label.map(str::to_owned) }
    }

    /// An outcome whose candidates have falling confidences from `confidence` on.
    fn outcome(band: Band, confidence: f32, entries: &[&str]) -> Outcome {
        let candidate = |(place, &entry): (usize, &&str)| Candidate {
            entry: entry.into(),
            question: String::new(),
            score: Score::new(1.0),
            confidence: Confidence::new(confidence / (place + 1) as f32).unwrap(),
        };
        let ranked: Vec<Candidate> = entries.iter().enumerate().map(candidate).collect();
        let is_clarified = band == Band::Clarify;
        let shown = ranked.iter().take(2).filter(|_| is_clarified);
        Outcome {
            normalized: String::new(),
            band,
            intent: None,
            clarify: shown.map(|candidate| candidate.entry.clone()).collect(),
            ranked,
        }
    }

    #[test]
    fn figures_worked_by_hand() {
        let rows = [
            // (label, outcome)                                             first, place
            (Some("a"), outcome(Band::Answer, 0.9, &["a", "b"])), //        right, 1
            (Some("b"), outcome(Band::Answer, 0.8, &["b"])),      //             right, 1
            (None, outcome(Band::Answer, 0.7, &["a"])),           //                  unanswerable
            (Some("a"), outcome(Band::Clarify, 0.6, &["c", "a"])), //       wrong, 2
            (Some("a"), outcome(Band::Clarify, 0.6, &["c", "b", "d", "a"])), // wrong, 4
            (Some("c"), outcome(Band::Fallback, 0.1, &["c"])),    //           right, 1
            (None, outcome(Band::Fallback, 0.0, &[])),            //                   nothing found
        ];
        let queries: Vec<Query> = rows.iter().map(|(label, _)| query(*label)).collect();
        let outcomes: Vec<Outcome> = rows.iter().map(|(_, outcome)| outcome.clone()).collect();
        let report = measure(&queries, &outcomes);

        assert_eq!((report.answerable, report.unanswerable), (5, 2));
        assert_eq!(report.top1, Some(3.0 / 5.0));
        assert_eq!(report.recall3, Some(4.0 / 5.0));
        assert_eq!(report.mrr10, Some((1.0 + 1.0 + 0.5 + 0.25 + 1.0) / 5.0));
        // Right at 0.9, 0.8, 0.1; others at 0.7, 0.6, 0.6 and nothing: pairs won 4 + 4 + 1 of 12.
        assert_eq!(report.auroc, Some(9.0 / 12.0));
        // Two of two right down to 0.8; below it, two of three.
        let at95 = report.at95.unwrap();
        assert_eq!((at95.coverage, at95.false_answer_rate), (2.0 / 5.0, 0.0));
        assert!((at95.threshold - 0.8).abs() < 1e-6);
        assert_eq!(report.at98, report.at95);
        let bands = Bands {
            answered: 2,
            answered_right: 2,
            answered_falsely: 1,
            clarified: 2,
            clarified_right: 1,
            clarified_falsely: 0,
            fallback: 2,
        };
        assert_eq!(report.bands, bands);
    }

    #[test]
    fn equal_confidences_are_answered_together() {
        let queries = [query(Some("a")), query(Some("b"))];
        let both = [outcome(Band::Answer, 0.9, &["a"]), outcome(Band::Answer, 0.9, &["a"])];
        let report = measure(&queries, &both);
        assert_eq!(report.at95, None);
        assert_eq!(report.auroc, Some(0.5));
    }

    #[test]
    fn no_queries_give_no_figures() {
        let report = measure(&[], &[]);
        assert_eq!((report.top1, report.auroc, report.at95), (None, None, None));
    }
}
