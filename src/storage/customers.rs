//! Customers' sessions, each with its one conversation.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::{
    error::StorageError,
    store::{Store, TokenHash},
};
use crate::journal::ConversationId;
use crate::knowledge::Facts;

/// A customer on the first visit.
#[derive(Clone, Debug)]
pub struct NewCustomer {
    /// Of the session's token.
    pub token_hash: TokenHash,
    /// The one conversation, made here.
    pub conversation: ConversationId,
    /// The site that embeds the widget, if a browser told it.
    pub origin: Option<String>,
    /// What is known of the customer.
    pub facts: Facts,
    /// When.
    pub now: Timestamp,
    /// End of the session, however busy it is.
    pub expires_at: Timestamp,
}

/// A customer whose session is valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerRow {
    /// The customer's conversation.
    pub conversation: ConversationId,
    /// What is known of the customer.
    pub facts: Facts,
}

impl Store {
    /// Stores a customer and the conversation, still without events.
    ///
    /// # Errors
    ///
    /// [`Conflict`](StorageError::Conflict) when the token or the conversation exists.
    pub async fn create_customer(&self, customer: NewCustomer) -> Result<(), StorageError> {
        self.write(move |conn| insert(conn, &customer)).await
    }

    /// The customer with this token; `None` when it is unknown or expired at `now`.
    pub async fn customer_by_token(
        &self,
        token_hash: TokenHash,
        now: Timestamp,
    ) -> Result<Option<CustomerRow>, StorageError> {
        self.read(move |conn| {
            let row: Option<(String, String)> = conn
                .prepare_cached(
                    "SELECT id, facts FROM customer JOIN conversation ON key = conversation
                     WHERE token_hash = ?1 AND expires_at > ?2",
                )?
                .query_row((token_hash, now.as_microsecond()), |row| row.try_into())
                .optional()?;
            let Some((id, facts)) = row else { return Ok(None) };
            let facts = facts.parse().map_err(|_| StorageError::Corrupt {
                what: "facts of a customer in another form".to_owned(),
            })?;
            Ok(Some(CustomerRow { conversation: ConversationId::new(&id), facts }))
        })
        .await
    }

    /// Replaces what is known of the customer with this token.
    pub async fn set_customer_facts(
        &self,
        token_hash: TokenHash,
        facts: Facts,
    ) -> Result<(), StorageError> {
        self.write(move |conn| {
            conn.prepare_cached("UPDATE customer SET facts = ?2 WHERE token_hash = ?1")?
                .execute((token_hash, facts.to_string()))?;
            Ok(())
        })
        .await
    }
}

fn insert(conn: &Connection, customer: &NewCustomer) -> Result<(), StorageError> {
    conn.prepare_cached("INSERT INTO conversation (id) VALUES (?1)")?
        .execute([customer.conversation.as_str()])?;
    conn.prepare_cached(
        "INSERT INTO customer (token_hash, conversation, origin, facts, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute((
        customer.token_hash,
        conn.last_insert_rowid(),
        &customer.origin,
        customer.facts.to_string(),
        customer.now.as_microsecond(),
        customer.expires_at.as_microsecond(),
    ))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_772_000_000 + second).unwrap()
    }

    #[tokio::test]
    async fn what_is_known_of_a_customer_is_kept_and_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(dir.path(), at(0)).unwrap();
        for n in [1, 2] {
            let customer = NewCustomer {
                token_hash: [n; 32],
                conversation: ConversationId::new(&format!("{n:032x}")),
                origin: None,
                facts: "product=wallet".parse().unwrap(),
                now: at(0),
                expires_at: at(100),
            };
            store.create_customer(customer).await.unwrap();
        }
        let known = async |token| {
            let row = store.customer_by_token(token, at(1)).await.unwrap();
            row.unwrap().facts.to_string()
        };
        assert_eq!(known([1; 32]).await, "product=wallet");
        let facts = "product=loan,audience=vip".parse().unwrap();
        store.set_customer_facts([1; 32], facts).await.unwrap();
        assert_eq!(known([1; 32]).await, "audience=vip,product=loan");
        assert_eq!(known([2; 32]).await, "product=wallet", "another's stay");
    }

    #[tokio::test]
    async fn of_a_customer_of_the_first_schema_nothing_is_known() {
        let dir = tempfile::tempdir().unwrap();
        let conn = Connection::open(dir.path().join("kefu.sqlite3")).unwrap();
        conn.execute_batch(include_str!("migrations/0001_first.sql")).unwrap();
        conn.execute_batch(
            "PRAGMA user_version = 1;
             INSERT INTO conversation (key, id) VALUES (1, '0123456789abcdef0123456789abcdef');
             INSERT INTO customer (token_hash, conversation, created_at, expires_at)
                VALUES (x'0101010101010101010101010101010101010101010101010101010101010101',
                    1, 0, 9000000000000000);",
        )
        .unwrap();
        drop(conn);
        let store = Store::open(dir.path(), at(0)).unwrap();
        let row = store.customer_by_token([1; 32], at(1)).await.unwrap().unwrap();
        assert!(row.facts.is_empty());
    }
}
