//! Conversations: their records in order, and contact details apart.

use super::{
    engine::{Memory, Tables},
    rows::StoredConversation,
};
use crate::journal::{ClientIdHash, ConversationId, Record};
use crate::storage::{
    error::StorageError,
    records::{Append, Contact, FOLD_MAX, OpenConversation},
};

/// Open conversations in one page, as in the other engine.
const OPEN_PAGE: usize = 100;

impl Memory {
    pub(in crate::storage) fn append(&self, append: Append) -> Result<(), StorageError> {
        self.write(|Tables { disk, conversations, .. }| {
            let found = conversations.find_mut(&append.conversation);
            let conversation = found.ok_or(StorageError::NotFound)?;
            conversation.check(&append)?;
            let answer = disk.change_by_append()?;
            conversation.take(append);
            disk.panic_if_planted();
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
                .map(StoredConversation::last_seq)
                .ok_or(StorageError::NotFound)
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
                    let records = if records.len() > FOLD_MAX {
                        Err(StorageError::TooLongToFold { max: FOLD_MAX })
                    } else {
                        Ok(records.to_vec())
                    };
                    Ok(OpenConversation { place, id: found.id.clone(), records })
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
