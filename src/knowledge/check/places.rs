//! Where the parts of a knowledge base are written, for checks that come after loading.

use crate::knowledge::{
    diagnostics::{codes::Code, source::Place},
    format::drafts::Drafts,
};

/// A part of a knowledge base, by its indices there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The id of an entry.
    Entry {
        /// Which entry.
        entry: usize,
    },
    /// A question of an entry.
    Question {
        /// Which entry.
        entry: usize,
        /// 0 is the standard question, then come the similar ones.
        question: usize,
    },
    /// A `not` line of an entry.
    Not {
        /// Which entry.
        entry: usize,
        /// Which of its lines.
        line: usize,
    },
    /// A word of the dictionary.
    Word {
        /// Which.
        word: usize,
    },
}

/// What a check found that came after loading; it becomes a diagnostic where the part is
/// written.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What kind of mistake.
    pub code: Code,
    /// What it is about.
    pub part: Part,
    /// What, Chinese.
    pub message: String,
    /// Why it matters, Chinese.
    pub reason: String,
    /// How to mend it, Chinese.
    pub mend: String,
}

/// The places of entries and words, in the order in which the knowledge base has them.
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
