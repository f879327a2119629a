//! Laws for any sequence of inputs.

use std::collections::BTreeSet;

use jiff::Timestamp;
use proptest::prelude::*;

use super::fixture;
use crate::dialogue::{
    AgentAct, CustomerAct, DeskAct, Duty, Input, Owner, Phase, State, Turn, World,
    mask_context_after, turn,
};
use crate::journal::{
    AgentEvent, AgentId, BotEvent, ClientIdHash, CloseCause, CustomerEvent, DeskEvent,
    EpisodeEvent, Event, Notice, Occasion, Record, ReplyKind,
};
use crate::knowledge::{Circumstances, GuardKind, KnowledgeBase, Policy};
use crate::matching::Outcome;

/// The next input, and the seconds since the last.
#[derive(Clone, Debug)]
struct Happening {
    after: i64,
    what: What,
    duty: Duty,
}

#[derive(Clone, Debug)]
enum What {
    Says {
        id: u8,
        text: &'static str,
        pressed: Option<&'static str>,
        found: Option<Outcome>,
    },
    AsksHuman {
        id: u8,
    },
    LeavesQueue,
    Staffing {
        is_staffed: bool,
    },
    LeavesMessage {
        id: u8,
    },
    Rates {
        id: u8,
        stars: u8,
    },
    Ends,
    Agent {
        agent: AgentId,
        epochs_ago: u64,
        does: Does,
    },
    Tick,
    /// At the deadline, whenever it is.
    Wait,
}

#[derive(Clone, Copy, Debug)]
enum Does {
    Offer,
    Accept,
    Decline,
    Say(u8),
    ReturnToBot,
    Close,
    Lose,
    ComeBack,
}

fn happening() -> impl Strategy<Value = Happening> {
    let after = prop_oneof![4 => 0..20i64, 1 => 0..1000i64];
    let duty = prop_oneof![3 => Just((true, true)), 1 => any::<(bool, bool)>()];
    (after, what(), duty).prop_map(|(after, what, (open, agents_present))| Happening {
        after,
        what,
        duty: Duty { open, agents_present, ..fixture::on_duty() },
    })
}

fn what() -> impl Strategy<Value = What> {
    let id = any::<u8>();
    prop_oneof![
        5 => (id, text(), pressed(), found())
            .prop_map(|(id, text, pressed, found)| What::Says { id, text, pressed, found }),
        1 => id.prop_map(|id| What::AsksHuman { id }),
        1 => Just(What::LeavesQueue),
        2 => any::<bool>().prop_map(|is_staffed| What::Staffing { is_staffed }),
        1 => id.prop_map(|id| What::LeavesMessage { id }),
        1 => (id, 0..=6u8).prop_map(|(id, stars)| What::Rates { id, stars }),
        1 => Just(What::Ends),
        8 => (1..=2i64, prop_oneof![4 => Just(0), 1 => 1..3u64], does()).prop_map(
            |(agent, epochs_ago, does)| What::Agent { agent: AgentId(agent), epochs_ago, does }
        ),
        1 => Just(What::Tick),
        3 => Just(What::Wait),
    ]
}

fn text() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "提现",
        "1",
        "第二个",
        "我的密码是",
        "Wang3648",
        "验证码发我",
        "482913",
        "卡号",
        "62220212",
        "3456",
        "",
        "太长太长太长太长太长太长太长太长太长太长太长太长太长太长太长太长太长太长太长太长太长",
    ])
}

fn pressed() -> impl Strategy<Value = Option<&'static str>> {
    prop::option::weighted(0.2, prop::sample::select(vec!["withdraw.fee", "promo.old", "no.such"]))
}

fn found() -> impl Strategy<Value = Option<Outcome>> {
    prop::option::weighted(
        0.9,
        prop::sample::select(vec![
            fixture::nothing(),
            fixture::nothing(),
            fixture::answers("withdraw.time"),
            fixture::answers("account.stolen"),
            fixture::clarifies(&["withdraw.time", "withdraw.fee"], 0.5),
            fixture::wants("human.request"),
            fixture::wants("fraud.report"),
            fixture::wants("chat.hello"),
            fixture::equals("withdraw.time"),
            fixture::guarded(GuardKind::Fraud, "fraud.report"),
            fixture::guarded(GuardKind::Crisis, "crisis.self"),
            fixture::guarded(GuardKind::Distress, "distress.low"),
            fixture::guarded(GuardKind::Harm, "illegal.ask"),
        ]),
    )
}

fn does() -> impl Strategy<Value = Does> {
    prop_oneof![
        3 => Just(Does::Offer),
        4 => Just(Does::Accept),
        1 => Just(Does::Decline),
        2 => any::<u8>().prop_map(Does::Say),
        1 => Just(Does::ReturnToBot),
        1 => Just(Does::Close),
        1 => Just(Does::Lose),
        1 => Just(Does::ComeBack),
    ]
}

impl What {
    /// `None`: no timer has run out, so there is no input.
    fn input(&self, state: &State, policy: &Policy, second: i64) -> Option<Input> {
        let act = match self {
            Self::Says { id, text, pressed, .. } => CustomerAct::Says {
                client_id: client_id(*id),
                text: (*text).into(),
                choice: pressed.map(Into::into),
            },
            Self::AsksHuman { id } => CustomerAct::AsksHuman { client_id: client_id(*id) },
            Self::LeavesQueue => CustomerAct::LeavesQueue,
            Self::LeavesMessage { id } => CustomerAct::LeavesMessage {
                client_id: client_id(*id),
                text: "请回电".into(),
                has_contact: true,
            },
            Self::Rates { id, stars } => {
                CustomerAct::Rates { client_id: client_id(*id), stars: *stars, comment: "".into() }
            }
            Self::Ends => CustomerAct::Ends,
            Self::Staffing { is_staffed } => {
                return Some(Input::Desk(DeskAct::Staffing { is_staffed: *is_staffed }));
            }
            Self::Agent { agent, epochs_ago, does } => {
                return Some(does.input(*agent, state.epoch().saturating_sub(*epochs_ago)));
            }
            Self::Tick | Self::Wait => {
                let (timer, at) = state.timer(policy)?;
                return (at <= fixture::at(second)).then_some(Input::Due(timer));
            }
        };
        Some(Input::Customer(act))
    }

    fn found(&self) -> Option<Outcome> {
        if let Self::Says { found, .. } = self { found.clone() } else { None }
    }
}

impl Does {
    fn input(self, agent: AgentId, epoch: u64) -> Input {
        let act = match self {
            Self::Offer => return Input::Desk(DeskAct::Offers { agent, epoch }),
            Self::Lose => return Input::Desk(DeskAct::AgentLost { agent }),
            Self::ComeBack => return Input::Desk(DeskAct::AgentBack { agent }),
            Self::Accept => AgentAct::Accepts,
            Self::Decline => AgentAct::Declines,
            Self::Say(id) => {
                AgentAct::Says { client_id: client_id(id), text: "请说一下验证码".into() }
            }
            Self::ReturnToBot => AgentAct::ReturnsToBot,
            Self::Close => AgentAct::Closes,
        };
        Input::Agent { agent, epoch, act }
    }
}

fn client_id(id: u8) -> ClientIdHash {
    ClientIdHash::sample(&format!("m{id}"))
}

/// Whether the bot takes the utterance as the choice of an entry, without asking the matcher.
fn is_choice(state: &State, what: &What) -> bool {
    let What::Says { text, pressed, .. } = what else { return false };
    // A pressed id that is no entry at all is dropped, and the text counts.
    if !matches!(pressed, None | Some("no.such")) {
        return false;
    }
    let Phase::Clarifying { choices, .. } = state.phase() else { return false };
    *text == "1" || (*text == "第二个" && choices.len() > 1)
}

/// Whether no entry that is served was pressed.
fn pressed_is_gone(pressed: Option<&str>) -> bool {
    pressed != Some("withdraw.fee")
}

/// Plays the inputs and checks each turn and record.
struct Play {
    base: KnowledgeBase,
    second: i64,
    state: State,
    records: Vec<Record>,
    client_ids: BTreeSet<ClientIdHash>,
}

impl Play {
    fn new() -> Self {
        Self {
            base: fixture::base(),
            second: 0,
            state: State::new(),
            records: Vec::new(),
            client_ids: BTreeSet::new(),
        }
    }

    fn happens(&mut self, happening: &Happening) {
        self.second += happening.after;
        if let (What::Wait, Some(deadline)) = (&happening.what, self.deadline()) {
            self.second = self.second.max(fixture::second(deadline));
        }
        let duty = happening.duty.clone();
        let find = |_: &str, _: Circumstances<'_>| happening.what.found();
        let world = World { duty, find: &find, ..fixture::world(&self.base, self.second) };
        let input = happening.what.input(&self.state, &self.base.policy, self.second);
        let Some(input) = input else { return };
        // The shell knows from the store that a message was taken.
        let client_id = input.client_id().copied();
        if client_id.as_ref().is_some_and(|id| self.client_ids.contains(id)) {
            return;
        }
        let taken = turn(&self.state, input.clone(), &world);
        assert_eq!(taken, turn(&self.state, input, &world), "the same again");
        let Ok(Turn { events, .. }) = taken else { return };
        if let Some(id) = client_id {
            let has_event = events.iter().any(|event| event.client_id() == Some(&id));
            assert!(has_event, "a message that is taken is stored: {:?}", happening.what);
        }
        self.check_time_and_fence(&happening.what, &events);
        self.check_danger(&happening.what, &events);
        for record in self.state.number(fixture::at(self.second), events) {
            self.apply(record);
        }
        self.check_after(&happening.what);
    }

    fn check_time_and_fence(&self, what: &What, events: &[Event]) {
        if matches!(what, What::Wait) {
            let has_end = self.has_no_deadline();
            assert_eq!(events.is_empty(), has_end, "time leads on from {:?}", self.state);
        }
        if let What::Agent { epochs_ago, does, .. } = what {
            let is_fenced = match does {
                Does::Offer | Does::Accept | Does::Say(_) | Does::ReturnToBot | Does::Close => true,
                Does::Decline | Does::Lose | Does::ComeBack => false,
            };
            let is_stale = *epochs_ago > 0 && self.state.epoch() > 0;
            assert!(!(is_fenced && is_stale), "an old epoch was taken: {what:?}");
        }
    }

    fn apply(&mut self, record: Record) {
        let (owner, epoch) = (self.state.owner(), self.state.epoch());
        assert_eq!(record.seq, self.records.len() as u64 + 1, "no gap");
        if matches!(record.event, Event::Bot(BotEvent::Said(_))) {
            assert_eq!(owner, Owner::Bot, "the bot speaks only as the owner");
        }
        if let Event::Agent(AgentEvent::Said { agent, .. }) = record.event {
            assert_eq!(owner, Owner::Agent(agent), "agents speak only as the owner");
        }
        if let Some(client_id) = record.event.client_id() {
            assert!(self.client_ids.insert(*client_id), "taken twice: {client_id:?}");
        }
        self.check_whose_turn(&record);
        self.check_staffing(&record);
        self.check_safety_notice(&record);
        let priority = self.highest_priority(&record);
        self.state.apply(&record);
        let waits = self.state.phase().wait().map(|wait| wait.priority);
        assert!(waits.is_none_or(|now| now >= priority), "falls below {priority}: {record:?}");
        let raised = u64::from(self.state.owner() != owner);
        assert_eq!(self.state.epoch(), epoch + raised, "raised with the owner: {record:?}");
        self.records.push(record);
    }

    /// To a person in danger the bot never says that it found nothing, nor small talk. Danger is always noted,
    /// and no form comes with it.
    fn check_danger(&self, what: &What, events: &[Event]) {
        let standing = self.state.standing_danger(fixture::at(self.second));
        assert_eq!(standing.is_some(), self.has_danger(), "by the records alone");
        let What::Says { pressed, found, .. } = what else { return };
        let is_noted =
            events.iter().any(|event| matches!(event, Event::Bot(BotEvent::FoundDanger { .. })));
        let has_form = events
            .iter()
            .any(|event| matches!(event, Event::Bot(BotEvent::AskedForMessage { .. })));
        let guard = found.as_ref().and_then(|found| found.guard.as_ref());
        let is_danger = guard.is_some_and(|guard| guard.kind.is_danger());
        let is_asked = self.state.owner() != Owner::Bot || !is_choice(&self.state, what);
        assert_eq!(is_noted, is_danger && is_asked && pressed_is_gone(*pressed), "{events:?}");
        assert!(!(is_noted && has_form), "a form over the help: {events:?}");
        let starts = events
            .iter()
            .any(|event| matches!(event, Event::Episode(EpisodeEvent::Started { .. })));
        for event in events {
            if let Event::Bot(BotEvent::Said(reply)) = event
                && (is_noted || (standing.is_some() && !starts))
            {
                assert_ne!(reply.kind, ReplyKind::Fallback, "left alone: {events:?}");
                assert_ne!(reply.text, "您好", "small talk: {events:?}");
            }
        }
    }

    /// By the records alone: whether danger was found in the last half hour, in this episode, and
    /// it is not over since.
    fn has_danger(&self) -> bool {
        let last = self.records.iter().rev().find(|record| {
            matches!(
                record.event,
                Event::Bot(BotEvent::FoundDanger { .. } | BotEvent::DangerOver)
                    | Event::Episode(EpisodeEvent::Started { .. })
            )
        });
        last.is_some_and(|record| {
            matches!(record.event, Event::Bot(BotEvent::FoundDanger { .. }))
                && self.second - fixture::second(record.at) < 1_800
        })
    }

    /// The highest priority of the record's episode, in the queue or called for, with the record.
    fn highest_priority(&self, record: &Record) -> u8 {
        let is_start =
            |event: &Event| matches!(event, Event::Episode(EpisodeEvent::Started { .. }));
        let of_episode = self.records.iter().rev().take_while(|record| !is_start(&record.event));
        let priority = |record: &Record| {
            if let Event::Desk(DeskEvent::Queued { priority, .. })
            | Event::Bot(BotEvent::FoundDanger { priority, .. }) = record.event
            {
                Some(priority)
            } else {
                None
            }
        };
        of_episode.chain([record]).filter_map(priority).max().unwrap_or(0)
    }

    /// A line is told to a customer who waits for a human or has one, right after the danger was
    /// found; in an episode once for each kind with an agent, and in a wait once for each kind.
    fn check_safety_notice(&self, record: &Record) {
        let is_safety = |event: &Event| {
            matches!(
                event,
                Event::Bot(BotEvent::Noticed(Notice { occasion: Occasion::Safety, .. }))
            )
        };
        if !is_safety(&record.event) {
            return;
        }
        let kind = |record: &Record| {
            if let Event::Bot(BotEvent::FoundDanger { kind, .. }) = record.event {
                Some(kind)
            } else {
                None
            }
        };
        let found = self.records.last().and_then(kind);
        assert!(found.is_some(), "no danger was found: {record:?}");
        let owner = self.state.owner();
        let is_over = |event: &Event| match owner {
            Owner::Queue => matches!(event, Event::Desk(DeskEvent::Queued { .. })),
            Owner::Agent(_) => matches!(event, Event::Episode(EpisodeEvent::Started { .. })),
            Owner::Bot | Owner::Nobody => panic!("told while no human comes"),
        };
        let earlier: Vec<&Record> =
            self.records.iter().rev().take_while(|record| !is_over(&record.event)).collect();
        let mut states = State::new();
        let mut owners = vec![states.owner()];
        for record in &self.records {
            states.apply(record);
            owners.push(states.owner());
        }
        let is_same = |owner: Owner| match owner {
            Owner::Queue => self.state.owner() == Owner::Queue,
            Owner::Agent(_) => matches!(self.state.owner(), Owner::Agent(_)),
            Owner::Bot | Owner::Nobody => false,
        };
        let told = earlier.windows(2).filter(|pair| {
            let owner = owners[usize::try_from(pair[0].seq).unwrap() - 1];
            is_safety(&pair[0].event) && is_same(owner) && kind(pair[1]) == found
        });
        assert_eq!(told.count(), 0, "told again: {record:?}");
    }

    fn check_after(&self, what: &What) {
        if matches!(what, What::AsksHuman { .. }) {
            assert!(
                matches!(self.state.owner(), Owner::Queue | Owner::Agent(_))
                    || matches!(self.state.phase(), Phase::LeavingMessage { .. }),
                "a wish for a human leads to one: {:?}",
                self.state
            );
        }
        let deadline = self.deadline();
        let has_end = self.has_no_deadline();
        assert_eq!(deadline.is_none(), has_end, "a way out by time: {:?}", self.state);
    }

    fn deadline(&self) -> Option<Timestamp> {
        self.state.timer(&self.base.policy).map(|(_, at)| at)
    }

    /// No timer: the conversation is closed, or an agent who owes an answer was reminded twice.
    fn has_no_deadline(&self) -> bool {
        let is_agents = matches!(self.state.phase(), Phase::AgentActive { .. });
        let is_reminded = is_agents && self.customer_waits() && self.reminders() == 2;
        is_reminded || *self.state.phase() == Phase::Closed
    }

    /// A customer who waits for an agent, in the queue or for an answer, is neither warned nor
    /// closed for silence. Only an agent who owes an answer is reminded.
    fn check_whose_turn(&self, record: &Record) {
        let (is_queued, is_agents) = match self.state.owner() {
            Owner::Queue => (true, false),
            Owner::Agent(_) => (false, true),
            Owner::Bot | Owner::Nobody => (false, false),
        };
        let is_owed = is_agents && self.customer_waits();
        assert_eq!(self.state.waits_for_agent_since().is_some(), is_owed);
        let is_idle = matches!(
            record.event,
            Event::Episode(
                EpisodeEvent::IdleWarned | EpisodeEvent::Ended { cause: CloseCause::Idle, .. }
            )
        );
        assert!(!(is_idle && (is_queued || is_owed)), "sent away while waiting: {record:?}");
        if let Event::Desk(DeskEvent::AgentReminded { agent, waited_s }) = record.event {
            assert!(is_owed && self.state.owner() == Owner::Agent(agent), "owes nothing");
            assert!(self.reminders() < 2, "reminded for a third time");
            assert!(waited_s >= 60 * (self.reminders() + 1), "too early: {record:?}");
        }
    }

    /// By the records alone: whether the agent has not answered since joining, or since the
    /// customer's last message.
    fn customer_waits(&self) -> bool {
        let last = self.records.iter().rev().find(|record| {
            matches!(
                record.event,
                Event::Agent(AgentEvent::Said { .. } | AgentEvent::Joined { .. })
                    | Event::Customer(CustomerEvent::Said { .. })
            )
        });
        last.is_some_and(|record| !matches!(record.event, Event::Agent(AgentEvent::Said { .. })))
    }

    /// Seconds since the customer began to wait.
    fn reminders(&self) -> u32 {
        let since = self.records.iter().rev().take_while(|record| {
            !matches!(
                record.event,
                Event::Agent(AgentEvent::Said { .. } | AgentEvent::Joined { .. })
            )
        });
        since
            .filter(|record| matches!(record.event, Event::Desk(DeskEvent::AgentReminded { .. })))
            .count() as u32
    }

    /// Only waiting customers get staffing notices: `QueueUnstaffed` at most once in five minutes
    /// of an episode, and `QueueStaffed` only after it.
    fn check_staffing(&self, record: &Record) {
        let Event::Bot(BotEvent::Noticed(Notice { occasion, .. })) = &record.event else { return };
        let last = |occasion| {
            let is_start =
                |event: &Event| matches!(event, Event::Episode(EpisodeEvent::Started { .. }));
            let of_episode =
                self.records.iter().rev().take_while(|record| !is_start(&record.event));
            of_episode.into_iter().find(|record| {
                matches!(&record.event, Event::Bot(BotEvent::Noticed(notice)) if notice.occasion == occasion)
            })
        };
        let unstaffed = last(Occasion::QueueUnstaffed);
        let second = |record: &Record| fixture::second(record.at);
        if *occasion == Occasion::QueueUnstaffed {
            assert_eq!(self.state.owner(), Owner::Queue, "does not wait");
            let is_paused = unstaffed.is_none_or(|last| second(record) - second(last) >= 300);
            assert!(is_paused, "told again too soon");
        }
        if *occasion == Occasion::QueueStaffed {
            assert_eq!(self.state.owner(), Owner::Queue, "does not wait");
            let told = unstaffed.map_or(0, |record| record.seq);
            let taken_back = last(Occasion::QueueStaffed).map_or(0, |record| record.seq);
            assert!(told > taken_back, "nothing to take back");
        }
    }
}

proptest! {
    #[test]
    fn the_rules_hold_for_any_sequence(
        happenings in prop::collection::vec(happening(), 1..60),
    ) {
        let mut play = Play::new();
        for happening in &happenings {
            play.happens(happening);
        }
        let mut replayed = State::new();
        play.records.iter().for_each(|record| replayed.apply(record));
        prop_assert_eq!(&replayed, &play.state);
        let from = usize::try_from(play.state.fold_from()).unwrap().saturating_sub(1);
        let folded = State::fold(&play.records[from..]);
        prop_assert_eq!(&folded, &play.state, "an episode owes nothing to those before it");
        for from in 0..play.records.len() {
            let context = mask_context_after(&play.records[from..]);
            prop_assert!(
                context.is_none_or(|context| context == *play.state.mask_context()),
                "the context of masking needs no record before {}", from
            );
        }
        for record in &play.records {
            let written = serde_json::to_string(&record.event).unwrap();
            prop_assert_eq!(&Event::from_json(&written).unwrap(), &record.event);
        }
    }

    #[test]
    fn silence_alone_closes_everything(
        happenings in prop::collection::vec(happening(), 1..40),
    ) {
        let mut play = Play::new();
        for happening in &happenings {
            play.happens(happening);
        }
        let wait = Happening { after: 0, what: What::Wait, duty: fixture::on_duty() };
        // Lost, queued, message asked, warned, ended, closed: with an offer on the way.
        for _ in 0..8 {
            play.happens(&wait);
        }
        // A customer who waits for an agent's answer is not sent away, however silent the agent is.
        prop_assert!(play.has_no_deadline(), "{:?}", play.state);
    }
}
