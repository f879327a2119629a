//! The limits of signing in: admit an attempt now, or tell how long to wait.

use std::{collections::HashMap, time::Duration};

use super::{
    buckets::{Buckets, Pace, WaitingLines, make_room},
    limits::AddressKey,
};

/// Hash of a name in a sign-in, whether such an account exists or not.
pub(crate) type AccountKey = [u8; 32];

/// A name and the address from which it is tried.
type AttemptKey = (AddressKey, AccountKey);

/// Attempts from one address with any names: 5 at once, then 1 in 4 s.
const ADDRESS: Pace = Pace::new(Duration::from_secs(4), 5);

/// Attempts at one account from addresses that have not tried it for [`FIRST_TRY`]: 20 at once,
/// then 5 a second. Each address has one such attempt in that time, so the pace can be high. It
/// decides how long the real agent waits behind a crowd of new addresses.
const ACCOUNT_FIRST: Pace = Pace::new(Duration::from_millis(200), 20);

/// All other attempts at one account: 5 at once, then 1 in 4 s, which is 21,600 guesses a day at
/// most.
const ACCOUNT_AGAIN: Pace = Pace::new(Duration::from_secs(4), 5);

/// Attempts of an agent at an address where this agent has signed in lately.
const KNOWN: Pace = Pace::new(Duration::from_secs(4), 5);

/// After this time without an attempt, an address counts as new again.
const FIRST_TRY: Duration = Duration::from_mins(10);

/// The longest waits that are promised. An address's line fits an office on its first morning. The
/// line of first attempts is as long as an attempt is remembered, so that a crowd of up to 3,000
/// addresses cannot refill it: each address stands in it once. The last limit bounds the memory
/// that a flood can take.
const ADDRESS_LONGEST: Duration = Duration::from_mins(5);
const FIRST_LONGEST: Duration = FIRST_TRY;
const AGAIN_LONGEST: Duration = Duration::from_mins(10);

/// Addresses, accounts or pairs in memory.
const KEPT: usize = 20_000;

/// The limits of signing in. They slow attempts down, and lock no agent out forever.
///
/// - Each attempt takes a turn at its address and a turn at its account. Wrong names count like
///   right ones.
/// - A client that must wait is told for how long, and then has its turn: each pair of address and
///   account has one place in a line, and asking more often changes nothing. So the agent's turn
///   comes, however many others try to sign in as this agent.
/// - An account has two lines, each with a pace of its own: one for addresses that have not tried
///   this account for ten minutes, one for all others. So the real agent at a new address does not
///   wait behind guessers.
/// - An agent who has signed in from an address within 30 days has a bucket there, which no other
///   address and no other name can empty.
#[derive(Debug)]
pub(crate) struct SignInLimits {
    addresses: WaitingLines<AddressKey, AccountKey>,
    first: WaitingLines<AccountKey, AddressKey>,
    again: WaitingLines<AccountKey, AddressKey>,
    known: Buckets<AttemptKey>,
    /// When each recent attempt stops to count.
    tried: HashMap<AttemptKey, Duration>,
}

impl Default for SignInLimits {
    fn default() -> Self {
        Self {
            addresses: WaitingLines::new(ADDRESS, ADDRESS_LONGEST, KEPT),
            first: WaitingLines::new(ACCOUNT_FIRST, FIRST_LONGEST, KEPT),
            again: WaitingLines::new(ACCOUNT_AGAIN, AGAIN_LONGEST, KEPT),
            known: Buckets::new(KNOWN, KEPT),
            tried: HashMap::new(),
        }
    }
}

impl SignInLimits {
    /// Admits an attempt, or tells how long to wait. `now` counts from any fixed start.
    pub(crate) fn take(
        &mut self,
        address: AddressKey,
        account: AccountKey,
        is_known: bool,
        now: Duration,
    ) -> Result<(), Duration> {
        let pair = (address, account);
        if is_known {
            return self.known.take(&pair, now);
        }
        let has_tried = self.has_tried(&pair, now);
        let is_first = !has_tried || self.first.has_place(&account, &address, now);
        if has_tried {
            self.tried.insert(pair, now + FIRST_TRY);
        }
        let at_account = if is_first { &mut self.first } else { &mut self.again };
        let turns = (
            self.addresses.turn(&address, &account, now),
            at_account.turn(&account, &address, now),
        );
        let (Ok(here), Ok(there)) = turns else {
            // The line is too long: there is no place, and the error is the time until it has
            // moved.
            let due = [turns.0, turns.1].map(|turn| turn.unwrap_or_else(|due| due));
            return Err(due[0].max(due[1]).saturating_sub(now));
        };
        self.addresses.wait(&address, &account, now);
        at_account.wait(&account, &address, now);
        let due = here.max(there);
        if due <= now {
            self.addresses.leave(&address, &account);
            at_account.leave(&account, &address);
        }
        make_room(&mut self.tried, KEPT, now, |until| *until);
        self.tried.insert(pair, now + FIRST_TRY);
        let wait = due.saturating_sub(now);
        if wait.is_zero() { Ok(()) } else { Err(wait) }
    }

    fn has_tried(&self, pair: &AttemptKey, now: Duration) -> bool {
        self.tried.get(pair).is_some_and(|until| *until > now)
    }
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    const LIN: AccountKey = [1; 32];

    fn address(n: u32) -> AddressKey {
        IpAddr::from(Ipv4Addr::from(n)).into()
    }

    fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn one_address_is_slowed_down_and_told_for_how_long() {
        let mut limits = SignInLimits::default();
        for name in 0..5 {
            assert_eq!(limits.take(address(1), [name; 32], false, s(0)), Ok(()));
        }
        assert_eq!(limits.take(address(1), LIN, false, s(0)), Err(s(4)));
        assert_eq!(limits.take(address(1), LIN, false, s(3)), Err(s(1)), "asking moves nobody");
        assert_eq!(limits.take(address(2), LIN, false, s(3)), Ok(()), "another address");
        assert_eq!(limits.take(address(1), LIN, false, s(4)), Ok(()), "as it was told");
    }

    #[test]
    fn whoever_waits_as_long_as_told_is_let_in() {
        let mut limits = SignInLimits::default();
        let mut waits = vec![];
        for n in 0..200 {
            if let Err(wait) = limits.take(address(n), LIN, false, s(0)) {
                waits.push((wait, n));
            }
        }
        assert_eq!(waits.len(), 180, "20 at once");
        for (wait, n) in waits {
            // Rounded up to whole seconds, as `Retry-After` is.
            let at = s(wait.as_secs_f64().ceil() as u64);
            assert_eq!(limits.take(address(n), LIN, false, at), Ok(()), "{n} after {wait:?}");
        }
    }

    #[test]
    fn an_account_under_attack_lets_a_new_address_in() {
        let mut limits = SignInLimits::default();
        // Five hundred addresses try as fast as they can, for longer than an attempt is remembered.
        for second in 0..1_000 {
            for n in 0..500 {
                let _ = limits.take(address(n), LIN, false, s(second));
            }
        }
        let mut now = s(1_000);
        let mut tries = 0;
        while let Err(wait) = limits.take(address(9_999_999), LIN, false, now) {
            now += wait;
            tries += 1;
            for n in 0..500 {
                let _ = limits.take(address(n), LIN, false, now);
            }
            assert!(tries < 3, "told to wait {tries} times");
        }
        assert!(now < s(1_002), "nobody who has not tried waits behind those who have: {now:?}");
        // After a wrong password, the next attempt there waits in line with the others.
        let wait = limits.take(address(9_999_999), LIN, false, now).unwrap_err();
        assert!(wait <= AGAIN_LONGEST + ACCOUNT_AGAIN.every, "{wait:?}");
    }

    #[test]
    fn a_crowd_of_two_thousand_addresses_keeps_no_agent_out() {
        let mut limits = SignInLimits::default();
        let attack = |limits: &mut SignInLimits, now| {
            for n in 0..2_000 {
                let _ = limits.take(address(n), LIN, false, now);
            }
        };
        for second in 0..10 {
            attack(&mut limits, s(second));
        }
        let wait = limits.take(address(9_999_999), LIN, false, s(10)).unwrap_err();
        assert!(wait < s(400), "behind each of them once: {wait:?}");
        let then = s(10) + wait;
        for before in (10..then.as_secs()).step_by(30) {
            attack(&mut limits, s(before));
        }
        assert_eq!(limits.take(address(9_999_999), LIN, false, then), Ok(()), "as it was told");
    }

    #[test]
    fn a_known_agent_is_delayed_by_nobody() {
        let mut limits = SignInLimits::default();
        for second in 0..100 {
            for n in 0..100 {
                let _ = limits.take(address(n), LIN, false, s(second));
                let _ = limits.take(address(7), [n as u8; 32], false, s(second));
            }
        }
        for _ in 0..5 {
            assert_eq!(limits.take(address(7), LIN, true, s(100)), Ok(()));
        }
        assert_eq!(limits.take(address(7), LIN, true, s(100)), Err(s(4)), "a bucket all the same");
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut limits = SignInLimits::default();
        for n in 0..100_000_u32 {
            let mut name = [0; 32];
            name[..4].copy_from_slice(&n.to_le_bytes());
            let _ = limits.take(address(n), name, n % 2 == 0, s(1));
        }
        assert!(limits.tried.len() <= KEPT);
    }
}
