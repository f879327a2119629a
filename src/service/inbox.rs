//! Inboxes: tell an agent's sessions which conversations have changed.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use tokio::sync::Notify;

use super::lock::lock;
use crate::journal::{AgentId, ConversationId};

/// The conversations that changed since a session last looked. It holds ids only, so its size is
/// bounded. The session reads the records itself.
#[derive(Debug, Default)]
pub struct Inbox {
    changed: Mutex<BTreeSet<ConversationId>>,
    notify: Notify,
}

impl Inbox {
    /// Waits until a conversation has changed, and takes the ids. Cancel safe.
    pub async fn changed(&self) -> BTreeSet<ConversationId> {
        loop {
            let notified = self.notify.notified();
            let changed = std::mem::take(&mut *lock(&self.changed));
            if !changed.is_empty() {
                return changed;
            }
            notified.await;
        }
    }

    fn mark(&self, conversation: &ConversationId) {
        lock(&self.changed).insert(conversation.clone());
        self.notify.notify_one();
    }
}

/// The inboxes of all sessions of all agents.
#[derive(Debug, Default)]
pub(crate) struct Inboxes(Mutex<BTreeMap<AgentId, Vec<Arc<Inbox>>>>);

impl Inboxes {
    pub(crate) fn open(&self, agent: AgentId) -> Arc<Inbox> {
        let inbox = Arc::new(Inbox::default());
        lock(&self.0).entry(agent).or_default().push(inbox.clone());
        inbox
    }

    pub(crate) fn close(&self, agent: AgentId, inbox: &Arc<Inbox>) {
        let mut inboxes = lock(&self.0);
        let Some(of_agent) = inboxes.get_mut(&agent) else { return };
        of_agent.retain(|other| !Arc::ptr_eq(other, inbox));
        if of_agent.is_empty() {
            inboxes.remove(&agent);
        }
    }

    /// The number of the agent's open sessions.
    pub(crate) fn count(&self, agent: AgentId) -> usize {
        lock(&self.0).get(&agent).map_or(0, Vec::len)
    }

    pub(crate) fn mark(&self, agent: AgentId, conversation: &ConversationId) {
        for inbox in lock(&self.0).get(&agent).into_iter().flatten() {
            inbox.mark(conversation);
        }
    }
}
