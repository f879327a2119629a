//! The desk's task: folds what conversations commit into the queue, keeps the agents'
//! leases, and proposes offers. It never waits for a conversation.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use tokio::{
    sync::{mpsc, oneshot, watch},
    time::Instant,
};

use super::{Act, Service};
use crate::handoff::{AgentStatus, DEFAULT_CAPACITY, Desk, Offer, OpenMessage, Waiting};
use crate::journal::{AgentId, ConversationId, Event, Record};

/// Messages that may wait for the desk. Conversations wait for it, never the reverse.
const INBOX: usize = 1_024;

/// An agent who was not heard of for so long is lost: two missed pings and a bit.
const LEASE: Duration = Duration::from_secs(45);

/// Conversations whose agent is absent are told so again after this time.
const TELL_AGAIN: Duration = Duration::from_secs(5);

/// What the desk is told.
#[derive(Debug)]
pub(crate) enum DeskMessage {
    /// A conversation committed these, or was folded anew from them.
    Committed { conversation: ConversationId, records: Arc<[Record]> },
    /// A session of an agent began; `seen` is told when the view shows it.
    Connected { agent: AgentId, seen: oneshot::Sender<()> },
    /// An agent is still there.
    Pinged(AgentId),
    /// An agent signed out; `seen` is told when the view shows it.
    Left { agent: AgentId, seen: oneshot::Sender<()> },
    /// An agent wants new conversations, or not.
    Status { agent: AgentId, is_ready: bool },
}

/// The way to the desk's task.
#[derive(Debug)]
pub(crate) struct DeskHandle {
    inbox: mpsc::Sender<DeskMessage>,
    view: watch::Sender<Arc<DeskView>>,
}

impl DeskHandle {
    pub(crate) fn new() -> (Self, mpsc::Receiver<DeskMessage>) {
        let (inbox, messages) = mpsc::channel(INBOX);
        (Self { inbox, view: watch::Sender::default() }, messages)
    }

    pub(crate) async fn tell(&self, message: DeskMessage) {
        if self.inbox.send(message).await.is_err() {
            tracing::debug!("the desk's task has ended");
        }
    }

    pub(crate) fn view(&self) -> watch::Receiver<Arc<DeskView>> {
        self.view.subscribe()
    }

    /// Shows a new view to those who watch, if it is another one.
    fn show(&self, view: DeskView) {
        self.view.send_if_modified(|shown| {
            let is_other = **shown != view;
            if is_other {
                *shown = Arc::new(view);
            }
            is_other
        });
    }

    /// Whether an agent is there to take conversations.
    pub(crate) fn is_staffed(&self) -> bool {
        self.view.borrow().is_staffed
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

/// Starts the desk's task.
pub(crate) fn start(service: &Arc<Service>, messages: mpsc::Receiver<DeskMessage>) {
    let task = DeskTask {
        service: service.clone(),
        messages,
        desk: Desk::new(),
        known: BTreeMap::new(),
        heard: BTreeMap::new(),
        waiting_to_see: Vec::new(),
        told_at: Instant::now(),
        refused: mpsc::channel(INBOX),
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
    desk: Desk,
    /// The last record of each conversation: one that is folded anew tells all of them again.
    known: BTreeMap<ConversationId, u64>,
    /// When each agent who holds a lease was last heard of.
    heard: BTreeMap<AgentId, Instant>,
    /// When the conversations of absent agents were last told so.
    told_at: Instant,
    /// Sessions that wait for the view to show them.
    waiting_to_see: Vec<oneshot::Sender<()>>,
    /// Offers that conversations did not take.
    refused: (mpsc::Sender<Offer>, mpsc::Receiver<Offer>),
}

impl DeskTask {
    async fn run(mut self) {
        let mut draining = self.service.draining();
        loop {
            let wake = self.wake_at();
            tokio::select! {
                message = self.messages.recv() => {
                    let Some(message) = message else { return };
                    self.take(message);
                }
                Some(offer) = self.refused.1.recv() => {
                    self.desk.refused(&offer, self.service.clock.now());
                }
                () = tokio::time::sleep_until(wake) => {}
                _ = draining.changed() => return,
            }
            while let Ok(message) = self.messages.try_recv() {
                self.take(message);
            }
            self.end_leases();
            self.make_offers();
            self.publish();
            for seen in self.waiting_to_see.drain(..) {
                // A session that has gone meanwhile waits for nothing.
                let _ = seen.send(());
            }
        }
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
            DeskMessage::Committed { conversation, records } => self.fold(&conversation, &records),
            DeskMessage::Connected { agent, seen } => {
                self.welcome(agent);
                self.waiting_to_see.push(seen);
            }
            DeskMessage::Pinged(agent) => {
                self.heard.insert(agent, Instant::now());
                // After a lease that ended while the socket was stuck, this is a return.
                if self.desk.status(agent).is_none() {
                    self.welcome(agent);
                }
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

    fn welcome(&mut self, agent: AgentId) {
        self.desk.agent_present(agent, DEFAULT_CAPACITY);
        self.heard.insert(agent, Instant::now());
        self.tell_held(agent, |agent| Act::AgentBack { agent });
    }

    fn fold(&mut self, conversation: &ConversationId, records: &[Record]) {
        let known = self.known.entry(conversation.clone()).or_default();
        let mut joined = None;
        for record in records.iter().filter(|record| record.seq > *known) {
            self.desk.apply(conversation, record);
            if let Event::AgentJoined { agent, .. } = record.event {
                joined = Some(agent);
            }
        }
        let Some(last) = records.last() else { return };
        *known = last.seq.max(*known);
        // One that is over is not told again, unless its message waits for an agent.
        let is_over = matches!(last.event, Event::Closed | Event::Ended { rate_until: None, .. });
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
                self.tell_held(agent, |agent| Act::AgentLost { agent });
            }
        }
    }

    fn leave(&mut self, agent: AgentId) {
        self.heard.remove(&agent);
        self.desk.agent_gone(agent);
        self.tell_held(agent, |agent| Act::AgentLost { agent });
    }

    /// Agents who own conversations, and neither are there nor have a lease to come back.
    fn absent_holders(&self) -> Vec<AgentId> {
        let is_absent =
            |agent: &AgentId| self.desk.status(*agent).is_none() && !self.heard.contains_key(agent);
        self.desk.holders().into_iter().filter(is_absent).collect()
    }

    fn tell_held(&self, agent: AgentId, act: impl Fn(AgentId) -> Act) {
        for conversation in self.desk.held_by(agent) {
            self.service.act_later(conversation.clone(), act(agent));
        }
    }

    fn make_offers(&mut self) {
        let now = self.service.clock.now();
        while let Some(offer) = self.desk.next_offer(now) {
            self.desk.propose(&offer);
            let (service, refused) = (self.service.clone(), self.refused.0.clone());
            tokio::spawn(async move {
                let act = Act::Offer { agent: offer.agent, epoch: offer.epoch };
                if let Err(error) = service.act(&offer.conversation, act).await {
                    tracing::debug!(conversation = %offer.conversation, %error, "offer not taken");
                    // The desk has gone only when the server goes.
                    let _ = refused.send(offer).await;
                }
            });
        }
    }

    fn publish(&self) {
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
            is_staffed: self.desk.is_staffed(),
        };
        self.service.metrics.waiting.set(view.waiting.len() as i64);
        self.service.metrics.agents_ready.set(view.ready.len() as i64);
        self.service.desk.show(view);
    }
}
