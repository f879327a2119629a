//! How often one socket or one address may ask.

use std::{hash::Hash, net::IpAddr, num::NonZeroU32, time::Duration};

use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::journal::ConversationId;

/// Limits per address, shared by all requests.
///
/// Behind the large address translators of Chinese carriers thousands share an address, so
/// these are wide; what one customer may say is limited on the customer's own socket.
#[derive(Debug)]
pub struct AddressLimits {
    /// New customers: 20 a second, 200 at once.
    pub customers: AddressLimit,
    /// Sign-ins: 1 in 4 s, 5 at once; each costs an argon2id hash.
    pub logins: AddressLimit,
    /// One-shot questions: 50 a second, 200 at once.
    pub asks: AddressLimit,
}

impl Default for AddressLimits {
    fn default() -> Self {
        Self {
            customers: AddressLimit::new(quota(Duration::from_millis(50), 200)),
            logins: AddressLimit::new(quota(Duration::from_secs(4), 5)),
            asks: AddressLimit::new(quota(Duration::from_millis(20), 200)),
        }
    }
}

/// A token bucket for each address.
pub type AddressLimit = KeyedLimit<IpAddr>;

/// A token bucket for each key.
#[derive(Debug)]
pub struct KeyedLimit<K: Hash + Eq + Clone>(DefaultKeyedRateLimiter<K>);

impl<K: Hash + Eq + Clone> KeyedLimit<K> {
    /// More keys than this are not remembered at once: those with full buckets go.
    const KEPT: usize = 10_000;

    fn new(quota: Quota) -> Self {
        Self(RateLimiter::keyed(quota))
    }

    /// Takes one from the bucket, if there is one.
    pub fn allows(&self, key: &K) -> bool {
        if self.0.len() > Self::KEPT {
            self.0.retain_recent();
        }
        self.0.check_key(key).is_ok()
    }
}

/// What a customer's page may ask for while the customer types: 10 times a second, 30 at
/// once. The widget waits 80 ms after each key press, so that nobody who types meets this.
#[derive(Debug)]
pub struct TypingLimit(KeyedLimit<ConversationId>);

impl Default for TypingLimit {
    fn default() -> Self {
        Self(KeyedLimit::new(quota(Duration::from_millis(100), 30)))
    }
}

impl TypingLimit {
    /// Takes one from the customer's bucket, if there is one.
    pub fn allows(&self, customer: &ConversationId) -> bool {
        self.0.allows(customer)
    }
}

/// What one socket may send: 5 frames a second, 30 at once.
#[derive(Debug)]
pub struct SocketLimit(DefaultDirectRateLimiter);

impl Default for SocketLimit {
    fn default() -> Self {
        Self(RateLimiter::direct(quota(Self::REFILL, 30)))
    }
}

impl SocketLimit {
    /// One more frame may be sent after this time.
    pub const REFILL: Duration = Duration::from_millis(200);

    /// Takes one from the bucket, if there is one.
    pub fn allows(&self) -> bool {
        self.0.check().is_ok()
    }
}

fn quota(refill: Duration, burst: u32) -> Quota {
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(refill).map_or(Quota::per_second(burst), |quota| quota.allow_burst(burst))
}
