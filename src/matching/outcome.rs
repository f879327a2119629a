//! The result of matching, which the dialogue acts on.

use super::{
    finding::GuardFinding,
    score::{Confidence, Score},
};
use crate::knowledge::{EntryId, IntentId};

/// The result for one utterance.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The whole normalised utterance.
    pub normalized: String,
    /// The same in Han, where it was typed in pinyin or in part: this is what was matched.
    pub read: Option<String>,
    /// What the dialogue may do, by the confidence of the best candidate.
    pub band: Band,
    /// The intent to act on; it goes before any entry. With an intent the band is
    /// [`Band::Answer`].
    pub intent: Option<IntentId>,
    /// Whether the utterance equals a question of the entry or intent that is answered.
    pub is_equal: bool,
    /// What the guard found; then `intent` is that of the finding.
    pub guard: Option<GuardFinding>,
    /// Entries, best first, at most [`Outcome::RANKED_MAX`]. A rule hit goes before all entries
    /// that were ranked.
    pub ranked: Vec<Candidate>,
    /// The choices to show, best first; empty unless the band is [`Band::Clarify`].
    pub clarify: Vec<EntryId>,
}

impl Outcome {
    /// The text that was matched: the normalised utterance, in Han where it was typed in pinyin.
    pub fn matched(&self) -> &str {
        self.read.as_deref().unwrap_or(&self.normalized)
    }

    /// How many candidates an outcome carries at most.
    pub const RANKED_MAX: usize = 10;
}

/// What the dialogue may do with an utterance, by the policy's target precisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Band {
    /// Confident enough to answer at once.
    Answer,
    /// Confident enough that the right entry is among a few choices.
    Clarify,
    /// Not confident enough for either.
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
    /// Its question that matched best, as written in the files.
    pub question: String,
    /// The score of that question; 0 for a rule hit, which is not ranked.
    pub score: Score,
    /// How likely the entry answers the utterance. That of the first is calibrated, and the
    /// others share the remainder, so that those of one utterance add up to at most 1.
    pub confidence: Confidence,
}

/// The rule or figure that decided on the band.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The normalised utterance is empty.
    NoText,
    /// The guard found the intent at this index, before everything else.
    Guard(usize),
    /// A pattern of the safety intent at this index, which goes before all that is ranked.
    SafetyPattern(usize),
    /// The utterance equals a question.
    Equal,
    /// The utterance contains a pattern of an entry.
    Contains {
        /// The entry's index.
        entry: usize,
        /// The index of the pattern in the entry.
        pattern: usize,
    },
    /// A regular expression of an entry matches.
    EntryPattern {
        /// The entry's index.
        entry: usize,
        /// The index of the pattern in the entry.
        pattern: usize,
    },
    /// A pattern of the intent at this index.
    Pattern(usize),
    /// No question shares a word or character with the utterance.
    NothingFound,
    /// The best candidate's confidence reaches the answer threshold.
    Sure,
    /// The first entry reaches the clarify threshold. An intent may rank before it.
    Choices,
    /// No entry reaches the clarify threshold.
    Unsure,
}
