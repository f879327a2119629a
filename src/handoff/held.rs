//! The conversations that agents own, and what these know of their agents.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::moment::Moment;
use crate::journal::{AgentId, ConversationId};

/// One that an agent owns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub(super) agent: AgentId,
    /// Since when its customer waited, as stamped and as a moment: the place in the queue if the
    /// agent is lost.
    pub(super) waited: Option<(Timestamp, Moment)>,
    /// Whether its records say that the agent is lost.
    pub(super) is_lost: bool,
    /// What it was told last, and when.
    pub(super) told: Option<(bool, Moment)>,
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Holdings {
    pub(super) held: BTreeMap<ConversationId, Held>,
    /// Those whose records do not say what is so.
    pub(super) unaware: BTreeSet<ConversationId>,
}

impl Holdings {
    pub(super) fn insert(
        &mut self,
        conversation: &ConversationId,
        agent: AgentId,
        waited: Option<(Timestamp, Moment)>,
    ) {
        let held = Held { agent, waited, is_lost: false, told: None };
        self.held.insert(conversation.clone(), held);
    }

    pub(super) fn remove(&mut self, conversation: &ConversationId) -> Option<Held> {
        self.unaware.remove(conversation);
        self.held.remove(conversation)
    }

    pub(super) fn owner(&self, conversation: &ConversationId) -> Option<AgentId> {
        self.held.get(conversation).map(|held| held.agent)
    }

    /// Notes what its records say of the agent.
    pub(super) fn note_lost(&mut self, conversation: &ConversationId, is_lost: bool) {
        if let Some(held) = self.held.get_mut(conversation) {
            held.is_lost = is_lost;
        }
    }
}
