//! The knowledge base: all checked files of a root, as the rest of kefu sees them.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;

use super::{
    by_id::ById,
    cases::Tests,
    circumstances::Circumstances,
    entry::Entry,
    facts::Facts,
    given_facts::{self, DroppedFacts, GivenFacts},
    guard::Guard,
    hours::Hours,
    id::{EntryId, IntentId},
    industry::Industry,
    intent::Intent,
    policy::Policy,
    synonyms::Synonyms,
};
use crate::compliance::{Masker, RuleBook};

/// Every entry, intent and setting of one root folder, checked and linked.
///
/// Every id that a part names exists. No two entries that one customer can be served share a
/// question after normalising. No answer holds an unresolved variable.
#[derive(Clone, Debug)]
pub struct KnowledgeBase {
    /// In the order of the sorted files, then of the lines.
    pub entries: ById<Entry>,
    /// Sorted by falling priority, then in file order.
    pub intents: ById<Intent>,
    /// What is found before anything is matched, from `intents/guard.yaml`.
    pub guard: Arc<Guard>,
    /// From `intents/policy.yaml`.
    pub policy: Policy,
    /// When agents work; from `knowledge/hours.yaml`.
    pub hours: Hours,
    /// The operator's own names, numbers and limits, from `knowledge/variables.yaml`.
    pub variables: BTreeMap<String, String>,
    /// The rules on what may be said, from `knowledge/compliance.yaml`.
    pub rules: RuleBook,
    /// Removes personal data from messages: what is done with each class, from
    /// `knowledge/masking.yaml`, and the operator's own numbers, from `knowledge/ids.yaml`.
    pub masker: Masker,
    /// Words that the segmenter must know, from `knowledge/dict.txt`.
    pub dictionary: Vec<DictionaryWord>,
    /// Words that mean the same, from `knowledge/synonyms.yaml`.
    pub synonyms: Synonyms,
    /// The words and lists of the trade, from `knowledge/industry.yaml`.
    pub industry: Arc<Industry>,
    /// The facts of customers that entries may ask for, each with its possible values, from
    /// `knowledge/facts.yaml`.
    pub facts: BTreeMap<String, Vec<String>>,
    /// The operator's regression tests, from `knowledge/tests.yaml`.
    pub tests: Tests,
    /// SHA-256 in lower-case hex over the sorted relative paths and bytes of all files and
    /// the engine's version: the name of this snapshot in the journal.
    pub hash: String,
}

impl KnowledgeBase {
    /// The circumstances of a customer with these facts at this moment. They decide which entries
    /// may be served.
    pub fn circumstances_at<'f>(&self, now: Timestamp, facts: &'f Facts) -> Circumstances<'f> {
        Circumstances { today: self.hours.date(now), facts }
    }

    /// The given facts whose name and value are declared in `knowledge/facts.yaml`, and the names
    /// of the others. Only the first may be kept anywhere.
    pub fn keep_declared(&self, given: GivenFacts) -> (Facts, DroppedFacts) {
        given.keep(&self.facts)
    }

    /// The facts that are declared now, of facts that were stored under earlier declarations.
    pub fn still_declared(&self, stored: &Facts) -> Facts {
        given_facts::still_declared(stored, &self.facts)
    }

    /// The entry with that id.
    pub fn entry(&self, id: &EntryId) -> Option<&Entry> {
        self.entries.named(id)
    }

    /// The intent with that id.
    pub fn intent(&self, id: &IntentId) -> Option<&Intent> {
        self.intents.named(id)
    }
}

/// One word of `knowledge/dict.txt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DictionaryWord {
    /// The word, normalised.
    pub word: String,
    /// How often it occurs, in the counts of the segmenter's own dictionary; `None` lets the
    /// segmenter choose.
    pub frequency: Option<u32>,
}
