//! Who waits, in the order in which they will be served.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};

use jiff::Timestamp;

use super::{moment::Moment, staffing::Heard};
use crate::journal::{AgentId, ConversationId, HandoffReason};

/// A conversation that waits for an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Which.
    pub conversation: ConversationId,
    /// Its epoch, for offering and accepting.
    pub epoch: u64,
    /// Since when a human is wanted.
    pub since: Timestamp,
    /// 0 to 9, larger first.
    pub priority: u8,
    /// Why a human is wanted.
    pub reason: HandoffReason,
    /// To whom it is offered now, and until when.
    pub offered: Option<(AgentId, Timestamp)>,
}

/// The order of service: larger priority first, then who waits longest. The id only makes it
/// total.
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

    /// Since when it waits: the order among those of one priority.
    pub fn since(&self) -> Moment {
        self.since
    }
}

/// The offer that stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Standing {
    /// When it was made.
    pub(super) made_at: Moment,
    /// The stamp of that.
    pub(super) stamp: Timestamp,
    /// How long it may stand.
    pub(super) lasts: Duration,
}

/// Whether the desk is ending the offer that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// It is not.
    No,
    /// That is on its way to being committed.
    Asked,
    /// It could not be committed; to be tried again then.
    Again(Moment),
}

/// What the desk knows besides of one that waits.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) waiting: Waiting,
    pub(super) since: Moment,
    /// To whom an offer is on its way to being committed.
    pub(super) proposed: Option<AgentId>,
    pub(super) standing: Option<Standing>,
    pub(super) ending: Ending,
    /// Who let it pass, and when.
    pub(super) passed: BTreeMap<AgentId, Moment>,
    /// Not offered before: the last offer could not be committed.
    pub(super) held_until: Option<Moment>,
    pub(super) heard: Heard,
}

impl Place {
    pub(super) fn new(waiting: Waiting, since: Moment) -> Self {
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

    /// Whether nobody is being asked to take it, and no pause stands before that.
    pub(super) fn may_be_offered(&self) -> bool {
        self.proposed.is_none() && self.waiting.offered.is_none() && self.held_until.is_none()
    }
}

/// Who waits, in the order in which they will be served.
///
/// Places stand in an index for each question that the desk asks after a change, so that none
/// walks the queue.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    places: BTreeMap<Order, Place>,
    /// Looked up only, never walked.
    orders: HashMap<ConversationId, Order>,
    /// To be offered to anybody.
    fresh: BTreeSet<Order>,
    /// Those whom somebody let pass.
    passed: BTreeSet<Order>,
    /// Not to be offered before.
    held: BTreeSet<(Moment, Order)>,
    /// To hear, from then on, that nobody is ready.
    unaware: BTreeSet<(Moment, Order)>,
    /// To hear, from then on, that somebody is ready again.
    aware: BTreeSet<(Moment, Order)>,
    /// Those whose place, or what is shown of it, is another one since the last look.
    changed: BTreeSet<ConversationId>,
}

impl Queue {
    pub(super) fn insert(&mut self, place: Place) {
        let (conversation, order) = (place.waiting.conversation.clone(), place.order());
        self.index(&order, &place);
        self.changed.insert(conversation.clone());
        self.orders.insert(conversation, order.clone());
        self.places.insert(order, place);
    }

    pub(super) fn remove(&mut self, conversation: &ConversationId) -> Option<Place> {
        let order = self.orders.remove(conversation)?;
        let place = self.places.remove(&order)?;
        self.unindex(&order, &place);
        self.changed.insert(conversation.clone());
        Some(place)
    }

    pub(super) fn get(&self, conversation: &ConversationId) -> Option<&Place> {
        self.places.get(self.orders.get(conversation)?)
    }

    /// Changes what is known of one that waits; its order stays.
    pub(super) fn change<T>(
        &mut self,
        conversation: &ConversationId,
        change: impl FnOnce(&mut Place) -> T,
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

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Order, &Place)> {
        self.places.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// The first whom nobody let pass.
    pub(super) fn first_fresh(&self) -> Option<&Order> {
        self.fresh.first()
    }

    /// Those whom somebody let pass, in order.
    pub(super) fn passed(&self) -> impl Iterator<Item = &Place> {
        self.passed.iter().filter_map(|order| self.places.get(order))
    }

    /// When the next pause after an offer that could not be committed is over.
    pub(super) fn next_release(&self) -> Option<Moment> {
        self.held.first().map(|(until, _)| *until)
    }

    /// Ends the pauses that are over.
    pub(super) fn release(&mut self, now: Moment) {
        while let Some((_, order)) = self.held.first().filter(|(until, _)| *until <= now) {
            let conversation = order.conversation.clone();
            self.change(&conversation, |place| place.held_until = None);
        }
    }

    /// Who is to hear how the desk is staffed, by when.
    pub(super) fn to_hear(&self, is_staffed: bool) -> &BTreeSet<(Moment, Order)> {
        if is_staffed { &self.aware } else { &self.unaware }
    }

    /// Those whose row is another one since the last time, with what it is now.
    pub(super) fn take_changed(&mut self) -> Vec<(ConversationId, Option<(Order, Waiting)>)> {
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

    fn index(&mut self, order: &Order, place: &Place) {
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

    fn unindex(&mut self, order: &Order, place: &Place) {
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
