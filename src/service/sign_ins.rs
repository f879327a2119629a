//! The guards of signing in: limits, password checks, known places and the log.

use std::{
    net::IpAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use sha2::{Digest, Sha256};

use super::{
    clock::Clock,
    known_places::{KNOWN_DAYS, KnownPlaces, day},
    lock::lock,
    passwords::{CheckPlace, PasswordChecks},
    security_log::{self, RefusalLog},
    sign_in_limits::{AccountKey, SignInLimits},
};
use crate::storage::{AgentRow, StorageError, Store};

/// When too many checks wait, the client should try again after this time.
const BUSY: Duration = Duration::from_secs(1);

#[derive(Debug)]
pub(crate) struct SignIns {
    limits: Mutex<SignInLimits>,
    checks: PasswordChecks,
    places: KnownPlaces,
    refusals: Arc<RefusalLog>,
}

/// Logs a client that disconnects before its password was checked. Its request is dropped then, and
/// a flood of such clients must not go unseen.
struct LeftEarly<'a> {
    account: Option<security_log::Account<'a>>,
    from: IpAddr,
    is_answered: bool,
}

impl Drop for LeftEarly<'_> {
    fn drop(&mut self) {
        if !self.is_answered {
            security_log::sign_in_failed(self.account, self.from, "left");
        }
    }
}

impl SignIns {
    /// Reads the known places, and starts to count refusals.
    pub(crate) async fn start(store: &Store, clock: &Clock) -> Result<Self, StorageError> {
        let places = KnownPlaces::read(store, day(clock.now())).await?;
        let refusals = Arc::default();
        RefusalLog::tell_each_minute(&refusals);
        Ok(Self { limits: Mutex::default(), checks: PasswordChecks::default(), places, refusals })
    }

    /// Admits an attempt to the check of its password, or tells how long to wait.
    ///
    /// The result does not depend on whether the account exists. A refusal reads nothing from the
    /// store, except for the first line of its log.
    pub(crate) async fn admit(
        &self,
        store: &Store,
        clock: &Clock,
        name: &str,
        from: IpAddr,
    ) -> Result<CheckPlace, Duration> {
        let account: AccountKey = Sha256::digest(name.as_bytes()).into();
        let is_known = self.places.is_known(name, from.into(), day(clock.now()));
        // Takes a place for the check first: without one, no turn is used up.
        let turn = self.checks.enter(is_known).ok_or(BUSY).and_then(|turn| {
            let now = clock.elapsed();
            lock(&self.limits).take(from.into(), account, is_known, now).map(|()| turn)
        });
        if turn.is_err() && self.refusals.count(from, account) {
            let row = store.agent_by_name(name).await.ok().flatten();
            self.refusals.first(from, account, row.map(|row| (row.id, row.name)));
        }
        turn
    }

    /// Whether this is the password of the account, if there is one.
    pub(crate) async fn is_right(
        &self,
        turn: CheckPlace,
        password: &str,
        account: Option<&AgentRow>,
        from: IpAddr,
    ) -> bool {
        let enabled = account.filter(|row| !row.disabled);
        let hash = enabled.map(|row| row.password_hash.clone());
        let account_of_log = account.map(|row| (row.id, &*row.name));
        let mut left = LeftEarly { account: account_of_log, from, is_answered: false };
        let is_right = self.checks.check(turn, password.to_owned(), hash).await;
        left.is_answered = true;
        if !is_right {
            let reason = if account.is_some() == enabled.is_some() { "wrong" } else { "disabled" };
            security_log::sign_in_failed(account_of_log, from, reason);
        }
        is_right
    }

    /// Records a sign-in: the agent is known at this address from now on.
    pub(crate) async fn signed_in(
        &self,
        store: &Store,
        clock: &Clock,
        row: &AgentRow,
        from: IpAddr,
    ) {
        let agent = (row.id, &*row.name);
        security_log::signed_in(agent, from);
        if let Err(error) = self.places.note(store, agent, from.into(), day(clock.now())).await {
            tracing::warn!(%error, "the place of a sign-in was not stored");
        }
    }

    /// Deletes the places that are no longer known.
    pub(crate) async fn forget_old_places(
        &self,
        store: &Store,
        clock: &Clock,
    ) -> Result<(), StorageError> {
        store.delete_sign_in_places(day(clock.now()) - KNOWN_DAYS).await
    }
}
