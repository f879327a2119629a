//! The desk: a fold over all conversations' records, beside the agents who are signed in.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use super::{
    agent::Seat,
    board::Changes,
    errand::Errand,
    held::Holdings,
    lease::Leases,
    message::{Messages, OpenMessage},
    moment::{Moment, Reading, lasted},
    queue::{Place, Queue, Waiting},
    staffing::Staffing,
};
use crate::journal::{
    AgentEvent, AgentId, BotEvent, CloseCause, ConversationId, CustomerEvent, DeskEvent,
    EpisodeEvent, Event, Notice, Occasion, Record,
};
use crate::knowledge::Policy;

/// Who waits, who has room, and who should get whom next.
///
/// Queue, load and messages are a fold over records; who is signed in comes from the shell.
/// Feed it what conversations commit with [`Desk::take`], and after each change, and at
/// [`Desk::wake_at`], put to the conversations what [`Desk::errands`] gives. What became of an
/// errand goes to [`Desk::answered`]; [`Desk::take_changes`] is for those who watch.
#[derive(Clone, Debug)]
pub struct Desk {
    pub(super) queue: Queue,
    pub(super) agents: BTreeMap<AgentId, Seat>,
    pub(super) leases: Leases,
    pub(super) holdings: Holdings,
    messages: Messages,
    /// The last record of each conversation: one that is folded anew tells all of them again.
    known: HashMap<ConversationId, u64>,
    /// Records that are stamped earlier were written before this process started.
    pub(super) opened_at: Timestamp,
    /// Conversations that an agent may have at the same time.
    pub(super) limit: usize,
    /// `None` until somebody looks.
    pub(super) staffing: Option<Staffing>,
    /// Customers who are being told of the staffing now.
    pub(super) being_told: usize,
    /// Agents whose status may be another one since the last look.
    pub(super) agents_changed: BTreeSet<AgentId>,
}

impl Default for Desk {
    fn default() -> Self {
        Self::new()
    }
}

impl Desk {
    /// Nobody waits and nobody is signed in.
    pub fn new() -> Self {
        Self {
            queue: Queue::default(),
            agents: BTreeMap::new(),
            leases: Leases::default(),
            holdings: Holdings::default(),
            messages: Messages::default(),
            known: HashMap::new(),
            opened_at: Timestamp::MIN,
            limit: Policy::default().agent_conversations_max.into(),
            staffing: None,
            being_told: 0,
            agents_changed: BTreeSet::new(),
        }
    }

    /// Whether such an event may change anything at the desk: others need not be told to it.
    ///
    /// # Examples
    ///
    /// ```
    /// use kefu::handoff::Desk;
    /// use kefu::journal::{EpisodeEvent, Event};
    ///
    /// assert!(Desk::concerns(&Event::Episode(EpisodeEvent::Closed)));
    /// assert!(!Desk::concerns(&Event::Episode(EpisodeEvent::IdleWarned)));
    /// ```
    pub fn concerns(event: &Event) -> bool {
        match event {
            Event::Customer(CustomerEvent::LeftMessage { .. })
            | Event::Bot(BotEvent::AskedForMessage { .. })
            | Event::Bot(BotEvent::Noticed(Notice {
                occasion: Occasion::QueueUnstaffed | Occasion::QueueStaffed,
                ..
            }))
            | Event::Agent(AgentEvent::Said { .. } | AgentEvent::Joined { .. })
            | Event::Desk(
                DeskEvent::Queued { .. }
                | DeskEvent::Offered { .. }
                | DeskEvent::OfferEnded { .. }
                | DeskEvent::AgentLost { .. }
                | DeskEvent::AgentBack { .. },
            )
            | Event::Episode(
                EpisodeEvent::Started { .. }
                | EpisodeEvent::ReturnedToBot { .. }
                | EpisodeEvent::Ended { .. }
                | EpisodeEvent::Closed,
            ) => true,
            Event::Customer(
                CustomerEvent::Said { .. }
                | CustomerEvent::AskedHuman { .. }
                | CustomerEvent::Rated { .. },
            )
            | Event::Bot(BotEvent::Said(_) | BotEvent::Noticed(_))
            | Event::Desk(DeskEvent::AgentReminded { .. })
            | Event::Episode(EpisodeEvent::IdleWarned) => false,
        }
    }

    /// Takes in what a conversation committed, in order. Those of its records that were taken
    /// before change nothing, and those that do not concern the desk may be left out.
    pub fn take(&mut self, conversation: &ConversationId, records: &[Record], now: Reading) {
        let Some(last) = records.last() else { return };
        let known = self.known.get(conversation).copied().unwrap_or(0);
        for record in records.iter().filter(|record| record.seq > known) {
            self.apply(conversation, record, now);
        }
        // One that is over is not told again, unless its message waits for an agent.
        let is_over = matches!(
            last.event,
            Event::Episode(EpisodeEvent::Closed | EpisodeEvent::Ended { rate_until: None, .. })
        );
        if is_over && !self.messages.has(conversation) {
            self.known.remove(conversation);
        } else {
            self.known.insert(conversation.clone(), last.seq.max(known));
        }
        if let Some(agent) = self.holdings.owner(conversation) {
            // After a restart the agent has a lease's time to come back.
            if records.iter().any(|record| is_joined(&record.event)) {
                self.leases.grant(agent, now.moment);
                self.compare_presence_of(agent);
            }
            self.compare_presence(conversation);
        }
    }

    /// What is to be done now, each once, in this order: conversations hear of their agents;
    /// offers end, and others are made; those who wait hear whether anybody is ready.
    pub fn errands(&mut self, now: Moment) -> Vec<Errand> {
        self.look(now);
        let mut errands = self.news_of_agents(now);
        errands.extend(self.offers_to_end(now));
        while let Some(offer) = self.next_offer(now) {
            self.propose(&offer);
            errands.push(Errand::Offer(offer));
        }
        errands.extend(self.tellings(now).into_iter().map(Errand::Tell));
        errands
    }

    /// The conversation has taken the errand, or could not. What followed from it was taken in
    /// before.
    pub fn answered(&mut self, errand: &Errand, now: Moment) {
        match errand {
            Errand::Offer(offer) => self.proposed(offer, now),
            Errand::EndOffer { conversation, agent } => {
                self.end_answered(conversation, *agent, now);
            }
            Errand::Tell(telling) => self.told(telling, now),
            // The records tell, or it is told again.
            Errand::AgentLost { .. } | Errand::AgentBack { .. } => {}
        }
    }

    /// When there may be an errand though nothing else has happened since [`Desk::errands`] were
    /// asked for at `now`; `None`: not by time alone.
    pub fn wake_at(&self, now: Moment) -> Option<Moment> {
        let wakes = [
            self.leases.next_end(),
            self.news_again_at(),
            self.offer_at(now),
            self.away_at(now),
            self.telling_at(now),
        ];
        wakes.into_iter().flatten().filter(|at| *at > now).min()
    }

    /// What is shown of the desk and has changed since the last time.
    pub fn take_changes(&mut self) -> Changes {
        let agents = std::mem::take(&mut self.agents_changed);
        let statuses = agents.into_iter().map(|agent| (agent, self.status(agent)));
        Changes {
            statuses: statuses.collect(),
            waiting: self.queue.take_changed(),
            messages: self.messages.take_changed(),
            conversations_max: self.limit,
        }
    }

    /// Whether so many wait.
    pub fn is_full(&self, queue_max: usize) -> bool {
        self.queue.len() >= queue_max
    }

    /// Whether it waits.
    pub fn is_waiting(&self, conversation: &ConversationId) -> bool {
        self.queue.get(conversation).is_some()
    }

    /// Those who wait, in the order in which they will be served.
    pub fn waiting(&self) -> impl Iterator<Item = &Waiting> {
        self.queue.iter().map(|(_, place)| &place.waiting)
    }

    /// Messages that no agent has taken up, oldest first.
    pub fn messages(&self) -> impl Iterator<Item = &OpenMessage> {
        self.messages.iter()
    }

    /// The conversations that the agent owns.
    pub fn held_by(&self, agent: AgentId) -> impl Iterator<Item = &ConversationId> {
        self.agents.get(&agent).into_iter().flat_map(|seat| &seat.held)
    }
}

fn is_joined(event: &Event) -> bool {
    matches!(event, Event::Agent(AgentEvent::Joined { .. }))
}

/// The fold, record by record.
impl Desk {
    fn apply(&mut self, conversation: &ConversationId, record: &Record, now: Reading) {
        let at = self.moment_of(record, now);
        if let Some(epoch) = record.event.epoch() {
            self.messages.note_epoch(conversation, epoch);
        }
        self.note_act(conversation, &record.event, at);
        match &record.event {
            Event::Desk(event) => self.apply_of_desk(conversation, event, (record.at, at)),
            Event::Agent(AgentEvent::Joined { agent, .. }) => self.joined(conversation, *agent),
            Event::Bot(BotEvent::Noticed(Notice { occasion, .. })) => {
                self.queue.change(conversation, |place| place.heard.note(*occasion, at));
            }
            Event::Customer(CustomerEvent::LeftMessage { epoch, text, .. }) => {
                self.release(conversation);
                self.messages.insert(conversation, *epoch, text, (record.at, at));
            }
            Event::Episode(EpisodeEvent::Started { .. } | EpisodeEvent::ReturnedToBot { .. })
            | Event::Bot(BotEvent::AskedForMessage { .. })
            | Event::Episode(EpisodeEvent::Ended { .. } | EpisodeEvent::Closed) => {
                self.release(conversation);
            }
            Event::Customer(_) | Event::Bot(_) | Event::Agent(_) | Event::Episode(_) => {}
        }
    }

    fn apply_of_desk(
        &mut self,
        conversation: &ConversationId,
        event: &DeskEvent,
        (stamp, at): (Timestamp, Moment),
    ) {
        match event {
            DeskEvent::Queued { epoch, reason, priority, since } => {
                let before = self.release(conversation).filter(|(stamp, _)| stamp == since);
                let waits = || at.minus(lasted(*since, stamp));
                let place = Waiting {
                    conversation: conversation.clone(),
                    epoch: *epoch,
                    since: *since,
                    priority: *priority,
                    reason: *reason,
                    offered: None,
                };
                self.queue.insert(Place::new(place, before.map_or_else(waits, |(_, at)| at)));
            }
            DeskEvent::Offered { agent, until } => {
                self.offered(conversation, *agent, *until, (stamp, at));
            }
            DeskEvent::OfferEnded { agent } => self.offer_ended(conversation, *agent, (stamp, at)),
            DeskEvent::AgentLost { .. } => self.holdings.note_lost(conversation, true),
            DeskEvent::AgentBack { .. } => self.holdings.note_lost(conversation, false),
            DeskEvent::AgentReminded { .. } => {}
        }
    }

    /// When it was written. The stamp counts only for what was written before this process
    /// started: all else was just now, whatever the wall clock was set to meanwhile.
    fn moment_of(&self, record: &Record, now: Reading) -> Moment {
        if record.at < self.opened_at { now.moment_of(record.at) } else { now.moment }
    }

    /// Notes what shows that an agent is there. Timers do not, nor an offer that was let pass.
    fn note_act(&mut self, conversation: &ConversationId, event: &Event, at: Moment) {
        let agent = match event {
            Event::Agent(AgentEvent::Joined { agent, .. } | AgentEvent::Said { agent, .. }) => {
                Some(*agent)
            }
            Event::Episode(
                EpisodeEvent::ReturnedToBot { .. }
                | EpisodeEvent::Ended { cause: CloseCause::Agent, .. },
            ) => self.holdings.owner(conversation),
            Event::Customer(_) | Event::Bot(_) | Event::Desk(_) | Event::Episode(_) => None,
        };
        if let Some(agent) = agent {
            self.agents.entry(agent).or_default().acted(at);
        }
    }

    fn joined(&mut self, conversation: &ConversationId, agent: AgentId) {
        let waited = self.release(conversation);
        self.messages.remove(conversation);
        self.holdings.insert(conversation, agent, waited);
        self.agents.entry(agent).or_default().held.insert(conversation.clone());
    }

    /// Nobody waits in it and no agent has it; since when its customer waited, if that is known.
    fn release(&mut self, conversation: &ConversationId) -> Option<(Timestamp, Moment)> {
        let place = self.queue.remove(conversation);
        if let Some(Place { waiting, proposed, .. }) = &place {
            let offered = waiting.offered.map(|(agent, _)| agent);
            for agent in offered.into_iter().chain(*proposed) {
                self.unload(agent, conversation);
            }
        }
        let held = self.holdings.remove(conversation);
        if let Some(held) = held {
            self.unload(held.agent, conversation);
        }
        let waited = place.map(|place| (place.waiting.since, place.since));
        waited.or(held.and_then(|held| held.waited))
    }

    pub(super) fn unload(&mut self, agent: AgentId, conversation: &ConversationId) {
        if let Some(seat) = self.agents.get_mut(&agent) {
            seat.held.remove(conversation);
            seat.asked.remove(conversation);
        }
    }
}
