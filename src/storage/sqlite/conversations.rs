//! Conversations: their records in order, and contact details apart.

use super::{
    engine::Sqlite,
    schema::timestamp,
    session::{SqlRow, SqliteSession},
    statements::{self, Statement},
};
use crate::compliance::ContactText;
use crate::journal::{ClientIdHash, ConversationId, Event, Record};
use crate::storage::{
    error::StorageError,
    records::{Append, Contact, FOLD_MAX, OpenConversation},
};

/// Open conversations in one page. A page is one read: large enough to be efficient, small enough
/// not to block other readers.
const OPEN_PAGE: i64 = 100;

impl Sqlite {
    pub(in crate::storage) async fn append(&self, append: Append) -> Result<(), StorageError> {
        // Encoded here, because all conversations share the writer thread.
        let rows = append.records.iter().map(event_row).collect::<Result<Vec<_>, _>>()?;
        self.write(move |session| {
            let key = advance(session, &append)?;
            for row in rows {
                insert_event(session, key, row)?;
            }
            append.contact.map_or(Ok(()), |contact| insert_contact(session, key, &contact))
        })
        .await
    }

    pub(in crate::storage) async fn records_after(
        &self,
        conversation: &ConversationId,
        after_seq: u64,
        limit: usize,
    ) -> Result<Vec<Record>, StorageError> {
        self.page(statements::RECORDS_AFTER, conversation, after_seq, limit).await
    }

    pub(in crate::storage) async fn records_to_fold(
        &self,
        conversation: &ConversationId,
        after_seq: u64,
        limit: usize,
    ) -> Result<Vec<Record>, StorageError> {
        self.page(statements::RECORDS_TO_FOLD, conversation, after_seq, limit).await
    }

    async fn page(
        &self,
        statement: Statement,
        conversation: &ConversationId,
        after_seq: u64,
        limit: usize,
    ) -> Result<Vec<Record>, StorageError> {
        let conversation = conversation.clone();
        self.read(move |session| {
            let values = (conversation.as_str(), stored(after_seq), stored(limit));
            session.rows(statement, values, |row| record(row, &conversation))
        })
        .await
    }

    pub(in crate::storage) async fn record_of_client_id(
        &self,
        conversation: &ConversationId,
        client_id: &ClientIdHash,
    ) -> Result<Option<Record>, StorageError> {
        let (conversation, client_id) = (conversation.clone(), *client_id);
        self.read(move |session| {
            let values = (conversation.as_str(), client_id.as_bytes());
            session.row(statements::RECORD_OF_CLIENT_ID, values, |row| record(row, &conversation))
        })
        .await
    }

    pub(in crate::storage) async fn last_seq(
        &self,
        conversation: &ConversationId,
    ) -> Result<u64, StorageError> {
        let conversation = conversation.clone();
        self.read(move |session| {
            let id = [conversation.as_str()];
            let seq = session.row(statements::LAST_SEQ, id, |row| row.number(0))?;
            seq.ok_or(StorageError::NotFound)
        })
        .await
    }

    pub(in crate::storage) async fn open_to_fold(
        &self,
        after_place: u64,
    ) -> Result<Vec<OpenConversation>, StorageError> {
        self.read(move |session| {
            let page = (stored(after_place), OPEN_PAGE);
            let open = session.rows(statements::OPEN_CONVERSATIONS_AFTER, page, |row| {
                Ok((row.get::<i64>(0)?, id(row, 1)?, row.get::<i64>(2)?))
            })?;
            open.into_iter()
                .map(|(key, id, fold_from)| {
                    let records = match records_from(session, key, &id, fold_from) {
                        Err(error @ StorageError::TooLongToFold { .. }) => Err(error),
                        records => Ok(records?),
                    };
                    Ok(OpenConversation { place: key as u64, id, records })
                })
                .collect()
        })
        .await
    }

    pub(in crate::storage) async fn conversations(
        &self,
    ) -> Result<Vec<ConversationId>, StorageError> {
        self.read(|session| session.rows(statements::ALL_CONVERSATIONS, [], |row| id(row, 0))).await
    }

    pub(in crate::storage) async fn contacts(
        &self,
        conversation: &ConversationId,
    ) -> Result<Vec<Contact>, StorageError> {
        let conversation = conversation.clone();
        self.read(move |session| {
            session.rows(statements::CONTACTS, [conversation.as_str()], |row| {
                Ok(Contact {
                    seq: row.number(0)?,
                    text: row.text(1, ContactText::of_stored)?,
                    consented_at: timestamp(row.get(2)?)?,
                })
            })
        })
        .await
    }
}

/// A row of the event table: `seq`, `at`, `client_id`, `body`.
type EventRow = (i64, i64, Option<[u8; 32]>, String);

fn event_row(record: &Record) -> Result<EventRow, StorageError> {
    let body = serde_json::to_string(&record.event)
        .map_err(|error| StorageError::Corrupt { what: error.to_string() })?;
    let client_id = record.event.client_id().map(|id| *id.as_bytes());
    Ok((stored(record.seq), record.at.as_microsecond(), client_id, body))
}

/// A number for a column; the largest if it does not fit.
fn stored(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// Advances `last_seq` if it is still the expected one. Returns the conversation's key.
fn advance(session: &SqliteSession, append: &Append) -> Result<i64, StorageError> {
    let Append { conversation, expected_seq, records, contact: _, is_open, fold_from } = append;
    let id = conversation.as_str();
    let values = (stored(records.len()), is_open, stored(*fold_from), id, stored(*expected_seq));
    let key = session.row(statements::ADVANCE_CONVERSATION, values, |row| row.get(0))?;
    if let Some(key) = key {
        return Ok(key);
    }
    let known = session.row(statements::LAST_SEQ, [id], |_| Ok(()))?.is_some();
    Err(if known { StorageError::Conflict } else { StorageError::NotFound })
}

fn insert_event(session: &SqliteSession, key: i64, row: EventRow) -> Result<(), StorageError> {
    let (seq, at, client_id, body) = row;
    let inserted = session.execute(statements::ADD_EVENT, (key, seq, at, client_id, body))?;
    if inserted == 0 { Err(StorageError::DuplicateClientId) } else { Ok(()) }
}

fn insert_contact(
    session: &SqliteSession,
    key: i64,
    contact: &Contact,
) -> Result<(), StorageError> {
    let Contact { seq, text, consented_at } = contact;
    let values = (key, stored(*seq), text.as_str(), consented_at.as_microsecond());
    session.execute(statements::ADD_CONTACT, values)?;
    Ok(())
}

fn id(row: SqlRow<'_>, column: usize) -> Result<ConversationId, StorageError> {
    row.text(column, ConversationId::new)
}

fn records_from(
    session: &SqliteSession,
    key: i64,
    id: &ConversationId,
    fold_from: i64,
) -> Result<Vec<Record>, StorageError> {
    let values = (key, fold_from, stored(FOLD_MAX + 1));
    let records = session.rows(statements::RECORDS_FROM_BY_KEY, values, |row| record(row, id))?;
    if records.len() > FOLD_MAX {
        return Err(StorageError::TooLongToFold { max: FOLD_MAX });
    }
    Ok(records)
}

/// Reads the columns `seq`, `at`, `body`.
fn record(row: SqlRow<'_>, conversation: &ConversationId) -> Result<Record, StorageError> {
    let seq = row.number(0)?;
    let event = row.text(2, Event::from_json)?.map_err(|error: serde_json::Error| {
        let column = error.column();
        StorageError::Corrupt {
            what: format!("event {seq} of conversation {conversation} (column {column})"),
        }
    })?;
    Ok(Record { seq, at: timestamp(row.get(1)?)?, event })
}
