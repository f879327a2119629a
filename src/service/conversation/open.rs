//! The conversations that are open at a start.

use tokio::task::JoinHandle;

use crate::dialogue::State;
use crate::handoff::Desk;
use crate::journal::{ConversationId, Record};
use crate::storage::{OpenConversation, StorageError, Store};

/// An open conversation as it is stored.
#[derive(Debug)]
pub(super) struct Folded {
    pub(super) id: ConversationId,
    pub(super) state: State,
    /// What the desk has to know of it: the records that concern it, and the last.
    pub(super) records: Vec<Record>,
}

/// All open conversations, read beside whatever else a start has to do.
#[derive(Debug)]
pub struct OpenConversations(JoinHandle<Result<Vec<Folded>, StorageError>>);

impl OpenConversations {
    /// Begins to read. Nothing may be appended until the service has started.
    pub fn read(store: &Store) -> Self {
        let store = store.clone();
        Self(tokio::spawn(async move { fold_all(&store).await }))
    }

    pub(super) async fn all(self) -> Result<Vec<Folded>, StorageError> {
        // The runtime goes before the reading has ended: so does the server.
        self.0.await.unwrap_or(Err(StorageError::Stopped))
    }
}

async fn fold_all(store: &Store) -> Result<Vec<Folded>, StorageError> {
    let (mut folded, mut place) = (Vec::new(), 0);
    loop {
        let open = store.open_to_fold(place).await?;
        let Some(last) = open.last() else { return Ok(folded) };
        place = last.place;
        for OpenConversation { id, records, .. } in open {
            match records {
                Ok(records) => folded.push(fold(id, records)),
                // One conversation keeps nobody from the others.
                Err(error) => tracing::error!(conversation = %id, %error, "not taken up"),
            }
        }
    }
}

pub(super) fn fold(id: ConversationId, mut records: Vec<Record>) -> Folded {
    let mut state = State::new();
    for record in &records {
        state.apply(record);
    }
    let last = state.seq();
    records.retain(|record| record.seq == last || Desk::concerns(&record.event));
    Folded { id, state, records }
}
