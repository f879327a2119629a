//! Who waits, in the order in which they will be served.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

use jiff::{SignedDuration, Timestamp};

use super::staffing::Heard;
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

/// What the desk knows besides of one that waits.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) waiting: Waiting,
    /// To whom an offer is on its way to being committed.
    pub(super) proposed: Option<AgentId>,
    /// When the offer that stands was made.
    pub(super) offered_at: Option<Timestamp>,
    /// The end of the offer is on its way to being committed.
    pub(super) is_ending: bool,
    /// Who let it pass, and when.
    pub(super) passed: BTreeMap<AgentId, Timestamp>,
    /// Not offered before: the last offer could not be committed.
    pub(super) held_until: Option<Timestamp>,
    pub(super) heard: Heard,
}

impl Place {
    pub(super) fn new(waiting: Waiting) -> Self {
        Self {
            waiting,
            proposed: None,
            offered_at: None,
            is_ending: false,
            passed: BTreeMap::new(),
            held_until: None,
            heard: Heard::default(),
        }
    }

    /// Whether somebody is being asked to take it.
    pub(super) fn is_taken_care_of(&self) -> bool {
        self.proposed.is_some() || self.waiting.offered.is_some()
    }

    /// From when it may be offered to this agent. One who let it pass comes after all
    /// others, and only after a pause, so that it does not come straight back.
    pub(super) fn again_at(&self, agent: AgentId, pause: SignedDuration) -> Option<Timestamp> {
        let at = self.passed.get(&agent)?;
        Some(at.checked_add(pause).unwrap_or(Timestamp::MAX))
    }
}

/// Larger priority first, then who waits longest; the id only makes the order total.
type Order = (Reverse<u8>, Timestamp, ConversationId);

/// Who waits, in the order in which they will be served.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    places: BTreeMap<Order, Place>,
    /// Looked up only, never walked.
    orders: HashMap<ConversationId, Order>,
}

impl Queue {
    pub(super) fn insert(&mut self, place: Place) {
        let waiting = &place.waiting;
        let conversation = waiting.conversation.clone();
        let order = (Reverse(waiting.priority), waiting.since, conversation.clone());
        self.orders.insert(conversation, order.clone());
        self.places.insert(order, place);
    }

    pub(super) fn remove(&mut self, conversation: &ConversationId) -> Option<Place> {
        let order = self.orders.remove(conversation)?;
        self.places.remove(&order)
    }

    pub(super) fn get_mut(&mut self, conversation: &ConversationId) -> Option<&mut Place> {
        self.places.get_mut(self.orders.get(conversation)?)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Place> {
        self.places.values()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Place> {
        self.places.values_mut()
    }

    /// From 1.
    pub(super) fn place(&self, conversation: &ConversationId) -> Option<usize> {
        let order = self.orders.get(conversation)?;
        Some(self.places.range(..=order).count())
    }
}
