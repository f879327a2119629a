//! Whether the first candidate leads the second far enough to be answered, or acted on.

use crate::knowledge::{GuardKind, KnowledgeBase};
use crate::matching::{
    rank::{obstacle::Obstacle, ranking::Ranked},
    score::Confidence,
    target::Target,
};

/// The smallest confidence at which an intent is acted on. An intent cannot be shown as a
/// choice, and a wrong reply of an intent costs a customer less than a wrong answer does: two
/// of three must be right.
const INTENT_THRESHOLD: f32 = 0.66;

/// The smallest lead over the second candidate, in log-odds, for an answer at once. Of two
/// candidates that are nearly as likely the customer chooses, whatever the confidence.
const LEAD_MIN: f32 = 0.4;

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
    pub(crate) fn of(base: &KnowledgeBase, first: Option<&Ranked>) -> Self {
        let obstacle = first.and_then(|first| first.obstacle);
        if obstacle == Some(Obstacle::Sounds) {
            return Self::Neither;
        }
        if first.is_some_and(|first| is_urgent(base, first.target)) {
            // Its lead may be small: what ranks next to it is mostly as urgent.
            return Self::Urgent(urgent_confidence(base));
        }
        let leading = first.filter(|first| {
            first.obstacle.is_none() && (first.is_equal || first.margin >= LEAD_MIN)
        });
        match leading.map(|first| first.target) {
            Some(Target::Entry(_)) => Self::Entry,
            Some(Target::Intent(_)) => Self::Intent,
            None => Self::Neither,
        }
    }

    /// The smallest confidence at which the candidate is answered, or acted on; `None` when it
    /// leads far enough for neither.
    pub(crate) fn threshold(self, answer_threshold: Confidence) -> Option<Confidence> {
        match self {
            Self::Entry => Some(answer_threshold),
            Self::Intent => Some(Confidence::inexact(INTENT_THRESHOLD.into())),
            Self::Urgent(at) => Some(if at < answer_threshold { at } else { answer_threshold }),
            Self::Neither => None,
        }
    }

    /// The same, where it is not the threshold of an answer.
    pub(crate) fn own_threshold(self, answer_threshold: Confidence) -> Option<Confidence> {
        self.threshold(answer_threshold).filter(|at| *at != answer_threshold)
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
