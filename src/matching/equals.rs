//! Questions that ask for their target, by their whole text.

use std::collections::HashMap;

use foldhash::fast::FixedState;

use super::{question::Target, synonyms::Cores};
use crate::knowledge::{KnowledgeBase, MatchBy, Status};
use crate::text::normalize;

/// A question that is the utterance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Equal {
    /// A question of the bank, by its place there.
    Ranked(u32),
    /// A question of an entry that is not ranked: the entry's place, and which of its questions.
    Fixed { entry: usize, question: usize },
}

/// Questions by their whole text, and by their core.
#[derive(Debug, Default)]
pub(crate) struct Equals {
    by_text: HashMap<String, Claims, FixedState>,
    by_core: HashMap<String, Claims, FixedState>,
}

/// Whose a text is. Several targets may claim one: entries that no customer can have both,
/// and those whose questions differ in courtesies or synonyms alone.
#[derive(Debug)]
struct Claims {
    first: Claim,
    others: Vec<Claim>,
}

type Claim = (Target, Equal);

impl Claims {
    fn iter(&self) -> impl Iterator<Item = Claim> {
        std::iter::once(self.first).chain(self.others.iter().copied())
    }
}

impl Equals {
    /// Notes a question by its normalised text and its core.
    pub(crate) fn add(&mut self, normalized: &str, core: &str, target: Target, equal: Equal) {
        for (texts, text) in [(&mut self.by_text, normalized), (&mut self.by_core, core)] {
            let claim = (target, equal);
            if let Some(claims) = texts.get_mut(text) {
                claims.others.push(claim);
            } else {
                texts.insert(text.to_owned(), Claims { first: claim, others: Vec::new() });
            }
        }
    }

    /// Notes the questions of the entries that are not ranked.
    pub(crate) fn add_fixed(&mut self, base: &KnowledgeBase, cores: &Cores) {
        for (place, entry) in base.entries.iter().enumerate() {
            if entry.status != Status::Live || matches!(entry.match_by, MatchBy::Smart) {
                continue;
            }
            for (number, question) in entry.questions().enumerate() {
                let normalized = normalize(question).into_string();
                let equal = Equal::Fixed { entry: place, question: number };
                self.add(&normalized, &cores.core(&normalized), Target::Entry(place), equal);
            }
        }
    }

    /// The question that is the utterance, word for word or but for courtesies and common
    /// synonyms, if there is just one such target among those that are served.
    pub(crate) fn find(
        &self,
        normalized: &str,
        core: &str,
        is_served: impl Fn(Target) -> bool,
    ) -> Option<Equal> {
        let of = |claims: &Claims| {
            let mut served = claims.iter().filter(|(target, _)| is_served(*target));
            let (target, equal) = served.next()?;
            served.all(|(other, _)| other == target).then_some(equal)
        };
        let by_text = self.by_text.get(normalized).and_then(of);
        by_text.or_else(|| self.by_core.get(core).and_then(of))
    }
}
