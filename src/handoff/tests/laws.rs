//! Laws of the desk for any sequence of events.

use std::{cmp::Reverse, collections::BTreeMap};

use proptest::prelude::*;

use super::office::{Office, moment};
use crate::dialogue::{AgentAct, CustomerAct, Input, Owner, Phase, State, tests::fixture};
use crate::handoff::{AgentStatus, Errand, Offer, PresentAgent, WaitingConversation};
use crate::journal::{AgentId, BotEvent, ConversationId, DeskEvent, Event, Occasion};

#[derive(Clone, Copy, Debug)]
enum What {
    Asks(u8),
    ReportsFraud(u8),
    TellsOfDanger(u8),
    LeavesQueue(u8),
    Ends(u8),
    Accepts(u8, i64),
    Declines(u8, i64),
    Closes(u8, i64),
    Says(u8, i64),
    Present(i64),
    Limit(usize),
    Away(i64),
    Status(i64, AgentStatus),
    Gone(i64),
    Passes(i64),
    /// By so many hours.
    SetsClock(i64),
}

fn what() -> impl Strategy<Value = What> {
    let (conversation, agent) = (0..8u8, 1..4i64);
    let both = || (0..8u8, 1..4i64);
    let status = prop::sample::select(vec![AgentStatus::Ready, AgentStatus::Break]);
    prop_oneof![
        4 => conversation.clone().prop_map(What::Asks),
        1 => conversation.clone().prop_map(What::ReportsFraud),
        2 => conversation.clone().prop_map(What::TellsOfDanger),
        1 => conversation.clone().prop_map(What::LeavesQueue),
        1 => conversation.prop_map(What::Ends),
        8 => both().prop_map(|(conversation, agent)| What::Accepts(conversation, agent)),
        2 => both().prop_map(|(conversation, agent)| What::Declines(conversation, agent)),
        3 => both().prop_map(|(conversation, agent)| What::Closes(conversation, agent)),
        3 => both().prop_map(|(conversation, agent)| What::Says(conversation, agent)),
        4 => agent.clone().prop_map(What::Present),
        1 => (1..4usize).prop_map(What::Limit),
        1 => agent.clone().prop_map(What::Away),
        2 => (agent.clone(), status).prop_map(|(agent, status)| What::Status(agent, status)),
        1 => agent.prop_map(What::Gone),
        4 => (0..50i64).prop_map(What::Passes),
    ]
}

/// As above, with steps of the wall clock in between.
fn what_or_step() -> impl Strategy<Value = What> {
    prop_oneof![
        6 => what(),
        1 => prop::sample::select(vec![-24, 1, 24]).prop_map(What::SetsClock),
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
            What::TellsOfDanger(number) => self.tells_of_danger(&conversation(number)),
            What::LeavesQueue(number) => {
                self.input(&conversation(number), Input::Customer(CustomerAct::LeavesQueue));
            }
            What::Ends(number) => {
                self.input(&conversation(number), Input::Customer(CustomerAct::Ends));
            }
            What::Accepts(number, agent) => {
                let agent = AgentId(agent);
                let is_taken = self.accepts(&conversation(number), agent);
                let held = self.desk.held_by(agent).count();
                assert!(!is_taken || held <= self.capacity(), "more than may be: {held}");
            }
            What::Declines(number, agent) => {
                self.acts(&conversation(number), AgentId(agent), AgentAct::Declines);
            }
            What::Closes(number, agent) => {
                self.closes(&conversation(number), AgentId(agent));
            }
            What::Says(number, agent) => {
                self.says(&conversation(number), AgentId(agent));
            }
            What::Present(agent) => self.present(AgentId(agent)),
            What::Limit(limit) => self.desk.set_limit(limit),
            What::Away(agent) => {
                self.desk.agent_away(AgentId(agent), self.moment());
            }
            What::Status(agent, status) => self.status(AgentId(agent), status),
            What::Gone(agent) => self.desk.agent_gone(AgentId(agent)),
            What::SetsClock(hours) => self.sets_clock(hours),
            What::Passes(seconds) => {
                self.wait_until(self.second + seconds);
            }
        }
    }

    /// Does what [`Office::does_errands`] does, and looks at each offer before it is made.
    fn does_checked_errands(&mut self) {
        let now = self.moment();
        self.desk.end_leases(now);
        self.desk.look(now);
        let mut errands = self.desk.news_of_agents(now);
        errands.extend(self.desk.offers_to_end(now));
        for errand in errands {
            self.does(&errand);
        }
        while let Some(offer) = self.desk.next_offer(now) {
            self.check_offer(&offer);
            self.desk.propose(&offer);
            assert!(self.does(&Errand::Offer(offer)));
        }
        self.does_errands();
    }

    /// The desk's view of each conversation equals the conversation's own state.
    fn check_view(&self) {
        let waiting: Vec<_> = self.desk.waiting().collect();
        assert!(waiting.is_sorted_by_key(|w| (Reverse(w.priority), w.since)), "{waiting:?}");
        let mut loads: BTreeMap<AgentId, usize> = BTreeMap::new();
        for (id, state) in &self.conversations {
            let naive = waiting.iter().position(|w| w.conversation == *id).map(|at| at + 1);
            assert_eq!(self.board.place(id).map(|(place, _)| place), naive, "{id}");
            assert_eq!(naive.is_some(), state.owner() == Owner::Queue, "{id}");
            let place = waiting.iter().find(|waiting| waiting.conversation == *id);
            let priority =
                if let Phase::Queued { wait, .. } | Phase::Offered { wait, .. } = state.phase() {
                    Some(wait.priority)
                } else {
                    None
                };
            assert_eq!(place.map(|place| place.priority), priority, "{id}");
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

    /// An offer is for the first customer in the queue who is not being offered and whom some free
    /// agent has not just let pass. It goes to a free agent with the least load.
    fn check_offer(&self, offer: &Offer) {
        let agents: Vec<_> = self.desk.agents().filter(|a| self.has_room(a)).collect();
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

    fn capacity(&self) -> usize {
        self.desk.agents().map(|agent| agent.capacity).max().unwrap_or(usize::MAX)
    }

    /// Whether the agent is present without an open offer.
    fn has_room(&self, agent: &PresentAgent) -> bool {
        agent.load < agent.capacity && agent.is_here && self.offers_to(agent.agent) == 0
    }

    fn offers_to(&self, to: AgentId) -> usize {
        let phases = self.conversations.values().map(State::phase);
        phases.filter(|phase| matches!(phase, Phase::Offered { agent, .. } if *agent == to)).count()
    }

    /// An agent has at most one open offer, and none while on a break or away.
    fn check_open_offers(&self) {
        for agent in (1..4).map(AgentId) {
            let offers = self.offers_to(agent);
            assert!(offers <= 1, "{offers} offers to {agent}");
            let takes = self.desk.status(agent) == Some(AgentStatus::Ready);
            assert!(offers == 0 || takes, "offered to {agent}, who takes none");
        }
    }

    /// A customer who waits while no agent has been ready for a moment was told so.
    fn check_nobody_is_in_the_dark(&mut self, unready_since: &mut Option<i64>) {
        let is_ready = |a: PresentAgent| a.status == AgentStatus::Ready && a.is_here;
        if self.desk.agents().any(is_ready) {
            *unready_since = None;
            return;
        }
        let since = *unready_since.get_or_insert(self.second);
        if since + 3 > self.second {
            return;
        }
        for WaitingConversation { conversation, .. } in self.desk.waiting() {
            let heard = self.records.iter().any(|(of, record)| {
                let is_told = matches!(
                    &record.event,
                    Event::Bot(BotEvent::Noticed(notice)) if notice.occasion == Occasion::QueueUnstaffed
                );
                of == conversation && is_told && fixture::second(record.at) > self.second - 600
            });
            assert!(heard, "in the dark: {conversation}");
        }
    }

    /// When the agent let the conversation pass since it was queued last, and since the agent
    /// came back or was ready again.
    fn passed(&self, id: &ConversationId, agent: AgentId) -> Option<i64> {
        let pardon = self.pardons.get(&agent).copied().unwrap_or(0);
        let mut passed = None;
        for (at, (of, record)) in self.records.iter().enumerate() {
            if at < pardon || of != id || self.ended.contains(&at) {
                continue;
            }
            if matches!(record.event, Event::Desk(DeskEvent::Queued { .. })) {
                passed = None;
            }
            if record.event == (Event::Desk(DeskEvent::OfferEnded { agent })) {
                passed = Some(fixture::second(record.at));
            }
        }
        passed
    }

    /// A waiting customer is being offered, or no agent is free, or all free agents have just let
    /// the customer pass: then the desk wakes up for it.
    fn check_nobody_is_forgotten(&self) {
        let free =
            |agent: &PresentAgent| agent.status == AgentStatus::Ready && self.has_room(agent);
        if !self.desk.agents().any(|agent| free(&agent)) {
            return;
        }
        for waiting in self.desk.waiting().filter(|waiting| waiting.offered.is_none()) {
            let wakes = self.desk.wake_at(self.moment()).unwrap();
            assert!(wakes <= moment(self.second + 30), "forgotten: {waiting:?}");
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
        let mut unready_since = None;
        for what in happenings {
            office.happens(what);
            office.does_checked_errands();
            office.check_open_offers();
            office.check_nobody_is_in_the_dark(&mut unready_since);
            office.check_view();
            office.check_nobody_is_forgotten();
        }
        let before = std::mem::take(&mut office.desk);
        let ids: Vec<_> = office.conversations.keys().cloned().collect();
        office.restart(&ids);
        let waiting: Vec<_> = before.waiting().collect();
        prop_assert_eq!(office.desk.waiting().collect::<Vec<_>>(), waiting, "rebuilt by folding");
        for agent in (1..4).map(AgentId) {
            let held: Vec<_> = before.held_by(agent).collect();
            prop_assert_eq!(office.desk.held_by(agent).collect::<Vec<_>>(), held);
        }
    }

    #[test]
    fn the_wall_clock_moves_no_lease_pause_or_offer(
        happenings in prop::collection::vec(what_or_step(), 1..80),
    ) {
        check_steps(&happenings);
    }
}

#[test]
fn a_step_of_the_wall_clock_at_any_moment_moves_no_lease_pause_or_offer() {
    use What::{Accepts, Asks, Declines, Passes, Present, SetsClock, Status};
    // Agent 1 lets the first pass by, agent 2 lets an offer run out, and agent 1 is lost.
    let day = [
        Present(1),
        Present(2),
        Status(2, AgentStatus::Break),
        Asks(0),
        Passes(5),
        Declines(0, 1),
        Asks(1),
        Passes(5),
        Accepts(1, 1),
        Status(2, AgentStatus::Ready),
        Passes(20),
        Asks(2),
        Passes(15),
        Passes(20),
        Passes(20),
        Present(1),
        Passes(30),
    ];
    for hours in [-24, 1, 24] {
        for at in 0..day.len() {
            let mut stepped = day.to_vec();
            stepped.insert(at, SetsClock(hours));
            check_steps(&stepped);
        }
    }
}

/// Two offices, one with steps of the wall clock: both desks do the same.
fn check_steps(happenings: &[What]) {
    let (mut office, mut stepped) = (Office::new(), Office::new());
    for what in happenings {
        match what {
            What::SetsClock(_) => stepped.happens(*what),
            // No step moves the timers of conversations either.
            What::Passes(seconds) => {
                let end = office.second + seconds;
                office.wait_until(end).iter().for_each(|due| stepped.wait_for(due));
                stepped.second = end;
            }
            What::Asks(_)
            | What::ReportsFraud(_)
            | What::TellsOfDanger(_)
            | What::LeavesQueue(_)
            | What::Ends(_)
            | What::Accepts(..)
            | What::Declines(..)
            | What::Closes(..)
            | What::Says(..)
            | What::Present(_)
            | What::Limit(_)
            | What::Away(_)
            | What::Status(..)
            | What::Gone(_) => {
                office.happens(*what);
                stepped.happens(*what);
            }
        }
        let (done, expected) = (stepped.does_errands(), office.does_errands());
        assert_eq!(of_agents(done), of_agents(expected), "{what:?}");
        let order = |office: &Office| {
            office.desk.waiting().map(|waiting| waiting.conversation.clone()).collect::<Vec<_>>()
        };
        assert_eq!(order(&stepped), order(&office), "{what:?}");
        let agents = |office: &Office| office.desk.agents().collect::<Vec<_>>();
        assert_eq!(agents(&stepped), agents(&office), "{what:?}");
    }
}

/// Without the staffing notices, whose pause of five minutes goes by the stamps of records.
fn of_agents(mut errands: Vec<Errand>) -> Vec<Errand> {
    errands.retain(|errand| !matches!(errand, Errand::Tell(_)));
    errands
}
