//! Messages that customers left.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use super::{moment::Moment, queue::Order};
use crate::journal::ConversationId;

/// A message that no agent has taken up. It stays until an agent joins the conversation,
/// also when the customer writes to the bot again or the episode closes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenMessage {
    /// The conversation in which it was left.
    pub conversation: ConversationId,
    /// The conversation's epoch, for accepting.
    pub epoch: u64,
    /// When the first message that is still open was left.
    pub since: Timestamp,
    /// The last message, masked.
    pub text: String,
}

/// All open messages, oldest first.
#[derive(Clone, Debug, Default)]
pub(super) struct Messages {
    open: BTreeMap<Order, OpenMessage>,
    /// Only looked up, never iterated: its order is random.
    orders: HashMap<ConversationId, Order>,
    /// The conversations whose message has changed since the last look.
    changed: BTreeSet<ConversationId>,
}

impl Messages {
    /// Adds a message. A second message of the same conversation replaces the first and keeps its
    /// place.
    pub(super) fn insert(
        &mut self,
        conversation: &ConversationId,
        epoch: u64,
        text: &str,
        (at, moment): (Timestamp, Moment),
    ) {
        let earlier = self.remove(conversation);
        let order = earlier.as_ref().map(|(order, _)| order.clone());
        let order = order.unwrap_or_else(|| Order::new(0, moment, conversation));
        let since = earlier.map_or(at, |(_, message)| message.since);
        let (conversation, text) = (conversation.clone(), text.to_owned());
        self.changed.insert(conversation.clone());
        self.orders.insert(conversation.clone(), order.clone());
        self.open.insert(order, OpenMessage { conversation, epoch, since, text });
    }

    pub(super) fn remove(&mut self, conversation: &ConversationId) -> Option<(Order, OpenMessage)> {
        let order = self.orders.remove(conversation)?;
        self.changed.insert(conversation.clone());
        self.open.remove_entry(&order)
    }

    pub(super) fn note_epoch(&mut self, conversation: &ConversationId, epoch: u64) {
        let order = self.orders.get(conversation);
        if let Some(message) = order.and_then(|order| self.open.get_mut(order)) {
            message.epoch = epoch;
            self.changed.insert(conversation.clone());
        }
    }

    pub(super) fn has(&self, conversation: &ConversationId) -> bool {
        self.orders.contains_key(conversation)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &OpenMessage> {
        self.open.values()
    }

    /// The messages that have changed since the last call, as they are now.
    pub(super) fn take_changed(&mut self) -> Vec<(ConversationId, Option<(Order, OpenMessage)>)> {
        let message = |conversation: ConversationId| {
            let now = self
                .orders
                .get(&conversation)
                .and_then(|order| Some((order.clone(), self.open.get(order)?.clone())));
            (conversation, now)
        };
        std::mem::take(&mut self.changed).into_iter().map(message).collect()
    }
}
