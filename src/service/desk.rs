//! The desk's task: folds what conversations commit into the queue, keeps the agents'
//! leases, and proposes offers. It never waits for a conversation.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::Instant,
};

use super::{Command, Service, ServiceError, Taken, conversation::Committed};
use crate::dialogue::{DeskAct, Input};
use crate::handoff::{AgentStatus, AtLimit, Desk, Offer, OpenMessage, Telling, Waiting};
use crate::journal::{AgentEvent, AgentId, ConversationId, EpisodeEvent, Event, Record};

/// Messages that may wait for the desk.
const INBOX: usize = 1_024;

/// An agent who was not heard of for so long is lost: two missed pings and a bit. With the
/// grace of 15 s, the customer is back in the queue 55 s after the agent's last sign of life.
const LEASE: Duration = Duration::from_secs(40);

/// Conversations whose agent is absent are told so again after this time.
const TELL_AGAIN: Duration = Duration::from_secs(5);

/// Customers who are told at the same time that nobody is ready, or somebody again: each is
/// a write, and those of a thousand who wait must not stand before everybody else's.
const TOLD_AT_ONCE: usize = 32;

/// What the desk is told.
#[derive(Debug)]
pub(crate) enum DeskMessage {
    /// A session of an agent began; `seen` is told when the view shows it.
    Connected { agent: AgentId, seen: oneshot::Sender<()> },
    /// An agent is still there.
    Pinged(AgentId),
    /// The last session of an agent has ended; the lease runs on.
    Away(AgentId),
    /// An agent wants to accept a conversation: is there room?
    Reserve { agent: AgentId, conversation: ConversationId, answer: oneshot::Sender<Room> },
    /// The conversation has answered to that, whatever it said.
    GiveBack { agent: AgentId, conversation: ConversationId },
    /// An agent signed out; `seen` is told when the view shows it.
    Left { agent: AgentId, seen: oneshot::Sender<()> },
    /// An agent wants new conversations, or not.
    Status { agent: AgentId, is_ready: bool },
}

/// Whether an agent has room for one more conversation, which is then kept.
type Room = Result<(), AtLimit>;

/// What comes back from a conversation that the desk spoke to.
enum Answer {
    /// It did not take the offer.
    Refused(Offer),
    /// It has told its customer, or had nothing to tell.
    Told(Telling),
}

/// The way to the desk's task.
#[derive(Debug)]
pub(crate) struct DeskHandle {
    inbox: mpsc::Sender<DeskMessage>,
    view: watch::Sender<Arc<DeskView>>,
    is_staffed: watch::Sender<bool>,
}

impl DeskHandle {
    pub(crate) fn new() -> (Self, mpsc::Receiver<DeskMessage>) {
        let (inbox, messages) = mpsc::channel(INBOX);
        (
            Self { inbox, view: watch::Sender::default(), is_staffed: watch::Sender::new(false) },
            messages,
        )
    }

    pub(crate) async fn tell(&self, message: DeskMessage) {
        if self.inbox.send(message).await.is_err() {
            tracing::debug!("the desk's task has ended");
        }
    }

    pub(crate) fn view(&self) -> watch::Receiver<Arc<DeskView>> {
        self.view.subscribe()
    }

    /// Keeps room for a conversation that the agent is about to accept; to be given back with
    /// [`DeskMessage::GiveBack`].
    async fn reserve(
        &self,
        agent: AgentId,
        conversation: &ConversationId,
    ) -> Result<(), ServiceError> {
        let (answer, room) = oneshot::channel();
        let conversation = conversation.clone();
        self.tell(DeskMessage::Reserve { agent, conversation, answer }).await;
        room.await.map_err(|_| ServiceError::Failed)?.map_err(ServiceError::AtLimit)
    }

    /// Shows a new view to those who watch, if it is another one.
    fn show(&self, view: DeskView) {
        self.is_staffed
            .send_if_modified(|shown| std::mem::replace(shown, view.is_staffed) != view.is_staffed);
        self.view.send_if_modified(|shown| {
            let is_other = **shown != view;
            if is_other {
                *shown = Arc::new(view);
            }
            is_other
        });
    }

    /// Whether an agent is there to take conversations.
    pub(crate) fn is_staffed(&self) -> watch::Receiver<bool> {
        self.is_staffed.subscribe()
    }
}

/// Who waits and who serves, at one moment.
#[derive(Debug, Default, PartialEq)]
pub struct DeskView {
    /// In the order in which they will be served.
    pub waiting: Vec<Waiting>,
    /// Messages that no agent has taken up, oldest first.
    pub messages: Vec<OpenMessage>,
    /// Conversations that agents own.
    held: BTreeMap<AgentId, Vec<ConversationId>>,
    /// Agents who are there and take new conversations.
    ready: BTreeSet<AgentId>,
    is_staffed: bool,
    /// Conversations that an agent may have at the same time.
    pub conversations_max: usize,
}

impl DeskView {
    /// The place in the queue, from 1.
    pub fn place(&self, conversation: &ConversationId) -> Option<usize> {
        let found = self.waiting.iter().position(|item| item.conversation == *conversation);
        found.map(|index| index + 1)
    }

    /// The conversations that the agent owns.
    pub fn held_by(&self, agent: AgentId) -> &[ConversationId] {
        self.held.get(&agent).map_or(&[], Vec::as_slice)
    }

    /// Whether the agent takes new conversations.
    pub fn is_ready(&self, agent: AgentId) -> bool {
        self.ready.contains(&agent)
    }
}

impl Service {
    /// Lets an agent accept a conversation if there is room for it. The room is kept before
    /// the conversation is asked, as the agent may accept several at once.
    pub(super) async fn accept(
        self: &Arc<Self>,
        conversation: ConversationId,
        agent: AgentId,
        command: Command,
    ) -> Result<Taken, ServiceError> {
        let service = self.clone();
        // A task of its own: the room is given back also when the session ends meanwhile.
        let accepted = tokio::spawn(async move {
            service.desk.reserve(agent, &conversation).await?;
            let taken = service.conversations.act(&conversation, command).await;
            service.desk.tell(DeskMessage::GiveBack { agent, conversation }).await;
            taken
        });
        accepted.await.unwrap_or(Err(ServiceError::Failed))
    }
}

/// Starts the desk's task.
pub(crate) fn start(
    service: &Arc<Service>,
    messages: mpsc::Receiver<DeskMessage>,
    commits: mpsc::Receiver<Committed>,
) {
    let task = DeskTask {
        service: service.clone(),
        messages,
        commits,
        desk: Desk::open(service.clock.now()),
        known: BTreeMap::new(),
        heard: BTreeMap::new(),
        waiting_to_see: Vec::new(),
        told_at: Instant::now(),
        being_told: 0,
        answers: mpsc::channel(INBOX),
    };
    let run = tokio::spawn(task.run());
    tokio::spawn(async move {
        if let Err(fault) = run.await {
            tracing::error!(%fault, "the desk's task failed; restart the server");
        }
    });
}

struct DeskTask {
    service: Arc<Service>,
    messages: mpsc::Receiver<DeskMessage>,
    commits: mpsc::Receiver<Committed>,
    desk: Desk,
    /// The last record of each conversation: one that is folded anew tells all of them again.
    known: BTreeMap<ConversationId, u64>,
    /// When each agent who holds a lease was last heard of.
    heard: BTreeMap<AgentId, Instant>,
    /// When the conversations of absent agents were last told so.
    told_at: Instant,
    /// Sessions that wait for the view to show them.
    waiting_to_see: Vec<oneshot::Sender<()>>,
    /// Customers who are being told of the staffing now.
    being_told: usize,
    answers: (mpsc::Sender<Answer>, mpsc::Receiver<Answer>),
}

impl DeskTask {
    async fn run(mut self) {
        let mut draining = self.service.draining();
        loop {
            let wake = self.wake_at();
            tokio::select! {
                Some(committed) = self.commits.recv() => self.take_commit(&committed),
                message = self.messages.recv() => {
                    let Some(message) = message else { return };
                    self.take_commits();
                    self.take(message);
                }
                Some(answer) = self.answers.1.recv() => {
                    self.take_all();
                    self.take_answer(answer);
                }
                () = tokio::time::sleep_until(wake) => {}
                _ = draining.changed() => return,
            }
            self.take_all();
            while let Ok(answer) = self.answers.1.try_recv() {
                self.take_all();
                self.take_answer(answer);
            }
            self.end_leases();
            let now = self.service.clock.now();
            self.desk.set_limit(self.conversations_max());
            self.desk.look(now);
            self.end_offers(now);
            self.make_offers(now);
            self.publish(now);
            self.tell_waiting(now);
            for seen in self.waiting_to_see.drain(..) {
                // A session that has gone meanwhile waits for nothing.
                let _ = seen.send(());
            }
        }
    }

    /// Takes what has come. What a conversation committed came before its answer.
    fn take_all(&mut self) {
        self.take_commits();
        while let Ok(message) = self.messages.try_recv() {
            self.take_commits();
            self.take(message);
        }
    }

    fn take_commits(&mut self) {
        while let Ok(committed) = self.commits.try_recv() {
            self.take_commit(&committed);
        }
    }

    fn take_commit(&mut self, Committed { conversation, records }: &Committed) {
        self.fold(conversation, records);
    }

    fn wake_at(&self) -> Instant {
        let now = self.service.clock.now();
        let offer = self.desk.wake_at(now).map(|at| Instant::now() + self.service.clock.until(at));
        let lease = self.heard.values().min().map(|heard| *heard + LEASE);
        let again = (!self.absent_holders().is_empty()).then(|| self.told_at + TELL_AGAIN);
        let soonest = [offer, lease, again].into_iter().flatten().min();
        soonest.unwrap_or_else(|| Instant::now() + LEASE)
    }

    fn take(&mut self, message: DeskMessage) {
        match message {
            DeskMessage::Connected { agent, seen } => {
                self.welcome(agent);
                self.waiting_to_see.push(seen);
            }
            DeskMessage::Pinged(agent) => {
                // After a lease that ended while the socket was stuck, this is a return.
                if self.desk.status(agent).is_none() {
                    self.welcome(agent);
                } else {
                    self.heard.insert(agent, Instant::now());
                }
            }
            DeskMessage::Away(agent) => {
                // Another one may have begun meanwhile.
                if !self.service.has_sessions(agent) {
                    self.desk.agent_away(agent, self.service.clock.now());
                }
            }
            DeskMessage::Reserve { agent, conversation, answer } => {
                self.desk.set_limit(self.conversations_max());
                let room = self.desk.reserve(agent, &conversation);
                // One who no longer waits has nothing to give back.
                if answer.send(room).is_err() && room.is_ok() {
                    self.desk.give_back(agent, &conversation);
                }
            }
            DeskMessage::GiveBack { agent, conversation } => {
                self.desk.give_back(agent, &conversation);
            }
            DeskMessage::Left { agent, seen } => {
                self.leave(agent);
                self.waiting_to_see.push(seen);
            }
            DeskMessage::Status { agent, is_ready } => {
                let status = if is_ready { AgentStatus::Ready } else { AgentStatus::Break };
                self.desk.agent_status(agent, status);
            }
        }
    }

    fn take_answer(&mut self, answer: Answer) {
        let now = self.service.clock.now();
        match answer {
            Answer::Refused(offer) => self.desk.refused(&offer, now),
            Answer::Told(telling) => {
                self.being_told -= 1;
                self.desk.told(&telling, now);
            }
        }
    }

    /// As the policy has it now: a reload takes effect on the next.
    fn conversations_max(&self) -> usize {
        self.service.snapshot().base.policy.agent_conversations_max.into()
    }

    fn welcome(&mut self, agent: AgentId) {
        self.desk.agent_present(agent);
        self.heard.insert(agent, Instant::now());
        self.tell_held(agent, |agent| DeskAct::AgentBack { agent });
    }

    fn fold(&mut self, conversation: &ConversationId, records: &[Record]) {
        let known = self.known.entry(conversation.clone()).or_default();
        let mut joined = None;
        for record in records.iter().filter(|record| record.seq > *known) {
            self.desk.apply(conversation, record);
            if let Event::Agent(AgentEvent::Joined { agent, .. }) = record.event {
                joined = Some(agent);
            }
        }
        let Some(last) = records.last() else { return };
        *known = last.seq.max(*known);
        // One that is over is not told again, unless its message waits for an agent.
        let is_over = matches!(
            last.event,
            Event::Episode(EpisodeEvent::Closed | EpisodeEvent::Ended { rate_until: None, .. })
        );
        let has_message = |desk: &Desk| {
            desk.messages().iter().any(|message| message.conversation == *conversation)
        };
        if is_over && !has_message(&self.desk) {
            self.known.remove(conversation);
        }
        // After a restart the agent has a lease's time to come back.
        if let Some(agent) = joined
            && self.desk.held_by(agent).any(|held| held == conversation)
        {
            self.heard.entry(agent).or_insert_with(Instant::now);
        }
    }

    fn end_leases(&mut self) {
        let over = |heard: &Instant| heard.elapsed() >= LEASE;
        let lost: Vec<AgentId> =
            self.heard.iter().filter(|(_, heard)| over(heard)).map(|(agent, _)| *agent).collect();
        for agent in lost {
            tracing::info!(%agent, "agent lost");
            self.leave(agent);
        }
        // What could not be stored the first time, as on a full disk, is told again.
        if self.told_at.elapsed() >= TELL_AGAIN {
            self.told_at = Instant::now();
            for agent in self.absent_holders() {
                self.tell_held(agent, |agent| DeskAct::AgentLost { agent });
            }
        }
    }

    fn leave(&mut self, agent: AgentId) {
        self.heard.remove(&agent);
        self.desk.agent_gone(agent);
        self.tell_held(agent, |agent| DeskAct::AgentLost { agent });
    }

    /// Agents who own conversations, and neither are there nor have a lease to come back.
    fn absent_holders(&self) -> Vec<AgentId> {
        let is_absent =
            |agent: &AgentId| self.desk.status(*agent).is_none() && !self.heard.contains_key(agent);
        self.desk.holders().into_iter().filter(is_absent).collect()
    }

    fn tell_held(&self, agent: AgentId, act: impl Fn(AgentId) -> DeskAct) {
        for conversation in self.desk.held_by(agent) {
            self.service.conversations.act_later(conversation.clone(), Input::Desk(act(agent)));
        }
    }

    /// Offers to agents who take none now go on to the next.
    fn end_offers(&mut self, now: Timestamp) {
        for (conversation, agent) in self.desk.offers_to_end(now) {
            self.service
                .conversations
                .act_later(conversation, Input::Desk(DeskAct::Withdraws { agent }));
        }
    }

    /// Tells those who wait that nobody is ready any more, or somebody again.
    fn tell_waiting(&mut self, now: Timestamp) {
        for telling in self.desk.tellings(now, TOLD_AT_ONCE - self.being_told) {
            self.being_told += 1;
            let (service, answers) = (self.service.clone(), self.answers.0.clone());
            tokio::spawn(async move {
                let act = Input::Desk(DeskAct::Staffing { is_staffed: telling.is_staffed });
                if let Err(error) = service.act(&telling.conversation, act.into()).await {
                    tracing::debug!(conversation = %telling.conversation, %error, "not told");
                }
                // The desk has gone only when the server goes.
                let _ = answers.send(Answer::Told(telling)).await;
            });
        }
    }

    fn make_offers(&mut self, now: Timestamp) {
        while let Some(offer) = self.desk.next_offer(now) {
            self.desk.propose(&offer);
            let (service, answers) = (self.service.clone(), self.answers.0.clone());
            tokio::spawn(async move {
                let (agent, epoch) = (offer.agent, offer.epoch);
                let act = Input::Desk(DeskAct::Offers { agent, epoch });
                if let Err(error) = service.act(&offer.conversation, act.into()).await {
                    tracing::debug!(conversation = %offer.conversation, %error, "offer not taken");
                    // The desk has gone only when the server goes.
                    let _ = answers.send(Answer::Refused(offer)).await;
                }
            });
        }
    }

    fn publish(&self, now: Timestamp) {
        let mut held = BTreeMap::new();
        let agents: Vec<_> = self.desk.agents().collect();
        for agent in &agents {
            held.insert(agent.agent, self.desk.held_by(agent.agent).cloned().collect());
        }
        let ready = agents.iter().filter(|agent| agent.status == AgentStatus::Ready);
        let view = DeskView {
            waiting: self.desk.waiting().cloned().collect(),
            messages: self.desk.messages().into_iter().cloned().collect(),
            held,
            ready: ready.map(|agent| agent.agent).collect(),
            is_staffed: self.desk.is_staffed(now),
            conversations_max: self.conversations_max(),
        };
        self.service.metrics.waiting.set(view.waiting.len() as i64);
        self.service.metrics.agents_ready.set(view.ready.len() as i64);
        self.service.desk.show(view);
    }
}
