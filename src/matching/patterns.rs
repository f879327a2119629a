//! Intents that are told by the form of an utterance.

use crate::knowledge::Intent;

/// Whether the intent's patterns decide before anything is ranked.
pub(crate) fn is_safety(intent: &Intent) -> bool {
    intent.priority >= Intent::SAFETY_PRIORITY
}

/// Whether one of the intent's patterns is found in a normalised utterance.
pub(crate) fn matches(intent: &Intent, normalized: &str) -> bool {
    intent.patterns.iter().any(|pattern| pattern.is_match(normalized))
}
