//! The running service: what sessions and commands call.

use std::{net::IpAddr, sync::Arc, time::Duration};

use tokio::sync::{mpsc, watch};

use super::{
    accounts::Accounts,
    agents::Agents,
    clock::Clock,
    command::Command,
    conversation::{Committed, Conversations, Handles, Head, Taken},
    customer_sockets::{CustomerSocket, CustomerSockets},
    desk::{self, DeskHandle, DeskView, Request, Rules},
    error::ServiceError,
    inbox::Inbox,
    knowledge::{Builder, LiveKnowledge, Reloading},
    limits::FrameLimits,
    metrics::Metrics,
    token,
    wording::{FoundWords, found_words},
};
use crate::compliance::Speaker;
use crate::dialogue::{AgentAct, DeskAct, Input};
use crate::files::FilesError;
use crate::handoff::Errand;
use crate::journal::{AgentId, ConversationId, Record};
use crate::knowledge::{Circumstances, Facts};
use crate::matching::Snapshot;
use crate::storage::{StorageError, Store};

/// Commits of conversations that may wait for the desk. Conversations wait for it, never the
/// reverse.
const COMMITS: usize = 1_024;

/// Errands of the desk that may wait to be put to their conversations.
const ERRANDS: usize = 1_024;

/// Clients of a server that goes away are told to come back after this time, and up to as
/// long again so that they do not all come at once.
const RETRY_AFTER_MS: u64 = 500;

/// How often sessions that are over are deleted.
const EXPIRY_SWEEP: Duration = Duration::from_hours(1);

/// The running service.
pub struct Service {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    pub(crate) desk: DeskHandle,
    /// Customers and agents.
    pub accounts: Accounts,
    /// What customers may send, over all of their sockets.
    pub customer_frames: FrameLimits<ConversationId>,
    /// What agents may send, over all of their sockets.
    pub agent_frames: FrameLimits<AgentId>,
    customer_sockets: Arc<CustomerSockets>,
    knowledge: LiveKnowledge,
    pub(crate) conversations: Arc<Conversations>,
    agents: Arc<Agents>,
    draining: watch::Sender<bool>,
    generation: String,
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service").finish_non_exhaustive()
    }
}

impl Service {
    /// Starts over what is stored: folds every open conversation, sets its timers, and fills
    /// the queue.
    pub async fn start(
        store: Store,
        snapshot: Snapshot,
        clock: Clock,
    ) -> Result<Arc<Self>, StorageError> {
        let (desk, requests) = DeskHandle::new(Rules::of(&snapshot.base.policy));
        let (commits, committed) = mpsc::channel(COMMITS);
        let names = store.list_agents().await?.into_iter().map(|row| (row.id, row.name));
        let (agents, draining) = (Arc::new(Agents::new(names)), watch::Sender::new(false));
        let knowledge = LiveKnowledge::new(snapshot);
        let metrics = Arc::new(Metrics::default());
        let handles = Handles {
            store: store.clone(),
            clock: clock.clone(),
            knowledge: knowledge.clone(),
            find: |snapshot, text, circumstances| snapshot.find(text, circumstances),
            metrics: metrics.clone(),
            agents: agents.clone(),
            commits,
            is_staffed: desk.view().staffed(),
        };
        let service = Arc::new(Self {
            generation: store.generation().to_string(),
            accounts: Accounts::start(store.clone(), clock.clone()).await?,
            customer_frames: FrameLimits::for_customers(clock.clone()),
            agent_frames: FrameLimits::for_agents(clock.clone()),
            customer_sockets: Arc::default(),
            conversations: Conversations::new(Arc::new(handles), draining.subscribe()),
            knowledge,
            agents,
            metrics,
            draining,
            store,
            clock,
            desk,
        });
        service.start_desk(requests, committed);
        let open = service.conversations.take_up_all().await?;
        tracing::info!(conversations = open, "open conversations are taken up");
        service.clone().delete_expired_sessions();
        service.warm_up();
        Ok(service)
    }

    /// Starts the desk's task, and what puts its errands to the conversations.
    fn start_desk(&self, requests: mpsc::Receiver<Request>, commits: mpsc::Receiver<Committed>) {
        let (errands, mut open) = mpsc::channel(ERRANDS);
        let (done, answers) = mpsc::channel(ERRANDS);
        let ends = desk::Ends {
            clock: self.clock.clone(),
            agents: self.agents.clone(),
            requests,
            commits,
            errands,
            answers,
            gauges: self.metrics.desk_gauges(),
            draining: self.draining(),
        };
        let run = tokio::spawn(desk::Task::new(&self.desk, ends).run());
        tokio::spawn(async move {
            if let Err(fault) = run.await {
                tracing::error!(%fault, "the desk's task failed; restart the server");
            }
        });
        self.desk.follow(&self.knowledge, self.draining());
        let conversations = self.conversations.clone();
        tokio::spawn(async move {
            while let Some(errand) = open.recv().await {
                let (conversations, done) = (conversations.clone(), done.clone());
                tokio::spawn(async move {
                    do_errand(&conversations, &errand).await;
                    // The desk has gone only when the server goes.
                    let _ = done.send(errand).await;
                });
            }
        });
    }

    /// Makes ready, beside whatever else goes on, what the first who need it would wait for.
    fn warm_up(&self) {
        let snapshot = self.snapshot();
        tokio::task::spawn_blocking(move || snapshot.prepare());
    }

    /// Deletes the sessions that are over, now and every hour.
    fn delete_expired_sessions(self: Arc<Self>) {
        tokio::spawn(async move {
            let mut hours = tokio::time::interval(EXPIRY_SWEEP);
            let mut draining = self.draining();
            loop {
                tokio::select! {
                    _ = hours.tick() => {}
                    _ = draining.changed() => return,
                }
                self.accounts.delete_expired().await;
            }
        });
    }

    /// The knowledge that answers now.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.knowledge.snapshot()
    }

    /// Watches what the builder reads for as long as the service runs, and gives the way to
    /// have it read again although no change was noticed; `None` when it cannot change.
    pub fn watch_knowledge(
        &self,
        builder: Builder,
    ) -> Result<Option<mpsc::Sender<()>>, FilesError> {
        self.reloading().watch(builder)
    }

    pub(super) fn reloading(&self) -> Reloading {
        Reloading {
            live: self.knowledge.clone(),
            clock: self.clock.clone(),
            metrics: self.metrics.clone(),
            draining: self.draining(),
        }
    }

    /// Why the newest knowledge files do not answer; `None` when they do.
    pub fn refused_knowledge(&self) -> Option<String> {
        self.knowledge.refused()
    }

    /// What the rules of now find in a customer's masked message.
    pub fn found_in_customers_words(&self, text: &str) -> Vec<FoundWords> {
        found_words(&self.snapshot().base, text, Speaker::Customer)
    }

    /// Hands an input to its conversation; done when it and what follows are on disk.
    pub async fn act(
        self: &Arc<Self>,
        id: &ConversationId,
        command: Command,
    ) -> Result<Taken, ServiceError> {
        if let Input::Agent { agent, act: AgentAct::Accepts, .. } = command.input {
            return self.accept(id.clone(), agent, command).await;
        }
        self.conversations.act(id, command).await
    }

    /// Lets an agent accept a conversation if there is room for it. The room is kept before
    /// the conversation is asked, as the agent may accept several at once.
    async fn accept(
        self: &Arc<Self>,
        conversation: ConversationId,
        agent: AgentId,
        command: Command,
    ) -> Result<Taken, ServiceError> {
        let service = self.clone();
        // A task of its own: the room is given back also when the session ends meanwhile.
        let accepted = tokio::spawn(async move {
            let room = service.desk.reserve(agent, &conversation).await;
            room.ok_or(ServiceError::Failed)?.map_err(ServiceError::AtLimit)?;
            let taken = service.conversations.act(&conversation, command).await;
            service.desk.ask(Request::GiveBack { agent, conversation }).await;
            taken
        });
        accepted.await.unwrap_or(Err(ServiceError::Failed))
    }

    /// Where a conversation stands; changes after each commit.
    pub async fn head(&self, id: &ConversationId) -> Result<watch::Receiver<Head>, StorageError> {
        self.conversations.head(id).await
    }

    /// Whether anything was ever said in such a conversation.
    pub async fn is_known(&self, id: &ConversationId) -> bool {
        self.conversations.is_known(id).await
    }

    /// What happened after that place, oldest first, at most `limit`.
    pub async fn records_after(
        &self,
        id: &ConversationId,
        seq: u64,
        limit: usize,
    ) -> Result<Vec<Record>, StorageError> {
        self.conversations.records_after(id, seq, limit).await
    }

    /// The contacts that the customer left, oldest first.
    pub async fn contacts(&self, id: &ConversationId) -> Result<Vec<String>, StorageError> {
        let contacts = self.store.contacts(id).await?;
        Ok(contacts.into_iter().map(|contact| contact.text).collect())
    }

    /// A customer's socket is open from now on. One more than eight, and the oldest has to go.
    pub fn open_customer_socket(&self, customer: &ConversationId) -> CustomerSocket {
        self.customer_sockets.open(customer)
    }

    /// An agent's name, as customers and colleagues see it.
    pub fn agent_name(&self, agent: AgentId) -> String {
        self.agents.name(agent)
    }

    /// A session of an agent begins; its inbox, and the conversations that the agent owns.
    pub async fn connect_agent(
        &self,
        agent: AgentId,
        name: &str,
    ) -> (Arc<Inbox>, Vec<ConversationId>) {
        let inbox = self.agents.open_inbox(agent, name);
        let owned = self.desk.ask_and_see(|seen| Request::Connected { agent, seen }).await;
        (inbox, owned)
    }

    /// A session of an agent ends. The lease runs on: the console may come back.
    pub async fn disconnect_agent(&self, agent: AgentId, inbox: &Arc<Inbox>) {
        self.agents.close_inbox(agent, inbox);
        if self.agents.sessions(agent) == 0 {
            self.desk.ask(Request::Away(agent)).await;
        }
    }

    /// Ends the session of that token. `from` is the address of the client.
    pub async fn sign_out(&self, token: &str, from: IpAddr) -> Result<(), StorageError> {
        if let Some(agent) = self.accounts.sign_out(token, from).await? {
            self.agent_left(agent).await;
        }
        Ok(())
    }

    /// An agent signs out with the last session: nothing waits for the lease, and no customer
    /// is sent to this agent once it is done.
    async fn agent_left(&self, agent: AgentId) {
        if self.agents.sessions(agent) <= 1 {
            self.desk.ask_and_see(|seen| Request::Left { agent, seen }).await;
        }
    }

    /// Renews an agent's lease.
    pub async fn ping_agent(&self, agent: AgentId) {
        self.desk.ask(Request::Pinged(agent)).await;
    }

    /// Sets whether an agent takes new conversations.
    pub async fn set_agent_status(&self, agent: AgentId, is_ready: bool) {
        self.desk.ask(Request::Status { agent, is_ready }).await;
    }

    /// What sessions see of the desk.
    pub fn desk_view(&self) -> Arc<DeskView> {
        self.desk.view()
    }

    /// Changes only on a restore from a backup, or when history was deleted.
    pub fn generation(&self) -> &str {
        &self.generation
    }

    /// Becomes true when the server goes away.
    pub fn draining(&self) -> watch::Receiver<bool> {
        self.draining.subscribe()
    }

    /// When a client of a server that goes away may come back, with jitter.
    pub fn retry_after_ms(&self) -> u64 {
        RETRY_AFTER_MS + token::draw_below(RETRY_AFTER_MS)
    }

    /// Takes no new input from here on, and tells all sessions to go.
    pub fn drain(&self) {
        self.draining.send_replace(true);
    }

    /// Waits until all sessions are gone.
    pub async fn wait_for_sessions(&self) {
        self.metrics.wait_for_sockets().await;
    }

    /// Finishes what is being written.
    pub async fn close(&self) {
        self.store.close().await;
    }

    /// Why new customers should not be sent here, for `/readyz`; empty when they should.
    pub async fn why_not_ready(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        if *self.draining.borrow() {
            reasons.push("draining".to_owned());
        }
        // While writing fails nobody writes, so this tries whether it works again.
        if self.store.health().is_some()
            && let Err(error) = self.store.probe().await
        {
            reasons.push(format!("storage: {error}"));
        }
        reasons
    }

    /// What decides which entries such a customer is served now.
    pub fn circumstances<'f>(&self, snapshot: &Snapshot, facts: &'f Facts) -> Circumstances<'f> {
        Circumstances { today: snapshot.base.hours.date(self.clock.now()), facts }
    }
}

/// Puts an errand of the desk to its conversation. Whatever comes of it, the records tell.
async fn do_errand(conversations: &Arc<Conversations>, errand: &Errand) {
    let act = match errand {
        Errand::Offer(offer) => DeskAct::Offers { agent: offer.agent, epoch: offer.epoch },
        Errand::EndOffer { agent, .. } => DeskAct::Withdraws { agent: *agent },
        Errand::Tell(telling) => DeskAct::Staffing { is_staffed: telling.is_staffed },
        Errand::AgentLost { agent, .. } => DeskAct::AgentLost { agent: *agent },
        Errand::AgentBack { agent, .. } => DeskAct::AgentBack { agent: *agent },
    };
    let (conversation, name) = (errand.conversation(), format!("{act:?}"));
    match conversations.act(conversation, Input::Desk(act).into()).await {
        Ok(_) | Err(ServiceError::Draining) => {}
        // It was overtaken.
        Err(error @ ServiceError::Refused(_)) => {
            tracing::debug!(%conversation, act = name, %error, "not taken");
        }
        Err(error) => tracing::warn!(%conversation, act = name, %error, "not taken"),
    }
}
