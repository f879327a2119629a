//! The rows of the tables.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;

use crate::journal::{AgentId, ClientIdHash, ConversationId, Record};
use crate::knowledge::Facts;
use crate::storage::{
    error::StorageError,
    records::{Append, Contact},
};

#[derive(Debug)]
pub(super) struct StoredCustomer {
    pub(super) conversation: ConversationId,
    pub(super) facts: Facts,
    pub(super) expires_at: Timestamp,
}

#[derive(Debug)]
pub(super) struct StoredAgentSession {
    pub(super) agent: AgentId,
    pub(super) expires_at: Timestamp,
}

#[derive(Debug)]
pub(super) struct StoredConversation {
    pub(super) id: ConversationId,
    pub(super) is_open: bool,
    pub(super) fold_from: u64,
    /// The record with `seq` n is at n - 1.
    pub(super) records: Vec<Record>,
    /// The `seq` of each message by its client id.
    pub(super) client_ids: BTreeMap<ClientIdHash, u64>,
    pub(super) contacts: Vec<Contact>,
}

impl StoredConversation {
    fn new(id: ConversationId) -> Self {
        Self {
            id,
            is_open: false,
            fold_from: 0,
            records: Vec::new(),
            client_ids: BTreeMap::new(),
            contacts: Vec::new(),
        }
    }

    pub(super) fn last_seq(&self) -> u64 {
        self.records.len() as u64
    }

    pub(super) fn records_after(&self, seq: u64) -> &[Record] {
        let seq = usize::try_from(seq).unwrap_or(usize::MAX);
        self.records.get(seq..).unwrap_or_default()
    }

    /// Refuses an append that contradicts the stored data.
    pub(super) fn check(&self, append: &Append) -> Result<(), StorageError> {
        if self.last_seq() != append.expected_seq {
            return Err(StorageError::Conflict);
        }
        let mut sent = BTreeSet::new();
        for client_id in append.records.iter().filter_map(|record| record.event.client_id()) {
            if self.client_ids.contains_key(client_id) || !sent.insert(client_id) {
                return Err(StorageError::DuplicateClientId);
            }
        }
        let last_seq = self.last_seq() + append.records.len() as u64;
        let is_stray = |contact: &Contact| {
            !(1..=last_seq).contains(&contact.seq)
                || self.contacts.iter().any(|known| known.seq == contact.seq)
        };
        if append.contact.as_ref().is_some_and(is_stray) {
            return Err(StorageError::Conflict);
        }
        Ok(())
    }

    pub(super) fn take(&mut self, append: Append) {
        for record in append.records {
            self.client_ids.extend(record.event.client_id().map(|id| (*id, record.seq)));
            self.records.push(Record { at: cut(record.at), ..record });
        }
        self.contacts.extend(
            append
                .contact
                .map(|contact| Contact { consented_at: cut(contact.consented_at), ..contact }),
        );
        self.contacts.sort_by_key(|contact| contact.seq);
        (self.is_open, self.fold_from) = (append.is_open, append.fold_from);
    }
}

/// All conversations, by place and by id.
#[derive(Debug, Default)]
pub(super) struct ConversationTable {
    /// Oldest first; a place counts from 1.
    pub(super) placed: Vec<StoredConversation>,
    /// The index in `placed` by id.
    indexes: HashMap<ConversationId, usize>,
}

impl ConversationTable {
    pub(super) fn find(&self, id: &ConversationId) -> Option<&StoredConversation> {
        self.indexes.get(id).map(|index| &self.placed[*index])
    }

    pub(super) fn find_mut(&mut self, id: &ConversationId) -> Option<&mut StoredConversation> {
        self.indexes.get(id).map(|index| &mut self.placed[*index])
    }

    pub(super) fn add(&mut self, id: ConversationId) {
        self.indexes.insert(id.clone(), self.placed.len());
        self.placed.push(StoredConversation::new(id));
    }
}

/// The time as a store keeps it: in whole microseconds.
pub(super) fn cut(time: Timestamp) -> Timestamp {
    Timestamp::from_microsecond(time.as_microsecond()).unwrap_or(time)
}
