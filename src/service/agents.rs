//! The agents' names and inboxes, shared by conversations and sessions.

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

    /// Opens an inbox for a new session of the agent.
    pub(crate) fn open_inbox(&self, agent: AgentId, name: &str) -> Arc<Inbox> {
        let mut names = self.names.write().unwrap_or_else(PoisonError::into_inner);
        names.insert(agent, name.to_owned());
        drop(names);
        self.inboxes.open(agent)
    }

    /// Closes the inbox of a session that has ended.
    pub(crate) fn close_inbox(&self, agent: AgentId, inbox: &Arc<Inbox>) {
        self.inboxes.close(agent, inbox);
    }

    /// The number of the agent's open sessions.
    pub(crate) fn sessions(&self, agent: AgentId) -> usize {
        self.inboxes.count(agent)
    }

    /// Marks the conversation in the inboxes of its previous and its present owner.
    pub(crate) fn mark(&self, owners: [Owner; 2], conversation: &ConversationId) {
        for owner in owners {
            if let Owner::Agent(agent) = owner {
                self.inboxes.mark(agent, conversation);
            }
        }
    }
}
