//! One query beside its prediction.

use super::super::{
    confidence::BestCandidate,
    queries::{LabelReading, Prediction, Query},
};
use crate::matching::{Band, Outcome};

/// A query beside its prediction, with labels read in one way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JudgedQuery<'a> {
    pub(crate) query: &'a Query,
    pub(crate) prediction: &'a Prediction,
    pub(crate) reading: LabelReading,
    /// Of the right candidate that stands first, from 0 to 9.
    pub(crate) place: Option<usize>,
}

/// The queries that count in a reading, each with the prediction at the same place.
pub(crate) fn judge<'a>(
    queries: &'a [Query],
    predictions: &'a [Prediction],
    reading: LabelReading,
) -> Vec<JudgedQuery<'a>> {
    let pairs = queries.iter().zip(predictions);
    let counting = pairs.filter(|(query, _)| reading == LabelReading::Strict || !query.is_disputed);
    let judge = |(query, prediction): (&'a Query, &'a Prediction)| {
        let mut ranked = prediction.ranked.iter().take(Outcome::RANKED_MAX);
        let place = ranked.position(|place| query.accepts(&place.id, reading));
        JudgedQuery { query, prediction, reading, place }
    };
    counting.map(judge).collect()
}

impl JudgedQuery<'_> {
    pub(crate) fn is_answerable(&self) -> bool {
        self.query.label.is_some()
    }

    pub(crate) fn is_right(&self) -> bool {
        self.place == Some(0)
    }

    /// Of the first candidate; `None` when there is none.
    pub(crate) fn confidence(&self) -> Option<f64> {
        let first = self.prediction.ranked.first().filter(|_| !self.is_only_replied());
        first.map(|first| first.confidence)
    }

    /// What is done; a plain reply where no answer is wanted is none.
    pub(crate) fn band(&self) -> Band {
        if self.is_only_replied() { Band::Fallback } else { self.prediction.band }
    }

    /// Whether the first candidate would be answered, or acted on, at once.
    pub(crate) fn is_answered(&self) -> bool {
        self.band() == Band::Answer
    }

    /// Small talk is answered with small talk: as `kefu test` has it, that is as good as a
    /// fallback.
    fn is_only_replied(&self) -> bool {
        self.prediction.is_reply && !self.is_answerable()
    }

    pub(crate) fn is_shown(&self) -> bool {
        self.prediction.clarify.iter().any(|id| self.query.accepts(id, self.reading))
    }

    pub(crate) fn best(&self) -> BestCandidate {
        BestCandidate {
            confidence: self.confidence().unwrap_or(f64::NEG_INFINITY),
            is_right: self.is_right(),
            is_answerable: self.is_answerable(),
        }
    }
}
