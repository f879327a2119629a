//! The running service: what sessions and commands call.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::{mpsc, watch};

use super::{
    accounts::Accounts,
    agents::Agents,
    asking::Questions,
    clock::Clock,
    conversation::{Committed, Conversations, Handles, OpenConversations},
    customer_sockets::{CustomerSocket, CustomerSockets},
    desk::{self, AgentPresence, DeskHandle, Request, Rules},
    error::ServiceError,
    knowledge::{Builder, LiveKnowledge, Reloading},
    limits::FrameLimits,
    metrics::Metrics,
    token,
};
use crate::dialogue::{DeskAct, Input};
use crate::files::FilesError;
use crate::handoff::Errand;
use crate::journal::{AgentId, ConversationId};
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

/// The running service.
pub struct Service {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Customers and agents, and their sessions.
    pub accounts: Arc<Accounts>,
    /// The conversations in memory.
    pub(crate) conversations: Arc<Conversations>,
    /// Questions outside of a conversation.
    pub questions: Questions,
    /// Agents at the desk.
    pub(crate) presence: AgentPresence,
    /// What customers may send, over all of their sockets.
    pub customer_frames: FrameLimits<ConversationId>,
    /// What agents may send, over all of their sockets.
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
    /// Starts over what is stored: sets the timers of every open conversation, and fills the
    /// queue.
    pub async fn start(
        store: Store,
        open: OpenConversations,
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
            queue_is_full: desk.view().queue_full(),
        };
        let conversations = Conversations::new(Arc::new(handles), draining.subscribe());
        let presence = AgentPresence::new(desk, agents.clone(), conversations.clone());
        let service = Arc::new(Self {
            generation: store.generation().to_string(),
            accounts: Arc::new(Accounts::start(&store, &clock).await?),
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
        tracing::info!(conversations = open, "open conversations are taken up");
        let (accounts, draining) = (service.accounts.clone(), service.draining());
        tokio::spawn(async move { accounts.delete_expired(draining).await });
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
        let run = tokio::spawn(desk::Task::new(self.presence.desk(), ends).run());
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
                    // The desk has gone only when the server goes.
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

    /// A customer's socket is open from now on. One more than eight, and the oldest has to go.
    pub fn open_customer_socket(&self, customer: &ConversationId) -> CustomerSocket {
        self.customer_sockets.open(customer)
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
        if self.desk_has_failed.load(Ordering::Relaxed) {
            reasons.push("desk: its task failed, restart the server".to_owned());
        }
        // While writing fails nobody writes, so this tries whether it works again.
        if self.store.health().is_some()
            && let Err(error) = self.store.probe().await
        {
            reasons.push(format!("storage: {error}"));
        }
        reasons
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
