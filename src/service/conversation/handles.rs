//! The parts of the service that a conversation's task needs.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use crate::handoff::Desk;
use crate::journal::{ConversationId, Record};
use crate::knowledge::Circumstances;
use crate::matching::{Outcome, Snapshot};
use crate::service::{agents::Agents, clock::Clock, knowledge::LiveKnowledge, metrics::Metrics};
use crate::storage::Store;

/// Records that a conversation committed or was folded anew from, for the desk.
#[derive(Debug)]
pub(crate) struct Committed {
    /// The conversation.
    pub(crate) conversation: ConversationId,
    /// In order of `seq`.
    pub(crate) records: Arc<[Record]>,
}

/// The parts of the service that a conversation's task needs.
#[derive(Debug)]
pub(crate) struct Handles {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    /// The served knowledge.
    pub(crate) knowledge: LiveKnowledge,
    /// Matches an utterance; replaced in tests only.
    pub(crate) find: fn(&Snapshot, &str, Circumstances<'_>) -> Outcome,
    pub(crate) metrics: Arc<Metrics>,
    /// Names of agents, and the inboxes of their sessions.
    pub(crate) agents: Arc<Agents>,
    /// To the desk. Conversations wait for the desk, and the desk never for them.
    pub(crate) commits: mpsc::Sender<Committed>,
    /// Whether an agent is there to take conversations.
    pub(crate) is_staffed: watch::Receiver<bool>,
    /// Whether the queue has reached its limit.
    pub(crate) queue_is_full: watch::Receiver<bool>,
}

impl Handles {
    /// Sends the desk what was committed, if it concerns the desk: most records do not.
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
