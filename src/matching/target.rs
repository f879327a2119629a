//! What the indexed questions lead to.

use crate::knowledge::KnowledgeBase;

/// What a question leads to, by its place in the knowledge base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Target {
    /// Index into the knowledge base's entries.
    Entry(usize),
    /// Index into its intents.
    Intent(usize),
}

impl Target {
    /// The entry of that id, else the intent.
    pub(crate) fn named(base: &KnowledgeBase, id: &str) -> Option<Self> {
        let entry = base.entries.place(&id.into()).map(Self::Entry);
        entry.or_else(|| base.intents.place(&id.into()).map(Self::Intent))
    }
}

/// Why a question stands in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum QuestionRole {
    /// An entry's standard question.
    Standard,
    /// Another wording of it, or an intent's example: what may be held out.
    Similar,
    /// A look-alike that must not find its entry.
    Not,
}

/// One indexed question: where it stands in the files.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IndexedQuestion {
    pub(crate) target: Target,
    pub(crate) role: QuestionRole,
    /// Which one of its target and role, from 0.
    pub(crate) number: u32,
}

impl IndexedQuestion {
    /// As written in the files.
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
