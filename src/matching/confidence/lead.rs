//! Whether the first candidate leads the second far enough to be answered, or acted on.

use crate::matching::{rank::ranking::Ranked, score::Confidence, target::Target};

/// The smallest confidence at which an intent is acted on. An intent cannot be shown as a
/// choice, and a wrong reply of an intent costs a customer less than a wrong answer does: two
/// of three must be right.
const INTENT_THRESHOLD: f32 = 0.66;

/// The smallest lead over the second candidate, in log-odds, for an answer at once. Of two
/// candidates that are nearly as likely the customer chooses, whatever the confidence.
const LEAD_MIN: f32 = 0.4;

/// Which kind of candidate leads far enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lead {
    Entry,
    Intent,
    Neither,
}

impl Lead {
    pub(crate) fn of(first: Option<&Ranked>) -> Self {
        let leading = first.filter(|first| first.is_equal || first.margin >= LEAD_MIN);
        match leading.map(|first| first.target) {
            Some(Target::Entry(_)) => Self::Entry,
            Some(Target::Intent(_)) => Self::Intent,
            None => Self::Neither,
        }
    }

    /// The smallest confidence at which the candidate is answered, or acted on; `None` when its
    /// lead is too small for either.
    pub(crate) fn threshold(self, answer_threshold: Confidence) -> Option<Confidence> {
        match self {
            Self::Entry => Some(answer_threshold),
            Self::Intent => Some(Confidence::inexact(INTENT_THRESHOLD.into())),
            Self::Neither => None,
        }
    }
}
