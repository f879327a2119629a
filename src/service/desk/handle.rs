//! The handle to the desk's task.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};

use super::view::DeskView;
use crate::handoff::AtLimit;
use crate::journal::{AgentId, ConversationId};
use crate::knowledge::Policy;
use crate::service::knowledge::LiveKnowledge;

/// Requests that may wait for the desk. Sessions wait for the desk, and the desk never for them.
const REQUESTS: usize = 1_024;

/// The requests of sessions to the desk.
#[derive(Debug)]
pub(crate) enum DeskRequest {
    /// A session of an agent started. `seen` gets the conversations that the agent owns, once the
    /// desk shows the agent as present.
    Connected { agent: AgentId, seen: oneshot::Sender<Vec<ConversationId>> },
    /// A session of an agent sent a ping.
    Pinged(AgentId),
    /// The last session of an agent has ended. The lease runs on.
    Away(AgentId),
    /// An agent wants to accept a conversation and needs room for it.
    Reserve { agent: AgentId, conversation: ConversationId, answer: oneshot::Sender<Reservation> },
    /// The conversation has answered the accept, whatever the answer.
    GiveBack { agent: AgentId, conversation: ConversationId },
    /// An agent signed out. `seen` is answered once the desk shows it.
    Left { agent: AgentId, seen: oneshot::Sender<Vec<ConversationId>> },
    /// An agent takes new conversations or stops taking them.
    Status { agent: AgentId, is_ready: bool },
}

/// Whether an agent has room for one more conversation. The room is then reserved.
pub(super) type Reservation = Result<(), AtLimit>;

/// The policy's rules for the desk. A reload changes them for the next conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DeskRules {
    /// Conversations that an agent may have at the same time.
    pub(crate) conversations_max: usize,
    /// Customers who may wait. Customers who arrive while the last place is being taken are let in.
    pub(crate) queue_max: usize,
}

impl DeskRules {
    pub(crate) fn of(policy: &Policy) -> Self {
        Self {
            conversations_max: policy.agent_conversations_max.into(),
            queue_max: policy.queue_max.into(),
        }
    }
}

/// The handle to the desk's task.
#[derive(Debug)]
pub(crate) struct DeskHandle {
    requests: mpsc::Sender<DeskRequest>,
    pub(super) rules: watch::Sender<DeskRules>,
    pub(super) view: Arc<DeskView>,
}

impl DeskHandle {
    /// Creates the handle, and the receiver for the task.
    pub(crate) fn new(rules: DeskRules) -> (Self, mpsc::Receiver<DeskRequest>) {
        let (requests, inbox) = mpsc::channel(REQUESTS);
        let rules = watch::Sender::new(rules);
        (Self { requests, rules, view: Arc::default() }, inbox)
    }

    pub(crate) async fn ask(&self, request: DeskRequest) {
        if self.requests.send(request).await.is_err() {
            tracing::debug!("the desk's task has ended");
        }
    }

    /// Sends the request and waits until the desk shows its effect. Returns the conversations that
    /// the agent owns then.
    pub(crate) async fn ask_and_see(
        &self,
        request: impl FnOnce(oneshot::Sender<Vec<ConversationId>>) -> DeskRequest,
    ) -> Vec<ConversationId> {
        let (seen, shown) = oneshot::channel();
        self.ask(request(seen)).await;
        // The desk ends only with the server, and the server tells the session.
        shown.await.unwrap_or_default()
    }

    /// Reserves room for a conversation that the agent is about to accept. Return it with
    /// [`DeskRequest::GiveBack`]. `None`: the desk's task has ended.
    pub(crate) async fn reserve(
        &self,
        agent: AgentId,
        conversation: &ConversationId,
    ) -> Option<Reservation> {
        let (answer, room) = oneshot::channel();
        let conversation = conversation.clone();
        self.ask(DeskRequest::Reserve { agent, conversation, answer }).await;
        room.await.ok()
    }

    /// Keeps the rules in step with the served knowledge.
    pub(crate) fn follow(&self, knowledge: &LiveKnowledge, mut draining: watch::Receiver<bool>) {
        let (rules, knowledge) = (self.rules.clone(), knowledge.clone());
        let mut changes = knowledge.changes();
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    change = changes.changed() => if change.is_err() { return },
                    _ = draining.changed() => return,
                }
                rules.send_replace(DeskRules::of(&knowledge.snapshot().base.policy));
            }
        });
    }

    pub(crate) fn view(&self) -> Arc<DeskView> {
        self.view.clone()
    }
}
