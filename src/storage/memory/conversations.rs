//! Conversations: their events in order, and contacts kept apart.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::engine::{Memory, Tables, cut};
use crate::journal::{ClientIdHash, ConversationId, Record};
use crate::storage::{
    error::StorageError,
    records::{Append, Contact, FOLD_MAX, OpenConversation},
};

/// Open conversations in one page, as many as of the other engine.
const OPEN_PAGE: usize = 100;

#[derive(Debug)]
pub(super) struct Conversation {
    id: ConversationId,
    is_open: bool,
    fold_from: u64,
    /// The record of `seq` n at n - 1.
    records: Vec<Record>,
    /// With the `seq` of their records.
    client_ids: BTreeMap<ClientIdHash, u64>,
    contacts: Vec<Contact>,
}

impl Conversation {
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

    fn last_seq(&self) -> u64 {
        self.records.len() as u64
    }

    fn records_after(&self, seq: u64) -> &[Record] {
        let seq = usize::try_from(seq).unwrap_or(usize::MAX);
        self.records.get(seq..).unwrap_or_default()
    }

    /// Refuses what contradicts what is stored.
    fn check(&self, append: &Append) -> Result<(), StorageError> {
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

    fn take(&mut self, append: Append) {
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
pub(super) struct Conversations {
    /// The oldest first; a place counts from 1.
    placed: Vec<Conversation>,
    /// Of each id, where it is in `placed`.
    indexes: HashMap<ConversationId, usize>,
}

impl Conversations {
    pub(super) fn find(&self, id: &ConversationId) -> Option<&Conversation> {
        self.indexes.get(id).map(|index| &self.placed[*index])
    }

    fn find_mut(&mut self, id: &ConversationId) -> Option<&mut Conversation> {
        self.indexes.get(id).map(|index| &mut self.placed[*index])
    }

    pub(super) fn add(&mut self, id: ConversationId) {
        self.indexes.insert(id.clone(), self.placed.len());
        self.placed.push(Conversation::new(id));
    }
}

impl Memory {
    pub(in crate::storage) fn append(&self, append: Append) -> Result<(), StorageError> {
        self.write(|Tables { disk, conversations, .. }| {
            let found = conversations.find_mut(&append.conversation);
            let conversation = found.ok_or(StorageError::NotFound)?;
            conversation.check(&append)?;
            let answer = disk.change_by_append()?;
            conversation.take(append);
            answer
        })
    }

    pub(in crate::storage) fn records_after(
        &self,
        conversation: &ConversationId,
        after_seq: u64,
        limit: usize,
    ) -> Result<Vec<Record>, StorageError> {
        self.read(|tables| {
            let found = tables.conversations.find(conversation);
            let records = found.map(|found| found.records_after(after_seq)).unwrap_or_default();
            Ok(records.iter().take(limit).cloned().collect())
        })
    }

    pub(in crate::storage) fn records_to_fold(
        &self,
        conversation: &ConversationId,
        after_seq: u64,
        limit: usize,
    ) -> Result<Vec<Record>, StorageError> {
        let fold_from = self.read(|tables| {
            Ok(tables
                .conversations
                .find(conversation)
                .map_or(0, |conversation| conversation.fold_from))
        })?;
        self.records_after(conversation, after_seq.max(fold_from.saturating_sub(1)), limit)
    }

    pub(in crate::storage) fn record_of_client_id(
        &self,
        conversation: &ConversationId,
        client_id: &ClientIdHash,
    ) -> Result<Option<Record>, StorageError> {
        self.read(|tables| {
            let found = tables.conversations.find(conversation);
            let record = found.and_then(|found| {
                let seq = found.client_ids.get(client_id)?;
                found.records_after(seq - 1).first()
            });
            Ok(record.cloned())
        })
    }

    pub(in crate::storage) fn last_seq(
        &self,
        conversation: &ConversationId,
    ) -> Result<u64, StorageError> {
        self.read(|tables| {
            tables
                .conversations
                .find(conversation)
                .map(Conversation::last_seq)
                .ok_or(StorageError::NotFound)
        })
    }

    pub(in crate::storage) fn open_conversations(
        &self,
    ) -> Result<Vec<ConversationId>, StorageError> {
        self.read(|tables| {
            let open =
                tables.conversations.placed.iter().filter(|conversation| conversation.is_open);
            Ok(open.map(|conversation| conversation.id.clone()).collect())
        })
    }

    pub(in crate::storage) fn open_to_fold(
        &self,
        after_place: u64,
    ) -> Result<Vec<OpenConversation>, StorageError> {
        self.read(|tables| {
            let placed = (1..).zip(&tables.conversations.placed);
            let open = placed.filter(|(place, found)| found.is_open && *place > after_place);
            open.take(OPEN_PAGE)
                .map(|(place, found)| {
                    let records = found.records_after(found.fold_from.saturating_sub(1));
                    if records.len() > FOLD_MAX {
                        return Err(StorageError::TooLongToFold { max: FOLD_MAX });
                    }
                    Ok(OpenConversation { place, id: found.id.clone(), records: records.to_vec() })
                })
                .collect()
        })
    }

    pub(in crate::storage) fn conversations(&self) -> Result<Vec<ConversationId>, StorageError> {
        self.read(|tables| {
            let newest_first = tables.conversations.placed.iter().rev();
            Ok(newest_first.map(|conversation| conversation.id.clone()).collect())
        })
    }

    pub(in crate::storage) fn contacts(
        &self,
        conversation: &ConversationId,
    ) -> Result<Vec<Contact>, StorageError> {
        self.read(|tables| {
            Ok(tables
                .conversations
                .find(conversation)
                .map(|found| found.contacts.clone())
                .unwrap_or_default())
        })
    }
}
