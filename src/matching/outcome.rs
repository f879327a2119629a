//! What matching found.

use crate::knowledge::{EntryId, IntentId};

/// What matching found for one utterance.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The utterance, normalised.
    pub normalized: String,
    /// What the confidence allows.
    pub band: Band,
    /// What the dialogue acts on first.
    pub intent: Option<IntentId>,
    /// Entries only, best first, at most 10.
    pub ranked: Vec<Candidate>,
    /// Choices when the band is [`Band::Clarify`].
    pub clarify: Vec<EntryId>,
}

/// What the confidence allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Band {
    /// A direct answer.
    Answer,
    /// "Did you mean…".
    Clarify,
    /// Nothing found.
    Fallback,
}

/// An entry that may answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The entry.
    pub entry: EntryId,
    /// The matched wording.
    pub question: String,
    /// Raw and unbounded.
    pub score: Score,
    /// Calibrated.
    pub confidence: Confidence,
}

/// A raw, unbounded number.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Score(f32);

impl Score {
    #[cfg_attr(not(test), expect(dead_code, reason = "the ranker is written elsewhere"))]
    pub(crate) fn new(score: f32) -> Self {
        Self(score)
    }
}

/// A calibrated probability, 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Confidence(f32);

impl Confidence {
    /// `None` when out of range.
    pub fn new(value: f32) -> Option<Self> {
        (0.0..=1.0).contains(&value).then_some(Self(value))
    }

    /// 0 to 1.
    pub fn get(self) -> f32 {
        self.0
    }
}
