//! What the task of a conversation needs of the rest of the service.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use crate::handoff::Desk;
use crate::journal::{ConversationId, Record};
use crate::knowledge::Circumstances;
use crate::matching::{Outcome, Snapshot};
use crate::service::{agents::Agents, clock::Clock, knowledge::LiveKnowledge, metrics::Metrics};
use crate::storage::Store;

/// What a conversation has committed, or was folded anew from, where it concerns the desk.
#[derive(Debug)]
pub(crate) struct Committed {
    /// The conversation.
    pub(crate) conversation: ConversationId,
    /// In order.
    pub(crate) records: Arc<[Record]>,
}

/// What the task of a conversation needs of the rest of the service.
#[derive(Debug)]
pub(crate) struct Handles {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    /// The knowledge that answers now.
    pub(crate) knowledge: LiveKnowledge,
    /// Finds what an utterance asks for; another one only in tests.
    pub(crate) find: fn(&Snapshot, &str, Circumstances<'_>) -> Outcome,
    pub(crate) metrics: Arc<Metrics>,
    /// Names of agents, and what their sessions have to look at.
    pub(crate) agents: Arc<Agents>,
    /// Where the desk learns what was committed. It is never waited for by the desk.
    pub(crate) commits: mpsc::Sender<Committed>,
    /// Whether an agent is there to take conversations.
    pub(crate) is_staffed: watch::Receiver<bool>,
    /// Whether as many wait for an agent as may.
    pub(crate) queue_is_full: watch::Receiver<bool>,
}

impl Handles {
    /// Tells the desk what was committed, if that concerns it: most of what is said does not.
    pub(super) async fn tell_desk(&self, id: &ConversationId, records: Arc<[Record]>) {
        if !records.iter().any(|record| Desk::concerns(&record.event)) {
            return;
        }
        let committed = Committed { conversation: id.clone(), records };
        if self.commits.send(committed).await.is_err() {
            tracing::debug!("the desk's task has ended");
        }
    }

    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        self.knowledge.snapshot()
    }
}
