//! The slots of a port's connections, shared by all of them.

use std::{
    collections::HashMap,
    io,
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::Waker,
};

use tokio::sync::Notify;

use super::{
    limiter::{ConnectionLimiter, ConnectionNumber, EvictionReason},
    warning_throttle::WarningThrottle,
};
use crate::service::{AddressKey, Clock};

/// The slots of a port's connections, and the way to close each.
#[derive(Debug)]
pub(super) struct ConnectionSlots {
    inside: Mutex<SlotTable>,
    /// Notified when a slot may have become free.
    has_room: Notify,
    /// Measures the pause between two warnings.
    clock: Clock,
}

#[derive(Debug)]
struct SlotTable {
    room: ConnectionLimiter,
    calls: HashMap<ConnectionNumber, Arc<CloseSignal>>,
    warning: WarningThrottle,
}

impl ConnectionSlots {
    pub(super) fn new(capacity: usize, clock: Clock) -> Arc<Self> {
        let (room, warning) = (ConnectionLimiter::new(capacity), WarningThrottle::default());
        let inside = Mutex::new(SlotTable { room, calls: HashMap::new(), warning });
        Arc::new(Self { inside, has_room: Notify::new(), clock })
    }

    /// Waits until one more connection may be accepted. Cancel safe.
    pub(super) async fn wait_for_room(&self) {
        loop {
            {
                let mut inside = self.lock();
                if inside.room.takes_one() {
                    return;
                }
                if inside.warning.is_due(self.clock.elapsed()) {
                    tracing::warn!("all connections are in use, new ones wait");
                }
            }
            self.has_room.notified().await;
        }
    }

    /// Gives a slot to a connection from this address; `None`: from a proxy. If there are too many,
    /// another connection is told to close.
    pub(super) fn enter(self: &Arc<Self>, address: Option<IpAddr>) -> Arc<ConnectionSlot> {
        let mut inside = self.lock();
        let (number, goes) = inside.room.enter(address.map(AddressKey::from));
        let call = Arc::new(CloseSignal::default());
        inside.calls.insert(number, call.clone());
        if let Some((gone, reason)) = goes {
            inside.call(gone);
            if inside.warning.is_due(self.clock.elapsed()) {
                let address = address
                    .filter(|_| reason == EvictionReason::Crowd)
                    .map(tracing::field::display);
                tracing::warn!(
                    ?reason,
                    address,
                    "too many connections without a whole request, the oldest are closed"
                );
            }
        }
        drop(inside);
        Arc::new(ConnectionSlot {
            slots: self.clone(),
            number,
            call,
            next_request: Notify::new(),
            is_request_whole: AtomicBool::new(false),
            is_silent: AtomicBool::new(false),
        })
    }

    /// A connection could not be accepted: closes another one, if one may be closed.
    pub(super) fn not_accepted(&self, error: &io::Error) {
        let mut inside = self.lock();
        if let Some(gone) = inside.room.make_room() {
            inside.call(gone);
        }
        if inside.warning.is_due(self.clock.elapsed()) {
            tracing::warn!(%error, "a connection was not accepted, trying again");
        }
    }

    fn lock(&self) -> MutexGuard<'_, SlotTable> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SlotTable {
    fn call(&self, number: ConnectionNumber) {
        if let Some(call) = self.calls.get(&number) {
            call.is_made.store(true, Ordering::Release);
            call.of_connection.notify_one();
            let reader = call.reader.lock().unwrap_or_else(PoisonError::into_inner).take();
            reader.inspect(Waker::wake_by_ref);
        }
    }
}

/// Tells one connection to close.
#[derive(Debug, Default)]
struct CloseSignal {
    /// Wakes the task that serves the connection.
    of_connection: Notify,
    is_made: AtomicBool,
    /// Wakes the reader, once the connection is a `WebSocket`.
    reader: Mutex<Option<Waker>>,
}

/// The slot of a connection, freed when its last holder drops it.
#[derive(Debug)]
pub(crate) struct ConnectionSlot {
    slots: Arc<ConnectionSlots>,
    number: ConnectionNumber,
    call: Arc<CloseSignal>,
    next_request: Notify,
    is_request_whole: AtomicBool,
    /// Whether it is a `WebSocket` that has not signed in.
    is_silent: AtomicBool,
}

impl ConnectionSlot {
    /// A complete head has come.
    pub(super) fn head_came(&self) {
        self.is_request_whole.store(false, Ordering::Relaxed);
        {
            let mut inside = self.slots.lock();
            if inside.room.head_came(self.number) {
                self.call.is_made.store(false, Ordering::Release);
            }
        }
        self.next_request.notify_one();
    }

    /// The body of the request has come, or there is none.
    pub(crate) fn body_came(&self) {
        self.is_request_whole.store(true, Ordering::Relaxed);
        self.slots.lock().room.body_came(self.number);
    }

    /// The request is answered.
    pub(super) fn answered(&self) {
        self.is_request_whole.store(true, Ordering::Relaxed);
        self.slots.lock().room.answered(self.number);
        self.slots.has_room.notify_one();
    }

    /// The connection has become a `WebSocket`.
    pub(super) fn upgraded(&self) {
        self.is_silent.store(true, Ordering::Relaxed);
        self.slots.lock().room.upgraded(self.number);
        self.slots.has_room.notify_one();
    }

    /// Whether it is a `WebSocket` that has not signed in.
    pub(super) fn is_silent(&self) -> bool {
        self.is_silent.load(Ordering::Relaxed)
    }

    /// The `WebSocket` has signed in. From now on it is not closed to make room.
    pub(crate) fn signed_in(&self) {
        self.is_silent.store(false, Ordering::Relaxed);
        self.slots.lock().room.body_came(self.number);
    }

    /// Whether the connection must still close.
    pub(super) fn has_to_go(&self) -> bool {
        self.call.is_made.load(Ordering::Acquire)
    }

    /// Wakes the reader when the connection must close.
    pub(super) fn wake(&self, reader: &Waker) {
        *self.call.reader.lock().unwrap_or_else(PoisonError::into_inner) = Some(reader.clone());
    }

    /// Whether closing now would lose a complete request.
    pub(super) fn is_request_whole(&self) -> bool {
        self.is_request_whole.load(Ordering::Relaxed)
    }

    /// Waits for the next complete head. Cancel safe.
    pub(super) async fn next_request(&self) {
        self.next_request.notified().await;
    }

    /// Waits until the connection is told to close. Cancel safe.
    pub(super) async fn told_to_go(&self) {
        self.call.of_connection.notified().await;
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        let mut inside = self.slots.lock();
        inside.room.left(self.number);
        inside.calls.remove(&self.number);
        drop(inside);
        self.slots.has_room.notify_one();
    }
}
