//! What holds at the desk for any day in the office.

use std::{cmp::Reverse, collections::BTreeMap};

use proptest::prelude::*;

use super::office::Office;
use crate::dialogue::{Input, Owner, Phase, tests::fixture};
use crate::handoff::{AgentStatus, Desk, Offer, PresentAgent};
use crate::journal::{AgentId, ConversationId, Event};

#[derive(Clone, Copy, Debug)]
enum What {
    Asks(u8),
    ReportsFraud(u8),
    LeavesQueue(u8),
    Ends(u8),
    Accepts(u8, i64),
    Declines(u8, i64),
    Closes(u8, i64),
    Present(i64, usize),
    Status(i64, AgentStatus),
    Gone(i64),
    Passes(i64),
}

fn what() -> impl Strategy<Value = What> {
    let (conversation, agent) = (0..8u8, 1..4i64);
    let both = || (0..8u8, 1..4i64);
    let status = prop::sample::select(vec![AgentStatus::Ready, AgentStatus::Break]);
    prop_oneof![
        4 => conversation.clone().prop_map(What::Asks),
        1 => conversation.clone().prop_map(What::ReportsFraud),
        1 => conversation.clone().prop_map(What::LeavesQueue),
        1 => conversation.prop_map(What::Ends),
        8 => both().prop_map(|(conversation, agent)| What::Accepts(conversation, agent)),
        2 => both().prop_map(|(conversation, agent)| What::Declines(conversation, agent)),
        3 => both().prop_map(|(conversation, agent)| What::Closes(conversation, agent)),
        3 => (agent.clone(), 1..4usize).prop_map(|(agent, room)| What::Present(agent, room)),
        2 => (agent.clone(), status).prop_map(|(agent, status)| What::Status(agent, status)),
        1 => agent.prop_map(What::Gone),
        4 => (0..50i64).prop_map(What::Passes),
    ]
}

fn conversation(number: u8) -> ConversationId {
    ConversationId::new(&format!("c{number}"))
}

impl Office {
    fn happens(&mut self, what: What) {
        match what {
            What::Asks(number) => self.asks_human(&conversation(number)),
            What::ReportsFraud(number) => self.reports_fraud(&conversation(number)),
            What::LeavesQueue(number) => {
                self.input(&conversation(number), Input::LeavesQueue);
            }
            What::Ends(number) => {
                self.input(&conversation(number), Input::Ends);
            }
            What::Accepts(number, agent) => {
                self.accepts(&conversation(number), AgentId(agent));
            }
            What::Declines(number, agent) => {
                self.input(&conversation(number), Input::Decline { agent: AgentId(agent) });
            }
            What::Closes(number, agent) => {
                self.closes(&conversation(number), AgentId(agent));
            }
            What::Present(agent, capacity) => self.desk.agent_present(AgentId(agent), capacity),
            What::Status(agent, status) => self.desk.agent_status(AgentId(agent), status),
            What::Gone(agent) => self.loses(AgentId(agent)),
            What::Passes(seconds) => self.wait_until(self.second + seconds),
        }
    }

    fn loses(&mut self, agent: AgentId) {
        self.desk.agent_gone(agent);
        let ids: Vec<ConversationId> = self.conversations.keys().cloned().collect();
        for id in ids {
            self.input(&id, Input::AgentLost { agent });
        }
    }

    /// What each conversation says of itself is what the desk believes.
    fn check_view(&self) {
        let waiting: Vec<_> = self.desk.waiting().collect();
        assert!(waiting.is_sorted_by_key(|w| (Reverse(w.priority), w.since)), "{waiting:?}");
        let mut loads: BTreeMap<AgentId, usize> = BTreeMap::new();
        for (id, state) in &self.conversations {
            assert_eq!(self.desk.place(id).is_some(), state.owner() == Owner::Queue, "{id}");
            let agent = match (state.owner(), state.phase()) {
                (Owner::Agent(agent), _) => Some(agent),
                (_, Phase::Offered { agent, .. }) => Some(*agent),
                _ => None,
            };
            if let Some(agent) = agent {
                *loads.entry(agent).or_default() += 1;
            }
        }
        for agent in self.desk.agents() {
            assert_eq!(agent.load, loads.get(&agent.agent).copied().unwrap_or(0), "{agent:?}");
        }
    }

    /// An offer goes to the front of the queue, but for those who are offered already or
    /// whom everybody free has just let pass; and to a free agent with the least load.
    fn check_offer(&self, offer: &Offer) {
        let agents: Vec<_> = self.desk.agents().filter(|a| a.load < a.capacity).collect();
        let taker = agents.iter().find(|a| a.agent == offer.agent).unwrap();
        assert_eq!(taker.status, AgentStatus::Ready);
        let ahead = self.desk.waiting().take_while(|w| w.conversation != offer.conversation);
        for waiting in ahead.filter(|waiting| waiting.offered.is_none()) {
            for agent in agents.iter().filter(|a| a.status == AgentStatus::Ready) {
                let passed = self.passed(&waiting.conversation, agent.agent);
                assert!(passed.is_some_and(|at| self.second < at + 30), "inversion: {waiting:?}");
            }
        }
        let passed = |agent| self.passed(&offer.conversation, agent);
        for agent in agents.iter().filter(|a| a.status == AgentStatus::Ready) {
            match (passed(offer.agent), passed(agent.agent)) {
                (None, None) => assert!(taker.load <= agent.load, "less to do: {agent:?}"),
                (Some(_), None) => panic!("another one is free: {agent:?}"),
                (None | Some(_), Some(_)) => {}
            }
        }
        assert!(passed(offer.agent).is_none_or(|at| at + 30 <= self.second), "too soon");
    }

    /// When the agent let the conversation pass since it was queued last.
    fn passed(&self, id: &ConversationId, agent: AgentId) -> Option<i64> {
        let records = self.records.iter().filter(|(of, _)| of == id).map(|(_, record)| record);
        let mut passed = None;
        for record in records {
            if matches!(record.event, Event::Queued { .. }) {
                passed = None;
            }
            if record.event == (Event::OfferEnded { agent }) {
                passed = Some(fixture::second(record.at));
            }
        }
        passed
    }

    /// Whoever waits is being offered, or nobody is free, or all who are have just let it
    /// pass: then the desk wakes up for it.
    fn check_nobody_is_forgotten(&self) {
        let free = |agent: &PresentAgent| {
            agent.status == AgentStatus::Ready && agent.load < agent.capacity
        };
        if !self.desk.agents().any(|agent| free(&agent)) {
            return;
        }
        for waiting in self.desk.waiting().filter(|waiting| waiting.offered.is_none()) {
            let wakes = self.desk.wake_at(fixture::at(self.second)).unwrap();
            assert!(fixture::second(wakes) <= self.second + 30, "forgotten: {waiting:?}");
            for agent in self.desk.agents().filter(free) {
                assert!(self.passed(&waiting.conversation, agent.agent).is_some());
            }
        }
    }
}

proptest! {
    #[test]
    fn the_rules_hold_for_any_day(happenings in prop::collection::vec(what(), 1..80)) {
        let mut office = Office::new();
        for what in happenings {
            office.happens(what);
            while let Some(offer) = office.desk.next_offer(fixture::at(office.second)) {
                office.check_offer(&offer);
                let Offer { conversation, agent, epoch } = offer;
                let is_taken = office.input(&conversation, Input::Offer { agent, epoch });
                prop_assert!(is_taken);
            }
            office.check_view();
            office.check_nobody_is_forgotten();
        }
        let mut rebuilt = Desk::new();
        let by_conversation = |id: &ConversationId| {
            office.records.iter().filter(|(of, _)| of == id).cloned().collect::<Vec<_>>()
        };
        for id in office.conversations.keys() {
            for (id, record) in by_conversation(id) {
                rebuilt.apply(&id, &record);
            }
        }
        let waiting: Vec<_> = office.desk.waiting().collect();
        prop_assert_eq!(rebuilt.waiting().collect::<Vec<_>>(), waiting, "rebuilt by folding");
        for agent in (1..4).map(AgentId) {
            let held: Vec<_> = office.desk.held_by(agent).collect();
            prop_assert_eq!(rebuilt.held_by(agent).collect::<Vec<_>>(), held);
        }
    }
}
