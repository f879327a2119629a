//! The contents of all files, before they are checked against each other.

use std::collections::BTreeMap;

use super::{
    compliance_file::Class, entry_file::EntryDraft, facts_file::Declared,
    industry::file::IndustryDraft, intent_file::IntentDraft, parts::prose::Variables,
    policy_file::PolicyDraft, tests_file::TestsDraft,
};
use crate::compliance::RuleBook;
use crate::knowledge::{
    diagnostics::source::Located,
    model::{base::DictionaryWord, hours::Hours, synonyms::Synonyms},
};

/// The contents of all files.
///
/// A part that could not be read is `None`. References to such a part are not checked: its
/// file was reported already.
#[derive(Debug, Default)]
pub(crate) struct Drafts {
    pub(crate) entries: Vec<EntryDraft>,
    /// Whether every id that the files hold is among `entries`.
    pub(crate) entries_complete: bool,
    pub(crate) intents: Vec<IntentDraft>,
    /// Whether every id of an intent that the files hold is among `intents`.
    pub(crate) intents_complete: bool,
    pub(crate) policy: Option<PolicyDraft>,
    pub(crate) variables: Variables,
    /// The values of the variables, with their places.
    pub(crate) variable_texts: Vec<Located<String>>,
    pub(crate) classes: Option<BTreeMap<String, Class>>,
    pub(crate) hours: Option<Hours>,
    pub(crate) dictionary: Vec<Located<DictionaryWord>>,
    pub(crate) synonyms: Synonyms,
    /// Says nothing when there is no such file.
    pub(crate) industry: Option<IndustryDraft>,
    /// Every category that entries or the defaults of their files name.
    pub(crate) categories: Vec<Located<String>>,
    pub(crate) rules: Option<RuleBook>,
    /// Empty when there is no such file.
    pub(crate) facts: Option<Declared>,
    pub(crate) tests: TestsDraft,
}
