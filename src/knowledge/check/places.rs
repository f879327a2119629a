//! The places in the files of the parts of a knowledge base, for checks after loading.

use crate::knowledge::{
    diagnostics::{codes::Code, source::Place},
    format::drafts::Drafts,
};

/// A part of a knowledge base, by its indices in the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The id of an entry.
    Entry {
        /// Index of the entry.
        entry: usize,
    },
    /// A question of an entry.
    Question {
        /// Index of the entry.
        entry: usize,
        /// 0 is the standard question; similar questions follow.
        question: usize,
    },
    /// A `not` line of an entry.
    Not {
        /// Index of the entry.
        entry: usize,
        /// Index of the line.
        line: usize,
    },
    /// A word of the dictionary.
    Word {
        /// Index of the word.
        word: usize,
    },
}

/// A mistake that a check found after loading. [`Loaded::add`](crate::knowledge::Loaded::add)
/// turns it into a diagnostic at the place of the part.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The kind of mistake.
    pub code: Code,
    /// The part with the mistake.
    pub part: Part,
    /// The mistake, in Chinese.
    pub message: String,
    /// Why it matters, in Chinese.
    pub reason: String,
    /// How to mend it, in Chinese.
    pub mend: String,
}

/// The places of entries and words, in the order of the knowledge base.
#[derive(Clone, Debug, Default)]
pub(crate) struct WrittenPlaces {
    entries: Vec<EntryPlaces>,
    words: Vec<Place>,
}

#[derive(Clone, Debug)]
struct EntryPlaces {
    id: Option<Place>,
    questions: Vec<Place>,
    not: Vec<Place>,
}

impl WrittenPlaces {
    pub(crate) fn of(drafts: &Drafts) -> Self {
        let entries = drafts.entries.iter().map(|entry| EntryPlaces {
            id: entry.id.as_ref().map(|id| id.place),
            questions: entry.questions.iter().map(|question| question.place).collect(),
            not: entry.not.iter().map(|question| question.place).collect(),
        });
        let words = drafts.dictionary.iter().map(|word| word.place).collect();
        Self { entries: entries.collect(), words }
    }

    pub(crate) fn find(&self, part: Part) -> Option<Place> {
        match part {
            Part::Entry { entry } => self.entries.get(entry)?.id,
            Part::Question { entry, question } => {
                self.entries.get(entry)?.questions.get(question).copied()
            }
            Part::Not { entry, line } => self.entries.get(entry)?.not.get(line).copied(),
            Part::Word { word } => self.words.get(word).copied(),
        }
    }
}
