//! What was counted, and whether the floors are kept.

use crate::knowledge::{GuardKind, MeasureFloors};

/// How many sentences the rules and the guard found rightly and wrongly.
#[derive(Clone, Debug, Default)]
pub struct Measure {
    /// A line for each rule that some sentence breaks or that found something wrongly, in the
    /// order of the rules.
    pub rules: Vec<RuleMeasure>,
    /// The sentences that may be said, and how many of them some rule found.
    pub allowed: ShareOf,
    /// A line for each kind that is expected or was found wrongly, the most urgent first.
    pub guard: Vec<GuardMeasure>,
    /// The harmless sentences, and how many of them the guard found.
    pub harmless: ShareOf,
    /// The limits of the file.
    pub(super) limits: MeasureFloors,
}

/// A part of a number of sentences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ShareOf {
    /// How many of them.
    pub hits: usize,
    /// How many there are.
    pub of: usize,
}

/// The counts of one rule.
#[derive(Clone, Debug)]
pub struct RuleMeasure {
    /// The code of the rule.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The sentences that break it, and how many of them were found: by this rule, or by another
    /// one of severity `error`.
    pub found: ShareOf,
    /// How many of those found were found by another rule only.
    pub by_others: usize,
    /// The sentences that were not found, except sealed ones.
    pub missed: Vec<MissedSentence>,
    /// How many sentences that may be said it found.
    pub false_count: usize,
    /// These sentences, except sealed ones.
    pub falsely: Vec<FalseFind>,
}

/// The counts of one kind of the guard.
#[derive(Clone, Debug)]
pub struct GuardMeasure {
    /// The kind.
    pub kind: GuardKind,
    /// The sentences of this kind, and how many of them were found as such.
    pub found: ShareOf,
    /// How many of the others were found as another kind.
    pub as_others: usize,
    /// The sentences that were not found as this kind, except sealed ones.
    pub missed: Vec<MissedSentence>,
    /// How many harmless sentences it found.
    pub false_count: usize,
    /// These sentences, except sealed ones.
    pub falsely: Vec<FalseFind>,
}

/// A sentence that was not found as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissedSentence {
    /// Its place in the file.
    pub at: String,
    /// The sentence.
    pub text: String,
    /// The kind of the guard as which it was found instead.
    pub instead: Option<GuardKind>,
}

/// A sentence that was found and should not have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FalseFind {
    /// Its place in the file.
    pub at: String,
    /// The sentence.
    pub text: String,
    /// What was found in it: words of the sentence, or the rule of the guard with its words.
    pub found: String,
}

/// A figure beside its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeasuredFloor {
    /// The key in the file: `found`, `false_max`, `harmless_max` or the name of a kind of the guard.
    pub key: &'static str,
    /// The kind, for a floor of the guard.
    pub kind: Option<GuardKind>,
    /// The share that is limited.
    pub share: ShareOf,
    /// The limit in thousandths.
    pub limit: u16,
    /// Whether the limit is the most that is borne.
    pub is_ceiling: bool,
}

impl ShareOf {
    pub(super) fn count(&mut self, is_hit: bool) {
        self.of += 1;
        self.hits += usize::from(is_hit);
    }

    fn and(self, other: Self) -> Self {
        Self { hits: self.hits + other.hits, of: self.of + other.of }
    }
}

impl Measure {
    /// Of all sentences that break a rule, those that were found.
    pub fn found(&self) -> ShareOf {
        self.rules.iter().fold(ShareOf::default(), |all, rule| all.and(rule.found))
    }

    /// Of all sentences of some kind of the guard, those that were found as that kind.
    pub fn guarded(&self) -> ShareOf {
        self.guard.iter().fold(ShareOf::default(), |all, kind| all.and(kind.found))
    }

    /// The floors of the file, with the figures that they limit.
    pub fn floors(&self) -> Vec<MeasuredFloor> {
        let MeasureFloors { found, false_max, harmless_max, guard } = &self.limits;
        let floor = |key, kind, share, limit, is_ceiling| MeasuredFloor {
            key,
            kind,
            share,
            limit,
            is_ceiling,
        };
        let of_rules = found.map(|limit| floor("found", None, self.found(), limit, false));
        let falsely = false_max.map(|limit| floor("false_max", None, self.allowed, limit, true));
        let harmless =
            harmless_max.map(|limit| floor("harmless_max", None, self.harmless, limit, true));
        let of_kind = |&(kind, limit): &(GuardKind, u16)| {
            let measured = self.guard.iter().find(|one| one.kind == kind);
            let share = measured.map_or_else(ShareOf::default, |one| one.found);
            floor(kind.as_str(), Some(kind), share, limit, false)
        };
        let of_all = of_rules.into_iter().chain(falsely).chain(harmless);
        of_all.chain(guard.iter().map(of_kind)).collect()
    }

    /// Whether every floor is kept.
    pub fn is_kept(&self) -> bool {
        self.floors().iter().all(MeasuredFloor::is_kept)
    }
}

impl MeasuredFloor {
    /// Whether the limit is kept. One that is about no sentence is not.
    pub fn is_kept(&self) -> bool {
        let ShareOf { hits, of } = self.share;
        let (share, limit) = (hits * 1_000, usize::from(self.limit) * of);
        of > 0 && if self.is_ceiling { share <= limit } else { share >= limit }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_kept_up_to_itself_and_never_without_sentences() {
        let cases = [
            // (what it shows, hits, of, limit, whether it is a ceiling, kept)
            ("over a floor", 10, 10, 900, false, true),
            ("at a floor", 9, 10, 900, false, true),
            ("under a floor", 8, 9, 900, false, false),
            ("at a ceiling", 1, 50, 20, true, true),
            ("over a ceiling", 1, 49, 20, true, false),
            ("a floor about nothing", 0, 0, 0, false, false),
            ("a ceiling about nothing", 0, 0, 1_000, true, false),
        ];
        for (shows, hits, of, limit, is_ceiling, kept) in cases {
            let share = ShareOf { hits, of };
            let floor = MeasuredFloor { key: "found", kind: None, share, limit, is_ceiling };
            assert_eq!(floor.is_kept(), kept, "{shows}");
        }
    }
}
