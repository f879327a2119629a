//! The desk: a fold over all conversations' records, beside the agents who are signed in.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::{
    agent::{AgentStatus, Seat},
    message::OpenMessage,
    queue::{Place, Queue, Waiting},
    staffing::Staffing,
};
use crate::journal::{
    AgentEvent, AgentId, BotEvent, CloseCause, ConversationId, CustomerEvent, DeskEvent,
    EpisodeEvent, Event, Notice, Record,
};
use crate::knowledge::Policy;

/// How long one that was let pass is not offered to the same agent again, and one whose
/// offer could not be committed to anybody: as long as an offer stands by default.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);

/// An offer for the shell to put to the conversation as
/// [`Input::Offer`](crate::dialogue::Input::Offer).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Which conversation.
    pub conversation: ConversationId,
    /// To whom.
    pub agent: AgentId,
    /// Of the conversation, as the desk knows it.
    pub epoch: u64,
}

/// Who waits, who has room, and who should get whom next.
///
/// Queue, load and messages are a fold over records; who is signed in comes from the shell.
/// Feed it the records of each conversation in order and ask for [`Desk::next_offer`],
/// [`Desk::offers_to_end`] and [`Desk::tellings`] after each change and at [`Desk::wake_at`]:
///
/// ```text
/// while let Some(offer) = desk.next_offer(now) {
///     desk.propose(&offer);
///     // send Input::Offer; if the conversation refuses it: desk.refused(&offer, now)
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Desk {
    pub(super) queue: Queue,
    pub(super) agents: BTreeMap<AgentId, Seat>,
    /// Who owns each conversation that an agent has.
    held: BTreeMap<ConversationId, AgentId>,
    messages: BTreeMap<ConversationId, OpenMessage>,
    /// Conversations that an agent may have at the same time.
    pub(super) limit: usize,
    /// `None` until somebody looks.
    pub(super) staffing: Option<Staffing>,
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
            held: BTreeMap::new(),
            messages: BTreeMap::new(),
            limit: Policy::default().agent_conversations_max.into(),
            staffing: None,
        }
    }

    /// Takes a conversation's next record in.
    ///
    /// An offer that ended at or after its time ran out, as nobody answered. An agent who did
    /// nothing else in that time is set to [`AgentStatus::Break`], or the next customers
    /// would wait for nobody, too. One who accepted, said, gave back or closed something
    /// since it was made is there, and busy: it simply goes to the next.
    pub fn apply(&mut self, conversation: &ConversationId, record: &Record) {
        if let (Some(epoch), Some(message)) =
            (record.event.epoch(), self.messages.get_mut(conversation))
        {
            message.epoch = epoch;
        }
        self.note_act(conversation, record);
        match &record.event {
            Event::Desk(DeskEvent::Queued { epoch, reason, priority, since }) => {
                self.release(conversation);
                self.queue.insert(Place::new(Waiting {
                    conversation: conversation.clone(),
                    epoch: *epoch,
                    since: *since,
                    priority: *priority,
                    reason: *reason,
                    offered: None,
                }));
            }
            Event::Desk(DeskEvent::Offered { agent, until }) => {
                self.offered(conversation, *agent, *until, record.at);
            }
            Event::Desk(DeskEvent::OfferEnded { agent }) => {
                self.offer_ended(conversation, *agent, record.at);
            }
            Event::Agent(AgentEvent::Joined { agent, .. }) => {
                self.release(conversation);
                self.messages.remove(conversation);
                self.held.insert(conversation.clone(), *agent);
                self.agents.entry(*agent).or_default().held.insert(conversation.clone());
            }
            Event::Bot(BotEvent::Noticed(Notice { occasion, .. })) => {
                if let Some(place) = self.queue.get_mut(conversation) {
                    place.heard.note(*occasion, record.at);
                }
            }
            Event::Customer(CustomerEvent::LeftMessage { epoch, text, .. }) => {
                self.release(conversation);
                self.message_left(conversation, *epoch, text, record.at);
            }
            Event::Bot(BotEvent::AskedForMessage { .. })
            | Event::Episode(
                EpisodeEvent::Started { .. }
                | EpisodeEvent::ReturnedToBot { .. }
                | EpisodeEvent::Ended { .. }
                | EpisodeEvent::Closed,
            ) => self.release(conversation),
            Event::Customer(_)
            | Event::Bot(_)
            | Event::Agent(_)
            | Event::Desk(_)
            | Event::Episode(_) => {}
        }
    }

    /// Who should be offered which conversation now.
    ///
    /// The first in the queue who is not being offered goes to the ready agent with the
    /// least load; among equals, whose last offer is oldest. Agents who let it pass come
    /// after all others, and only after a pause; meanwhile the next in the queue is served.
    pub fn next_offer(&self, now: Timestamp) -> Option<Offer> {
        let free: Vec<(AgentId, &Seat)> = self.free().collect();
        if free.is_empty() {
            return None;
        }
        self.queue.iter().filter(|place| !place.is_taken_care_of()).find_map(|place| {
            if place.held_until.is_some_and(|until| now < until) {
                return None;
            }
            let (agent, _) = free
                .iter()
                .map(|(agent, seat)| (*agent, (place.again_at(*agent, PAUSE), seat)))
                .filter(|(_, (again_at, _))| again_at.is_none_or(|at| at <= now))
                .min_by_key(|(agent, (again_at, seat))| {
                    (again_at.is_some(), seat.load(), seat.last_offer, *agent)
                })?;
            let Waiting { conversation, epoch, .. } = &place.waiting;
            Some(Offer { conversation: conversation.clone(), agent, epoch: *epoch })
        })
    }

    /// When there may be something to offer, to end or to tell though nothing else has
    /// happened; `None`: not by time alone.
    pub fn wake_at(&self, now: Timestamp) -> Option<Timestamp> {
        let wakes = [self.offer_at(now), self.away_at(now), self.telling_at(now)];
        wakes.into_iter().flatten().min()
    }

    fn offer_at(&self, now: Timestamp) -> Option<Timestamp> {
        let free: Vec<AgentId> = self.free().map(|(agent, _)| agent).collect();
        self.queue
            .iter()
            .filter(|place| !place.is_taken_care_of())
            .filter_map(|place| {
                let soonest = free.iter().map(|agent| place.again_at(*agent, PAUSE)).min()?;
                soonest.max(place.held_until)
            })
            .filter(|at| *at > now)
            .min()
    }

    /// Notes that the offer is on its way, so that it is not given again. Ends with the
    /// record of the offer, or of anything else that befalls the conversation's place.
    pub fn propose(&mut self, offer: &Offer) {
        if let Some(place) = self.queue.get_mut(&offer.conversation) {
            place.proposed = Some(offer.agent);
            self.agents.entry(offer.agent).or_default().asked.insert(offer.conversation.clone());
        }
    }

    /// The conversation did not take the proposed offer: it has moved on and a record says
    /// so soon, or it could not be stored and there is a pause before the next.
    pub fn refused(&mut self, offer: &Offer, now: Timestamp) {
        let Some(place) = self.queue.get_mut(&offer.conversation) else { return };
        if place.waiting.epoch != offer.epoch || place.proposed != Some(offer.agent) {
            return;
        }
        place.proposed = None;
        place.held_until = now.checked_add(PAUSE).ok();
        self.unload(offer.agent, &offer.conversation);
    }

    /// The place in the queue, from 1; `None` for one who does not wait.
    pub fn place(&self, conversation: &ConversationId) -> Option<usize> {
        self.queue.place(conversation)
    }

    /// Who waits, in the order in which they will be served.
    pub fn waiting(&self) -> impl Iterator<Item = &Waiting> {
        self.queue.iter().map(|place| &place.waiting)
    }

    /// Messages that no agent has taken up, oldest first.
    pub fn messages(&self) -> Vec<&OpenMessage> {
        let mut messages: Vec<&OpenMessage> = self.messages.values().collect();
        messages.sort_by_key(|message| message.since);
        messages
    }

    /// The conversations that the agent owns.
    pub fn held_by(&self, agent: AgentId) -> impl Iterator<Item = &ConversationId> {
        self.agents.get(&agent).into_iter().flat_map(|seat| &seat.held)
    }

    /// The agents who own conversations, there or not.
    pub fn holders(&self) -> BTreeSet<AgentId> {
        self.held.values().copied().collect()
    }
}

/// The fold, record by record.
impl Desk {
    /// Notes what shows that an agent is there. Timers do not, nor an offer that was let pass.
    fn note_act(&mut self, conversation: &ConversationId, record: &Record) {
        let agent = match &record.event {
            Event::Agent(AgentEvent::Joined { agent, .. } | AgentEvent::Said { agent, .. }) => {
                Some(*agent)
            }
            Event::Episode(
                EpisodeEvent::ReturnedToBot { .. }
                | EpisodeEvent::Ended { cause: CloseCause::Agent, .. },
            ) => self.held.get(conversation).copied(),
            Event::Customer(_) | Event::Bot(_) | Event::Desk(_) | Event::Episode(_) => None,
        };
        if let Some(agent) = agent {
            self.agents.entry(agent).or_default().acted(record.at);
        }
    }

    fn offered(
        &mut self,
        conversation: &ConversationId,
        agent: AgentId,
        until: Timestamp,
        at: Timestamp,
    ) {
        let Some(place) = self.queue.get_mut(conversation) else { return };
        let proposed = place.proposed.take();
        place.waiting.offered = Some((agent, until));
        (place.offered_at, place.is_ending) = (Some(at), false);
        if let Some(other) = proposed.filter(|proposed| *proposed != agent) {
            self.unload(other, conversation);
        }
        let seat = self.agents.entry(agent).or_default();
        seat.asked.insert(conversation.clone());
        seat.last_offer = Some(at);
    }

    fn offer_ended(&mut self, conversation: &ConversationId, agent: AgentId, at: Timestamp) {
        let Some(place) = self.queue.get_mut(conversation) else { return };
        let offered = place.waiting.offered.take();
        let since = place.offered_at.take();
        // Who was not asked for long enough, or could not answer, has let nothing pass.
        if !std::mem::take(&mut place.is_ending) {
            place.passed.insert(agent, at);
        }
        self.unload(agent, conversation);
        let ran_out = offered.is_some_and(|(_, until)| until <= at);
        if ran_out && self.agents.get(&agent).is_none_or(|seat| seat.last_act <= since) {
            self.agent_status(agent, AgentStatus::Break);
        }
    }

    fn message_left(
        &mut self,
        conversation: &ConversationId,
        epoch: u64,
        text: &str,
        at: Timestamp,
    ) {
        let since = self.messages.get(conversation).map_or(at, |message| message.since);
        let conversation = conversation.clone();
        let text = text.to_owned();
        let message = OpenMessage { conversation: conversation.clone(), epoch, since, text };
        self.messages.insert(conversation, message);
    }

    /// Nobody waits in it and no agent has it.
    fn release(&mut self, conversation: &ConversationId) {
        if let Some(place) = self.queue.remove(conversation) {
            let offered = place.waiting.offered.map(|(agent, _)| agent);
            for agent in offered.into_iter().chain(place.proposed) {
                self.unload(agent, conversation);
            }
        }
        if let Some(agent) = self.held.remove(conversation) {
            self.unload(agent, conversation);
        }
    }

    fn unload(&mut self, agent: AgentId, conversation: &ConversationId) {
        if let Some(seat) = self.agents.get_mut(&agent) {
            seat.held.remove(conversation);
            seat.asked.remove(conversation);
        }
    }
}
