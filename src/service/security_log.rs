//! The security log: sign-ins, failures, sign-outs and account changes, with account and address.
//!
//! Its lines have the target `kefu::security`. They name addresses and existing accounts. A name
//! that does not exist is not logged, because people type passwords into the name field.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, Weak},
    time::Duration,
};

use super::{limits::AddressKey, lock::lock, sign_in_limits::AccountKey};
use crate::journal::AgentId;

/// The target of all lines, for filters such as `KEFU_LOG=warn,kefu::security=info`.
const TARGET: &str = "kefu::security";

/// The origin of changes that `kefu agent` makes on this machine, not over the network.
const HERE: &str = "this machine";

/// The interval of the summary lines of refusals.
const COUNTED_EVERY: Duration = Duration::from_mins(1);

/// Pairs of address and account with lines of their own in a minute. All other refusals are counted
/// together.
const PAIRS_KEPT: usize = 100;

/// An account that exists.
pub(crate) type Account<'a> = (AgentId, &'a str);

pub(crate) fn signed_in((agent, name): Account<'_>, from: IpAddr) {
    tracing::info!(target: TARGET, %agent, name, %from, "signed in");
}

pub(crate) fn signed_out((agent, name): Account<'_>, from: IpAddr) {
    tracing::info!(target: TARGET, %agent, name, %from, "signed out");
}

/// `account` belongs to the name, if there is one. `reason` must not reveal a secret.
pub(crate) fn sign_in_failed(account: Option<Account<'_>>, from: IpAddr, reason: &'static str) {
    if let Some((agent, name)) = account {
        tracing::warn!(target: TARGET, %agent, name, %from, reason, "sign-in failed");
    } else {
        tracing::warn!(target: TARGET, agent = "unknown", %from, reason, "sign-in failed");
    }
}

/// `what` is the change, such as `added` or `disabled`.
pub(crate) fn account_changed((agent, name): Account<'_>, what: &'static str) {
    tracing::info!(target: TARGET, %agent, name, from = HERE, what, "account changed");
}

/// Summarizes refused sign-ins, so that a flood makes few lines: the first of a pair of address and
/// account at once, then a count each minute.
#[derive(Debug, Default)]
pub(crate) struct RefusalLog(Mutex<Refusals>);

#[derive(Debug, Default)]
struct Refusals {
    pairs: HashMap<(AddressKey, AccountKey), Refused>,
    others: u64,
}

#[derive(Debug)]
struct Refused {
    from: IpAddr,
    /// The account to log; `None` until it was looked up.
    account: Option<(AgentId, String)>,
    /// Refusals since the last line.
    count: u64,
}

impl RefusalLog {
    /// Counts a refusal. Returns whether it is the first of its pair, to be logged by
    /// [`first`](Self::first).
    pub(crate) fn count(&self, from: IpAddr, account: AccountKey) -> bool {
        let mut refusals = lock(&self.0);
        let key = (AddressKey::from(from), account);
        if let Some(refused) = refusals.pairs.get_mut(&key) {
            refused.count += 1;
            return false;
        }
        if refusals.pairs.len() >= PAIRS_KEPT {
            refusals.others += 1;
            return false;
        }
        refusals.pairs.insert(key, Refused { from, account: None, count: 0 });
        true
    }

    /// Logs the first refusal of a pair, and keeps the account for the next lines.
    pub(crate) fn first(&self, from: IpAddr, key: AccountKey, account: Option<(AgentId, String)>) {
        write(account.as_ref(), from, 1);
        if let Some(refused) = lock(&self.0).pairs.get_mut(&(from.into(), key)) {
            refused.account = account;
        }
    }

    /// Logs the counts. Pairs without a refusal since then are forgotten.
    fn tell(&self) {
        let mut refusals = lock(&self.0);
        let others = std::mem::take(&mut refusals.others);
        let counted = |(account, from, count): (Option<(AgentId, String)>, IpAddr, u64)| {
            write(account.as_ref(), from, count);
        };
        let mut told = Vec::new();
        refusals.pairs.retain(|_, refused| {
            let count = std::mem::take(&mut refused.count);
            if count > 0 {
                told.push((refused.account.clone(), refused.from, count));
            }
            count > 0
        });
        drop(refusals);
        told.into_iter().for_each(counted);
        if others > 0 {
            tracing::warn!(
                target: TARGET, agent = "several", from = "several", count = others,
                "sign-in refused by a limit"
            );
        }
    }

    /// Logs the counts each minute, until the log is dropped.
    pub(crate) fn tell_each_minute(log: &Arc<Self>) {
        let log: Weak<Self> = Arc::downgrade(log);
        tokio::spawn(async move {
            let mut minutes = tokio::time::interval(COUNTED_EVERY);
            loop {
                minutes.tick().await;
                let Some(log) = log.upgrade() else { return };
                log.tell();
            }
        });
    }
}

impl Drop for RefusalLog {
    fn drop(&mut self) {
        self.tell();
    }
}

fn write(account: Option<&(AgentId, String)>, from: IpAddr, count: u64) {
    const REFUSED: &str = "sign-in refused by a limit";
    if let Some((agent, name)) = account {
        tracing::warn!(target: TARGET, %agent, name, %from, count, "{REFUSED}");
    } else {
        tracing::warn!(target: TARGET, agent = "unknown", %from, count, "{REFUSED}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_counted_and_the_pairs_are_bounded() {
        let log = RefusalLog::default();
        let from = IpAddr::from([203, 0, 113, 1]);
        let firsts = (0..1_000_u32).filter(|n| {
            let mut account = [0; 32];
            account[..4].copy_from_slice(&(n % 500).to_le_bytes());
            log.count(from, account)
        });
        assert_eq!(firsts.count(), PAIRS_KEPT);
        assert_eq!(lock(&log.0).others, 800);
        log.tell();
        assert_eq!(lock(&log.0).others, 0);
        assert_eq!(lock(&log.0).pairs.len(), PAIRS_KEPT, "they were refused again");
        log.tell();
        assert_eq!(lock(&log.0).pairs.len(), 0, "a quiet minute");
    }
}
