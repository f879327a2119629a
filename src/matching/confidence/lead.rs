//! Whether the first candidate leads the second far enough to be answered, or acted on.

use crate::knowledge::{GuardKind, KnowledgeBase};
use crate::matching::{
    rank::{obstacle::Obstacle, ranking::Ranked},
    score::Confidence,
    target::Target,
};

/// The smallest lead over the second candidate, in log-odds, for an answer at once. Of two
/// candidates that are nearly as likely the customer chooses, whatever the confidence.
const LEAD_MIN: f32 = 0.4;

/// The lead that an utterance without any character would need, and how many characters divide
/// it by e. A few characters fit many entries as a whole, so that confidence says little: on the
/// `fit` part of the tests, 8 of 12 vague utterances that were answered at once are asked back
/// with these, and 10 of 563 right answers.
const LEAD_OF_NOTHING: f32 = 5.0;
const LEAD_CHARS: f32 = 8.0;

/// The smallest lead for an utterance of so many characters.
fn lead_min(chars: usize) -> f32 {
    (LEAD_OF_NOTHING * libm::expf(-(chars as f32) / LEAD_CHARS)).max(LEAD_MIN)
}

/// Which kind of candidate leads far enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Lead {
    Entry,
    Intent,
    /// An entry or an intent whose late answer hurts, which is answered from this confidence on.
    Urgent(Confidence),
    /// Its lead is too small, or something keeps it from an answer.
    Neither,
}

impl Lead {
    /// Of the first candidate of an utterance of `chars` characters, normalised.
    pub(crate) fn of(base: &KnowledgeBase, first: Option<&Ranked>, chars: usize) -> Self {
        let obstacle = first.and_then(|first| first.obstacle);
        if obstacle == Some(Obstacle::Sounds) {
            return Self::Neither;
        }
        if first.is_some_and(|first| is_urgent(base, first.target)) {
            // Its lead may be small: what ranks next to it is mostly as urgent.
            return Self::Urgent(urgent_confidence(base));
        }
        let leading = first.filter(|first| {
            let least = match first.target {
                Target::Entry(_) => lead_min(chars),
                // An intent cannot be shown as a choice, so that nothing is won by asking back.
                Target::Intent(_) => LEAD_MIN,
            };
            first.obstacle.is_none() && (first.is_equal || first.margin >= least)
        });
        match leading.map(|first| first.target) {
            Some(Target::Entry(_)) => Self::Entry,
            Some(Target::Intent(_)) => Self::Intent,
            None => Self::Neither,
        }
    }

    /// The smallest confidence at which the candidate is answered, or acted on, by the thresholds of
    /// entries and of intents; `None` when its lead is too small for either.
    pub(crate) fn threshold(self, answer: Confidence, intent: Confidence) -> Option<Confidence> {
        match self {
            Self::Entry => Some(answer),
            Self::Intent => Some(intent),
            Self::Urgent(at) => Some(at.min(answer)),
            Self::Neither => None,
        }
    }

    /// The same, where it is not the threshold of an answer.
    pub(crate) fn own_threshold(
        self,
        answer: Confidence,
        intent: Confidence,
    ) -> Option<Confidence> {
        self.threshold(answer, intent).filter(|at| *at != answer)
    }
}

/// The confidence from which an urgent candidate is answered, or acted on.
pub(crate) fn urgent_confidence(base: &KnowledgeBase) -> Confidence {
    Confidence::inexact(f64::from(base.policy.urgent_confidence) / 1_000.0)
}

/// Whether a late answer hurts: it tells of fraud, or it is for a person in danger.
fn is_urgent(base: &KnowledgeBase, target: Target) -> bool {
    match target {
        Target::Entry(place) => base.policy.tells_of_fraud(&base.entries[place]),
        Target::Intent(place) => {
            base.guard.kind_of(&base.intents[place].id).is_some_and(GuardKind::is_danger)
        }
    }
}
