//! Accounts of agents and their sessions.

use std::{net::IpAddr, time::Duration};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use super::{
    account_error::AccountError, clock::Clock, passwords::hash_password, security_log,
    sign_ins::SignIns, token,
};
use crate::journal::AgentId;
use crate::storage::{AgentRow, StorageError, Store};

/// How often expired sessions are deleted.
const EXPIRY_SWEEP: Duration = Duration::from_hours(1);

/// Agents sign in once a shift.
const SESSION_LIFETIME: SignedDuration = SignedDuration::from_hours(12);

/// An agent with a new session.
#[derive(Debug)]
pub struct AgentAccess {
    /// Proves that a request comes from this agent.
    pub token: token::AccessToken,
    /// The account.
    pub agent: AgentId,
    /// The account's name.
    pub name: String,
    /// When the token expires.
    pub expires_at: Timestamp,
}

/// Accounts of agents and their sessions.
#[derive(Debug)]
pub struct Accounts {
    store: Store,
    clock: Clock,
    sign_ins: SignIns,
}

impl Accounts {
    /// Starts with the accounts in the store.
    pub(super) async fn start(store: &Store, clock: &Clock) -> Result<Self, StorageError> {
        let sign_ins = SignIns::start(store, clock).await?;
        Ok(Self { store: store.clone(), clock: clock.clone(), sign_ins })
    }

    /// Checks name and password, and opens a session. `from` is the address of the client.
    pub async fn sign_in(
        &self,
        name: &str,
        password: &str,
        from: IpAddr,
    ) -> Result<AgentAccess, AccountError> {
        let turn = self.sign_ins.admit(&self.store, &self.clock, name, from).await;
        let turn = turn.map_err(|retry_after| AccountError::Limited { retry_after })?;
        let row = self.store.agent_by_name(name).await?;
        let is_right = self.sign_ins.is_right(turn, password, row.as_ref(), from).await;
        let row = row.filter(|_| is_right).ok_or(AccountError::SignIn)?;
        let token = token::AccessToken::draw();
        let now = self.clock.now();
        let expires_at = now + SESSION_LIFETIME;
        let hash = token::AccessToken::hash(token.reveal());
        match self.store.create_agent_session(hash, &row, now, expires_at).await {
            // The account was disabled or got another password while this one was checked.
            Err(StorageError::NotFound) => return Err(AccountError::SignIn),
            created => created?,
        }
        self.sign_ins.signed_in(&self.store, &self.clock, &row, from).await;
        Ok(AgentAccess { token, agent: row.id, name: row.name, expires_at })
    }

    /// Looks up the agent of the token.
    pub async fn agent(&self, token: &str) -> Result<Option<AgentRow>, StorageError> {
        self.store.agent_by_session(token::AccessToken::hash(token), self.clock.now()).await
    }

    /// Ends the session and returns its agent. `from` is the address of the client.
    pub async fn sign_out(
        &self,
        token: &str,
        from: IpAddr,
    ) -> Result<Option<AgentId>, StorageError> {
        let row = self.agent(token).await?;
        self.store.delete_agent_session(token::AccessToken::hash(token)).await?;
        Ok(row.map(|row| {
            security_log::signed_out((row.id, &row.name), from);
            row.id
        }))
    }

    /// Deletes expired sessions of agents and customers, now and every hour, until the server stops.
    pub(super) async fn delete_expired(&self, mut draining: watch::Receiver<bool>) {
        let mut at = self.clock.elapsed();
        loop {
            if let Err(error) = self.store.delete_expired_sessions(self.clock.now()).await {
                tracing::warn!(%error, "expired sessions not deleted, trying again in an hour");
            }
            if let Err(error) = self.sign_ins.forget_old_places(&self.store, &self.clock).await {
                tracing::warn!(%error, "old sign-in places not deleted, trying again in an hour");
            }
            at += EXPIRY_SWEEP;
            tokio::select! {
                () = self.clock.sleep_until(at) => {}
                _ = draining.changed() => return,
            }
        }
    }
}

/// Creates an account. Hashing the password takes tens of milliseconds.
pub async fn add_agent(
    store: &Store,
    name: &str,
    password: &str,
    now: Timestamp,
) -> Result<AgentId, AccountError> {
    let is_name = (1..=40).contains(&name.chars().count())
        && name.trim() == name
        && !name.chars().any(char::is_control);
    if !is_name {
        return Err(AccountError::Name);
    }
    let agent = store.add_agent(name, &hash_password(password)?, now).await?;
    security_log::account_changed((agent, name), "added");
    Ok(agent)
}

/// Sets a new password and ends the agent's sessions.
pub async fn set_password(store: &Store, name: &str, password: &str) -> Result<(), AccountError> {
    let agent = store.set_password(name, &hash_password(password)?).await?;
    security_log::account_changed((agent, name), "new password");
    Ok(())
}

/// Disables an account and ends the agent's sessions, or enables it again.
pub async fn set_disabled(store: &Store, name: &str, disabled: bool) -> Result<(), AccountError> {
    let agent = store.set_disabled(name, disabled).await?;
    let what = if disabled { "disabled" } else { "enabled" };
    security_log::account_changed((agent, name), what);
    Ok(())
}

/// A random password that a person can type.
pub fn draw_password() -> String {
    token::draw_password()
}
