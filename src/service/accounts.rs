//! Who may talk as an agent, and how a customer is known again.

use std::{net::IpAddr, time::Duration};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use super::{
    account_error::AccountError, clock::Clock, passwords::hash_password, security_log,
    sign_ins::SignIns, token,
};
use crate::journal::{AgentId, ConversationId};
use crate::knowledge::Facts;
use crate::storage::{AgentRow, CustomerRow, NewCustomer, StorageError, Store};

/// A customer is known again for 30 days from the first visit, then starts anew.
const CUSTOMER_LIFETIME: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How often sessions that are over are deleted.
const EXPIRY_SWEEP: Duration = Duration::from_hours(1);

/// An agent signs in once a shift.
const SESSION_LIFETIME: SignedDuration = SignedDuration::from_hours(12);

/// A customer who has just been given a name.
#[derive(Debug)]
pub struct Customer {
    /// Proves it is the same customer.
    pub token: token::Token,
    /// The customer's one conversation.
    pub conversation: ConversationId,
    /// Until when the token works.
    pub expires_at: Timestamp,
}

/// An agent who has just signed in.
#[derive(Debug)]
pub struct SignedIn {
    /// Proves it is the same agent.
    pub token: token::Token,
    /// The account.
    pub agent: AgentId,
    /// The account's name.
    pub name: String,
    /// Until when the token works.
    pub expires_at: Timestamp,
}

/// Who may talk as an agent, and how a customer is known again.
#[derive(Debug)]
pub struct Accounts {
    store: Store,
    clock: Clock,
    sign_ins: SignIns,
}

impl Accounts {
    /// Over what is stored.
    pub(super) async fn start(store: &Store, clock: &Clock) -> Result<Self, StorageError> {
        let sign_ins = SignIns::start(store, clock).await?;
        Ok(Self { store: store.clone(), clock: clock.clone(), sign_ins })
    }

    /// Gives a new customer a token and a conversation.
    pub async fn create_customer(
        &self,
        origin: Option<String>,
        facts: Facts,
    ) -> Result<Customer, StorageError> {
        let token = token::Token::draw();
        let conversation = token::draw_conversation_id();
        let now = self.clock.now();
        let expires_at = now + CUSTOMER_LIFETIME;
        let token_hash = token::Token::hash(token.reveal());
        let customer = NewCustomer {
            token_hash,
            conversation: conversation.clone(),
            origin,
            facts,
            now,
            expires_at,
        };
        self.store.create_customer(customer).await?;
        Ok(Customer { token, conversation, expires_at })
    }

    /// The customer who holds the token.
    pub async fn customer(&self, token: &str) -> Result<Option<CustomerRow>, StorageError> {
        self.store.customer_by_token(token::Token::hash(token), self.clock.now()).await
    }

    /// The customer of this token with these facts, which replace those known before. Without
    /// new facts nothing is written.
    pub async fn with_facts(
        &self,
        token: &str,
        row: CustomerRow,
        facts: Option<Facts>,
    ) -> Result<CustomerRow, StorageError> {
        let Some(facts) = facts.filter(|facts| *facts != row.facts) else { return Ok(row) };
        self.store.set_customer_facts(token::Token::hash(token), facts.clone()).await?;
        Ok(CustomerRow { facts, ..row })
    }

    /// Checks name and password, and opens a session. `from` is the address of the client.
    pub async fn sign_in(
        &self,
        name: &str,
        password: &str,
        from: IpAddr,
    ) -> Result<SignedIn, AccountError> {
        let turn = self.sign_ins.admit(&self.store, &self.clock, name, from).await;
        let turn = turn.map_err(|retry_after| AccountError::Limited { retry_after })?;
        let row = self.store.agent_by_name(name).await?;
        let is_right = self.sign_ins.is_right(turn, password, row.as_ref(), from).await;
        let row = row.filter(|_| is_right).ok_or(AccountError::SignIn)?;
        let token = token::Token::draw();
        let now = self.clock.now();
        let expires_at = now + SESSION_LIFETIME;
        let hash = token::Token::hash(token.reveal());
        match self.store.create_agent_session(hash, &row, now, expires_at).await {
            // It was disabled, or got another password, while this one was checked.
            Err(StorageError::NotFound) => return Err(AccountError::SignIn),
            created => created?,
        }
        self.sign_ins.signed_in(&self.store, &self.clock, &row, from).await;
        Ok(SignedIn { token, agent: row.id, name: row.name, expires_at })
    }

    /// The agent who holds the token.
    pub async fn agent(&self, token: &str) -> Result<Option<AgentRow>, StorageError> {
        self.store.agent_by_session(token::Token::hash(token), self.clock.now()).await
    }

    /// Ends the session, and tells whose it was. `from` is the address of the client.
    pub async fn sign_out(
        &self,
        token: &str,
        from: IpAddr,
    ) -> Result<Option<AgentId>, StorageError> {
        let row = self.agent(token).await?;
        self.store.delete_agent_session(token::Token::hash(token)).await?;
        Ok(row.map(|row| {
            security_log::signed_out((row.id, &row.name), from);
            row.id
        }))
    }

    /// Deletes the sessions that are over, now and every hour, until the server goes away.
    pub(super) async fn delete_expired(&self, mut draining: watch::Receiver<bool>) {
        let mut at = self.clock.elapsed();
        loop {
            if let Err(error) = self.store.delete_expired_sessions(self.clock.now()).await {
                tracing::warn!(%error, "expired sessions not deleted, trying again in an hour");
            }
            if let Err(error) = self.sign_ins.forget_old_places(&self.store, &self.clock).await {
                tracing::warn!(%error, "old places not deleted, trying again in an hour");
            }
            at += EXPIRY_SWEEP;
            tokio::select! {
                () = self.clock.sleep_until(at) => {}
                _ = draining.changed() => return,
            }
        }
    }
}

/// Makes an account. Takes tens of milliseconds for the hash.
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
