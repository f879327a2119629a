//! Looks for the guard's concepts and rules in an utterance, and compares it with examples.

use std::sync::Arc;

use super::finding::{GuardBasis, GuardFinding};
use crate::knowledge::{Entry, Guard, GuardRule, IntentId, KnowledgeBase};
use crate::matching::{
    rank::bank::{Analyzed, QuestionBank},
    target::{IndexedQuestion, Target},
};
use crate::text::{ConceptFinder, ConceptsSeen, normalize};

/// The guard of one knowledge base, with the index of its concepts.
#[derive(Debug)]
pub(crate) struct GuardFinder {
    guard: Arc<Guard>,
    concepts: ConceptFinder,
    /// For each watch: the index of its intent, and its examples in the bank.
    watches: Vec<WatchedIntent>,
}

#[derive(Debug)]
struct WatchedIntent {
    /// `None` when the base has no such intent, and the watch finds nothing.
    intent: Option<usize>,
    examples: std::ops::Range<u32>,
}

impl GuardFinder {
    pub(crate) fn of(base: &KnowledgeBase, bank: &QuestionBank) -> Self {
        let guard = base.guard.clone();
        let watched = |id: &IntentId| {
            let intent = base.intents.place(id);
            let examples = intent.map(|intent| bank.questions_of(Target::Intent(intent)));
            WatchedIntent { intent, examples: examples.unwrap_or_default() }
        };
        Self {
            concepts: ConceptFinder::new(&guard.concepts, &guard.harmless),
            watches: guard.watches.iter().map(|watch| watched(&watch.intent)).collect(),
            guard,
        }
    }

    /// The concepts of a normalised utterance.
    pub(crate) fn see<'t>(&self, normalized: &'t str) -> ConceptsSeen<'t> {
        self.concepts.see(normalized)
    }

    /// The finding of the first rule that fits, with the index of the intent. The watches are
    /// sorted by urgency.
    pub(crate) fn find(
        &self,
        normalized: &str,
        seen: &ConceptsSeen<'_>,
        is_served: impl Fn(usize) -> bool,
    ) -> Option<(GuardFinding, usize)> {
        let watches = self.guard.watches.iter().zip(&self.watches);
        watches.into_iter().find_map(|(watch, watched)| {
            let intent = watched.intent.filter(|&intent| is_served(intent))?;
            let basis = watch.rules.iter().find_map(|rule| self.basis(rule, normalized, seen))?;
            let finding = GuardFinding { kind: watch.kind, intent: watch.intent.clone(), basis };
            Some((finding, intent))
        })
    }

    /// Whether a rule decides on a normalised utterance, so that nothing is ranked.
    pub(crate) fn decides(&self, normalized: &str) -> bool {
        self.find(normalized, &self.see(normalized), |_| true).is_some()
    }

    fn basis(
        &self,
        rule: &GuardRule,
        normalized: &str,
        seen: &ConceptsSeen<'_>,
    ) -> Option<GuardBasis> {
        let parts = seen.compose(&rule.composition)?.into_iter().map(|part| {
            let words = normalized.get(part.bytes).unwrap_or_default();
            (self.guard.concepts[part.concept].name.clone(), words.to_owned())
        });
        Some(GuardBasis::Rule { rule: rule.written.clone(), parts: parts.collect() })
    }

    /// The finding of the most similar example that reaches the threshold of its watch, unless
    /// `elsewhere`, the similarity of the best entry, is larger.
    pub(crate) fn find_near(
        &self,
        base: &KnowledgeBase,
        bank: &QuestionBank,
        query: &Analyzed<'_>,
        elsewhere: f32,
        is_served: impl Fn(usize) -> bool,
    ) -> Option<(GuardFinding, usize)> {
        let mut best: Option<(f32, GuardFinding, usize)> = None;
        for (watch, watched) in self.guard.watches.iter().zip(&self.watches) {
            let (Some(near), Some(intent)) = (watch.near, watched.intent) else { continue };
            if !is_served(intent) {
                continue;
            }
            let Some((question, similarity)) = bank.most_similar(query, watched.examples.clone())
            else {
                continue;
            };
            let least = (f32::from(near) / 1_000.0).max(elsewhere);
            if similarity >= least && best.as_ref().is_none_or(|(most, ..)| similarity > *most) {
                let question: &IndexedQuestion = &bank.questions()[question as usize];
                let example = question.wording(base).to_owned();
                let basis = GuardBasis::Example { example, similarity };
                let finding =
                    GuardFinding { kind: watch.kind, intent: watch.intent.clone(), basis };
                best = Some((similarity, finding, intent));
            }
        }
        best.map(|(_, finding, intent)| (finding, intent))
    }

    /// The rule by which this entry must not answer the utterance at once: a veto that none of the
    /// entry's own questions has.
    pub(crate) fn veto(&self, seen: &ConceptsSeen<'_>, entry: &Entry) -> Option<&GuardRule> {
        let mut vetoes = self.guard.vetoes.iter();
        vetoes.find(|veto| {
            seen.compose(&veto.composition).is_some()
                && !entry.questions().any(|question| {
                    let question = normalize(question).into_string();
                    self.concepts.see(&question).compose(&veto.composition).is_some()
                })
        })
    }
}
