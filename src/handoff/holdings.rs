//! The conversations that agents own.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::moment::Moment;
use crate::journal::{AgentId, ConversationId};

/// A conversation that an agent owns.
#[derive(Clone, Copy, Debug)]
pub(super) struct HeldConversation {
    pub(super) agent: AgentId,
    /// Since when its customer waited, as stamp and as moment: the place in the queue if the agent
    /// is lost.
    pub(super) waited: Option<(Timestamp, Moment)>,
    /// Whether the conversation's last record of the agent is a loss.
    pub(super) is_lost: bool,
    /// The last report to the conversation, lost or back, and when it was sent.
    pub(super) told: Option<(bool, Moment)>,
}

/// All conversations that agents own.
#[derive(Clone, Debug, Default)]
pub(super) struct Holdings {
    pub(super) held: BTreeMap<ConversationId, HeldConversation>,
    /// Conversations whose records do not match the agent's presence.
    pub(super) unaware: BTreeSet<ConversationId>,
}

impl Holdings {
    pub(super) fn insert(
        &mut self,
        conversation: &ConversationId,
        agent: AgentId,
        waited: Option<(Timestamp, Moment)>,
    ) {
        let held = HeldConversation { agent, waited, is_lost: false, told: None };
        self.held.insert(conversation.clone(), held);
    }

    pub(super) fn remove(&mut self, conversation: &ConversationId) -> Option<HeldConversation> {
        self.unaware.remove(conversation);
        self.held.remove(conversation)
    }

    pub(super) fn owner(&self, conversation: &ConversationId) -> Option<AgentId> {
        self.held.get(conversation).map(|held| held.agent)
    }

    /// Notes whether the conversation's records call the agent lost.
    pub(super) fn note_lost(&mut self, conversation: &ConversationId, is_lost: bool) {
        if let Some(held) = self.held.get_mut(conversation) {
            held.is_lost = is_lost;
        }
    }
}
