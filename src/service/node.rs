//! The running service, which sessions and commands call.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::sync::{mpsc, watch};

use super::{
    accounts::Accounts,
    agents::Agents,
    clock::Clock,
    conversation::{Committed, Conversations, Handles, OpenConversations},
    customer_sockets::{CustomerSocket, CustomerSockets},
    customers::Customers,
    desk::{self, AgentPresence, DeskHandle, DeskRequest, DeskRules},
    error::ServiceError,
    knowledge::{KnowledgeBuilder, LiveKnowledge, Reloader, Reloading},
    limits::FrameLimits,
    metrics::Metrics,
    questions::Questions,
    token,
};
use crate::dialogue::{DeskAct, Input};
use crate::files::FilesError;
use crate::handoff::Errand;
use crate::journal::{AgentId, ConversationId};
use crate::matching::Snapshot;
use crate::storage::{StorageError, Store};

/// Commits that may wait for the desk. Conversations wait for the desk, and the desk never for
/// them.
const COMMITS: usize = 1_024;

/// Errands of the desk that may wait for their conversations.
const ERRANDS: usize = 1_024;

/// Clients of a stopping server are told to reconnect after this time, plus a random part of it so
/// that they do not all come at once.
const RETRY_AFTER_MS: u64 = 500;

/// The running service.
pub struct Service {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    /// The metrics.
    pub metrics: Arc<Metrics>,
    /// Agents' accounts and sessions.
    pub accounts: Arc<Accounts>,
    /// Customers, with their tokens and facts.
    pub customers: Customers,
    /// The conversations in memory.
    pub(crate) conversations: Arc<Conversations>,
    /// Questions outside of a conversation.
    pub questions: Questions,
    /// Agents at the desk.
    pub(crate) presence: AgentPresence,
    /// Frame limits of customers, over all of their sockets.
    pub customer_frames: FrameLimits<ConversationId>,
    /// Frame limits of agents, over all of their sockets.
    pub agent_frames: FrameLimits<AgentId>,
    customer_sockets: Arc<CustomerSockets>,
    pub(crate) knowledge: LiveKnowledge,
    pub(crate) agents: Arc<Agents>,
    draining: watch::Sender<bool>,
    desk_has_failed: Arc<AtomicBool>,
    generation: String,
}

impl std::fmt::Debug for Service {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Service").finish_non_exhaustive()
    }
}

impl Service {
    /// Starts with the stored conversations: sets the timers of every open one, and fills the
    /// queue.
    pub async fn start(
        store: Store,
        open: OpenConversations,
        snapshot: Snapshot,
        clock: Clock,
    ) -> Result<Arc<Self>, StorageError> {
        let (desk, requests) = DeskHandle::new(DeskRules::of(&snapshot.base.policy));
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
            queue_is_full: desk.view().queue_full(),
        };
        let conversations = Conversations::new(Arc::new(handles), draining.subscribe());
        let presence = AgentPresence::new(desk, agents.clone(), conversations.clone());
        let customers =
            Customers::start(store.clone(), clock.clone(), knowledge.clone(), metrics.clone())
                .await?;
        let service = Arc::new(Self {
            generation: store.generation().to_string(),
            accounts: Arc::new(Accounts::start(&store, &clock).await?),
            customers,
            customer_frames: FrameLimits::for_customers(clock.clone()),
            agent_frames: FrameLimits::for_agents(clock.clone()),
            customer_sockets: Arc::default(),
            questions: Questions {
                clock: clock.clone(),
                knowledge: knowledge.clone(),
                metrics: metrics.clone(),
                desk: presence.view(),
            },
            conversations,
            presence,
            knowledge,
            agents,
            metrics,
            draining,
            desk_has_failed: Arc::default(),
            store,
            clock,
        });
        service.start_desk(requests, committed);
        let open = service.conversations.take_up(open).await?;
        tracing::info!(conversations = open, "open conversations restored");
        let (accounts, draining) = (service.accounts.clone(), service.draining());
        tokio::spawn(async move { accounts.delete_expired(draining).await });
        service.warm_up();
        Ok(service)
    }

    /// Starts the desk's task, and the task that sends its errands to conversations.
    fn start_desk(
        &self,
        requests: mpsc::Receiver<DeskRequest>,
        commits: mpsc::Receiver<Committed>,
    ) {
        let (errands, mut open) = mpsc::channel(ERRANDS);
        let (done, answers) = mpsc::channel(ERRANDS);
        let ends = desk::DeskChannels {
            clock: self.clock.clone(),
            agents: self.agents.clone(),
            requests,
            commits,
            errands,
            answers,
            gauges: self.metrics.desk_gauges(),
            draining: self.draining(),
        };
        let run = tokio::spawn(desk::DeskTask::new(self.presence.desk(), ends).run());
        let has_failed = self.desk_has_failed.clone();
        tokio::spawn(async move {
            if run.await.is_err() {
                has_failed.store(true, Ordering::Relaxed);
                tracing::error!("the desk's task failed; restart the server");
            }
        });
        self.presence.desk().follow(&self.knowledge, self.draining());
        let conversations = self.conversations.clone();
        tokio::spawn(async move {
            while let Some(errand) = open.recv().await {
                let (conversations, done) = (conversations.clone(), done.clone());
                tokio::spawn(async move {
                    do_errand(&conversations, &errand).await;
                    // The desk ends only with the server.
                    let _ = done.send(errand).await;
                });
            }
        });
    }

    /// Warms caches in the background so that the first request does not pay for them.
    fn warm_up(&self) {
        let snapshot = self.snapshot();
        tokio::task::spawn_blocking(move || snapshot.prepare());
    }

    /// The served knowledge.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.knowledge.snapshot()
    }

    /// Watches the builder's files for as long as the service runs, and looks at their hash once in
    /// `look_every`. Returns a handle that asks for reloads.
    pub fn watch_knowledge(
        &self,
        builder: KnowledgeBuilder,
        look_every: Option<Duration>,
    ) -> Result<Reloader, FilesError> {
        self.reloading().watch(builder, look_every)
    }

    pub(super) fn reloading(&self) -> Reloading {
        Reloading {
            live: self.knowledge.clone(),
            clock: self.clock.clone(),
            metrics: self.metrics.clone(),
            draining: self.draining(),
        }
    }

    /// Why the newest knowledge files are not served; `None` when they are.
    pub fn refused_knowledge(&self) -> Option<String> {
        self.knowledge.refused()
    }

    /// Registers a customer's socket. Above eight sockets the customer's oldest one is told to
    /// close.
    pub fn open_customer_socket(&self, customer: &ConversationId) -> CustomerSocket {
        self.customer_sockets.open(customer)
    }

    /// The generation id of the store. It changes only when a backup is restored or history was
    /// deleted.
    pub fn generation(&self) -> &str {
        &self.generation
    }

    /// Becomes true when the server stops.
    pub fn draining(&self) -> watch::Receiver<bool> {
        self.draining.subscribe()
    }

    /// When a client of a stopping server should reconnect, with jitter.
    pub fn retry_after_ms(&self) -> u64 {
        RETRY_AFTER_MS + token::draw_below(RETRY_AFTER_MS)
    }

    /// Takes no new input from now on, and tells all sessions to end.
    pub fn drain(&self) {
        self.draining.send_replace(true);
    }

    /// Waits until all sessions have ended.
    pub async fn wait_for_sessions(&self) {
        self.metrics.wait_for_sockets().await;
    }

    /// Finishes the pending writes.
    pub async fn close(&self) {
        self.store.close().await;
    }

    /// Why new customers should not be sent to this server, for `/readyz`; empty when they should.
    pub async fn why_not_ready(&self) -> Vec<String> {
        let mut reasons = Vec::new();
        if *self.draining.borrow() {
            reasons.push("draining".to_owned());
        }
        if self.desk_has_failed.load(Ordering::Relaxed) {
            reasons.push("desk: its task failed, restart the server".to_owned());
        }
        // Failed writes stop further ones, so this write tests whether the store works again.
        if self.store.health().is_some()
            && let Err(error) = self.store.probe().await
        {
            reasons.push(format!("storage: {error}"));
        }
        reasons
    }
}

/// Sends an errand of the desk to its conversation. The records tell its result.
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
        // The conversation has changed since.
        Err(error @ ServiceError::Refused(_)) => {
            tracing::debug!(%conversation, act = name, %error, "errand out of date");
        }
        Err(error) => tracing::warn!(%conversation, act = name, %error, "errand failed"),
    }
}
