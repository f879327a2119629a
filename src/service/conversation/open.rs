//! The open conversations at the start of the server.

use tokio::task::JoinHandle;

use crate::dialogue::State;
use crate::handoff::Desk;
use crate::journal::{ConversationId, Record};
use crate::storage::{OpenConversation, StorageError, Store};

/// An open conversation, folded from the store.
#[derive(Debug)]
pub(super) struct Folded {
    pub(super) id: ConversationId,
    pub(super) state: State,
    /// The records that the desk needs: those that concern it, and the last one.
    pub(super) records: Vec<Record>,
}

/// The fold of all open conversations, which runs beside the other work of a start.
#[derive(Debug)]
pub struct OpenConversations(JoinHandle<Result<Vec<Folded>, StorageError>>);

impl OpenConversations {
    /// Starts to read. Nothing may be appended until the service has started.
    pub fn read(store: &Store) -> Self {
        let store = store.clone();
        Self(tokio::spawn(async move { fold_all(&store).await }))
    }

    pub(super) async fn all(self) -> Result<Vec<Folded>, StorageError> {
        // The runtime stopped before all was read: the server is stopping.
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
                // A conversation that cannot be read does not keep the others from starting.
                Err(error) => {
                    tracing::error!(conversation = %id, %error, "open conversation not restored");
                }
            }
        }
    }
}

pub(super) fn fold(id: ConversationId, mut records: Vec<Record>) -> Folded {
    let state = State::fold(&records);
    let last = state.seq();
    records.retain(|record| record.seq == last || Desk::concerns(&record.event));
    Folded { id, state, records }
}
