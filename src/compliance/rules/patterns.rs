//! The patterns of all rules.

use regex::Regex;

use super::{letters::Letters, rule::Rule, words::RuleMatch};
use crate::text::Prefilter;

/// The patterns of all rules. A prefilter skips most of them for most texts.
#[derive(Clone, Debug, Default)]
pub(super) struct RulePatterns {
    all: Vec<RulePattern>,
    prefilter: Prefilter,
}

#[derive(Clone, Debug)]
struct RulePattern {
    rule: usize,
    regex: Regex,
}

impl RulePatterns {
    pub(super) fn new(rules: &[Rule]) -> Self {
        let patterns = rules.iter().enumerate().flat_map(|(rule, one)| {
            one.patterns.iter().map(move |regex| RulePattern { rule, regex: regex.clone() })
        });
        let all: Vec<RulePattern> = patterns.collect();
        let prefilter = Prefilter::new(all.iter().map(|pattern| &pattern.regex));
        Self { all, prefilter }
    }

    /// All matches of the patterns whose rules apply to the text.
    pub(super) fn find(&self, letters: &Letters, judges: impl Fn(usize) -> bool) -> Vec<RuleMatch> {
        let seen = self.prefilter.see(&letters.text);
        let may_match =
            |place: usize, rule: usize| judges(rule) && self.prefilter.may_match(place, &seen);
        let mut found = Vec::new();
        for (place, RulePattern { rule, regex }) in self.all.iter().enumerate() {
            if may_match(place, *rule) {
                found.extend(regex.find_iter(&letters.text).map(|hit| {
                    let hit = letters.of_bytes(hit.range());
                    RuleMatch { rule: *rule, from: hit.start, to: hit.end }
                }));
            }
        }
        found
    }
}
