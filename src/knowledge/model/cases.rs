//! The operator's own regression tests: what customers say, and what must come of it.

use std::collections::BTreeMap;

use super::{
    facts::Facts,
    id::{EntryId, IntentId},
};

/// All that `knowledge/tests.yaml` and `knowledge/tests/*.yaml` hold. Never served.
#[derive(Clone, Debug, Default)]
pub struct Tests {
    /// Of 1,000 utterances of the [`Split::Test`] half, how many must do well.
    pub floors: BTreeMap<Floor, u16>,
    /// In the order of the sorted files, then of the lines.
    pub cases: Vec<Case>,
}

/// What may not fall under a share that the operator names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Floor {
    /// Of the utterances with an entry: ranked first, or the intent that answers with it acted on.
    First,
    /// Of the utterances with an entry: answered rightly, or shown the right choice.
    Helped,
    /// Of the utterances that an entry answers at once: rightly.
    AnsweredRight,
    /// Of the utterances that must not be answered: not answered.
    NotAnswered,
    /// Of the utterances of an intent: acted on as that intent.
    Intents,
}

impl Floor {
    /// Every floor, in the order of the files.
    pub const ALL: [Self; 5] =
        [Self::First, Self::Helped, Self::AnsweredRight, Self::NotAnswered, Self::Intents];

    /// Its key in the file.
    pub fn key(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Helped => "helped",
            Self::AnsweredRight => "answered_right",
            Self::NotAnswered => "not_answered",
            Self::Intents => "intents",
        }
    }

    /// In Chinese.
    pub fn title(self) -> &'static str {
        match self {
            Self::First => "首位正确",
            Self::Helped => "答对或选项里有",
            Self::AnsweredRight => "直接回答的准确率",
            Self::NotAnswered => "不该答的没有答",
            Self::Intents => "意图正确",
        }
    }
}

/// Utterances of which the same is expected.
#[derive(Clone, Debug)]
pub struct Case {
    /// What must come of each.
    pub expected: Expected,
    /// Which half they belong to.
    pub split: Split,
    /// What is known of the customers.
    pub facts: Facts,
    /// What customers say; never empty.
    pub say: Vec<Said>,
}

/// One utterance of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// As the customer typed it.
    pub text: String,
    /// Where it is written, such as `knowledge/tests.yaml:12:9`.
    pub at: String,
}

/// What must come of an utterance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// This entry answers.
    Entry(EntryId),
    /// The bot asks back and shows these.
    Clarify(Vec<EntryId>),
    /// This intent is acted on.
    Intent(IntentId),
    /// It is not answered, for the reason given.
    NoAnswer(String),
}

/// The two halves of the tests: one to look at while the knowledge is improved, one to
/// judge it by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// May be looked at.
    Fit,
    /// Judged by the floors.
    Test,
}
