//! Consoles that assemble the desk from its changes.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::office::moment;
use crate::dialogue::tests::fixture;
use crate::handoff::{
    AgentStatus, Board, DeskChange, DeskChanges, DeskSnapshot, DeskUpdate, OpenMessage, Order,
    WaitingConversation,
};
use crate::journal::{AgentId, ConversationId, HandoffReason};

/// Fewer than a real console shows, so that the tests reach the limit.
const SHOWN: usize = 200;

/// A console, which shows what it was sent.
#[derive(Default)]
struct Console {
    seq: u64,
    waiting: BTreeMap<ConversationId, (Order, WaitingConversation)>,
    messages: BTreeMap<ConversationId, OpenMessage>,
    totals: (usize, usize, usize),
    status: Option<AgentStatus>,
}

impl Console {
    fn replace(&mut self, desk: DeskSnapshot) {
        let waiting = desk.waiting.into_iter();
        *self = Self {
            seq: desk.desk_seq,
            waiting: waiting.map(|row| (row.1.conversation.clone(), row)).collect(),
            messages: desk.messages.into_iter().map(|m| (m.conversation.clone(), m)).collect(),
            totals: (desk.waiting_total, desk.messages_total, desk.conversations_max),
            status: desk.status,
        };
    }

    fn change(&mut self, change: DeskChange) {
        assert_eq!(change.prev, self.seq, "a change fits what is shown");
        self.seq = change.desk_seq;
        for row in change.waiting {
            self.waiting.insert(row.1.conversation.clone(), row);
        }
        for id in &change.left {
            self.waiting.remove(id);
        }
        for message in change.messages {
            self.messages.insert(message.conversation.clone(), message);
        }
        for id in &change.messages_left {
            self.messages.remove(id);
        }
        self.totals = (change.waiting_total, change.messages_total, change.conversations_max);
        self.status = change.status;
    }

    fn hears(&mut self, board: &Board, agent: AgentId) {
        match board.news(agent, self.seq) {
            DeskUpdate::Nothing { .. } => {}
            DeskUpdate::Change(change) => self.change(change),
            DeskUpdate::Whole(desk) => self.replace(desk),
        }
    }

    fn check(&self, board: &Board, agent: AgentId) {
        let desk = board.snapshot(agent);
        let mut waiting: Vec<_> = self.waiting.values().cloned().collect();
        waiting.sort_by(|one, other| one.0.cmp(&other.0));
        assert_eq!(waiting, desk.waiting);
        let mut messages: Vec<_> = self.messages.values().cloned().collect();
        messages.sort_by_key(|message| (message.since, message.conversation.clone()));
        assert_eq!(messages, desk.messages);
        assert_eq!(self.status, desk.status);
        let totals = (desk.waiting_total, desk.messages_total, desk.conversations_max);
        assert_eq!(self.totals, totals);
    }
}

#[derive(Clone, Debug)]
enum What {
    /// A customer joins or changes, with this priority, wait and offer.
    Waits(u16, u8, u8, Option<i64>),
    Leaves(u16),
    Message(u16, bool),
    Status(i64, Option<AgentStatus>),
    /// This many customers join or leave at once.
    Crowd(u16, bool),
    /// This console asks for its update.
    Looks(usize),
}

fn what() -> impl Strategy<Value = What> {
    let statuses = vec![None, Some(AgentStatus::Ready), Some(AgentStatus::Break)];
    prop_oneof![
        8 => (0..300u16, 3..7u8, 0..9u8, prop::option::of(1..4i64))
            .prop_map(|(id, priority, since, to)| What::Waits(id, priority, since, to)),
        4 => (0..300u16).prop_map(What::Leaves),
        3 => (0..200u16, any::<bool>()).prop_map(|(id, is_open)| What::Message(id, is_open)),
        1 => (1..4i64, prop::sample::select(statuses))
            .prop_map(|(agent, status)| What::Status(agent, status)),
        2 => (1..250u16, any::<bool>()).prop_map(|(many, come)| What::Crowd(many, come)),
        6 => (0..3usize).prop_map(What::Looks),
    ]
}

fn id(number: u16) -> ConversationId {
    ConversationId::new(&format!("c{number:03}"))
}

fn row(number: u16, priority: u8, since: u8, to: Option<i64>) -> (Order, WaitingConversation) {
    let conversation = id(number);
    let order = Order::new(priority, moment(since.into()), &conversation);
    let offered = to.map(|agent| (AgentId(agent), fixture::at(30)));
    let since = fixture::at(since.into());
    let reason = HandoffReason::Asked;
    let danger = None;
    (
        order,
        WaitingConversation { conversation, epoch: 2, since, priority, reason, danger, offered },
    )
}

fn message(number: u16) -> (Order, OpenMessage) {
    let (conversation, since) = (id(number), fixture::at(number.into()));
    let order = Order::new(0, moment(number.into()), &conversation);
    (order, OpenMessage { conversation, epoch: 3, since, text: "请回电".into() })
}

fn nothing() -> DeskChanges {
    DeskChanges {
        statuses: Vec::new(),
        waiting: Vec::new(),
        messages: Vec::new(),
        conversations_max: 5,
    }
}

fn changes(what: &What) -> DeskChanges {
    match *what {
        What::Waits(number, priority, since, to) => DeskChanges {
            waiting: vec![(id(number), Some(row(number, priority, since, to)))],
            ..nothing()
        },
        What::Leaves(number) => DeskChanges { waiting: vec![(id(number), None)], ..nothing() },
        What::Message(number, is_open) => DeskChanges {
            messages: vec![(id(number), is_open.then(|| message(number)))],
            ..nothing()
        },
        What::Status(agent, status) => {
            DeskChanges { statuses: vec![(AgentId(agent), status)], ..nothing() }
        }
        What::Crowd(many, come) => DeskChanges {
            waiting: (0..many)
                .map(|number| (id(number), come.then(|| row(number, 5, 4, None))))
                .collect(),
            ..nothing()
        },
        What::Looks(_) => nothing(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn changes_in_any_batches_give_the_same_as_the_whole(
        happenings in prop::collection::vec(what(), 1..120),
    ) {
        let mut board = Board::showing(SHOWN);
        let mut consoles: [Console; 3] = Default::default();
        let agent = |at: usize| AgentId(i64::try_from(at).unwrap() + 1);
        let mut naive: BTreeMap<ConversationId, Order> = BTreeMap::new();
        for what in happenings {
            let changes = changes(&what);
            for (id, row) in &changes.waiting {
                match row {
                    Some((order, _)) => naive.insert(id.clone(), order.clone()),
                    None => naive.remove(id),
                };
            }
            board.publish(changes);
            if let What::Looks(at) = what {
                consoles[at].hears(&board, agent(at));
                consoles[at].check(&board, agent(at));
            }
            let mut orders: Vec<_> = naive.values().collect();
            orders.sort();
            for number in (0..300).step_by(7) {
                let place = orders.iter().position(|order| order.conversation == id(number));
                let place = place.map(|place| (place + 1, orders.len()));
                prop_assert_eq!(board.place(&id(number)), place);
            }
        }
        for (at, console) in consoles.iter_mut().enumerate() {
            console.hears(&board, agent(at));
            console.check(&board, agent(at));
        }
    }
}

#[test]
fn a_change_costs_each_console_one_row_however_many_wait() {
    let mut board = Board::showing(SHOWN);
    let mut console = Console::default();
    for number in 0..1_000 {
        board.publish(changes(&What::Waits(number, 5, 1, None)));
        if let DeskUpdate::Change(change) = board.news(AgentId(1), console.seq) {
            assert!(change.waiting.len() + change.left.len() <= 1, "{change:?}");
            console.change(change);
        }
    }
    console.check(&board, AgentId(1));
    // The first is served: the one behind the last that is shown moves up.
    board.publish(changes(&What::Leaves(0)));
    let DeskUpdate::Change(change) = board.news(AgentId(1), console.seq) else {
        panic!("a change")
    };
    assert_eq!((change.waiting.len(), change.left.len()), (1, 1));
    assert_eq!(change.waiting[0].1.conversation, id(SHOWN.try_into().unwrap()));
    assert_eq!(change.waiting_total, 999);
    console.change(change);
    console.check(&board, AgentId(1));
}

#[test]
fn what_is_offered_to_an_agent_is_shown_wherever_it_stands() {
    let mut board = Board::showing(SHOWN);
    board.publish(changes(&What::Crowd(299, true)));
    let mut consoles = [Console::default(), Console::default()];
    for offered in [None, Some(2), Some(1), None] {
        board.publish(changes(&What::Waits(290, 5, 4, offered)));
        for (console, agent) in consoles.iter_mut().zip([1, 2].map(AgentId)) {
            console.hears(&board, agent);
            console.check(&board, agent);
            let is_mine = offered.map(AgentId) == Some(agent);
            assert_eq!(console.waiting.contains_key(&id(290)), is_mine, "{offered:?}");
        }
    }
}

#[test]
fn a_console_that_fell_behind_or_knows_another_desk_sees_the_whole() {
    let mut board = Board::showing(SHOWN);
    board.publish(changes(&What::Waits(0, 5, 1, None)));
    let seen = board.desk_seq();
    for number in 0..300u16 {
        board.publish(changes(&What::Waits(1, 5, 1, Some((number % 2 + 1).into()))));
    }
    assert!(matches!(board.news(AgentId(1), seen), DeskUpdate::Whole(_)), "it fell behind");
    assert!(matches!(board.news(AgentId(1), board.desk_seq() + 1), DeskUpdate::Whole(_)));
    assert_eq!(
        board.news(AgentId(1), board.desk_seq()),
        DeskUpdate::Nothing { desk_seq: board.desk_seq() }
    );
    assert!(matches!(board.news(AgentId(1), board.desk_seq() - 9), DeskUpdate::Change(_)));
    // A status is sent only to its agent.
    let seen = board.desk_seq();
    board.publish(changes(&What::Status(2, Some(AgentStatus::Ready))));
    assert_eq!(board.news(AgentId(1), seen), DeskUpdate::Nothing { desk_seq: board.desk_seq() });
    assert!(matches!(board.news(AgentId(2), seen), DeskUpdate::Change(_)));
}
