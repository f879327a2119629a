//! Who may talk as an agent, and how a customer is known again.

use std::sync::OnceLock;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use jiff::{SignedDuration, Timestamp};

use super::{Service, token};
use crate::journal::{AgentId, ConversationId};
use crate::knowledge::Facts;
use crate::storage::{AgentRow, CustomerRow, NewCustomer, StorageError, Store};

/// A customer is known again for 30 days from the first visit, then starts anew.
const CUSTOMER_LIFETIME: SignedDuration = SignedDuration::from_hours(30 * 24);

/// An agent signs in once a shift.
const SESSION_LIFETIME: SignedDuration = SignedDuration::from_hours(12);

/// Shorter passwords are refused; the length is what counts (NIST SP 800-63B).
const PASSWORD_MIN_CHARS: usize = 10;

/// Longer ones are refused, since each costs a hash over it.
const PASSWORD_MAX_BYTES: usize = 256;

/// Why an account cannot be made, changed or used.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// Empty, longer than 40 characters, or with spaces at an end or control characters.
    #[error("use the name: 1 to 40 characters, no control characters, no space at either end")]
    Name,
    /// Too short or too long.
    #[error("use the password: at least 10 characters and at most 256 bytes")]
    Password,
    /// Name or password wrong, or the account disabled; which of them is not told.
    #[error("sign in: name or password is wrong")]
    SignIn,
    /// Hashing failed.
    #[error("hash the password: {0}")]
    Hash(String),
    /// The store refused.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

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

impl Service {
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

    /// The customer who holds the token. `facts`, where given, replace what was known before.
    pub async fn customer(
        &self,
        token: &str,
        facts: Option<Facts>,
    ) -> Result<Option<CustomerRow>, StorageError> {
        let hash = token::Token::hash(token);
        let Some(row) = self.store.customer_by_token(hash, self.clock.now()).await? else {
            return Ok(None);
        };
        match facts.filter(|facts| *facts != row.facts) {
            None => Ok(Some(row)),
            Some(facts) => {
                self.store.set_customer_facts(hash, facts.clone()).await?;
                Ok(Some(CustomerRow { facts, ..row }))
            }
        }
    }

    /// Checks name and password, and opens a session.
    pub async fn sign_in(&self, name: &str, password: &str) -> Result<SignedIn, AccountError> {
        let row = self.store.agent_by_name(name).await?.filter(|row| !row.disabled);
        // An unknown name costs the same hash, so that names cannot be told by the time.
        let hash = row.as_ref().map(|row| row.password_hash.clone());
        let is_right = self.verify(password.to_owned(), hash).await;
        let row = row.filter(|_| is_right).ok_or(AccountError::SignIn)?;
        let token = token::Token::draw();
        let now = self.clock.now();
        let expires_at = now + SESSION_LIFETIME;
        let hash = token::Token::hash(token.reveal());
        self.store.create_agent_session(hash, &row, now, expires_at).await?;
        Ok(SignedIn { token, agent: row.id, name: row.name, expires_at })
    }

    /// The agent who holds the token.
    pub async fn agent(&self, token: &str) -> Result<Option<AgentRow>, StorageError> {
        self.store.agent_by_session(token::Token::hash(token), self.clock.now()).await
    }

    /// Ends the session.
    pub async fn sign_out(&self, token: &str) -> Result<(), StorageError> {
        let row = self.agent(token).await?;
        self.store.delete_agent_session(token::Token::hash(token)).await?;
        if let Some(row) = row {
            self.agent_left(row.id).await;
        }
        Ok(())
    }

    /// Each check takes 19 MiB and tens of milliseconds: two at a time, off the async threads.
    /// Without a hash it is checked against one that no password has.
    async fn verify(&self, password: String, hash: Option<String>) -> bool {
        if password.len() > PASSWORD_MAX_BYTES {
            return false;
        }
        let Ok(_permit) = self.password_checks.acquire().await else { return false };
        let no_password = self.no_password.clone();
        let check = move || {
            let hash = hash.as_deref().unwrap_or_else(|| no_password.hash());
            let hash = PasswordHash::new(hash);
            hash.is_ok_and(|hash| {
                Argon2::default().verify_password(password.as_bytes(), &hash).is_ok()
            })
        };
        tokio::task::spawn_blocking(check).await.unwrap_or(false)
    }
}

/// A hash that no password has, checked for names that do not exist.
#[derive(Debug, Default)]
pub(crate) struct NoPassword(OnceLock<String>);

impl NoPassword {
    /// Takes tens of milliseconds when it is first needed.
    pub(crate) fn hash(&self) -> &str {
        self.0.get_or_init(|| {
            hash_password(&draw_password()).expect("a drawn password has the length of a password")
        })
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
    Ok(store.add_agent(name, &hash_password(password)?, now).await?)
}

/// Sets a new password and ends the agent's sessions.
pub async fn set_password(store: &Store, name: &str, password: &str) -> Result<(), AccountError> {
    store.set_password(name, &hash_password(password)?).await?;
    Ok(())
}

/// A random password that a person can type.
pub fn draw_password() -> String {
    token::draw_password()
}

/// argon2id with the crate's defaults: 19 MiB, two passes (OWASP's first choice).
pub(crate) fn hash_password(password: &str) -> Result<String, AccountError> {
    if password.chars().count() < PASSWORD_MIN_CHARS || password.len() > PASSWORD_MAX_BYTES {
        return Err(AccountError::Password);
    }
    let hash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|error| AccountError::Hash(error.to_string()))?;
    Ok(hash.to_string())
}
