//! Why an utterance is treated differently.

use std::{collections::BTreeMap, fmt};

use jiff::civil::Date;

use super::super::regression::Reaction;
use crate::knowledge::{Circumstances, EntryId, IntentId, KnowledgeBase};
use crate::matching::{Confidence, Explanation, Found, Reason, Snapshot};
use crate::text::normalize;

/// Why an utterance is treated differently.
#[derive(Clone, Debug, PartialEq)]
pub enum ChangeReason {
    /// The entry is gone.
    EntryRemoved(EntryId),
    /// The entry is there, and not served on that day any more.
    EntryWithdrawn(EntryId),
    /// The entry was not there, or not served.
    EntryAdded(EntryId),
    /// The intent is gone.
    IntentRemoved(IntentId),
    /// The intent was not there.
    IntentAdded(IntentId),
    /// A pattern of this decides.
    PatternFits(Found),
    /// A pattern of this decided, and does not any more.
    PatternLost(Found),
    /// The question that fits best belongs to something else now.
    QuestionMoved {
        /// Which question.
        question: String,
        /// Whose it was.
        from: Found,
        /// Whose it is.
        to: Found,
    },
    /// The question that fitted best is gone.
    QuestionRemoved {
        /// Which question.
        question: String,
        /// Whose it was.
        from: Found,
    },
    /// The question that fits best is new.
    QuestionAdded {
        /// Which question.
        question: String,
        /// Whose it is.
        of: Found,
    },
    /// The threshold has passed the confidence, not the other way round.
    ThresholdMoved {
        /// What it took before.
        old: f32,
        /// What it takes now.
        new: f32,
    },
    /// The text of the answer was edited.
    TextEdited,
    /// Nothing of the above: other edits changed what the words weigh.
    WeightsMoved,
}

impl ChangeReason {
    /// Its name in JSON.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::EntryRemoved(_) => "entry_removed",
            Self::EntryWithdrawn(_) => "entry_withdrawn",
            Self::EntryAdded(_) => "entry_added",
            Self::IntentRemoved(_) => "intent_removed",
            Self::IntentAdded(_) => "intent_added",
            Self::PatternFits(_) => "pattern_fits",
            Self::PatternLost(_) => "pattern_lost",
            Self::QuestionMoved { .. } => "question_moved",
            Self::QuestionRemoved { .. } => "question_removed",
            Self::QuestionAdded { .. } => "question_added",
            Self::ThresholdMoved { .. } => "threshold_moved",
            Self::TextEdited => "text_edited",
            Self::WeightsMoved => "weights_moved",
        }
    }
}

impl fmt::Display for ChangeReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EntryRemoved(id) => write!(f, "条目 {id} 删除了"),
            Self::EntryWithdrawn(id) => write!(f, "条目 {id} 不再提供"),
            Self::EntryAdded(id) => write!(f, "条目 {id} 是新上线的"),
            Self::IntentRemoved(id) => write!(f, "意图 {id} 删除了"),
            Self::IntentAdded(id) => write!(f, "意图 {id} 是新增的"),
            Self::PatternFits(of) => write!(f, "现在命中{} 的句式", PatternOwner(of)),
            Self::PatternLost(of) => write!(f, "不再命中{} 的句式", PatternOwner(of)),
            Self::QuestionMoved { question, from, to } => {
                write!(f, "问法“{question}”从 {from} 移到了 {to}")
            }
            Self::QuestionRemoved { question, from } => {
                write!(f, "{from} 删除了最接近的问法“{question}”")
            }
            Self::QuestionAdded { question, of } => {
                write!(f, "{of} 新写的问法“{question}”更接近")
            }
            Self::ThresholdMoved { old, new } => write!(f, "判断线由 {old:.3} 变为 {new:.3}"),
            Self::TextEdited => f.write_str("答案文字改过"),
            Self::WeightsMoved => f.write_str("其他改动影响了字词的权重，置信度随之变化"),
        }
    }
}

/// The owner of a pattern in a sentence.
struct PatternOwner<'f>(&'f Found);

impl fmt::Display for PatternOwner<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Found::Entry(id) => write!(f, "条目 {id}"),
            Found::Intent(id) => write!(f, "意图 {id}"),
        }
    }
}

/// A knowledge base with what tells where its questions stand.
pub(super) struct Indexed<'s> {
    pub(super) snapshot: &'s Snapshot,
    owners: BTreeMap<String, Found>,
}

impl<'s> Indexed<'s> {
    pub(super) fn new(snapshot: &'s Snapshot, today: Date) -> Self {
        let base = &snapshot.base;
        let entries = base.entries.iter().filter(|entry| entry.is_served_on(today));
        let of_entries = entries.flat_map(|entry| {
            entry.questions().map(|question| (question, Found::Entry(entry.id.clone())))
        });
        let of_intents = base.intents.iter().flat_map(|intent| {
            intent.examples.iter().map(|one| (one.as_str(), Found::Intent(intent.id.clone())))
        });
        let owners = of_entries
            .chain(of_intents)
            .map(|(question, owner)| (normalize(question).into_string(), owner))
            .collect();
        Self { snapshot, owners }
    }

    /// Whose question a text is, if it is one.
    pub(super) fn owner(&self, text: &str) -> Option<&Found> {
        self.owners.get(normalize(text).as_str())
    }

    fn base(&self) -> &KnowledgeBase {
        &self.snapshot.base
    }

    fn is_served(&self, id: &EntryId, circumstances: Circumstances<'_>) -> bool {
        self.base().entry(id).is_some_and(|entry| entry.is_served_in(circumstances))
    }

    fn has_intent(&self, id: &IntentId) -> bool {
        self.base().intent(id).is_some()
    }

    /// The intent or entry whose pattern decided.
    fn pattern(&self, explanation: &Explanation) -> Option<Found> {
        match explanation.reason {
            Reason::Guard(place) | Reason::SafetyPattern(place) | Reason::Pattern(place) => {
                let intent = self.base().intents.get(place);
                intent.map(|intent| Found::Intent(intent.id.clone()))
            }
            Reason::Contains { entry, .. } | Reason::EntryPattern { entry, .. } => {
                self.base().entries.get(entry).map(|entry| Found::Entry(entry.id.clone()))
            }
            Reason::NoText
            | Reason::Equal
            | Reason::NothingFound
            | Reason::Sure
            | Reason::Choices
            | Reason::Unsure => None,
        }
    }
}

/// One knowledge base's way to its reaction.
pub(super) struct Way<'a, 's> {
    pub(super) from: &'a Indexed<'s>,
    pub(super) reaction: &'a Reaction,
    pub(super) explanation: &'a Explanation,
    pub(super) circumstances: Circumstances<'a>,
}

/// Why the reactions differ: what was edited of that which decided, then thresholds, then
/// the rest.
pub(super) fn reasons(old: &Way<'_, '_>, new: &Way<'_, '_>) -> Vec<ChangeReason> {
    let mut reasons = Vec::new();
    add_targets(old, new, &mut reasons);
    add_patterns(old, new, &mut reasons);
    if old.from.pattern(old.explanation).is_none() && new.from.pattern(new.explanation).is_none() {
        add_questions(old, new, &mut reasons);
    }
    if reasons.is_empty() {
        reasons.push(threshold(old, new).unwrap_or(ChangeReason::WeightsMoved));
    }
    reasons
}

/// Entries and intents that come or go.
fn add_targets(old: &Way<'_, '_>, new: &Way<'_, '_>, reasons: &mut Vec<ChangeReason>) {
    for id in entries(old.reaction).filter(|id| !new.is_served(id)) {
        let is_there = new.from.base().entry(id).is_some();
        let reason =
            if is_there { ChangeReason::EntryWithdrawn } else { ChangeReason::EntryRemoved };
        reasons.push(reason(id.clone()));
    }
    for id in entries(new.reaction).filter(|id| !old.is_served(id)) {
        reasons.push(ChangeReason::EntryAdded(id.clone()));
    }
    if let Some(id) = old.reaction.intent().filter(|id| !new.from.has_intent(id)) {
        reasons.push(ChangeReason::IntentRemoved(id.clone()));
    }
    if let Some(id) = new.reaction.intent().filter(|id| !old.from.has_intent(id)) {
        reasons.push(ChangeReason::IntentAdded(id.clone()));
    }
}

fn entries(reaction: &Reaction) -> impl Iterator<Item = &EntryId> {
    let shown = match reaction {
        Reaction::Asked(choices) => choices.as_slice(),
        Reaction::Answered(_) | Reaction::Acted { .. } | Reaction::Nothing => &[],
    };
    reaction.answer().into_iter().chain(shown)
}

fn add_patterns(old: &Way<'_, '_>, new: &Way<'_, '_>, reasons: &mut Vec<ChangeReason>) {
    let (before, after) = (old.from.pattern(old.explanation), new.from.pattern(new.explanation));
    if before == after {
        return;
    }
    if let Some(found) = after.filter(|found| old.holds(found)) {
        reasons.push(ChangeReason::PatternFits(found));
    }
    if let Some(found) = before.filter(|found| new.holds(found)) {
        reasons.push(ChangeReason::PatternLost(found));
    }
}

/// What became of the question that fitted best, and where the one that does comes from.
fn add_questions(old: &Way<'_, '_>, new: &Way<'_, '_>, reasons: &mut Vec<ChangeReason>) {
    if let Some(best) = old.explanation.candidates.first().filter(|best| new.holds(&best.found)) {
        let question = best.question.clone();
        match new.from.owner(&question) {
            None => {
                let from = best.found.clone();
                reasons.push(ChangeReason::QuestionRemoved { question, from });
            }
            Some(to) if *to != best.found => {
                let (from, to) = (best.found.clone(), to.clone());
                reasons.push(ChangeReason::QuestionMoved { question, from, to });
            }
            Some(_) => {}
        }
    }
    if let Some(best) = new.explanation.candidates.first().filter(|best| old.holds(&best.found)) {
        let question = best.question.clone();
        match old.from.owner(&question) {
            None => {
                let of = best.found.clone();
                reasons.push(ChangeReason::QuestionAdded { question, of });
            }
            Some(from) if *from != best.found => {
                let (from, to) = (from.clone(), best.found.clone());
                let reason = ChangeReason::QuestionMoved { question, from, to };
                if !reasons.contains(&reason) {
                    reasons.push(reason);
                }
            }
            Some(_) => {}
        }
    }
}

impl Way<'_, '_> {
    /// Whether what is found on the other way can be found on this one.
    fn holds(&self, found: &Found) -> bool {
        match found {
            Found::Entry(id) => self.is_served(id),
            Found::Intent(id) => self.from.has_intent(id),
        }
    }

    fn is_served(&self, id: &EntryId) -> bool {
        self.from.is_served(id, self.circumstances)
    }

    /// The threshold of what sets the two reactions apart: of an answer, or of choices.
    fn line(&self, other: &Self) -> f32 {
        let is_answered = |way: &Self| matches!(way.reaction, Reaction::Answered(_));
        let is_answer = is_answered(self) ^ is_answered(other);
        let Explanation { answer, clarify, .. } = self.explanation;
        if is_answer { answer.at.get() } else { clarify.at.get() }
    }
}

/// Whether the threshold alone explains it: the first entry is the same, and under the new
/// threshold its old confidence would have done what its new one does.
fn threshold(old: &Way<'_, '_>, new: &Way<'_, '_>) -> Option<ChangeReason> {
    let first_entry = |way: &Way<'_, '_>| {
        way.explanation.candidates.iter().find(|one| matches!(one.found, Found::Entry(_))).cloned()
    };
    let (before, after) = (first_entry(old)?, first_entry(new)?);
    let (was, is) = (old.line(new), new.line(old));
    let reaches = |confidence: Confidence, line: f32| confidence.get() >= line;
    let has_turned = reaches(before.confidence, was) != reaches(before.confidence, is)
        && reaches(before.confidence, is) == reaches(after.confidence, is);
    (before.found == after.found && has_turned)
        .then_some(ChangeReason::ThresholdMoved { old: was, new: is })
}
