//! What the bot does with an utterance.

use std::fmt;

use crate::knowledge::{EntryId, IntentAction, IntentId, KnowledgeBase};
use crate::matching::{Band, Outcome};

/// What the bot does with an utterance that is the first message of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// It answers with this entry.
    Answered(EntryId),
    /// It acts on an intent.
    Acted {
        /// Which.
        intent: IntentId,
        /// The entry that the intent answers with, if it does.
        entry: Option<EntryId>,
        /// Whether all it does is to say a text of its own.
        is_reply: bool,
    },
    /// It asks back and shows these, best first.
    Asked(Vec<EntryId>),
    /// It says that it did not understand.
    Nothing,
}

impl Reaction {
    /// What follows from an outcome of matching in this knowledge base.
    pub(crate) fn of(outcome: &Outcome, base: &KnowledgeBase) -> Self {
        if let Some(intent) = &outcome.intent {
            let action = base.intent(intent).map(|one| &one.action);
            let (entry, is_reply) = match action {
                Some(IntentAction::Answer { entry }) => (Some(entry.clone()), false),
                Some(IntentAction::Reply { .. }) => (None, true),
                Some(IntentAction::Handoff { .. }) | None => (None, false),
            };
            return Self::Acted { intent: intent.clone(), entry, is_reply };
        }
        match (outcome.band, outcome.ranked.first()) {
            (Band::Answer, Some(first)) => Self::Answered(first.entry.clone()),
            (Band::Clarify, _) => Self::Asked(outcome.clarify.clone()),
            (Band::Answer, None) | (Band::Fallback, _) => Self::Nothing,
        }
    }

    /// The intent that is acted on.
    pub fn intent(&self) -> Option<&IntentId> {
        match self {
            Self::Acted { intent, .. } => Some(intent),
            Self::Answered(_) | Self::Asked(_) | Self::Nothing => None,
        }
    }

    /// The entry whose answer the customer reads, by an intent or not.
    pub fn answer(&self) -> Option<&EntryId> {
        match self {
            Self::Answered(entry) => Some(entry),
            Self::Acted { entry, .. } => entry.as_ref(),
            Self::Asked(_) | Self::Nothing => None,
        }
    }
}

impl fmt::Display for Reaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered(entry) => write!(f, "回答 {entry}"),
            Self::Acted { intent, .. } => write!(f, "意图 {intent}"),
            Self::Asked(choices) => {
                let choices: Vec<&str> = choices.iter().map(EntryId::as_str).collect();
                write!(f, "反问 {}", choices.join("、"))
            }
            Self::Nothing => f.write_str("兜底"),
        }
    }
}
