//! What conversations and sessions share of the agents: names, and what is new for whom.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use super::inbox::{Inbox, Inboxes};
use crate::dialogue::Owner;
use crate::journal::{AgentId, ConversationId};

/// The agents' names, and the inboxes of their sessions.
#[derive(Debug, Default)]
pub(crate) struct Agents {
    names: RwLock<BTreeMap<AgentId, String>>,
    inboxes: Inboxes,
}

impl Agents {
    pub(crate) fn new(names: impl IntoIterator<Item = (AgentId, String)>) -> Self {
        Self { names: RwLock::new(names.into_iter().collect()), inboxes: Inboxes::default() }
    }

    /// The name that customers and colleagues see; empty for an agent who was never seen.
    pub(crate) fn name(&self, agent: AgentId) -> String {
        let names = self.names.read().unwrap_or_else(PoisonError::into_inner);
        names.get(&agent).cloned().unwrap_or_default()
    }

    /// A session of the agent begins.
    pub(crate) fn open_inbox(&self, agent: AgentId, name: &str) -> Arc<Inbox> {
        let mut names = self.names.write().unwrap_or_else(PoisonError::into_inner);
        names.insert(agent, name.to_owned());
        drop(names);
        self.inboxes.open(agent)
    }

    /// A session of the agent has ended.
    pub(crate) fn close_inbox(&self, agent: AgentId, inbox: &Arc<Inbox>) {
        self.inboxes.close(agent, inbox);
    }

    /// How many sessions the agent has open.
    pub(crate) fn sessions(&self, agent: AgentId) -> usize {
        self.inboxes.count(agent)
    }

    /// Tells the sessions of the agents who owned the conversation, or own it now.
    pub(crate) fn mark(&self, owners: [Owner; 2], conversation: &ConversationId) {
        for owner in owners {
            if let Owner::Agent(agent) = owner {
                self.inboxes.mark(agent, conversation);
            }
        }
    }
}
