//! The queue: waiting conversations in order of service.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};

use jiff::Timestamp;

use super::{moment::Moment, staffing::Heard};
use crate::journal::{AgentId, ConversationId, HandoffReason};
use crate::knowledge::GuardKind;

/// A conversation that waits for an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingConversation {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its epoch, for offering and accepting.
    pub epoch: u64,
    /// When a human was first asked for.
    pub since: Timestamp,
    /// 0 to 9; a larger number is served first.
    pub priority: u8,
    /// Why a human is needed.
    pub reason: HandoffReason,
    /// The most urgent danger that the customer told of while waiting; `None` without one.
    pub danger: Option<GuardKind>,
    /// The agent to whom it is offered now, and until when.
    pub offered: Option<(AgentId, Timestamp)>,
}

/// The order of service: higher priority first, then the longest wait. The id only breaks ties.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Order {
    pub(super) priority: Reverse<u8>,
    pub(super) since: Moment,
    pub(super) conversation: ConversationId,
}

impl Order {
    pub(super) fn new(priority: u8, since: Moment, conversation: &ConversationId) -> Self {
        Self { priority: Reverse(priority), since, conversation: conversation.clone() }
    }

    /// When the wait began: the order within one priority.
    pub fn since(&self) -> Moment {
        self.since
    }
}

/// The offer that stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct StandingOffer {
    /// When it was made.
    pub(super) made_at: Moment,
    /// The stamp of that moment.
    pub(super) stamp: Timestamp,
    /// How long the offer may stand.
    pub(super) lasts: Duration,
}

/// Whether the desk is ending the offer that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Not being ended.
    No,
    /// Its end is being committed.
    Asked,
    /// Its end could not be committed, and is tried again at this moment.
    Again(Moment),
}

/// A place in the queue: the waiting conversation, and the desk's own notes on it.
#[derive(Clone, Debug)]
pub(super) struct QueuePlace {
    pub(super) waiting: WaitingConversation,
    pub(super) since: Moment,
    /// The agent to whom an offer is being committed.
    pub(super) proposed: Option<AgentId>,
    pub(super) standing: Option<StandingOffer>,
    pub(super) ending: Ending,
    /// The agents who let it pass, and when.
    pub(super) passed: BTreeMap<AgentId, Moment>,
    /// Not to be offered before this moment, because the last offer could not be committed.
    pub(super) held_until: Option<Moment>,
    pub(super) heard: Heard,
}

impl QueuePlace {
    pub(super) fn new(waiting: WaitingConversation, since: Moment) -> Self {
        Self {
            waiting,
            since,
            proposed: None,
            standing: None,
            ending: Ending::No,
            passed: BTreeMap::new(),
            held_until: None,
            heard: Heard::default(),
        }
    }

    pub(super) fn order(&self) -> Order {
        Order::new(self.waiting.priority, self.since, &self.waiting.conversation)
    }

    /// Whether no offer is open or on its way, and no pause is running.
    pub(super) fn may_be_offered(&self) -> bool {
        self.proposed.is_none() && self.waiting.offered.is_none() && self.held_until.is_none()
    }
}

/// The queue: waiting conversations in order of service.
///
/// Each question that the desk asks after a change has an index, so that no question walks the
/// queue.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    places: BTreeMap<Order, QueuePlace>,
    /// Only looked up, never iterated: its order is random.
    orders: HashMap<ConversationId, Order>,
    /// Places to be offered to any agent.
    fresh: BTreeSet<Order>,
    /// Places that some agent let pass.
    passed: BTreeSet<Order>,
    /// Places not to be offered before a moment.
    held: BTreeSet<(Moment, Order)>,
    /// Places to be told, from a moment on, that no agent is ready.
    unaware: BTreeSet<(Moment, Order)>,
    /// Places to be told, from a moment on, that an agent is ready again.
    aware: BTreeSet<(Moment, Order)>,
    /// Conversations whose row has changed since the last look.
    changed: BTreeSet<ConversationId>,
}

impl Queue {
    pub(super) fn insert(&mut self, place: QueuePlace) {
        let (conversation, order) = (place.waiting.conversation.clone(), place.order());
        self.index(&order, &place);
        self.changed.insert(conversation.clone());
        self.orders.insert(conversation, order.clone());
        self.places.insert(order, place);
    }

    pub(super) fn remove(&mut self, conversation: &ConversationId) -> Option<QueuePlace> {
        let order = self.orders.remove(conversation)?;
        let place = self.places.remove(&order)?;
        self.unindex(&order, &place);
        self.changed.insert(conversation.clone());
        Some(place)
    }

    pub(super) fn get(&self, conversation: &ConversationId) -> Option<&QueuePlace> {
        self.places.get(self.orders.get(conversation)?)
    }

    /// Changes a place; its order stays.
    pub(super) fn change<T>(
        &mut self,
        conversation: &ConversationId,
        change: impl FnOnce(&mut QueuePlace) -> T,
    ) -> Option<T> {
        let order = self.orders.get(conversation)?.clone();
        let mut place = self.places.remove(&order)?;
        self.unindex(&order, &place);
        let (epoch, offered) = (place.waiting.epoch, place.waiting.offered);
        let changed = change(&mut place);
        if (epoch, offered) != (place.waiting.epoch, place.waiting.offered) {
            self.changed.insert(conversation.clone());
        }
        self.index(&order, &place);
        self.places.insert(order, place);
        Some(changed)
    }

    /// Marks the danger that a waiting customer told of, and moves the place up to its priority.
    pub(super) fn raise(&mut self, conversation: &ConversationId, kind: GuardKind, priority: u8) {
        let Some(mut place) = self.remove(conversation) else { return };
        let waiting = &mut place.waiting;
        waiting.priority = waiting.priority.max(priority);
        waiting.danger = Some(waiting.danger.map_or(kind, |before| before.min(kind)));
        self.insert(place);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Order, &QueuePlace)> {
        self.places.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// The first place that no agent let pass.
    pub(super) fn first_fresh(&self) -> Option<&Order> {
        self.fresh.first()
    }

    /// The places that some agent let pass, in order.
    pub(super) fn passed(&self) -> impl Iterator<Item = &QueuePlace> {
        self.passed.iter().filter_map(|order| self.places.get(order))
    }

    /// When the next pause after an uncommitted offer ends.
    pub(super) fn next_release(&self) -> Option<Moment> {
        self.held.first().map(|(until, _)| *until)
    }

    /// Ends the pauses that have run out.
    pub(super) fn release(&mut self, now: Moment) {
        while let Some((_, order)) = self.held.first().filter(|(until, _)| *until <= now) {
            let conversation = order.conversation.clone();
            self.change(&conversation, |place| place.held_until = None);
        }
    }

    /// The places to be told how the desk is staffed, each from its moment on.
    pub(super) fn to_hear(&self, is_staffed: bool) -> &BTreeSet<(Moment, Order)> {
        if is_staffed { &self.aware } else { &self.unaware }
    }

    /// The rows that have changed since the last call, as they are now.
    pub(super) fn take_changed(
        &mut self,
    ) -> Vec<(ConversationId, Option<(Order, WaitingConversation)>)> {
        let changed = std::mem::take(&mut self.changed);
        let row = |conversation: ConversationId| {
            let now = self
                .orders
                .get(&conversation)
                .and_then(|order| Some((order.clone(), self.places.get(order)?.waiting.clone())));
            (conversation, now)
        };
        changed.into_iter().map(row).collect()
    }

    fn index(&mut self, order: &Order, place: &QueuePlace) {
        if !place.passed.is_empty() {
            self.passed.insert(order.clone());
        } else if place.may_be_offered() {
            self.fresh.insert(order.clone());
        }
        if let Some(until) = place.held_until {
            self.held.insert((until, order.clone()));
        }
        if let Some((stands, from)) = place.heard.next_word() {
            let index = if stands { &mut self.aware } else { &mut self.unaware };
            index.insert((from, order.clone()));
        }
    }

    fn unindex(&mut self, order: &Order, place: &QueuePlace) {
        self.fresh.remove(order);
        self.passed.remove(order);
        if let Some(until) = place.held_until {
            self.held.remove(&(until, order.clone()));
        }
        if let Some((stands, from)) = place.heard.next_word() {
            let index = if stands { &mut self.aware } else { &mut self.unaware };
            index.remove(&(from, order.clone()));
        }
    }
}
