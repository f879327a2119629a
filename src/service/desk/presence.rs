//! Agents at the desk: their sessions, leases, and acts in conversations.

use std::sync::Arc;

use super::{
    handle::{DeskHandle, DeskRequest},
    view::DeskView,
};
use crate::dialogue::{AgentAct, Input};
use crate::journal::{AgentId, ConversationId};
use crate::service::{
    agents::Agents,
    command::Command,
    conversation::{Conversations, Receipt},
    error::ServiceError,
    inbox::Inbox,
};

/// Agents at the desk. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct AgentPresence {
    desk: Arc<DeskHandle>,
    agents: Arc<Agents>,
    conversations: Arc<Conversations>,
}

impl AgentPresence {
    pub(crate) fn new(
        desk: DeskHandle,
        agents: Arc<Agents>,
        conversations: Arc<Conversations>,
    ) -> Self {
        Self { desk: Arc::new(desk), agents, conversations }
    }

    pub(crate) fn desk(&self) -> &DeskHandle {
        &self.desk
    }

    /// The view of the desk for sessions.
    pub(crate) fn view(&self) -> Arc<DeskView> {
        self.desk.view()
    }

    /// Starts a session of an agent. Returns its inbox and the conversations that the agent owns.
    pub(crate) async fn connect(
        &self,
        agent: AgentId,
        name: &str,
    ) -> (Arc<Inbox>, Vec<ConversationId>) {
        let inbox = self.agents.open_inbox(agent, name);
        let owned = self.desk.ask_and_see(|seen| DeskRequest::Connected { agent, seen }).await;
        (inbox, owned)
    }

    /// Ends a session of an agent. The lease runs on: the console may come back.
    pub(crate) async fn disconnect(&self, agent: AgentId, inbox: &Arc<Inbox>) {
        self.agents.close_inbox(agent, inbox);
        if self.agents.sessions(agent) == 0 {
            self.desk.ask(DeskRequest::Away(agent)).await;
        }
    }

    /// Signs an agent out with the last session: the lease ends at once, and after this call no
    /// customer is offered to the agent.
    pub(crate) async fn left(&self, agent: AgentId) {
        if self.agents.sessions(agent) <= 1 {
            self.desk.ask_and_see(|seen| DeskRequest::Left { agent, seen }).await;
        }
    }

    /// Renews an agent's lease.
    pub(crate) async fn ping(&self, agent: AgentId) {
        self.desk.ask(DeskRequest::Pinged(agent)).await;
    }

    /// Sets whether an agent takes new conversations.
    pub(crate) async fn set_status(&self, agent: AgentId, is_ready: bool) {
        self.desk.ask(DeskRequest::Status { agent, is_ready }).await;
    }

    /// Sends an agent's command to the conversation. Returns when it and its consequences are on
    /// disk. Accepting needs room.
    pub(crate) async fn act(
        &self,
        conversation: &ConversationId,
        command: Command,
    ) -> Result<Receipt, ServiceError> {
        if let Input::Agent { agent, act: AgentAct::Accepts, .. } = command.input {
            return self.accept(conversation.clone(), agent, command).await;
        }
        self.conversations.act(conversation, command).await
    }

    /// Reserves the room before the conversation is asked, because the agent may accept several at
    /// once.
    async fn accept(
        &self,
        conversation: ConversationId,
        agent: AgentId,
        command: Command,
    ) -> Result<Receipt, ServiceError> {
        let Self { desk, conversations, .. } = self.clone();
        // In a task of its own, so that the room is returned even if the session ends meanwhile.
        let accepted = tokio::spawn(async move {
            let room = desk.reserve(agent, &conversation).await;
            room.ok_or(ServiceError::Failed)?.map_err(ServiceError::AtLimit)?;
            let taken = conversations.act(&conversation, command).await;
            desk.ask(DeskRequest::GiveBack { agent, conversation }).await;
            taken
        });
        accepted.await.unwrap_or(Err(ServiceError::Failed))
    }
}
