//! What matching hands to the dialogue.

use super::score::{Confidence, Score};
use crate::knowledge::{EntryId, IntentId};

/// What was found for one utterance.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The utterance after normalising, whole.
    pub normalized: String,
    /// What the confidence of the best candidate allows.
    pub band: Band,
    /// The intent to act on, before any entry. The band is [`Band::Answer`] then.
    pub intent: Option<IntentId>,
    /// Entries, best first, at most [`Outcome::RANKED_MAX`]; one that was found by a rule of its
    /// own before all that were ranked.
    pub ranked: Vec<Candidate>,
    /// The choices to show when the band is [`Band::Clarify`], best first; else empty.
    pub clarify: Vec<EntryId>,
}

impl Outcome {
    /// How many candidates an outcome carries at most.
    pub const RANKED_MAX: usize = 10;
}

/// What may be done with an utterance, by the policy's target precisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Band {
    /// Sure enough to answer at once.
    Answer,
    /// Sure enough that the right entry is among a few choices.
    Clarify,
    /// Neither.
    Fallback,
}

impl Band {
    /// The band's name in JSON and on the wire: `answer`, `clarify` or `fallback`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answer => "answer",
            Self::Clarify => "clarify",
            Self::Fallback => "fallback",
        }
    }
}

/// An entry that may answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The entry.
    pub entry: EntryId,
    /// Which of its questions matched best, as written in the files.
    pub question: String,
    /// What the ranker gave that question; 0 for an entry that is not ranked.
    pub score: Score,
    /// How likely the entry answers the utterance. One at most does: those of one utterance add
    /// up to at most 1. Of the first it is calibrated, and what it leaves is shared by the others.
    pub confidence: Confidence,
}

/// What decided on the band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nothing is left of the utterance after normalising.
    NoText,
    /// A pattern of the intent at this place, which goes before any ranking.
    SafetyPattern(usize),
    /// The utterance equals a question.
    Equal,
    /// The utterance contains a pattern of an entry.
    Contains {
        /// The entry's place.
        entry: usize,
        /// Which of its patterns, from 0.
        pattern: usize,
    },
    /// A regular expression of an entry fits.
    EntryPattern {
        /// The entry's place.
        entry: usize,
        /// Which of its patterns, from 0.
        pattern: usize,
    },
    /// A pattern of the intent at this place.
    Pattern(usize),
    /// No question shares a word or character with it.
    NothingFound,
    /// The best candidate's confidence reaches the threshold of an answer.
    Sure,
    /// The first entry reaches the threshold of a clarification; an intent may come before it.
    Choices,
    /// Nothing does.
    Unsure,
}
