//! What the bot does with an utterance.

use std::fmt;

use crate::dialogue::Answered;
use crate::journal::{Reply, ReplyKind};
use crate::knowledge::{EntryId, IntentAction, IntentId, KnowledgeBase};

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
        /// The entries on its buttons, best first.
        shown: Vec<EntryId>,
    },
    /// It asks back and shows these, best first.
    Asked(Vec<EntryId>),
    /// It says that it did not understand.
    Nothing,
}

impl Reaction {
    /// What was done, in this knowledge base.
    pub(crate) fn of(answered: &Answered, base: &KnowledgeBase) -> Self {
        let Reply { kind, entry, intent, choices, .. } = &answered.reply;
        if let Some(intent) = intent {
            let action = base.intent(intent).map(|one| &one.action);
            let (entry, is_reply) = match action {
                Some(IntentAction::Answer { entry }) => (Some(entry.clone()), false),
                Some(IntentAction::Reply { .. }) => (None, true),
                Some(IntentAction::Handoff { .. }) | None => (None, false),
            };
            let shown = choices.iter().map(|choice| choice.entry.clone()).collect();
            return Self::Acted { intent: intent.clone(), entry, is_reply, shown };
        }
        match (kind, entry) {
            (ReplyKind::Answer, Some(entry)) => Self::Answered(entry.clone()),
            (ReplyKind::Clarify, _) => {
                Self::Asked(choices.iter().map(|choice| choice.entry.clone()).collect())
            }
            (ReplyKind::Answer, None) | (ReplyKind::Intent | ReplyKind::Fallback, _) => {
                Self::Nothing
            }
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
