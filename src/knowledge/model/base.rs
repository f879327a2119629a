//! What the checked files say: the knowledge base as the rest of kefu sees it.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;

use super::{
    by_id::ById,
    cases::Tests,
    circumstances::Circumstances,
    entry::Entry,
    facts::Facts,
    hours::Hours,
    id::{EntryId, IntentId},
    industry::Industry,
    intent::Intent,
    policy::Policy,
    synonyms::Synonyms,
};
use crate::compliance::RuleBook;

/// Every entry, intent and setting of one root folder, checked and linked.
///
/// Ids that one part names exist in another, questions are distinct after normalising but for
/// entries that no customer can have both, and answers hold no unresolved variable.
#[derive(Clone, Debug)]
pub struct KnowledgeBase {
    /// In the order of the sorted files, then of the lines.
    pub entries: ById<Entry>,
    /// Sorted by falling priority, then in file order.
    pub intents: ById<Intent>,
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
    /// What belongs to the trade, from `knowledge/industry.yaml`.
    pub industry: Arc<Industry>,
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
    /// What decides at this moment which entries the customer is served of whom this is known.
    pub fn circumstances_at<'f>(&self, now: Timestamp, facts: &'f Facts) -> Circumstances<'f> {
        Circumstances { today: self.hours.date(now), facts }
    }

    /// The entry of that id.
    pub fn entry(&self, id: &EntryId) -> Option<&Entry> {
        self.entries.named(id)
    }

    /// The intent of that id.
    pub fn intent(&self, id: &IntentId) -> Option<&Intent> {
        self.intents.named(id)
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
