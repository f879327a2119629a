//! The running service: what sessions and commands call.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use arc_swap::ArcSwap;
use jiff::Timestamp;
use tokio::sync::{mpsc, watch};

use super::{
    Act, Clock, CustomerSocket, DeskView, FoundWords, FrameLimits, Inbox, Metrics, ServiceError,
    Taken,
    conversation::{Committed, ConversationHandle, Head},
    customer_sockets::CustomerSockets,
    desk::{self, DeskHandle, Request, Rules},
    lock::lock,
    sign_ins::SignIns,
    wording::found_words,
};
use crate::compliance::Speaker;
use crate::dialogue::{Duty, Owner, State, World};
use crate::handoff::{Desk, Errand};
use crate::journal::{AgentId, BotEvent, ConversationId, CustomerEvent, Event, Record};
use crate::knowledge::{Circumstances, Facts};
use crate::matching::Snapshot;
use crate::storage::{StorageError, Store};

/// Clients of a server that goes away are told to come back after this time, and up to as
/// long again so that they do not all come at once.
const RETRY_AFTER_MS: u64 = 500;

/// Commits that may wait for the desk. Conversations wait for it, never the reverse.
const COMMITS: usize = 1_024;

/// Errands of the desk that may wait to be put to their conversations.
const ERRANDS: usize = 1_024;

/// How often sessions that are over are deleted.
const EXPIRY_SWEEP: Duration = Duration::from_hours(1);

/// The running service.
pub struct Service {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    /// What is counted.
    pub metrics: Metrics,
    pub(crate) desk: DeskHandle,
    pub(crate) sign_ins: SignIns,
    /// What customers may send, over all of their sockets.
    pub customer_frames: FrameLimits<ConversationId>,
    /// What agents may send, over all of their sockets.
    pub agent_frames: FrameLimits<AgentId>,
    customer_sockets: Arc<CustomerSockets>,
    snapshot: ArcSwap<Snapshot>,
    conversations: Mutex<HashMap<ConversationId, ConversationHandle>>,
    agent_names: RwLock<BTreeMap<AgentId, String>>,
    /// To the desk: what conversations have committed.
    commits: mpsc::Sender<Committed>,
    staffed: watch::Receiver<bool>,
    draining: watch::Sender<bool>,
    generation: String,
    /// Why the newest files do not answer.
    refused_knowledge: Mutex<Option<String>>,
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
        let agents = store.list_agents().await?;
        let agent_names = agents.into_iter().map(|row| (row.id, row.name)).collect();
        let service = Arc::new(Self {
            generation: store.generation().to_string(),
            sign_ins: SignIns::start(&store, &clock).await?,
            customer_frames: FrameLimits::for_customers(clock.clone()),
            agent_frames: FrameLimits::for_agents(clock.clone()),
            customer_sockets: Arc::default(),
            agent_names: RwLock::new(agent_names),
            snapshot: ArcSwap::from_pointee(snapshot),
            conversations: Mutex::default(),
            commits,
            staffed: desk.view().staffed(),
            metrics: Metrics::default(),
            draining: watch::Sender::new(false),
            refused_knowledge: Mutex::default(),
            store,
            clock,
            desk,
        });
        let open = service.store.open_conversations().await?;
        tracing::info!(conversations = open.len(), "taking up open conversations");
        service.start_desk(requests, committed);
        for id in open {
            service.find(&id).await?;
        }
        service.clone().delete_expired_sessions();
        service.warm_up();
        Ok(service)
    }

    /// Starts the desk's task, and those that put its errands to the conversations.
    fn start_desk(
        self: &Arc<Self>,
        requests: mpsc::Receiver<Request>,
        commits: mpsc::Receiver<Committed>,
    ) {
        let (errands, mut open) = mpsc::channel(ERRANDS);
        let (done, answers) = mpsc::channel(ERRANDS);
        let ends = desk::Ends {
            clock: self.clock.clone(),
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
        let service = self.clone();
        tokio::spawn(async move {
            while let Some(errand) = open.recv().await {
                let (service, done) = (service.clone(), done.clone());
                tokio::spawn(async move {
                    service.do_errand(&errand).await;
                    // The desk has gone only when the server goes.
                    let _ = done.send(errand).await;
                });
            }
        });
    }

    /// Puts an errand of the desk to its conversation. Whatever comes of it, the records tell.
    async fn do_errand(self: &Arc<Self>, errand: &Errand) {
        let act = match errand {
            Errand::Offer(offer) => Act::Offer { agent: offer.agent, epoch: offer.epoch },
            Errand::EndOffer { agent, .. } => Act::Decline { agent: *agent },
            Errand::Tell(telling) => Act::Staffing { is_staffed: telling.is_staffed },
            Errand::AgentLost { agent, .. } => Act::AgentLost { agent: *agent },
            Errand::AgentBack { agent, .. } => Act::AgentBack { agent: *agent },
        };
        let (conversation, name) = (errand.conversation(), format!("{act:?}"));
        match self.act(conversation, act).await {
            Ok(_) | Err(ServiceError::Draining) => {}
            // It was overtaken.
            Err(error @ ServiceError::Refused(_)) => {
                tracing::debug!(%conversation, act = name, %error, "not taken");
            }
            Err(error) => tracing::warn!(%conversation, act = name, %error, "not taken"),
        }
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
                if let Err(error) = self.store.delete_expired_sessions(self.clock.now()).await {
                    tracing::warn!(%error, "expired sessions not deleted, trying again in an hour");
                }
                if let Err(error) = self.sign_ins.forget_old_places(&self.store, &self.clock).await
                {
                    tracing::warn!(%error, "old places not deleted, trying again in an hour");
                }
            }
        });
    }

    /// The knowledge that answers now.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    /// Lets another knowledge answer from the next utterance on; gives back the old one.
    pub fn swap(&self, snapshot: Snapshot) -> Arc<Snapshot> {
        self.desk.set_rules(Rules::of(&snapshot.base.policy));
        self.snapshot.swap(Arc::new(snapshot))
    }

    /// Why the newest knowledge files do not answer; `None` when they do.
    pub fn refused_knowledge(&self) -> Option<String> {
        lock(&self.refused_knowledge).clone()
    }

    pub(crate) fn note_refused_knowledge(&self, reason: Option<String>) {
        *lock(&self.refused_knowledge) = reason;
    }

    /// What the rules of now find in a customer's masked message.
    pub fn found_in_customers_words(&self, text: &str) -> Vec<FoundWords> {
        found_words(&self.snapshot().base, text, Speaker::Customer)
    }

    /// Hands an input to its conversation; done when it and what follows are on disk.
    pub async fn act(
        self: &Arc<Self>,
        id: &ConversationId,
        act: Act,
    ) -> Result<Taken, ServiceError> {
        if let Act::Accept { agent, .. } = act {
            return self.accept(id.clone(), agent, act).await;
        }
        self.put(id, act).await
    }

    pub(super) async fn put(
        self: &Arc<Self>,
        id: &ConversationId,
        mut act: Act,
    ) -> Result<Taken, ServiceError> {
        if *self.draining.borrow() {
            return Err(ServiceError::Draining);
        }
        // A task that leaves memory at this very moment gives the act back, once.
        for _ in 0..3 {
            match self.find(id).await?.act(act).await {
                Ok(taken) => return taken,
                Err(given_back) => act = given_back,
            }
        }
        Err(ServiceError::Failed)
    }

    /// Lets an agent accept a conversation if there is room for it. The room is kept before
    /// the conversation is asked, as the agent may accept several at once.
    async fn accept(
        self: &Arc<Self>,
        conversation: ConversationId,
        agent: AgentId,
        act: Act,
    ) -> Result<Taken, ServiceError> {
        let service = self.clone();
        // A task of its own: the room is given back also when the session ends meanwhile.
        let accepted = tokio::spawn(async move {
            let room = service.desk.reserve(agent, &conversation).await;
            room.ok_or(ServiceError::Failed)?.map_err(ServiceError::AtLimit)?;
            let taken = service.put(&conversation, act).await;
            service.desk.ask(Request::GiveBack { agent, conversation }).await;
            taken
        });
        accepted.await.unwrap_or(Err(ServiceError::Failed))
    }

    /// Where a conversation stands; changes after each commit.
    pub async fn head(
        self: &Arc<Self>,
        id: &ConversationId,
    ) -> Result<watch::Receiver<Head>, StorageError> {
        Ok(self.find(id).await?.head())
    }

    /// Whether anything was ever said in such a conversation.
    pub async fn is_known(&self, id: &ConversationId) -> bool {
        let is_running = lock(&self.conversations).contains_key(id);
        is_running || self.store.last_seq(id).await.is_ok_and(|seq| seq > 0)
    }

    /// What happened after that place, oldest first, at most `limit`.
    pub async fn records_after(
        &self,
        id: &ConversationId,
        seq: u64,
        limit: usize,
    ) -> Result<Vec<Record>, StorageError> {
        self.store.records_after(id, seq, limit).await.inspect_err(|error| {
            tracing::error!(conversation = %id, %error, "records not read");
        })
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
        let names = self.agent_names.read().unwrap_or_else(PoisonError::into_inner);
        names.get(&agent).cloned().unwrap_or_default()
    }

    /// A session of an agent begins; its inbox, and the conversations that the agent owns.
    pub async fn connect_agent(
        &self,
        agent: AgentId,
        name: &str,
    ) -> (Arc<Inbox>, Vec<ConversationId>) {
        self.agent_names
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(agent, name.to_owned());
        let inbox = self.desk.inboxes.open(agent);
        let owned = self.desk.ask_and_see(|seen| Request::Connected { agent, seen }).await;
        (inbox, owned)
    }

    /// A session of an agent ends. The lease runs on: the console may come back.
    pub async fn disconnect_agent(&self, agent: AgentId, inbox: &Arc<Inbox>) {
        self.desk.inboxes.close(agent, inbox);
        if self.desk.inboxes.count(agent) == 0 {
            self.desk.ask(Request::Away(agent)).await;
        }
    }

    /// An agent signs out with the last session: nothing waits for the lease, and no customer
    /// is sent to this agent once it is done.
    pub(crate) async fn agent_left(&self, agent: AgentId) {
        if self.desk.inboxes.count(agent) <= 1 {
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
        RETRY_AFTER_MS + super::token::draw_below(RETRY_AFTER_MS)
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

    /// What the dialogue must know besides a conversation's state.
    pub(crate) fn world<'a>(
        &self,
        snapshot: &'a Snapshot,
        facts: &'a Facts,
        now: Timestamp,
        agent_name: &'a str,
    ) -> World<'a> {
        let hours = &snapshot.base.hours;
        let open = hours.is_open(now);
        // Only who comes outside the hours is told when they begin.
        let next_opening = if open { String::new() } else { hours.next_opening_text(now) };
        let duty = Duty { open, agents_present: *self.staffed.borrow(), next_opening };
        let today = hours.date(now);
        World { now, today, facts, base: &snapshot.base, duty, agent_name }
    }

    /// What decides which entries such a customer is served now.
    pub fn circumstances<'f>(&self, snapshot: &Snapshot, facts: &'f Facts) -> Circumstances<'f> {
        Circumstances { today: snapshot.base.hours.date(self.clock.now()), facts }
    }

    pub(crate) fn forget(&self, id: &ConversationId) {
        let mut conversations = lock(&self.conversations);
        // A successor that has started meanwhile stays.
        if conversations.get(id).is_some_and(|handle| !handle.is_live()) {
            conversations.remove(id);
        }
    }

    /// Counts what was committed.
    pub(crate) fn count(&self, records: &[Record]) {
        for record in records {
            if let Event::Bot(BotEvent::Said(reply)) = &record.event {
                self.metrics.count_reply(reply.kind);
            }
            if let Event::Customer(CustomerEvent::Said { .. }) = &record.event {
                self.metrics.utterances.inc();
            }
        }
    }

    /// Tells the desk and the agents concerned what was committed.
    pub(crate) async fn publish(
        &self,
        id: &ConversationId,
        before: Owner,
        after: Owner,
        records: Arc<[Record]>,
    ) {
        self.tell_desk(id, records).await;
        for owner in [before, after] {
            if let Owner::Agent(agent) = owner {
                self.desk.inboxes.mark(agent, id);
            }
        }
    }

    /// Tells the desk what concerns it: most of what is said does not.
    async fn tell_desk(&self, id: &ConversationId, records: Arc<[Record]>) {
        if !records.iter().any(|record| Desk::concerns(&record.event)) {
            return;
        }
        let committed = Committed { conversation: id.clone(), records };
        if self.commits.send(committed).await.is_err() {
            tracing::debug!("the desk's task has ended");
        }
    }

    /// The conversation's task; starts it over what is stored if it does not run.
    async fn find(
        self: &Arc<Self>,
        id: &ConversationId,
    ) -> Result<ConversationHandle, StorageError> {
        let running = lock(&self.conversations).get(id).filter(|handle| handle.is_live()).cloned();
        if let Some(handle) = running {
            return Ok(handle);
        }
        let records: Arc<[Record]> = self.store.records(id).await?.into();
        let mut state = State::new();
        for record in records.iter() {
            state.apply(record);
        }
        // The desk hears of the past before anything new can be committed.
        if state.is_open() {
            self.tell_desk(id, records).await;
        }
        let mut conversations = lock(&self.conversations);
        // Another one may have started it meanwhile.
        if let Some(handle) = conversations.get(id).filter(|handle| handle.is_live()) {
            return Ok(handle.clone());
        }
        let handle = ConversationHandle::start(self.clone(), id.clone(), state);
        conversations.insert(id.clone(), handle.clone());
        Ok(handle)
    }
}
