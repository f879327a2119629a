//! The entries and intents that questions belong to.

use crate::knowledge::KnowledgeBase;

/// The entry or intent that a question belongs to, by its index in the knowledge base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Target {
    /// Index into the knowledge base's entries.
    Entry(usize),
    /// Index into the knowledge base's intents.
    Intent(usize),
}

impl Target {
    /// The entry with that id, else the intent with it.
    pub(crate) fn named(base: &KnowledgeBase, id: &str) -> Option<Self> {
        let entry = base.entries.place(&id.into()).map(Self::Entry);
        entry.or_else(|| base.intents.place(&id.into()).map(Self::Intent))
    }
}

/// The role of a question in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QuestionRole {
    /// An entry's standard question.
    Standard,
    /// A similar question of an entry, or an example of an intent. Only these are held out.
    Similar,
    /// A `not` line: an utterance that must not find its entry.
    Not,
}

/// One indexed question: a reference to its wording in the knowledge base.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IndexedQuestion {
    pub(crate) target: Target,
    pub(crate) role: QuestionRole,
    /// Its index among the questions of the same target and role.
    pub(crate) number: u32,
}

impl IndexedQuestion {
    /// The question as written in the files.
    pub(crate) fn wording<'b>(&self, base: &'b KnowledgeBase) -> &'b str {
        let number = self.number as usize;
        match (self.target, self.role) {
            (Target::Entry(place), QuestionRole::Standard) => {
                &base.entries[place].standard_question
            }
            (Target::Entry(place), QuestionRole::Similar) => {
                &base.entries[place].similar_questions[number]
            }
            (Target::Entry(place), QuestionRole::Not) => &base.entries[place].not[number],
            (Target::Intent(place), _) => &base.intents[place].examples[number],
        }
    }
}
