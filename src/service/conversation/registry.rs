//! The registry of conversations in memory, with the way to each task.

use std::{
    collections::HashMap,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    sync::{Arc, Mutex},
    task::Poll,
};

use tokio::sync::{mpsc, oneshot, watch};

use super::{
    handles::Handles,
    head::{Head, Receipt},
    open::{Folded, OpenConversations, fold},
    task::{ConversationRequest, ConversationTask, MAILBOX, RETRY},
};
use crate::dialogue::State;
use crate::journal::{ConversationId, Record};
use crate::service::{command::Command, error::ServiceError, lock::lock};
use crate::storage::StorageError;

/// The registry is not swept for unused slots below this size.
const SWEEP_MIN: usize = 1_024;

/// The conversations that are watched or may change.
#[derive(Debug)]
pub(crate) struct Conversations {
    handles: Arc<Handles>,
    slots: Mutex<ConversationSlots>,
    draining: watch::Receiver<bool>,
}

/// The registry's slots.
#[derive(Debug, Default)]
struct ConversationSlots {
    by_id: HashMap<ConversationId, ConversationSlot>,
    /// The number of slots at which unused ones are removed.
    sweep_at: usize,
}

/// A conversation in memory. A conversation that is only watched has no task: an open, silent
/// socket costs no more than this.
#[derive(Debug)]
struct ConversationSlot {
    head: Arc<watch::Sender<Head>>,
    task: Option<mpsc::Sender<ConversationRequest>>,
}

impl ConversationSlots {
    /// The conversation's slot; creates it if there is none.
    fn slot(&mut self, id: &ConversationId, state: &State) -> &mut ConversationSlot {
        if self.by_id.len() >= self.sweep_at && !self.by_id.contains_key(id) {
            self.by_id.retain(|_, slot| slot.is_needed());
            self.sweep_at = (self.by_id.len() * 2).max(SWEEP_MIN);
        }
        self.by_id.entry(id.clone()).or_insert_with(|| ConversationSlot {
            head: Arc::new(watch::Sender::new(Head::of(state))),
            task: None,
        })
    }
}

impl ConversationSlot {
    fn task(&self) -> Option<&mpsc::Sender<ConversationRequest>> {
        self.task.as_ref().filter(|task| !task.is_closed())
    }

    fn is_needed(&self) -> bool {
        self.task().is_some() || self.head.receiver_count() > 0
    }
}

impl Conversations {
    pub(crate) fn new(handles: Arc<Handles>, draining: watch::Receiver<bool>) -> Arc<Self> {
        Arc::new(Self { handles, slots: Mutex::default(), draining })
    }

    /// Sends a command to its conversation. Returns when it and its consequences are on disk.
    pub(crate) async fn act(
        self: &Arc<Self>,
        id: &ConversationId,
        command: Command,
    ) -> Result<Receipt, ServiceError> {
        if *self.draining.borrow() {
            return Err(ServiceError::Draining);
        }
        let mut command = Box::new(command);
        // A task that ends at this moment returns the command, once.
        for _ in 0..3 {
            let (taken, answer) = oneshot::channel();
            match self.task(id).await?.try_send(ConversationRequest { command, taken }) {
                Ok(()) => return answer.await.unwrap_or(Err(ServiceError::Failed)),
                Err(mpsc::error::TrySendError::Full(_)) => return Err(ServiceError::Busy),
                Err(mpsc::error::TrySendError::Closed(request)) => command = request.command,
            }
        }
        Err(ServiceError::Failed)
    }

    /// The conversation's head, which changes after each commit.
    pub(crate) async fn head(
        self: &Arc<Self>,
        id: &ConversationId,
    ) -> Result<watch::Receiver<Head>, StorageError> {
        if let Some(slot) = lock(&self.slots).by_id.get(id) {
            return Ok(slot.head.subscribe());
        }
        let state = self.fold(id).await?;
        let mut slots = lock(&self.slots);
        let slot = slots.slot(id, &state);
        let head = slot.head.subscribe();
        // Its timers must run.
        if state.is_open() && slot.task().is_none() {
            self.start(slot, id, state);
        }
        Ok(head)
    }

    /// Starts the task of every open conversation, so that its timers run and the desk knows it.
    /// Returns their number.
    pub(crate) async fn take_up(
        self: &Arc<Self>,
        open: OpenConversations,
    ) -> Result<usize, StorageError> {
        let open = open.all().await?;
        let count = open.len();
        for Folded { id, state, records } in open {
            self.handles.tell_desk(&id, records.into()).await;
            let mut slots = lock(&self.slots);
            let slot = slots.slot(&id, &state);
            if slot.task().is_none() {
                self.start(slot, &id, state);
            }
        }
        Ok(count)
    }

    /// Whether the conversation has any records.
    pub(crate) async fn is_known(&self, id: &ConversationId) -> Result<bool, StorageError> {
        let seq = lock(&self.slots).by_id.get(id).map(|slot| slot.head.borrow().seq);
        if seq.is_some_and(|seq| seq > 0) {
            return Ok(true);
        }
        match self.handles.store.last_seq(id).await {
            Ok(seq) => Ok(seq > 0),
            Err(StorageError::NotFound) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// At most `limit` records after `seq`, oldest first: from memory if they are fresh.
    pub(crate) async fn records_after(
        &self,
        id: &ConversationId,
        seq: u64,
        limit: usize,
    ) -> Result<Vec<Record>, StorageError> {
        let fresh = {
            let slots = lock(&self.slots);
            slots.by_id.get(id).and_then(|slot| slot.head.borrow().records_after(seq, limit))
        };
        match fresh {
            Some(records) => Ok(records),
            None => self.handles.store.records_after(id, seq, limit).await.inspect_err(|error| {
                tracing::error!(conversation = %id, %error, "records not read");
            }),
        }
    }

    /// Whether the conversation has a task.
    #[cfg(test)]
    pub(super) fn has_task(&self, id: &ConversationId) -> bool {
        lock(&self.slots).by_id.get(id).is_some_and(|slot| slot.task().is_some())
    }

    /// The contact details that the customer left, oldest first.
    pub(crate) async fn contacts(&self, id: &ConversationId) -> Result<Vec<String>, StorageError> {
        let contacts = self.handles.store.contacts(id).await?;
        Ok(contacts.into_iter().map(|contact| contact.text.into_string()).collect())
    }

    /// The sender to the conversation's task. Starts the task from the store if none runs.
    async fn task(
        self: &Arc<Self>,
        id: &ConversationId,
    ) -> Result<mpsc::Sender<ConversationRequest>, StorageError> {
        if let Some(task) = lock(&self.slots).by_id.get(id).and_then(ConversationSlot::task) {
            return Ok(task.clone());
        }
        let state = self.fold(id).await?;
        let mut slots = lock(&self.slots);
        let slot = slots.slot(id, &state);
        // Another caller may have started it meanwhile.
        match slot.task() {
            Some(task) => Ok(task.clone()),
            None => Ok(self.start(slot, id, state)),
        }
    }

    /// Folds the stored state. The desk gets the past of an open conversation before anything new
    /// can be committed.
    async fn fold(&self, id: &ConversationId) -> Result<State, StorageError> {
        let records = self.handles.store.records_to_fold(id).await?;
        let Folded { state, records, .. } = fold(id.clone(), records);
        if state.is_open() {
            self.handles.tell_desk(id, records.into()).await;
        }
        Ok(state)
    }

    fn start(
        self: &Arc<Self>,
        slot: &mut ConversationSlot,
        id: &ConversationId,
        state: State,
    ) -> mpsc::Sender<ConversationRequest> {
        let (requests, inbox) = mpsc::channel(MAILBOX);
        slot.task = Some(requests.clone());
        // A failed task may have committed records that it did not show.
        slot.head.send_if_modified(|head| {
            let is_behind = head.seq < state.seq();
            if is_behind {
                *head = Head::of(&state);
            }
            is_behind
        });
        let task = ConversationTask::new(
            self.handles.clone(),
            id.clone(),
            state,
            inbox,
            slot.head.clone(),
        );
        self.supervise(id.clone(), task);
        requests
    }

    /// Runs the task. A panic ends only this task and is logged. A new task continues from the
    /// store, so that sessions see the state and timers run.
    fn supervise(self: &Arc<Self>, id: ConversationId, mut task: ConversationTask) {
        let conversations = self.clone();
        tokio::spawn(async move {
            // In the task's own future, as a second tokio task would cost memory for as long as it
            // waits.
            let has_ended = {
                let mut run = pin!(task.run());
                poll_fn(|context| {
                    let polled = catch_unwind(AssertUnwindSafe(|| run.as_mut().poll(context)));
                    polled.map_or(Poll::Ready(false), |polled| polled.map(|()| true))
                })
                .await
            };
            // An input that was taken at the last moment may have set a timer.
            let goes_on = !has_ended || task.timer().is_some();
            drop(task);
            conversations.forget(&id);
            if !has_ended {
                tracing::error!(conversation = %id, "conversation task failed");
                conversations.handles.metrics.conversation_faults.inc();
                // The pause keeps a repeated fault from using a whole core.
                let clock = &conversations.handles.clock;
                clock.sleep_until(clock.elapsed() + RETRY).await;
            }
            if goes_on && let Err(error) = conversations.restart(&id).await {
                tracing::error!(conversation = %id, %error, "conversation task not restarted");
            }
        });
    }

    /// Starts the task again. Boxed, because a task's supervisor starts a task.
    fn restart<'s>(
        self: &'s Arc<Self>,
        id: &'s ConversationId,
    ) -> Pin<Box<dyn Future<Output = Result<(), StorageError>> + Send + 's>> {
        Box::pin(async move { self.task(id).await.map(|_| ()) })
    }

    fn forget(&self, id: &ConversationId) {
        let mut slots = lock(&self.slots);
        let Some(slot) = slots.by_id.get_mut(id) else { return };
        // A successor that has started meanwhile is kept.
        if slot.task().is_none() {
            slot.task = None;
        }
        if !slot.is_needed() {
            slots.by_id.remove(id);
        }
    }
}
