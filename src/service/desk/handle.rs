//! The way to the desk's task.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};

use super::view::DeskView;
use crate::handoff::AtLimit;
use crate::journal::{AgentId, ConversationId};
use crate::knowledge::Policy;
use crate::service::knowledge::LiveKnowledge;

/// Requests that may wait for the desk. Sessions wait for it, never the reverse.
const REQUESTS: usize = 1_024;

/// What sessions ask of the desk.
#[derive(Debug)]
pub(crate) enum Request {
    /// A session of an agent began; `seen` gets the conversations that the agent owns, once the
    /// agent is shown as present.
    Connected { agent: AgentId, seen: oneshot::Sender<Vec<ConversationId>> },
    /// An agent is still there.
    Pinged(AgentId),
    /// The last session of an agent has ended; the lease runs on.
    Away(AgentId),
    /// An agent wants to accept a conversation: is there room?
    Reserve { agent: AgentId, conversation: ConversationId, answer: oneshot::Sender<Room> },
    /// The conversation has answered to that, whatever it said.
    GiveBack { agent: AgentId, conversation: ConversationId },
    /// An agent signed out; `seen` gets a word once that is shown.
    Left { agent: AgentId, seen: oneshot::Sender<Vec<ConversationId>> },
    /// An agent wants new conversations, or not.
    Status { agent: AgentId, is_ready: bool },
}

/// Whether an agent has room for one more conversation, which is then kept.
pub(super) type Room = Result<(), AtLimit>;

/// What of the policy counts at the desk; a reload takes effect on the next conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rules {
    /// Conversations that an agent may have at the same time.
    pub(crate) conversations_max: usize,
    /// Customers who may wait. Those who come while the last place is being taken are let in.
    pub(crate) queue_max: usize,
}

impl Rules {
    pub(crate) fn of(policy: &Policy) -> Self {
        Self {
            conversations_max: policy.agent_conversations_max.into(),
            queue_max: policy.queue_max.into(),
        }
    }
}

/// The way to the desk's task.
#[derive(Debug)]
pub(crate) struct DeskHandle {
    requests: mpsc::Sender<Request>,
    pub(super) rules: watch::Sender<Rules>,
    pub(super) view: Arc<DeskView>,
}

impl DeskHandle {
    /// The handle, and the end of it that the task takes.
    pub(crate) fn new(rules: Rules) -> (Self, mpsc::Receiver<Request>) {
        let (requests, inbox) = mpsc::channel(REQUESTS);
        let rules = watch::Sender::new(rules);
        (Self { requests, rules, view: Arc::default() }, inbox)
    }

    pub(crate) async fn ask(&self, request: Request) {
        if self.requests.send(request).await.is_err() {
            tracing::debug!("the desk's task has ended");
        }
    }

    /// Asks by `request` and waits until the desk shows what it did; what the agent owns then.
    pub(crate) async fn ask_and_see(
        &self,
        request: impl FnOnce(oneshot::Sender<Vec<ConversationId>>) -> Request,
    ) -> Vec<ConversationId> {
        let (seen, shown) = oneshot::channel();
        self.ask(request(seen)).await;
        // The desk goes only when the server goes; then the session is told so.
        shown.await.unwrap_or_default()
    }

    /// Keeps room for a conversation that the agent is about to accept; to be given back with
    /// [`Request::GiveBack`]. `None`: the desk has gone.
    pub(crate) async fn reserve(
        &self,
        agent: AgentId,
        conversation: &ConversationId,
    ) -> Option<Room> {
        let (answer, room) = oneshot::channel();
        let conversation = conversation.clone();
        self.ask(Request::Reserve { agent, conversation, answer }).await;
        room.await.ok()
    }

    /// Lets the rules of the knowledge hold that answers at any time.
    pub(crate) fn follow(&self, knowledge: &LiveKnowledge, mut draining: watch::Receiver<bool>) {
        let (rules, knowledge) = (self.rules.clone(), knowledge.clone());
        let mut changes = knowledge.changes();
        tokio::spawn(async move {
            loop {
                tokio::select! {
                    change = changes.changed() => if change.is_err() { return },
                    _ = draining.changed() => return,
                }
                rules.send_replace(Rules::of(&knowledge.snapshot().base.policy));
            }
        });
    }

    pub(crate) fn view(&self) -> Arc<DeskView> {
        self.view.clone()
    }
}
