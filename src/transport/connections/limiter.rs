//! Decides which connection is closed to make room. Pure: no socket and no clock.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::service::AddressKey;

/// Connections of one address (IPv6: /64) without a complete head. A browser opens six at once, so
/// ten customers behind one address translator fit at any moment.
const HEADLESS_PER_ADDRESS: usize = 64;

/// Connections above the capacity while others are closing in their place.
const OVERLAP_MAX: usize = 32;

/// A connection's number; older connections have smaller ones.
pub(super) type ConnectionNumber = u64;

/// The stage of a connection. When there is no room, earlier stages are closed first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum ConnectionStage {
    /// No complete head has come.
    Headless,
    /// A head has come without its body.
    Bodiless,
    /// Every request is answered.
    Idle,
    /// It has become a `WebSocket` and has not signed in.
    Silent,
    /// A request is being answered, or it is a signed-in `WebSocket`.
    Busy,
    /// Told to close, because its address has too many without a complete head.
    Crowded,
    /// Told to close, or closed.
    Going,
}

impl ConnectionStage {
    /// Whether a connection at this stage may be closed to make room.
    fn yields(self) -> bool {
        match self {
            Self::Headless | Self::Bodiless | Self::Idle | Self::Silent => true,
            Self::Busy | Self::Crowded | Self::Going => false,
        }
    }
}

#[derive(Debug)]
struct TrackedConnection {
    address: Option<AddressKey>,
    stage: ConnectionStage,
    /// The number of the event that led to this stage.
    since: u64,
}

/// Why a connection is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EvictionReason {
    /// Its address has too many connections without a complete head.
    Crowd,
    /// There is no room for another connection.
    Full,
}

/// All connections of a port.
#[derive(Debug)]
pub(super) struct ConnectionLimiter {
    capacity: usize,
    happened: u64,
    known: HashMap<ConnectionNumber, TrackedConnection>,
    /// The connections that may be closed to make room, in this order.
    yielding: BTreeMap<(ConnectionStage, u64), ConnectionNumber>,
    /// The connections without a complete head, oldest first.
    crowds: HashMap<AddressKey, BTreeSet<ConnectionNumber>>,
}

impl ConnectionLimiter {
    /// A limiter of this many connections, at least one.
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            happened: 0,
            known: HashMap::new(),
            yielding: BTreeMap::new(),
            crowds: HashMap::new(),
        }
    }

    /// Whether one more connection may be accepted: there is room, or another can be closed.
    pub(super) fn takes_one(&self) -> bool {
        let somebody_goes = !self.yielding.is_empty();
        let capacity = if somebody_goes { self.capacity + OVERLAP_MAX } else { self.capacity };
        self.known.len() < capacity
    }

    /// Adds a connection. Returns its number, and the connection to close in its place. The address
    /// is `None` for a proxy, which carries requests of many clients.
    pub(super) fn enter(
        &mut self,
        address: Option<AddressKey>,
    ) -> (ConnectionNumber, Option<(ConnectionNumber, EvictionReason)>) {
        let oldest_of_crowd = address.and_then(|address| {
            let crowd = self.crowds.get(&address)?;
            crowd.first().copied().filter(|_| crowd.len() >= HEADLESS_PER_ADDRESS)
        });
        let goes = match oldest_of_crowd {
            Some(number) => {
                self.change(number, ConnectionStage::Crowded);
                Some((number, EvictionReason::Crowd))
            }
            None if self.known.len() >= self.capacity => {
                self.make_room().map(|number| (number, EvictionReason::Full))
            }
            None => None,
        };
        self.happened += 1;
        let number = self.happened;
        let known = TrackedConnection { address, stage: ConnectionStage::Headless, since: number };
        self.known.insert(number, known);
        self.yielding.insert((ConnectionStage::Headless, number), number);
        if let Some(address) = address {
            self.crowds.entry(address).or_default().insert(number);
        }
        (number, goes)
    }

    /// Chooses a connection to close: the oldest without a complete head, else without a complete
    /// body, else the longest idle one, else a `WebSocket` without a sign-in. `None` if all are
    /// busy.
    pub(super) fn make_room(&mut self) -> Option<ConnectionNumber> {
        let (_, &number) = self.yielding.first_key_value()?;
        self.change(number, ConnectionStage::Going);
        Some(number)
    }

    /// A complete head has come. A connection that was told to close because of its address may
    /// then stay, because in a burst the head may have come before it was read. Returns whether it
    /// stays.
    pub(super) fn head_came(&mut self, number: ConnectionNumber) -> bool {
        self.change(number, ConnectionStage::Bodiless);
        self.known.get(&number).is_some_and(|known| known.stage == ConnectionStage::Bodiless)
    }

    /// The body of the request has come, if there is one.
    pub(super) fn body_came(&mut self, number: ConnectionNumber) {
        self.change(number, ConnectionStage::Busy);
    }

    /// The request is answered.
    pub(super) fn answered(&mut self, number: ConnectionNumber) {
        self.change(number, ConnectionStage::Idle);
    }

    /// The connection has become a `WebSocket`.
    pub(super) fn upgraded(&mut self, number: ConnectionNumber) {
        self.change(number, ConnectionStage::Silent);
    }

    /// The connection is closed, and its descriptor free.
    pub(super) fn left(&mut self, number: ConnectionNumber) {
        self.change(number, ConnectionStage::Going);
        self.known.remove(&number);
    }

    fn change(&mut self, number: ConnectionNumber, stage: ConnectionStage) {
        let Some(known) = self.known.get_mut(&number) else { return };
        let is_pardoned =
            known.stage == ConnectionStage::Crowded && stage == ConnectionStage::Bodiless;
        if matches!(known.stage, ConnectionStage::Crowded | ConnectionStage::Going) && !is_pardoned
        {
            return;
        }
        self.yielding.remove(&(known.stage, known.since));
        if known.stage == ConnectionStage::Headless
            && let Some(address) = known.address
            && let Some(crowd) = self.crowds.get_mut(&address)
        {
            crowd.remove(&number);
            if crowd.is_empty() {
                self.crowds.remove(&address);
            }
        }
        self.happened += 1;
        (known.stage, known.since) = (stage, self.happened);
        if stage.yields() {
            self.yielding.insert((stage, known.since), number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(address: &str) -> AddressKey {
        address.parse::<std::net::IpAddr>().unwrap().into()
    }

    #[test]
    fn the_oldest_headless_one_of_a_crowd_goes_and_nobody_else() {
        let mut room = ConnectionLimiter::new(10_000);
        let (bystander, _) = room.enter(Some(at("1.1.1.1")));
        let crowd: Vec<_> =
            (0..HEADLESS_PER_ADDRESS).map(|_| room.enter(Some(at("9.9.9.9")))).collect();
        assert!(crowd.iter().all(|(_, goes)| goes.is_none()), "64 fit");
        let (_, goes) = room.enter(Some(at("9.9.9.9")));
        assert_eq!(goes, Some((crowd[0].0, EvictionReason::Crowd)));
        let (_, goes) = room.enter(Some(at("::ffff:9.9.9.9")));
        assert_eq!(goes, Some((crowd[1].0, EvictionReason::Crowd)), "one goes for one who comes");

        room.head_came(crowd[2].0);
        let (_, goes) = room.enter(Some(at("9.9.9.9")));
        assert_eq!(goes, None, "who has sent a head does not count");
        let (_, goes) = room.enter(Some(at("9.9.9.9")));
        assert_eq!(goes, Some((crowd[3].0, EvictionReason::Crowd)));
        room.left(crowd[4].0);
        assert_eq!(room.enter(Some(at("9.9.9.9"))).1, None, "who has left does not count");
        assert_eq!(room.make_room(), Some(bystander), "the bystander is still there");

        assert!(room.head_came(crowd[0].0), "its head had come before it was told to go");
        assert!(!room.head_came(bystander), "its place is needed");
    }

    #[test]
    fn a_proxy_is_no_crowd() {
        let mut room = ConnectionLimiter::new(10_000);
        for _ in 0..10 * HEADLESS_PER_ADDRESS {
            assert_eq!(room.enter(None).1, None);
        }
    }

    #[test]
    fn in_a_full_room_who_sends_nothing_goes_first_and_who_is_busy_stays() {
        let mut room = ConnectionLimiter::new(6);
        let one: Vec<_> = (0..6).map(|_| room.enter(Some(at("1.1.1.1"))).0).collect();
        for number in [one[0], one[1], one[2], one[5]] {
            room.head_came(number);
        }
        for number in [one[0], one[1], one[5]] {
            room.body_came(number);
        }
        room.upgraded(one[5]);
        room.answered(one[0]);
        let cases = [
            ("the oldest without a head", one[3]),
            ("the other one without a head", one[4]),
            ("the one without a body", one[2]),
            ("the idle one", one[0]),
            ("the WebSocket without a hello", one[5]),
        ];
        let mut busy = vec![one[1]];
        for (shows, gone) in cases {
            assert!(room.takes_one());
            let (number, goes) = room.enter(Some(at("2.2.2.2")));
            assert_eq!(goes, Some((gone, EvictionReason::Full)), "{shows}");
            room.left(gone);
            room.head_came(number);
            room.body_came(number);
            busy.push(number);
        }
        assert!(!room.takes_one() && room.make_room().is_none(), "the busy stay");

        room.answered(busy[2]);
        assert!(room.takes_one(), "an idle one makes room");
        room.head_came(busy[2]);
        room.body_came(busy[2]);
        assert!(!room.takes_one(), "it was asked again");
        room.left(busy[2]);
        assert!(room.takes_one());
        assert_eq!(room.enter(Some(at("1.1.1.1"))).1, None);
    }

    #[test]
    fn not_too_many_are_going_at_once() {
        let mut room = ConnectionLimiter::new(1_000);
        let numbers: Vec<_> = (0..1_000).map(|_| room.enter(None).0).collect();
        for number in &numbers[..OVERLAP_MAX] {
            assert!(room.takes_one());
            assert_eq!(
                room.enter(None).1,
                Some((*number, EvictionReason::Full)),
                "the oldest first"
            );
        }
        assert!(!room.takes_one(), "their descriptors are not free yet");
        room.left(numbers[0]);
        assert!(room.takes_one());
    }

    #[test]
    fn who_is_going_is_not_told_again_and_leaves_nothing_behind() {
        let mut room = ConnectionLimiter::new(1);
        let (first, _) = room.enter(Some(at("1.1.1.1")));
        let (second, goes) = room.enter(Some(at("1.1.1.1")));
        assert_eq!(goes, Some((first, EvictionReason::Full)));
        room.head_came(first);
        room.answered(first);
        assert_eq!(room.make_room(), Some(second));
        assert_eq!(room.make_room(), None);
        for number in [first, first, second] {
            room.left(number);
        }
        assert!(room.known.is_empty() && room.crowds.is_empty() && room.yielding.is_empty());
        assert_eq!(room.enter(Some(at("1.1.1.1"))).1, None);
    }
}
