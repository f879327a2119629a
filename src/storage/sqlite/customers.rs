//! Customers' sessions, each with its conversation.

use jiff::Timestamp;

use super::{engine::Sqlite, session::SqliteSession, statements};
use crate::journal::ConversationId;
use crate::knowledge::Facts;
use crate::storage::{
    error::StorageError,
    records::{CustomerRow, NewCustomer, TokenHash},
};

/// Expired sessions deleted in one command, so that messages do not wait for long.
const DELETED_AT_ONCE: i64 = 1_000;

impl Sqlite {
    pub(in crate::storage) async fn create_customer(
        &self,
        customer: NewCustomer,
    ) -> Result<(), StorageError> {
        self.write(move |session| insert(session, &customer)).await
    }

    pub(in crate::storage) async fn customer_by_token(
        &self,
        token_hash: TokenHash,
        now: Timestamp,
    ) -> Result<Option<CustomerRow>, StorageError> {
        self.read(move |session| {
            let values = (token_hash, now.as_microsecond());
            session.row(statements::CUSTOMER_BY_TOKEN, values, |row| {
                let facts = row.text(1, str::parse)?.map_err(|_| StorageError::Corrupt {
                    what: "a customer's facts are not a list of key=value".to_owned(),
                })?;
                Ok(CustomerRow { conversation: row.text(0, ConversationId::new)?, facts })
            })
        })
        .await
    }

    pub(in crate::storage) async fn set_customer_facts(
        &self,
        token_hash: TokenHash,
        facts: Facts,
    ) -> Result<(), StorageError> {
        self.write(move |session| {
            session.execute(statements::SET_FACTS, (token_hash, facts.to_string()))?;
            Ok(())
        })
        .await
    }

    pub(in crate::storage) async fn delete_expired_sessions(
        &self,
        now: Timestamp,
    ) -> Result<usize, StorageError> {
        let now = now.as_microsecond();
        let mut deleted = 0;
        loop {
            let some = self.write(move |session| delete_expired(session, now)).await?;
            deleted += some;
            if some == 0 {
                return Ok(deleted);
            }
        }
    }
}

fn insert(session: &SqliteSession, customer: &NewCustomer) -> Result<(), StorageError> {
    session.execute(statements::ADD_CONVERSATION, [customer.conversation.as_str()])?;
    let values = (
        customer.token_hash,
        session.last_key(),
        &customer.origin,
        customer.facts.to_string(),
        customer.now.as_microsecond(),
        customer.expires_at.as_microsecond(),
    );
    session.execute(statements::ADD_CUSTOMER, values)?;
    Ok(())
}

fn delete_expired(session: &SqliteSession, now: i64) -> Result<usize, StorageError> {
    let page = (now, DELETED_AT_ONCE);
    Ok(session.execute(statements::DELETE_EXPIRED_CUSTOMERS, page)?
        + session.execute(statements::DELETE_EXPIRED_AGENT_SESSIONS, page)?)
}
