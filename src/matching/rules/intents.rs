//! Intents that are recognised by patterns.

use regex::Regex;

use crate::knowledge::Intent;
use crate::text::Prefilter;

/// Whether the intent's patterns decide before equal questions and before any ranking.
pub(crate) fn is_safety(intent: &Intent) -> bool {
    intent.priority >= Intent::SAFETY_PRIORITY
}

/// The patterns of all intents, with a prefilter that spares most of them for most utterances.
#[derive(Debug)]
pub(crate) struct IntentPatterns {
    /// The intent's index, and the pattern; by falling priority of the intents.
    all: Vec<(usize, Regex)>,
    prefilter: Prefilter,
}

impl IntentPatterns {
    pub(crate) fn of(intents: &[Intent]) -> Self {
        let patterns = intents.iter().enumerate().flat_map(|(place, intent)| {
            intent.patterns.iter().map(move |pattern| (place, pattern.clone()))
        });
        let all: Vec<(usize, Regex)> = patterns.collect();
        let prefilter = Prefilter::new(all.iter().map(|(_, pattern)| pattern));
        Self { all, prefilter }
    }

    /// Whether they are the patterns of these intents.
    pub(crate) fn are_of(&self, intents: &[Intent]) -> bool {
        let patterns = intents.iter().enumerate().flat_map(|(place, intent)| {
            intent.patterns.iter().map(move |pattern| (place, pattern.as_str()))
        });
        patterns.eq(self.all.iter().map(|(place, pattern)| (*place, pattern.as_str())))
    }

    /// The index of the first intent for which `is_wanted` holds and one of whose patterns matches
    /// a normalised utterance.
    pub(crate) fn find(
        &self,
        normalized: &str,
        is_wanted: impl Fn(usize) -> bool,
    ) -> Option<usize> {
        let seen = self.prefilter.see(normalized);
        let found = self.all.iter().enumerate().find(|&(number, (intent, pattern))| {
            self.prefilter.may_match(number, &seen)
                && is_wanted(*intent)
                && pattern.is_match(normalized)
        });
        found.map(|(_, (intent, _))| *intent)
    }
}
