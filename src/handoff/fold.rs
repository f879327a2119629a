//! Folds the records of conversations into the desk.

use jiff::Timestamp;

use super::{
    desk::Desk,
    moment::{ClockReading, Moment, lasted},
    queue::{QueuePlace, WaitingConversation},
};
use crate::journal::{
    AgentEvent, AgentId, BotEvent, CloseCause, ConversationId, CustomerEvent, DeskEvent,
    EpisodeEvent, Event, Notice, Record,
};

impl Desk {
    /// Takes the records that a conversation committed, in order. Records that were taken before
    /// change nothing. Records that do not concern the desk may be left out.
    pub fn take(&mut self, conversation: &ConversationId, records: &[Record], now: ClockReading) {
        let Some(last) = records.last() else { return };
        let known = self.known.get(conversation).copied().unwrap_or(0);
        for record in records.iter().filter(|record| record.seq > known) {
            self.apply(conversation, record, now);
        }
        // A closed conversation is forgotten, unless its message waits for an agent.
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
            // After a restart the agent gets a new lease to come back in.
            if records.iter().any(|record| record.seq > known && is_joined(&record.event)) {
                self.leases.grant(agent, now.moment);
                self.compare_presence_of(agent);
            }
            self.compare_presence(conversation);
        }
    }

    fn apply(&mut self, conversation: &ConversationId, record: &Record, now: ClockReading) {
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
            Event::Bot(BotEvent::FoundDanger { kind, priority, .. }) => {
                self.queue.raise(conversation, *kind, *priority);
            }
            Event::Customer(CustomerEvent::LeftMessage { epoch, text, .. }) => {
                self.release(conversation);
                self.messages.insert(conversation, *epoch, text, (record.at, at));
            }
            Event::Bot(BotEvent::AskedForMessage { .. })
            | Event::Episode(
                EpisodeEvent::Started { .. }
                | EpisodeEvent::ReturnedToBot { .. }
                | EpisodeEvent::Ended { .. }
                | EpisodeEvent::Closed,
            ) => {
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
            DeskEvent::Queued { epoch, reason, priority, since, danger } => {
                let before = self.release(conversation).filter(|(stamp, _)| stamp == since);
                let waits = || at.minus(lasted(*since, stamp));
                let place = WaitingConversation {
                    conversation: conversation.clone(),
                    epoch: *epoch,
                    since: *since,
                    priority: *priority,
                    reason: *reason,
                    danger: *danger,
                    offered: None,
                };
                self.queue.insert(QueuePlace::new(place, before.map_or_else(waits, |(_, at)| at)));
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

    /// The moment at which the record was written. Its stamp counts only if it was written before
    /// this process started. Any other record was written just now, even if the wall clock was set
    /// since.
    fn moment_of(&self, record: &Record, now: ClockReading) -> Moment {
        if record.at < self.opened_at { now.moment_of(record.at) } else { now.moment }
    }

    /// Records a sign of life of the agent. Timers and an offer that was let pass are none.
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

    /// Takes the conversation out of the queue and from its agent. Gives since when its customer
    /// waited, if that is known.
    fn release(&mut self, conversation: &ConversationId) -> Option<(Timestamp, Moment)> {
        let place = self.queue.remove(conversation);
        if let Some(QueuePlace { waiting, proposed, .. }) = &place {
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
}

fn is_joined(event: &Event) -> bool {
    matches!(event, Event::Agent(AgentEvent::Joined { .. }))
}
