//! Conversations and a desk that sees their records.

use std::collections::{BTreeMap, BTreeSet};

use crate::compliance::mask;
use crate::dialogue::{
    AgentAct, CustomerAct, DeskAct, Input, State, Turn, World, tests::fixture, turn,
};
use crate::handoff::{AgentStatus, Desk, Offer, Telling};
use crate::journal::{
    AgentEvent, AgentId, ClientIdHash, CloseCause, ConversationId, DeskEvent, EpisodeEvent, Event,
    Record,
};
use crate::knowledge::{Circumstances, KnowledgeBase};
use crate::matching::Outcome;

pub(super) struct Office {
    pub(super) base: KnowledgeBase,
    pub(super) desk: Desk,
    pub(super) second: i64,
    pub(super) conversations: BTreeMap<ConversationId, State>,
    pub(super) records: Vec<(ConversationId, Record)>,
    /// How many records there were when an agent last came back or was ready again.
    pub(super) pardons: BTreeMap<AgentId, usize>,
    /// The records of offers that the desk itself ended.
    pub(super) ended: BTreeSet<usize>,
    messages: usize,
}

impl Office {
    pub(super) fn new() -> Self {
        Self {
            base: fixture::base(),
            desk: Desk::new(),
            second: 0,
            conversations: BTreeMap::new(),
            records: Vec::new(),
            pardons: BTreeMap::new(),
            ended: BTreeSet::new(),
            messages: 0,
        }
    }

    /// Whether anything followed.
    pub(super) fn input(&mut self, conversation: &ConversationId, input: Input) -> bool {
        self.input_found(conversation, input, &fixture::nothing())
    }

    /// The same, where the bot finds this.
    fn input_found(
        &mut self,
        conversation: &ConversationId,
        input: Input,
        outcome: &Outcome,
    ) -> bool {
        let find = |_: &str, _: Circumstances<'_>| Some(outcome.clone());
        let mut world = World { find: &find, ..fixture::world(&self.base, self.second) };
        if let Input::Desk(DeskAct::Staffing { is_staffed }) = input {
            world.duty.agents_present = is_staffed;
        }
        let state = self.conversations.entry(conversation.clone()).or_default();
        let Ok(Turn { events, .. }) = turn(state, input, &world) else { return false };
        let records = state.number(world.now, events);
        for record in &records {
            state.apply(record);
            let before = status(&self.desk);
            self.desk.apply(conversation, record);
            self.records.push((conversation.clone(), record.clone()));
            check_break(&before, &status(&self.desk), &self.records);
        }
        !records.is_empty()
    }

    pub(super) fn present(&mut self, agent: AgentId) {
        if !self.desk.agents().any(|present| present.agent == agent && present.is_here) {
            self.pardons.insert(agent, self.records.len());
        }
        self.desk.agent_present(agent);
    }

    pub(super) fn status(&mut self, agent: AgentId, status: AgentStatus) {
        if self.desk.status(agent) == Some(AgentStatus::Break) && status == AgentStatus::Ready {
            self.pardons.insert(agent, self.records.len());
        }
        self.desk.agent_status(agent, status);
    }

    pub(super) fn epoch(&self, conversation: &ConversationId) -> u64 {
        self.conversations.get(conversation).map_or(0, State::epoch)
    }

    pub(super) fn client_id(&mut self) -> ClientIdHash {
        self.messages += 1;
        ClientIdHash::sample(&format!("m{}", self.messages))
    }

    pub(super) fn asks_human(&mut self, conversation: &ConversationId) {
        let client_id = self.client_id();
        self.input(conversation, Input::Customer(CustomerAct::AsksHuman { client_id }));
    }

    /// As the intent of fraud does: at once and before all others.
    pub(super) fn reports_fraud(&mut self, conversation: &ConversationId) {
        let (client_id, outcome) = (self.client_id(), fixture::wants("fraud.report"));
        let says = CustomerAct::Says { client_id, text: mask("我被骗了"), choice: None };
        self.input_found(conversation, Input::Customer(says), &outcome);
    }

    /// Takes the seat first, as the service does.
    pub(super) fn accepts(&mut self, conversation: &ConversationId, agent: AgentId) -> bool {
        if self.desk.reserve(agent, conversation).is_err() {
            return false;
        }
        let is_taken = self.does(conversation, agent, AgentAct::Accepts);
        self.desk.give_back(agent, conversation);
        is_taken
    }

    pub(super) fn says(&mut self, conversation: &ConversationId, agent: AgentId) -> bool {
        let client_id = self.client_id();
        self.does(conversation, agent, AgentAct::Says { client_id, text: mask("您好") })
    }

    pub(super) fn closes(&mut self, conversation: &ConversationId, agent: AgentId) -> bool {
        self.does(conversation, agent, AgentAct::Closes)
    }

    /// An agent who has seen the newest epoch does something.
    pub(super) fn does(
        &mut self,
        conversation: &ConversationId,
        agent: AgentId,
        act: AgentAct,
    ) -> bool {
        let epoch = self.epoch(conversation);
        self.input(conversation, Input::Agent { agent, epoch, act })
    }

    /// Ends every offer that the desk wants ended now.
    pub(super) fn ends_offers(&mut self) -> Vec<(ConversationId, AgentId)> {
        let ended = self.desk.offers_to_end(fixture::at(self.second));
        for (conversation, agent) in &ended {
            let act = DeskAct::Withdraws { agent: *agent };
            assert!(self.input(conversation, Input::Desk(act)), "{conversation}");
            self.ended.insert(self.records.len() - 1);
        }
        ended
    }

    /// Tells everybody who is to be told now. Gives those who heard something.
    pub(super) fn tells(&mut self) -> Vec<Telling> {
        let now = fixture::at(self.second);
        self.desk.look(now);
        let mut told = self.desk.tellings(now, usize::MAX);
        told.retain(|telling| {
            let Telling { conversation, is_staffed } = telling;
            let heard = self
                .input(conversation, Input::Desk(DeskAct::Staffing { is_staffed: *is_staffed }));
            self.desk.told(telling, now);
            heard
        });
        told
    }

    /// Makes every offer that the desk has now.
    pub(super) fn offers(&mut self) -> Vec<Offer> {
        let mut offers = Vec::new();
        while let Some(offer) = self.desk.next_offer(fixture::at(self.second)) {
            self.desk.propose(&offer);
            let Offer { conversation, agent, epoch } = offer.clone();
            let act = Input::Desk(DeskAct::Offers { agent, epoch });
            assert!(self.input(&conversation, act), "{offer:?}");
            offers.push(offer);
        }
        offers
    }

    /// Time passes, and every deadline on the way does its work.
    pub(super) fn wait_until(&mut self, second: i64) {
        loop {
            let next = self
                .conversations
                .iter()
                .filter_map(|(id, state)| {
                    let (timer, at) = state.timer(&self.base.policy)?;
                    Some((at, id, timer))
                })
                .min()
                .filter(|(at, ..)| *at <= fixture::at(second));
            let Some((at, conversation, timer)) = next else { break };
            self.second = self.second.max(fixture::second(at));
            let conversation = conversation.clone();
            assert!(self.input(&conversation, Input::Due(timer)), "a timer leads on");
        }
        self.second = second;
    }
}

fn status(desk: &Desk) -> BTreeMap<AgentId, AgentStatus> {
    desk.agents().map(|agent| (agent.agent, agent.status)).collect()
}

/// A record sets an agent on a break exactly when an offer ran out in whose time the agent did
/// nothing at all, as the records tell.
fn check_break(
    before: &BTreeMap<AgentId, AgentStatus>,
    after: &BTreeMap<AgentId, AgentStatus>,
    records: &[(ConversationId, Record)],
) {
    let Some((conversation, last)) = records.last() else { return };
    let mut expected = before.clone();
    if let Event::Desk(DeskEvent::OfferEnded { agent }) = last.event
        && let Some((offered_at, until)) = records.iter().rev().find_map(|(of, record)| {
            let Event::Desk(DeskEvent::Offered { until, .. }) = record.event else { return None };
            (of == conversation).then_some((record.at, until))
        })
        && until <= last.at
        && !records
            .iter()
            .any(|(of, record)| record.at > offered_at && does(records, of, record) == Some(agent))
        && let Some(status) = expected.get_mut(&agent)
    {
        *status = AgentStatus::Break;
    }
    assert_eq!(after, &expected, "after {last:?}");
}

/// Who did what a record tells, if an agent did.
fn does(
    records: &[(ConversationId, Record)],
    conversation: &ConversationId,
    record: &Record,
) -> Option<AgentId> {
    if let Event::Agent(AgentEvent::Joined { agent, .. } | AgentEvent::Said { agent, .. }) =
        record.event
    {
        return Some(agent);
    }
    let has_ended = matches!(
        record.event,
        Event::Episode(
            EpisodeEvent::ReturnedToBot { .. }
                | EpisodeEvent::Ended { cause: CloseCause::Agent, .. }
        )
    );
    let mut changes = records.iter().rev().filter(|(of, earlier)| {
        of == conversation && earlier.seq < record.seq && earlier.event.epoch().is_some()
    });
    match changes.next().map(|(_, change)| &change.event) {
        Some(Event::Agent(AgentEvent::Joined { agent, .. })) if has_ended => Some(*agent),
        Some(_) | None => None,
    }
}
