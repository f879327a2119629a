//! Which sockets a customer has open, and which of them has to go.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
};

use tokio::sync::Notify;

use super::lock::lock;
use crate::journal::ConversationId;

/// Sockets of one customer at the same time; pages of one browser share a customer.
const SEATS: usize = 8;

/// The open sockets of all customers, oldest first. A customer without one has no entry.
#[derive(Debug, Default)]
pub(crate) struct Seats(Mutex<HashMap<ConversationId, VecDeque<Arc<Notify>>>>);

/// One open socket of a customer; given up when dropped.
#[derive(Debug)]
pub struct Seat {
    seats: Arc<Seats>,
    customer: ConversationId,
    replaced: Arc<Notify>,
}

impl Seats {
    /// Takes a seat. Where there is none left, the customer's oldest socket has to go.
    pub(crate) fn take(self: &Arc<Self>, customer: &ConversationId) -> Seat {
        let replaced = Arc::new(Notify::new());
        let mut seats = lock(&self.0);
        let taken = seats.entry(customer.clone()).or_default();
        taken.push_back(replaced.clone());
        while taken.len() > SEATS {
            if let Some(oldest) = taken.pop_front() {
                oldest.notify_one();
            }
        }
        Seat { seats: self.clone(), customer: customer.clone(), replaced }
    }
}

impl Seat {
    /// Waits until another socket of this customer takes the place. Safe to cancel.
    pub async fn replaced(&self) {
        self.replaced.notified().await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = lock(&self.seats.0);
        let Some(taken) = seats.get_mut(&self.customer) else { return };
        taken.retain(|other| !Arc::ptr_eq(other, &self.replaced));
        if taken.is_empty() {
            seats.remove(&self.customer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_and_nothing_is_left_behind() {
        let seats = Arc::new(Seats::default());
        let [wang, li] = ["wang", "li"].map(ConversationId::new);
        let other = seats.take(&li);
        let mut taken: Vec<Seat> = (0..SEATS + 2).map(|_| seats.take(&wang)).collect();
        let newer = taken.split_off(2);
        let is_told = |seat: &Seat| {
            let mut told = Box::pin(seat.replaced());
            let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
            std::future::Future::poll(told.as_mut(), &mut cx).is_ready()
        };
        assert!(taken.iter().all(is_told), "the two oldest");
        assert!(!newer.iter().any(is_told) && !is_told(&other), "and nobody else");
        drop(taken);
        assert_eq!(lock(&seats.0)[&wang].len(), SEATS, "who was told has no seat to give up");
        drop((newer, other));
        assert!(lock(&seats.0).is_empty());
    }
}
