//! The contents of all files, before they are checked against each other.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    compliance_file::Class,
    entries::draft::EntryDraft,
    facts_file::Declared,
    figures::book::FigureBook,
    guard::file::GuardDraft,
    industry::file::IndustryDraft,
    intent_file::IntentDraft,
    parts::prose::{Prose, Variables},
    policy_file::PolicyDraft,
    tests_file::TestsDraft,
};
use crate::compliance::{Masker, RuleBook};
use crate::knowledge::{
    diagnostics::source::Located,
    model::{base::DictionaryWord, guard::Guard, hours::Hours, synonyms::Synonyms},
};

/// Where the guard of a root comes from.
#[derive(Clone, Debug, Default)]
pub(crate) enum WrittenGuard {
    /// There is no such file: the shipped one applies.
    #[default]
    Missing,
    /// The file could not be read.
    Unread,
    /// The file.
    Read(GuardDraft),
}

impl WrittenGuard {
    /// The guard of the root: its own, or the shipped one.
    pub(crate) fn guard(&self) -> Arc<Guard> {
        match self {
            Self::Missing | Self::Unread => Guard::shipped(),
            Self::Read(draft) => draft.guard.clone(),
        }
    }
}

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
    pub(crate) guard: WrittenGuard,
    pub(crate) variables: Variables,
    pub(crate) figures: FigureBook,
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
    /// Has the defaults for a file that is not there.
    pub(crate) masker: Masker,
    /// Empty when there is no such file.
    pub(crate) facts: Option<Declared>,
    pub(crate) tests: TestsDraft,
}

impl Drafts {
    /// All names that the text of an entry may refer to: variables with their values, and figures.
    /// `None` when some are not known, so that none is reported as unknown.
    pub(crate) fn names_in_entries(&self) -> Variables {
        let mut names = self.variables.clone().filter(|_| self.figures.is_complete)?;
        names.extend(self.figures.names().map(|id| (id.to_owned(), String::new())));
        Some(names)
    }

    /// The values of the names in a text of an entry: one set for each combination of the figures
    /// in it that holds on some day.
    pub(crate) fn fillings<'d>(&'d self, text: &'d Prose) -> Vec<FillingOfText<'d>> {
        let figures = text.names().filter(|name| self.figures.has(name)).collect();
        let sets = self.figures.sets_of_values(&figures).into_iter();
        sets.map(|figures| FillingOfText { variables: &self.variables, figures }).collect()
    }
}

/// The values of the names in one text on some days.
#[derive(Debug)]
pub(crate) struct FillingOfText<'d> {
    variables: &'d Variables,
    figures: BTreeMap<&'d str, &'d str>,
}

impl FillingOfText<'_> {
    /// The value of a name.
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        let variable = || Some(self.variables.as_ref()?.get(name)?.as_str());
        self.figures.get(name).copied().or_else(variable)
    }
}
