//! What the checked files say: the knowledge base as the rest of kefu sees it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use regex::Regex;

use super::{Circumstances, EntryId, Hours, IntentId, Policy, Synonyms, Tests, When};
use crate::compliance::RuleBook;

/// Every entry, intent and setting of one root folder, checked and linked.
///
/// Ids that one part names exist in another, questions are distinct after normalising but for
/// entries that no customer can have both, and answers hold no unresolved variable.
#[derive(Clone, Debug)]
pub struct KnowledgeBase {
    /// In the order of the sorted files, then of the lines.
    pub entries: Vec<Entry>,
    /// Sorted by falling priority, then in file order.
    pub intents: Vec<Intent>,
    /// From `intents/policy.yaml`.
    pub policy: Policy,
    /// When agents work; from `knowledge/hours.yaml`.
    pub hours: Hours,
    /// The operator's own facts, from `knowledge/variables.yaml`.
    pub variables: BTreeMap<String, String>,
    /// What may be said, from `knowledge/compliance.yaml`.
    pub rules: RuleBook,
    /// Words that the segmenter must know, from `knowledge/dict.txt`.
    pub dictionary: Vec<DictionaryWord>,
    /// Words that mean the same, from `knowledge/synonyms.yaml`.
    pub synonyms: Synonyms,
    /// The facts of customers that entries may ask for, each with its values, from
    /// `knowledge/facts.yaml`.
    pub facts: BTreeMap<String, Vec<String>>,
    /// The operator's regression tests, from `knowledge/tests.yaml`.
    pub tests: Tests,
    /// SHA-256 in lower-case hex over the sorted relative paths and bytes of all files and
    /// the engine's version: the name of this snapshot in the journal.
    pub hash: String,
}

impl KnowledgeBase {
    /// The entry of that id.
    pub fn entry(&self, id: &EntryId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == *id)
    }
}

/// One word of `knowledge/dict.txt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DictionaryWord {
    /// The word, normalised.
    pub word: String,
    /// How often it is met, in the dictionary's own counts; `None` lets the segmenter choose.
    pub frequency: Option<u32>,
}

/// One reviewed answer with the questions that it answers.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its stable name.
    pub id: EntryId,
    /// Such as `payment`; from the file's `defaults` or the entry itself.
    pub category: String,
    /// The one canonical wording, shown in clarifications.
    pub standard_question: String,
    /// Other wordings of it.
    pub similar_questions: Vec<String>,
    /// Questions that look alike and must not find this entry.
    pub not: Vec<String>,
    /// How an utterance finds it.
    pub match_by: MatchBy,
    /// For which customers it is.
    pub when: When,
    /// The answer in the safe Markdown subset, variables filled in, risk line added.
    pub answer: String,
    /// Entries offered as buttons under the answer.
    pub follow_ups: Vec<EntryId>,
    /// What the answer does about a human.
    pub handoff: EntryHandoff,
    /// From which day it may be served.
    pub valid_from: Option<Date>,
    /// Until which day, inclusive, it may be served.
    pub valid_until: Option<Date>,
    /// Whether it is served at all.
    pub status: Status,
    /// Free labels for search and reports.
    pub tags: Vec<String>,
    /// Who answers for it.
    pub compliance: Compliance,
}

impl Entry {
    /// Whether the entry may be served on that day, to some customer at least: live, and
    /// inside its validity.
    pub fn is_served_on(&self, today: Date) -> bool {
        self.status == Status::Live
            && self.valid_from.is_none_or(|from| from <= today)
            && self.valid_until.is_none_or(|until| today <= until)
    }

    /// Whether the entry may be served on that day to such a customer.
    pub fn is_served_in(&self, circumstances: Circumstances<'_>) -> bool {
        self.is_served_on(circumstances.today) && self.when.holds(circumstances.facts)
    }

    /// The standard question, then the similar questions.
    pub fn questions(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.standard_question.as_str())
            .chain(self.similar_questions.iter().map(String::as_str))
    }
}

/// How an utterance finds an entry. Whatever it is, an utterance that equals one of the
/// entry's questions does.
#[derive(Clone, Debug)]
pub enum MatchBy {
    /// By its likeness to the questions and the answer, in one ranking with other entries.
    Smart,
    /// In no other way.
    Exact,
    /// By holding one of these, which are normalised.
    Contains(Vec<String>),
    /// By one of these, matched against the normalised utterance in linear time.
    Regex(Vec<Regex>),
}

/// Whether an entry is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Being written.
    Draft,
    /// Served.
    Live,
    /// Kept for its id, no longer served.
    Retired,
}

/// What an entry does about a human.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryHandoff {
    /// Nothing.
    None,
    /// The answer carries a button to reach a human.
    Offer,
    /// The answer is given and the conversation goes to the queue.
    Force,
}

/// Who answers for an entry, and until when it holds.
#[derive(Clone, Debug)]
pub struct Compliance {
    /// A class of `knowledge/compliance.yaml`, which may add a risk line to the answer.
    pub class: String,
    /// The law, rule or contract that the answer rests on.
    pub source: String,
    /// The day its sources were checked.
    pub checked: Date,
    /// The day by which it must be checked again.
    pub review_due: Date,
}

/// What a customer wants when it is not a question of the knowledge base.
#[derive(Clone, Debug)]
pub struct Intent {
    /// Its stable name.
    pub id: IntentId,
    /// Larger goes first. From [`Intent::SAFETY_PRIORITY`] on, its patterns decide before
    /// any ranking.
    pub priority: u8,
    /// Utterances that show it; they compete with the entries' questions in one ranking.
    pub examples: Vec<String>,
    /// Matched against the normalised utterance; linear time.
    pub patterns: Vec<Regex>,
    /// What follows.
    pub action: IntentAction,
}

impl Intent {
    /// From this priority on, an intent's patterns are looked at before anything is ranked.
    pub const SAFETY_PRIORITY: u8 = 50;
}

/// What an intent leads to.
#[derive(Clone, Debug)]
pub enum IntentAction {
    /// Say this; variables are filled in.
    Reply {
        /// The reviewed text, in the safe Markdown subset.
        text: String,
        /// Whether it carries a button to reach a human.
        offer_human: bool,
    },
    /// Answer with an entry.
    Answer {
        /// Which.
        entry: EntryId,
    },
    /// Say this, then go to the queue.
    Handoff {
        /// The reviewed text that comes first, whatever comes of it; may be empty.
        text: String,
        /// What is said of what came of it.
        texts: HandoffTexts,
        /// 0 to 9, larger is served first.
        priority: u8,
    },
}

/// What is said of how a handoff came out. One that is missing is said in the policy's words.
/// Plain texts: they are shown without Markdown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HandoffTexts {
    /// The customer waits for an agent now; else the policy's `queued`.
    pub queued: Option<String>,
    /// It is within the agents' hours, but none is ready; else the policy's `no_agent`.
    pub nobody: Option<String>,
    /// It is outside of the agents' hours; else the policy's `off_hours`. May hold
    /// `{{next_opening}}`, which the dialogue fills in.
    pub closed: Option<String>,
}
