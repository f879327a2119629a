//! The open sockets of each customer, and their limit.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex},
};

use tokio::sync::Notify;

use super::lock::lock;
use crate::journal::ConversationId;

/// Open sockets of one customer; the pages of one browser share a customer.
const OPEN_MAX: usize = 8;

/// The open sockets of all customers, oldest first. A customer without a socket has no entry.
#[derive(Debug, Default)]
pub(crate) struct CustomerSockets(Mutex<HashMap<ConversationId, VecDeque<Arc<Notify>>>>);

/// An open socket of a customer; counted until it is dropped.
#[derive(Debug)]
pub struct CustomerSocket {
    all: Arc<CustomerSockets>,
    customer: ConversationId,
    replaced: Arc<Notify>,
}

impl CustomerSockets {
    /// Counts a new socket. Above the limit, the customer's oldest socket is told to close.
    pub(crate) fn open(self: &Arc<Self>, customer: &ConversationId) -> CustomerSocket {
        let replaced = Arc::new(Notify::new());
        let mut sockets = lock(&self.0);
        let taken = sockets.entry(customer.clone()).or_default();
        taken.push_back(replaced.clone());
        while taken.len() > OPEN_MAX {
            if let Some(oldest) = taken.pop_front() {
                oldest.notify_one();
            }
        }
        CustomerSocket { all: self.clone(), customer: customer.clone(), replaced }
    }
}

impl CustomerSocket {
    /// Waits until another socket of this customer replaces this one. Cancel safe.
    pub async fn replaced(&self) {
        self.replaced.notified().await;
    }
}

impl Drop for CustomerSocket {
    fn drop(&mut self) {
        let mut sockets = lock(&self.all.0);
        let Some(taken) = sockets.get_mut(&self.customer) else { return };
        taken.retain(|other| !Arc::ptr_eq(other, &self.replaced));
        if taken.is_empty() {
            sockets.remove(&self.customer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_goes_and_nothing_is_left_behind() {
        let sockets = Arc::new(CustomerSockets::default());
        let [wang, li] = ["wang", "li"].map(ConversationId::new);
        let other = sockets.open(&li);
        let mut taken: Vec<CustomerSocket> =
            (0..OPEN_MAX + 2).map(|_| sockets.open(&wang)).collect();
        let newer = taken.split_off(2);
        let is_told = |socket: &CustomerSocket| {
            let mut told = Box::pin(socket.replaced());
            let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
            std::future::Future::poll(told.as_mut(), &mut cx).is_ready()
        };
        assert!(taken.iter().all(is_told), "the two oldest");
        assert!(!newer.iter().any(is_told) && !is_told(&other), "and nobody else");
        drop(taken);
        assert_eq!(
            lock(&sockets.0)[&wang].len(),
            OPEN_MAX,
            "a socket that was told has no place to give up"
        );
        drop((newer, other));
        assert!(lock(&sockets.0).is_empty());
    }
}
