//! Conversations, and a desk that folds their records.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use crate::dialogue::{
    AgentAct, CustomerAct, DeskAct, Input, State, Timer, Turn, World, tests::fixture, turn,
};
use crate::handoff::{
    AgentStatus, Board, ClockReading, Desk, Errand, Moment, Offer, StaffingNotice,
};
use crate::journal::{
    AgentEvent, AgentId, ClientIdHash, CloseCause, ConversationId, DeskEvent, EpisodeEvent, Event,
    Record,
};
use crate::knowledge::{Circumstances, GuardKind, KnowledgeBase};
use crate::matching::Outcome;

pub(super) struct Office {
    pub(super) base: KnowledgeBase,
    pub(super) desk: Desk,
    pub(super) board: Board,
    pub(super) second: i64,
    /// By how many seconds the wall clock was set.
    step: i64,
    /// Whether it was ever set: then stamps do not tell durations.
    was_set: bool,
    pub(super) conversations: BTreeMap<ConversationId, State>,
    pub(super) records: Vec<(ConversationId, Record)>,
    /// How many records there were when an agent last came back or was ready again.
    pub(super) pardons: BTreeMap<AgentId, usize>,
    /// The records of offers that the desk itself ended.
    pub(super) ended: BTreeSet<usize>,
    /// Agents whose consoles send no pings.
    pub(super) silent: BTreeSet<AgentId>,
    messages: usize,
}

impl Office {
    pub(super) fn new() -> Self {
        Self {
            base: fixture::base(),
            desk: Desk::new(),
            board: Board::new(),
            second: 0,
            step: 0,
            was_set: false,
            conversations: BTreeMap::new(),
            records: Vec::new(),
            pardons: BTreeMap::new(),
            ended: BTreeSet::new(),
            silent: BTreeSet::new(),
            messages: 0,
        }
    }

    /// Returns whether there were events. The desk gets those that concern it.
    pub(super) fn input(&mut self, conversation: &ConversationId, input: Input) -> bool {
        self.input_found(conversation, input, &fixture::nothing())
    }

    /// As above, with this outcome of matching.
    fn input_found(
        &mut self,
        conversation: &ConversationId,
        input: Input,
        outcome: &Outcome,
    ) -> bool {
        let find = |_: &str, _: Circumstances<'_>| Some(outcome.clone());
        let world = fixture::world(&self.base, self.second + self.step);
        let mut world = World { find: &find, ..world };
        let reading = self.reading();
        if let Input::Desk(DeskAct::Staffing { is_staffed }) = input {
            world.duty.agents_present = is_staffed;
        }
        let state = self.conversations.entry(conversation.clone()).or_default();
        world.now = world.now.max(state.last_at());
        let Ok(Turn { events, .. }) = turn(state, input, &world) else { return false };
        let records = state.number(world.now, events);
        for record in &records {
            state.apply(record);
            let before = status(&self.desk);
            if Desk::concerns(&record.event) {
                self.desk.take(conversation, std::slice::from_ref(record), reading);
            }
            self.records.push((conversation.clone(), record.clone()));
            if !self.was_set {
                check_break(&before, &status(&self.desk), &self.records);
            }
        }
        !records.is_empty()
    }

    /// Sets the wall clock.
    pub(super) fn sets_clock(&mut self, hours: i64) {
        self.step += hours * 3600;
        self.was_set = true;
    }

    pub(super) fn present(&mut self, agent: AgentId) {
        if !self.desk.agents().any(|present| present.agent == agent && present.is_here) {
            self.pardons.insert(agent, self.records.len());
        }
        self.desk.agent_present(agent, self.moment());
    }

    /// The connected consoles send pings.
    pub(super) fn pings(&mut self) {
        let here: Vec<_> = self.desk.agents().filter(|agent| agent.is_here).collect();
        for agent in here.iter().filter(|agent| !self.silent.contains(&agent.agent)) {
            self.desk.agent_pinged(agent.agent, self.moment());
        }
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

    /// Like the intent for fraud: at once and with the highest priority.
    pub(super) fn reports_fraud(&mut self, conversation: &ConversationId) {
        let (client_id, outcome) = (self.client_id(), fixture::wants("fraud.report"));
        let says = CustomerAct::Says { client_id, text: "我被骗了".into(), choice: None };
        self.input_found(conversation, Input::Customer(says), &outcome);
    }

    /// The customer says something in which the guard finds a fraud.
    pub(super) fn tells_of_danger(&mut self, conversation: &ConversationId) {
        let outcome = fixture::guarded(GuardKind::Fraud, "fraud.report");
        let client_id = self.client_id();
        let says = CustomerAct::Says { client_id, text: "他骗我".into(), choice: None };
        self.input_found(conversation, Input::Customer(says), &outcome);
    }

    /// Takes the seat first, as the service does.
    pub(super) fn accepts(&mut self, conversation: &ConversationId, agent: AgentId) -> bool {
        if self.desk.reserve(agent, conversation).is_err() {
            return false;
        }
        let is_taken = self.acts(conversation, agent, AgentAct::Accepts);
        self.desk.give_back(agent, conversation);
        is_taken
    }

    pub(super) fn says(&mut self, conversation: &ConversationId, agent: AgentId) -> bool {
        let client_id = self.client_id();
        self.acts(conversation, agent, AgentAct::Says { client_id, text: "您好".into() })
    }

    pub(super) fn closes(&mut self, conversation: &ConversationId, agent: AgentId) -> bool {
        self.acts(conversation, agent, AgentAct::Closes)
    }

    /// An act of an agent who has seen the newest epoch.
    pub(super) fn acts(
        &mut self,
        conversation: &ConversationId,
        agent: AgentId,
        act: AgentAct,
    ) -> bool {
        let epoch = self.epoch(conversation);
        self.input(conversation, Input::Agent { agent, epoch, act })
    }

    pub(super) fn moment(&self) -> Moment {
        moment(self.second)
    }

    pub(super) fn reading(&self) -> ClockReading {
        ClockReading { moment: self.moment(), wall: fixture::at(self.second + self.step) }
    }

    /// Runs the desk's errands. Returns those that had an effect.
    pub(super) fn does_errands(&mut self) -> Vec<Errand> {
        let mut done = Vec::new();
        self.desk.end_leases(self.moment());
        loop {
            let errands = self.desk.errands(self.moment());
            if errands.is_empty() {
                break;
            }
            for errand in errands {
                let is_done = self.does(&errand);
                self.desk.answered(&errand, self.moment());
                if is_done {
                    done.push(errand);
                }
            }
        }
        self.board.publish(self.desk.take_changes());
        done
    }

    pub(super) fn does(&mut self, errand: &Errand) -> bool {
        let act = match errand {
            Errand::Offer(Offer { agent, epoch, .. }) => {
                DeskAct::Offers { agent: *agent, epoch: *epoch }
            }
            Errand::EndOffer { agent, .. } => DeskAct::Withdraws { agent: *agent },
            Errand::Tell(StaffingNotice { is_staffed, .. }) => {
                DeskAct::Staffing { is_staffed: *is_staffed }
            }
            Errand::AgentLost { agent, .. } => DeskAct::AgentLost { agent: *agent },
            Errand::AgentBack { agent, .. } => DeskAct::AgentBack { agent: *agent },
        };
        let is_done = self.input(errand.conversation(), Input::Desk(act));
        match errand {
            Errand::Offer(_) => assert!(is_done, "{errand:?}"),
            Errand::EndOffer { .. } => {
                assert!(is_done, "{errand:?}");
                self.ended.insert(self.records.len() - 1);
            }
            Errand::Tell(_) | Errand::AgentLost { .. } | Errand::AgentBack { .. } => {}
        }
        is_done
    }

    /// A new desk, told of these conversations one after the other, as they stand in the journal.
    pub(super) fn restart<'a>(&mut self, ids: impl IntoIterator<Item = &'a ConversationId>) {
        let now = self.reading();
        self.desk = Desk::open(now);
        self.board = Board::new();
        for id in ids {
            let records = self.records.iter().filter(|(of, _)| of == id);
            let records: Vec<Record> = records.map(|(_, record)| record.clone()).collect();
            self.desk.take(id, &records, now);
        }
    }

    /// Lets time pass and runs every timer. Returns when each ran out.
    pub(super) fn wait_until(&mut self, second: i64) -> Vec<(i64, ConversationId, Timer)> {
        let mut done = Vec::new();
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
            let due = (self.second.max(fixture::second(at)), conversation.clone(), timer);
            self.wait_for(&due);
            done.push(due);
        }
        self.second = second;
        done
    }

    /// The time at which a conversation's timer runs out.
    pub(super) fn wait_for(&mut self, due: &(i64, ConversationId, Timer)) {
        let (second, conversation, timer) = due;
        self.second = *second;
        assert!(self.input(conversation, Input::Due(*timer)), "a timer leads on");
    }
}

pub(super) fn moment(second: i64) -> Moment {
    let second = u64::try_from(second).expect("scripts begin at 0");
    Moment::after_start(Duration::from_secs(second))
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

/// The agent who did what the record tells, if one did.
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
