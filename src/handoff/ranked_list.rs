//! Items in order, the first of which are shown.

use std::collections::{BTreeSet, HashMap, VecDeque};

use super::queue::Order;
use crate::journal::ConversationId;

/// Items in order, the first of which are shown.
///
/// A rank is found by binary search. Inserting or removing an item moves the orders before or after
/// it, whichever are fewer. In a queue these are few: customers join at the back and leave at the
/// front.
#[derive(Clone, Debug)]
pub(super) struct RankedList<T> {
    orders: VecDeque<Order>,
    things: HashMap<ConversationId, (Order, T)>,
    shown_max: usize,
}

impl<T: PartialEq> RankedList<T> {
    pub(super) fn new(shown_max: usize) -> Self {
        Self { orders: VecDeque::new(), things: HashMap::new(), shown_max }
    }

    pub(super) fn shown_max(&self) -> usize {
        self.shown_max
    }

    pub(super) fn len(&self) -> usize {
        self.orders.len()
    }

    pub(super) fn get(&self, id: &ConversationId) -> Option<(&Order, &T)> {
        self.things.get(id).map(|(order, thing)| (order, thing))
    }

    /// The rank, from 0.
    pub(super) fn rank(&self, id: &ConversationId) -> Option<usize> {
        let (order, _) = self.things.get(id)?;
        self.orders.binary_search(order).ok()
    }

    /// Whether it is among the items that are shown.
    pub(super) fn is_shown(&self, id: &ConversationId) -> bool {
        self.rank(id).is_some_and(|rank| rank < self.shown_max)
    }

    /// All items in order, shown or not.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Order, &T)> {
        self.orders.iter().filter_map(|order| self.get(&order.conversation))
    }

    /// Inserts or replaces an item; `None` removes it. Adds to `touched` the items whose rows have
    /// changed. Returns whether the ranks of other items have changed.
    pub(super) fn put(
        &mut self,
        id: &ConversationId,
        new: Option<(Order, T)>,
        touched: &mut BTreeSet<ConversationId>,
    ) -> bool {
        let keeps_place = match (self.things.get(id), &new) {
            (None, None) => return false,
            (Some((order, _)), Some((new_order, _))) => order == new_order,
            (None, Some(_)) | (Some(_), None) => false,
        };
        if keeps_place {
            if let (Some(old), Some(new)) = (self.things.get_mut(id), new)
                && *old != new
            {
                *old = new;
                touched.insert(id.clone());
            }
            return false;
        }
        touched.insert(id.clone());
        let has_left = self.take_out(id, touched);
        let has_come = new.is_some_and(|(order, thing)| self.put_in(order, thing, touched));
        has_left || has_come
    }

    /// Returns whether an item follows it.
    fn take_out(&mut self, id: &ConversationId, touched: &mut BTreeSet<ConversationId>) -> bool {
        let Some((order, _)) = self.things.remove(id) else { return false };
        let Ok(rank) = self.orders.binary_search(&order) else { return false };
        self.orders.remove(rank);
        // The first item that was not shown moves up.
        if rank < self.shown_max
            && let Some(order) = self.orders.get(self.shown_max - 1)
        {
            touched.insert(order.conversation.clone());
        }
        rank < self.orders.len()
    }

    /// Returns whether an item follows it.
    fn put_in(&mut self, order: Order, thing: T, touched: &mut BTreeSet<ConversationId>) -> bool {
        let Err(rank) = self.orders.binary_search(&order) else { return false };
        self.things.insert(order.conversation.clone(), (order.clone(), thing));
        self.orders.insert(rank, order);
        // The last item that was shown moves out.
        if rank < self.shown_max
            && let Some(order) = self.orders.get(self.shown_max)
        {
            touched.insert(order.conversation.clone());
        }
        rank + 1 < self.orders.len()
    }
}
