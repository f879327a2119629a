//! The kinds of cases, and what the knowledge base must serve for them.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::unserved::Unserved;
use crate::knowledge::{
    Case, Circumstances, Entry, EntryId, Expected, Floor, GuardKind, Intent, IntentAction,
    IntentId, KindName, KnowledgeBase,
};

/// Cases that are counted together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CaseKind {
    /// An entry of this category answers.
    Category(String),
    /// The bot must ask back.
    Clarify,
    /// An intent is acted on.
    Intent,
    /// Nothing may be answered.
    NoAnswer,
    /// The guard must find a danger or a request of this kind.
    Guard(GuardKind),
    /// The guard must find nothing.
    Harmless,
}

/// The entries and intents of a knowledge base by their ids, served or not.
pub(in super::super) struct BaseIndex<'b> {
    entries: BTreeMap<&'b EntryId, &'b Entry>,
    intents: BTreeMap<&'b IntentId, &'b Intent>,
}

impl<'b> BaseIndex<'b> {
    pub(in super::super) fn of(base: &'b KnowledgeBase) -> Self {
        Self {
            entries: base.entries.iter().map(|entry| (&entry.id, entry)).collect(),
            intents: base.intents.iter().map(|intent| (&intent.id, intent)).collect(),
        }
    }

    /// The kind of a case; or why, for want of which entry, it cannot be asked on that day.
    pub(super) fn kind(
        &self,
        case: &'b Case,
        today: Date,
    ) -> Result<CaseKind, (Unserved, &'b EntryId)> {
        let circumstances = Circumstances { today, facts: &case.facts };
        let served = |id: &'b EntryId| match self.entries.get(id) {
            Some(entry) => {
                Unserved::of(entry, circumstances).map_or(Ok(*entry), |why| Err((why, id)))
            }
            // The checks let no test through that names an entry which does not exist.
            None => Err((Unserved::Retired, id)),
        };
        match &case.expected {
            Expected::Entry(id) => {
                served(id).map(|entry| CaseKind::Category(entry.category.clone()))
            }
            Expected::Clarify(ids) => {
                ids.iter().try_for_each(|id| served(id).map(|_| ())).map(|()| CaseKind::Clarify)
            }
            Expected::Intent(id) => match self.entry_of(id) {
                Some(entry) => served(entry).map(|_| CaseKind::Intent),
                None => Ok(CaseKind::Intent),
            },
            Expected::NoAnswer(_) => Ok(CaseKind::NoAnswer),
            Expected::Guard(kinds) => {
                Ok(kinds.first().map_or(CaseKind::Harmless, |kind| CaseKind::Guard(*kind)))
            }
            Expected::Harmless(_) => Ok(CaseKind::Harmless),
        }
    }

    /// The name of a case's kind where its words are not told, served or not.
    pub(in super::super) fn kind_name(&self, case: &Case) -> KindName {
        match &case.expected {
            Expected::Entry(id) => {
                let category = self.entries.get(id).map(|entry| entry.category.as_str());
                category.unwrap_or(id.as_str()).into()
            }
            Expected::Clarify(_) => KindName::CLARIFY.into(),
            Expected::Intent(id) => id.as_str().into(),
            Expected::NoAnswer(_) => KindName::NO_ANSWER.into(),
            Expected::Guard(kinds) => {
                kinds.first().map_or(KindName::HARMLESS, |kind| KindName::of_guard(*kind)).into()
            }
            Expected::Harmless(_) => KindName::HARMLESS.into(),
        }
    }

    /// Whether a figure is about a case, by what is written. The figure of direct answers is about
    /// the cases that a direct answer can be right for.
    pub(super) fn is_held_for(&self, case: &Case, floor: &Floor) -> bool {
        match (&case.expected, floor) {
            (
                Expected::Entry(_),
                Floor::First
                | Floor::Helped
                | Floor::RightAtOnce
                | Floor::AnsweredRight
                | Floor::Auroc
                | Floor::EceMax,
            )
            | (
                Expected::NoAnswer(_),
                Floor::NotAnswered | Floor::Silent | Floor::Auroc | Floor::EceMax,
            )
            | (Expected::Intent(_), Floor::Intents)
            | (Expected::Clarify(_), Floor::Clarify | Floor::TwoMeanings) => true,
            (Expected::Intent(id), Floor::AnsweredRight) => self.entry_of(id).is_some(),
            (Expected::Intent(id), Floor::Intent(wanted)) => id == wanted,
            (
                Expected::Entry(_)
                | Expected::NoAnswer(_)
                | Expected::Intent(_)
                | Expected::Clarify(_)
                | Expected::Guard(_)
                | Expected::Harmless(_),
                _,
            ) => false,
        }
    }

    /// The entry that an intent answers with, if it does.
    fn entry_of(&self, intent: &IntentId) -> Option<&'b EntryId> {
        match &self.intents.get(intent)?.action {
            IntentAction::Answer { entry } => Some(entry),
            IntentAction::Reply { .. } | IntentAction::Handoff { .. } => None,
        }
    }
}
