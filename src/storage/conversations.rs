//! Conversations: their events in order, and contacts kept apart.

use std::fmt;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::{error::StorageError, sqlite, store::Store};
use crate::journal::{ClientId, ConversationId, Event, Record};

/// Records read at once, so that a long conversation leaves turns to other readers.
const PAGE: usize = 500;

/// All that one step of a conversation stores, in one transaction.
#[derive(Clone, Debug)]
pub struct Append {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Its last `seq` as the step saw it; 0 before the first event.
    pub expected_seq: u64,
    /// The events, numbered from `expected_seq + 1` without a gap.
    pub records: Vec<Record>,
    /// The contact that came with one of these events.
    pub contact: Option<Contact>,
    /// Whether, after the step, something may yet happen without the customer: such a
    /// conversation is folded at start.
    pub is_open: bool,
}

/// How a customer wants to be called back.
#[derive(Clone, PartialEq, Eq)]
pub struct Contact {
    /// The event with which it came.
    pub seq: u64,
    /// Personal data, unmasked.
    pub text: String,
    /// When the customer consented to its use.
    pub consented_at: Timestamp,
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the text: it may end up in a log.
        f.debug_struct("Contact").field("seq", &self.seq).finish_non_exhaustive()
    }
}

impl Store {
    /// Appends the events of one step; when this returns they are on disk.
    ///
    /// # Errors
    ///
    /// [`Conflict`](StorageError::Conflict) when the conversation's last `seq` is not
    /// `expected_seq`, the records do not follow it without a gap, or the contact belongs
    /// to no event; [`DuplicateClientId`](StorageError::DuplicateClientId);
    /// [`NotFound`](StorageError::NotFound) for an unknown conversation; and the failures
    /// of storage. Nothing is stored then.
    pub async fn append(&self, append: Append) -> Result<(), StorageError> {
        let Append { conversation, expected_seq, records, contact, is_open } = append;
        if !(expected_seq + 1..).zip(&records).all(|(seq, record)| record.seq == seq) {
            return Err(StorageError::Conflict);
        }
        // Encoded here, since all conversations share the one writer thread.
        let rows = records.iter().map(row).collect::<Result<Vec<_>, _>>()?;
        self.write(move |conn| {
            let key = advance(conn, &conversation, expected_seq, rows.len(), is_open)?;
            for row in rows {
                insert_event(conn, key, row)?;
            }
            contact.map_or(Ok(()), |contact| insert_contact(conn, key, &contact))
        })
        .await
    }

    /// At most `limit` records after `after_seq`, in order; none for an unknown conversation.
    pub async fn records_after(
        &self,
        conversation: &ConversationId,
        after_seq: u64,
        limit: usize,
    ) -> Result<Vec<Record>, StorageError> {
        let conversation = conversation.clone();
        self.read(move |conn| select_records(conn, &conversation, after_seq, limit)).await
    }

    /// The record of the message with this client id, if it was taken.
    pub async fn record_of_client_id(
        &self,
        conversation: &ConversationId,
        client_id: &ClientId,
    ) -> Result<Option<Record>, StorageError> {
        let (conversation, client_id) = (conversation.clone(), client_id.clone());
        let seq = self
            .read(move |conn| {
                let seq: Option<i64> = conn
                    .prepare_cached(
                        "SELECT seq FROM event
                         WHERE conversation = (SELECT key FROM conversation WHERE id = ?1)
                            AND client_id = ?2",
                    )?
                    .query_row((conversation.as_str(), client_id.as_str()), |row| row.get(0))
                    .optional()?;
                let Some(seq) = seq else { return Ok(None) };
                Ok(select_records(conn, &conversation, seq as u64 - 1, 1)?.pop())
            })
            .await?;
        Ok(seq)
    }

    /// All records, in order.
    pub async fn records(
        &self,
        conversation: &ConversationId,
    ) -> Result<Vec<Record>, StorageError> {
        let mut records: Vec<Record> = Vec::new();
        loop {
            let after = records.last().map_or(0, |record| record.seq);
            let page = self.records_after(conversation, after, PAGE).await?;
            let is_last = page.len() < PAGE;
            records.extend(page);
            if is_last {
                return Ok(records);
            }
        }
    }

    /// The last `seq`, 0 before the first event.
    ///
    /// # Errors
    ///
    /// [`NotFound`](StorageError::NotFound) for an unknown conversation.
    pub async fn last_seq(&self, conversation: &ConversationId) -> Result<u64, StorageError> {
        let conversation = conversation.clone();
        self.read(move |conn| {
            conn.prepare_cached("SELECT last_seq FROM conversation WHERE id = ?1")?
                .query_row([conversation.as_str()], |row| row.get::<_, i64>(0))
                .optional()?
                .map(|seq| seq as u64)
                .ok_or(StorageError::NotFound)
        })
        .await
    }

    /// The conversations that are open, oldest first: those to fold at start.
    pub async fn open_conversations(&self) -> Result<Vec<ConversationId>, StorageError> {
        self.read(|conn| {
            select_ids(conn, "SELECT id FROM conversation WHERE open = 1 ORDER BY key")
        })
        .await
    }

    /// All conversations, newest first.
    pub async fn conversations(&self) -> Result<Vec<ConversationId>, StorageError> {
        self.read(|conn| select_ids(conn, "SELECT id FROM conversation ORDER BY key DESC")).await
    }

    /// The contacts left in a conversation, in order.
    pub async fn contacts(
        &self,
        conversation: &ConversationId,
    ) -> Result<Vec<Contact>, StorageError> {
        let conversation = conversation.clone();
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT seq, text, consented_at FROM contact
                 WHERE conversation = (SELECT key FROM conversation WHERE id = ?1) ORDER BY seq",
            )?;
            let mut rows = statement.query([conversation.as_str()])?;
            let mut contacts = Vec::new();
            while let Some(row) = rows.next()? {
                contacts.push(Contact {
                    seq: row.get::<_, i64>(0)? as u64,
                    text: row.get(1)?,
                    consented_at: sqlite::timestamp(row.get(2)?)?,
                });
            }
            Ok(contacts)
        })
        .await
    }
}

/// A record as its table holds it: `seq`, `at`, `client_id`, `body`.
type EventRow = (i64, i64, Option<String>, String);

fn row(record: &Record) -> Result<EventRow, StorageError> {
    let body = serde_json::to_string(&record.event)
        .map_err(|error| StorageError::Corrupt { what: error.to_string() })?;
    let client_id = record.event.client_id().map(|id| id.as_str().to_owned());
    Ok((record.seq as i64, record.at.as_microsecond(), client_id, body))
}

/// Moves `last_seq` on if it is still the expected one; the conversation's key.
fn advance(
    conn: &Connection,
    conversation: &ConversationId,
    expected_seq: u64,
    by: usize,
    is_open: bool,
) -> Result<i64, StorageError> {
    let id = conversation.as_str();
    let key = conn
        .prepare_cached(
            "UPDATE conversation SET last_seq = last_seq + ?1, open = ?2
             WHERE id = ?3 AND last_seq = ?4 RETURNING key",
        )?
        .query_row((by as i64, is_open, id, expected_seq as i64), |row| row.get(0))
        .optional()?;
    if let Some(key) = key {
        return Ok(key);
    }
    let known = conn.prepare_cached("SELECT 1 FROM conversation WHERE id = ?1")?.exists([id])?;
    Err(if known { StorageError::Conflict } else { StorageError::NotFound })
}

fn select_ids(conn: &Connection, query: &str) -> Result<Vec<ConversationId>, StorageError> {
    let mut statement = conn.prepare_cached(query)?;
    let ids = statement
        .query_map([], |row| row.get(0).map(|id: String| ConversationId::new(&id)))?
        .collect::<Result<_, _>>()?;
    Ok(ids)
}

fn insert_event(conn: &Connection, key: i64, row: EventRow) -> Result<(), StorageError> {
    let (seq, at, client_id, body) = row;
    let inserted = conn
        .prepare_cached(
            "INSERT INTO event (conversation, seq, at, client_id, body) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (conversation, client_id) WHERE client_id IS NOT NULL DO NOTHING",
        )?
        .execute((key, seq, at, client_id, body))?;
    if inserted == 0 { Err(StorageError::DuplicateClientId) } else { Ok(()) }
}

fn insert_contact(conn: &Connection, key: i64, contact: &Contact) -> Result<(), StorageError> {
    conn.prepare_cached(
        "INSERT INTO contact (conversation, seq, text, consented_at) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute((
        key,
        contact.seq as i64,
        &contact.text,
        contact.consented_at.as_microsecond(),
    ))?;
    Ok(())
}

fn select_records(
    conn: &Connection,
    conversation: &ConversationId,
    after_seq: u64,
    limit: usize,
) -> Result<Vec<Record>, StorageError> {
    let mut statement = conn.prepare_cached(
        "SELECT seq, at, body FROM event
         WHERE conversation = (SELECT key FROM conversation WHERE id = ?1) AND seq > ?2
         ORDER BY seq LIMIT ?3",
    )?;
    let after_seq = i64::try_from(after_seq).unwrap_or(i64::MAX);
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows = statement.query((conversation.as_str(), after_seq, limit))?;
    let mut records = Vec::new();
    while let Some(row) = rows.next()? {
        let seq = row.get::<_, i64>(0)? as u64;
        let event = Event::from_json(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?)
            .map_err(|error| StorageError::Corrupt {
                what: format!(
                    "event {seq} of conversation {conversation} (column {})",
                    error.column()
                ),
            })?;
        records.push(Record { seq, at: sqlite::timestamp(row.get(1)?)?, event });
    }
    Ok(records)
}
