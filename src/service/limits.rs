//! Rate limits for addresses, customers and agents.

use std::{
    hash::Hash,
    net::{IpAddr, Ipv6Addr},
    sync::Mutex,
    time::Duration,
};

use super::{
    buckets::{Buckets, Pace},
    clock::Clock,
    lock::lock,
};
use crate::journal::ConversationId;

/// Keys in memory; each takes about ten bytes.
const KEPT: usize = 20_000;

/// An address as the limits count it: of IPv6 the first 64 bits.
///
/// A customer of an IPv6 network has at least a /64 (RFC 6177), and may use any address of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AddressKey(IpAddr);

impl From<IpAddr> for AddressKey {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(v6) => {
                let [a, b, c, d, ..] = v6.segments();
                Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
            }
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

impl AddressKey {
    /// The key as text, the same for all addresses of a /64.
    pub(crate) fn text(self) -> String {
        self.0.to_string()
    }
}

/// Limits for each address, shared by all requests.
///
/// Thousands of customers may share an address behind the carriers' translators in China, so these
/// limits are wide. Messages are limited by customer.
#[derive(Debug)]
pub struct AddressLimits {
    /// New customers: 20 a second, 200 at once.
    pub customers: AddressLimit,
    /// One-shot questions: 50 a second, 200 at once.
    pub asks: AddressLimit,
}

impl AddressLimits {
    /// Starts with full buckets.
    pub fn new(clock: &Clock) -> Self {
        Self {
            customers: AddressLimit::new(clock, Pace::new(Duration::from_millis(50), 200)),
            asks: AddressLimit::new(clock, Pace::new(Duration::from_millis(20), 200)),
        }
    }
}

/// A token bucket for each address.
#[derive(Debug)]
pub struct AddressLimit(KeyedLimit<AddressKey>);

impl AddressLimit {
    fn new(clock: &Clock, pace: Pace) -> Self {
        Self(KeyedLimit::new(clock, pace))
    }

    /// Takes a token of the address. Error: the time until the next token.
    pub fn take(&self, address: IpAddr) -> Result<(), Duration> {
        self.0.take(&address.into())
    }
}

/// A token bucket for each key.
#[derive(Debug)]
struct KeyedLimit<K> {
    clock: Clock,
    buckets: Mutex<Buckets<K>>,
}

impl<K: Hash + Eq + Clone> KeyedLimit<K> {
    fn new(clock: &Clock, pace: Pace) -> Self {
        Self { clock: clock.clone(), buckets: Mutex::new(Buckets::new(pace, KEPT)) }
    }

    fn take(&self, key: &K) -> Result<(), Duration> {
        lock(&self.buckets).take(key, self.clock.elapsed())
    }
}

/// Suggestions while a customer types: 10 a second, 30 at once. The widget waits 80 ms after each
/// key press, so a typing customer never reaches this limit.
#[derive(Debug)]
pub struct TypingLimit(KeyedLimit<ConversationId>);

impl TypingLimit {
    /// Starts with full buckets.
    pub fn new(clock: &Clock) -> Self {
        Self(KeyedLimit::new(clock, Pace::new(Duration::from_millis(100), 30)))
    }
}

impl TypingLimit {
    /// Takes a token of the customer. Error: the time until the next token.
    pub fn take(&self, customer: &ConversationId) -> Result<(), Duration> {
        self.0.take(customer)
    }
}

/// The kinds of frames that have a limit of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameKind {
    /// All frames but pings, and frames that cannot be parsed.
    Work,
    /// A ping of this protocol, or a ping or pong of RFC 6455. Pings are counted apart, so that a
    /// burst of work does not make a client look dead.
    Ping,
    /// A `hello` with a valid token: it reads a page of the conversation, and may write facts.
    Hello,
}

/// A frame above the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overrun {
    /// The frame may be sent again after this time.
    Wait(Duration),
    /// The client ignores refusals: its socket should be closed.
    Flood,
}

/// Pings: 2 a second, 30 at once. Pages ping every 15 or 25 seconds on their own socket.
const PINGS: Pace = Pace::new(Duration::from_millis(500), 30);

/// Sign-ins of sockets: 1 a second, 120 at once. A restarted browser opens all of its pages again,
/// up to eight; only a loop reaches this limit.
const HELLOS: Pace = Pace::new(Duration::from_secs(1), 120);

/// Refusals: 10 a second, 300 at once. A client above this has ignored them for long.
const REFUSALS: Pace = Pace::new(Duration::from_millis(100), 300);

/// Frame limits for each customer or each agent, over all of their sockets.
///
/// The buckets outlive the sockets, so reconnecting does not refill them.
#[derive(Debug)]
pub struct FrameLimits<K> {
    clock: Clock,
    buckets: Mutex<FrameBuckets<K>>,
}

#[derive(Debug)]
struct FrameBuckets<K> {
    work: Buckets<K>,
    pings: Buckets<K>,
    hellos: Buckets<K>,
    refusals: Buckets<K>,
}

impl<K: Hash + Eq + Clone> FrameLimits<K> {
    /// For customers: 5 frames a second, 30 at once. No customer types faster.
    pub(crate) fn for_customers(clock: Clock) -> Self {
        Self::new(clock, Pace::new(Duration::from_millis(200), 30))
    }

    /// For agents: 10 frames a second, 60 at once. A console that opens requests the history of
    /// each conversation, and an agent may close all of them at once.
    pub(crate) fn for_agents(clock: Clock) -> Self {
        Self::new(clock, Pace::new(Duration::from_millis(100), 60))
    }

    fn new(clock: Clock, work: Pace) -> Self {
        let buckets = FrameBuckets {
            work: Buckets::new(work, KEPT),
            pings: Buckets::new(PINGS, KEPT),
            hellos: Buckets::new(HELLOS, KEPT),
            refusals: Buckets::new(REFUSALS, KEPT),
        };
        Self { clock, buckets: Mutex::new(buckets) }
    }

    /// Takes a token for a frame, or refuses it.
    pub fn take(&self, who: &K, kind: FrameKind) -> Result<(), Overrun> {
        lock(&self.buckets).take(who, kind, self.clock.elapsed())
    }
}

impl<K: Hash + Eq + Clone> FrameBuckets<K> {
    fn take(&mut self, who: &K, kind: FrameKind, now: Duration) -> Result<(), Overrun> {
        let bucket = match kind {
            FrameKind::Work => &mut self.work,
            FrameKind::Ping => &mut self.pings,
            FrameKind::Hello => &mut self.hellos,
        };
        let Err(wait) = bucket.take(who, now) else { return Ok(()) };
        match self.refusals.take(who, now) {
            Ok(()) => Err(Overrun::Wait(wait)),
            Err(_) => Err(Overrun::Flood),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_network_and_a_mapped_address_are_one_key() {
        let cases = [
            ("one /64", "2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true),
            ("another /64", "2001:db8:1:2::1", "2001:db8:1:3::1", false),
            ("two of IPv4", "203.0.113.1", "203.0.113.2", false),
            ("IPv4 in IPv6", "203.0.113.1", "::ffff:203.0.113.1", true),
            ("two of IPv4 in IPv6", "::ffff:203.0.113.2", "::ffff:203.0.113.1", false),
        ];
        for (shows, one, other, are_same) in cases {
            let [one, other] =
                [one, other].map(|a| AddressKey::from(a.parse::<IpAddr>().expect("an address")));
            assert_eq!(one == other, are_same, "{shows}");
        }
    }

    #[test]
    fn frames_are_counted_by_who_sends_them_and_a_flood_is_told_from_haste() {
        let mut buckets = FrameLimits::for_customers(Clock::start()).buckets.into_inner().unwrap();
        let now = Duration::from_secs(1);
        for _ in 0..30 {
            buckets.take(&"wang", FrameKind::Work, now).unwrap();
        }
        let wait = Overrun::Wait(Duration::from_millis(200));
        for _ in 0..300 {
            assert_eq!(buckets.take(&"wang", FrameKind::Work, now), Err(wait));
        }
        assert_eq!(buckets.take(&"wang", FrameKind::Work, now), Err(Overrun::Flood));
        assert_eq!(buckets.take(&"wang", FrameKind::Ping, now), Ok(()), "pings are apart");
        assert_eq!(buckets.take(&"lin", FrameKind::Work, now), Ok(()));
        let later = now + Duration::from_millis(200);
        assert_eq!(buckets.take(&"wang", FrameKind::Work, later), Ok(()));
    }

    #[test]
    fn a_console_at_work_never_meets_the_limit() {
        let mut buckets = FrameLimits::for_agents(Clock::start()).buckets.into_inner().unwrap();
        // Three tabs ping every 15 seconds for an hour; each minute brings a burst of work.
        for second in 0..3_600 {
            let now = Duration::from_secs(second);
            let pings = if second % 15 == 0 { 3 } else { 0 };
            let frames = if second % 60 == 0 { 60 } else { 4 };
            for _ in 0..pings {
                buckets.take(&1, FrameKind::Ping, now).unwrap();
            }
            for _ in 0..frames {
                buckets.take(&1, FrameKind::Work, now).unwrap();
            }
        }
    }
}
