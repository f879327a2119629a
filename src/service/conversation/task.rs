//! The task of a conversation. It alone holds the state, takes inputs in order, commits their
//! events, and only then shows them.

use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::Arc,
    time::Duration,
};

use jiff::Timestamp;
use tokio::sync::{mpsc, oneshot, watch};

use super::{
    handles::Handles,
    head::{Head, Receipt},
};
use crate::compliance::{ContactText, MaskContext, Masker, Speaker};
use crate::dialogue::{
    CustomerAct, DeskState, Find, Input, Refusal, State, Timer, Turn, World, is_repeat,
    mask_context_after, turn,
};
use crate::journal::{AgentEvent, BotEvent, ConversationId, CustomerEvent, Event, Record};
use crate::knowledge::{Circumstances, Facts, KnowledgeBase};
use crate::matching::Snapshot;
use crate::service::{
    command::Command,
    error::ServiceError,
    wording::{ViolationReport, violations_in},
};
use crate::storage::{Append, Contact, StorageError};

/// Inputs that may wait for one conversation. A faster customer is told to wait.
pub(super) const MAILBOX: usize = 64;

/// A task without inputs for this time ends. The next input starts a new one.
pub(super) const UNUSED: Duration = Duration::from_mins(5);

/// Records stay in memory for this time after their commit. By then all but the slowest sessions
/// have sent them; those read the store. Without this limit the records of a silent customer would
/// stay for the whole episode.
pub(super) const FRESH: Duration = Duration::from_secs(5);

/// A timer whose events could not be stored is tried again after this time.
pub(super) const RETRY: Duration = Duration::from_secs(1);

/// Records per read when the state is folded forward.
const PAGE: usize = 500;

/// Records that are read at first to learn what masking knew before a message. They hold several
/// messages of a customer who has the bot; more are read where an agent says a lot.
pub(super) const CONTEXT_RECORDS: u64 = 64;

/// A command with the sender of its result. The command is boxed because each task reserves room
/// for 32 requests at its start.
#[derive(Debug)]
pub(super) struct ConversationRequest {
    pub(super) command: Box<Command>,
    pub(super) taken: oneshot::Sender<Result<Receipt, ServiceError>>,
}

/// The events that wake a task.
#[derive(Debug)]
pub(super) enum ConversationTaskEvent {
    /// A command came.
    ConversationRequest(ConversationRequest),
    /// A timer has run out.
    Due(Timer),
    /// Nothing was committed for [`FRESH`].
    Rested,
    /// No command came for [`UNUSED`].
    Unused,
    /// All senders are gone.
    Abandoned,
}

/// The moment from which a timer counts, as a stamp and as the clock's elapsed time.
#[derive(Clone, Copy, Debug)]
struct TimerStart {
    /// When the timer runs out by stamps. A timer with another time is a new timer.
    due: Timestamp,
    stamp: Timestamp,
    elapsed: Duration,
}

/// A conversation in memory.
pub(super) struct ConversationTask {
    handles: Arc<Handles>,
    id: ConversationId,
    state: State,
    inbox: mpsc::Receiver<ConversationRequest>,
    head: Arc<watch::Sender<Head>>,
    /// From when each timer counts. At the start of the task the wall clock decides how much is
    /// left.
    timers: BTreeMap<Timer, TimerStart>,
    used_at: Duration,
    committed_at: Duration,
    /// When a timer is tried again whose events could not be stored.
    retry_at: Option<Duration>,
    /// Whether a write failed without saying if it was stored. The state is then folded forward
    /// from the store before the next step.
    is_doubtful: bool,
}

impl ConversationTask {
    pub(super) fn new(
        handles: Arc<Handles>,
        id: ConversationId,
        state: State,
        inbox: mpsc::Receiver<ConversationRequest>,
        head: Arc<watch::Sender<Head>>,
    ) -> Self {
        let (now, elapsed) = (handles.clock.now(), handles.clock.elapsed());
        // A clock that is behind the last stamp says nothing about the time since.
        let now = now.max(state.last_at());
        let mut task = Self {
            handles,
            id,
            state,
            inbox,
            head,
            timers: BTreeMap::new(),
            used_at: elapsed,
            committed_at: elapsed,
            retry_at: None,
            is_doubtful: false,
        };
        task.note_timer(now);
        task
    }

    /// Runs until no command has come for a while.
    pub(super) async fn run(&mut self) {
        loop {
            let event = self.next_event().await;
            // Boxed, so that a waiting task does not hold the memory for its work.
            if Box::pin(self.handle_event(event)).await.is_break() {
                return;
            }
        }
    }

    /// Waits for the next event. Cancel safe.
    pub(super) async fn next_event(&mut self) -> ConversationTaskEvent {
        let due = self.timer();
        let (mut wake_at, mut event) = due
            .map_or((self.used_at + UNUSED, ConversationTaskEvent::Unused), |(timer, due_at)| {
                (due_at, ConversationTaskEvent::Due(timer))
            });
        let rests_at = self.committed_at + FRESH;
        if rests_at < wake_at && self.head.borrow().has_fresh() {
            (wake_at, event) = (rests_at, ConversationTaskEvent::Rested);
        }
        tokio::select! {
            // Commands go before timers.
            biased;
            request = self.inbox.recv() => request.map_or(ConversationTaskEvent::Abandoned, ConversationTaskEvent::ConversationRequest),
            () = self.handles.clock.sleep_until(wake_at) => event,
        }
    }

    /// Handles the event. Returns whether the task goes on.
    pub(super) async fn handle_event(&mut self, event: ConversationTaskEvent) -> ControlFlow<()> {
        match event {
            ConversationTaskEvent::ConversationRequest(request) => {
                self.take(request).await;
                self.used_at = self.handles.clock.elapsed();
            }
            ConversationTaskEvent::Due(timer) => self.time_out(timer).await,
            ConversationTaskEvent::Rested => self.rest(),
            ConversationTaskEvent::Unused => {
                self.leave().await;
                return ControlFlow::Break(());
            }
            ConversationTaskEvent::Abandoned => return ControlFlow::Break(()),
        }
        ControlFlow::Continue(())
    }

    /// The timer that is set, and the elapsed time at which it runs out. No step of the wall clock
    /// moves it.
    pub(super) fn timer(&self) -> Option<(Timer, Duration)> {
        let snapshot = self.handles.snapshot();
        let (timer, due) = self.state.timer(&snapshot.base.policy)?;
        let at_commit = TimerStart { due, stamp: self.state.last_at(), elapsed: self.committed_at };
        let since = self.timers.get(&timer).unwrap_or(&at_commit);
        let rest = Duration::try_from(due.duration_since(since.stamp)).unwrap_or(Duration::ZERO);
        let due_at = since.elapsed.saturating_add(rest);
        Some((timer, self.retry_at.map_or(due_at, |retry_at| retry_at.max(due_at))))
    }

    /// Notes from when the timer that is set now counts. A timer that was set before keeps
    /// counting, such as the queue's while an offer comes between.
    fn note_timer(&mut self, stamp: Timestamp) {
        let snapshot = self.handles.snapshot();
        let Some((timer, due)) = self.state.timer(&snapshot.base.policy) else { return };
        if self.timers.get(&timer).is_none_or(|since| since.due != due) {
            let elapsed = self.handles.clock.elapsed();
            self.timers.insert(timer, TimerStart { due, stamp, elapsed });
        }
    }

    /// Ends the task. Commands that came at the last moment are still taken.
    async fn leave(&mut self) {
        self.inbox.close();
        while let Some(request) = self.inbox.recv().await {
            self.take(request).await;
        }
        self.rest();
    }

    /// Drops the fresh records, which are in the store. Watchers are not notified: nothing has
    /// changed for them.
    fn rest(&self) {
        self.head.send_if_modified(|head| {
            *head = head.at_rest();
            false
        });
    }

    async fn take(&mut self, request: ConversationRequest) {
        let started = self.handles.clock.elapsed();
        let taken = self.decide_and_commit(*request.command).await;
        if taken.is_ok() {
            let took = self.handles.clock.elapsed().saturating_sub(started);
            self.handles.metrics.commit_seconds.observe(took.as_secs_f64());
        }
        // The caller may be gone; the commit stands.
        let _ = request.taken.send(taken);
    }

    async fn time_out(&mut self, timer: Timer) {
        // Records that were stored unseen may have set the timer anew.
        let now = self.handles.clock.elapsed();
        let is_due = |(set, at): (Timer, Duration)| set == timer && at <= now;
        if self.settle_doubt().await.is_ok() && !self.timer().is_some_and(is_due) {
            return;
        }
        let before = self.state.seq();
        let done = self.decide_and_commit(Input::Due(timer).into()).await;
        if let Err(error) = &done {
            tracing::debug!(conversation = %self.id, %error, "timer not stored, trying again");
        }
        // A timer without consequences is not repeated without a pause either.
        let is_done = done.is_ok() && self.state.seq() > before;
        self.retry_at = (!is_done).then(|| self.handles.clock.elapsed() + RETRY);
    }

    /// Folds the state forward from the store after a write of unknown outcome.
    async fn settle_doubt(&mut self) -> Result<(), StorageError> {
        while self.is_doubtful {
            let records =
                self.handles.store.records_after(&self.id, self.state.seq(), PAGE).await?;
            self.is_doubtful = records.len() == PAGE;
            if !records.is_empty() {
                self.show(self.state_after(&records), records.into()).await;
            }
        }
        Ok(())
    }

    /// Decides on the command and commits. If another writer was quicker, the state is folded
    /// forward and the command is decided again, once.
    async fn decide_and_commit(&mut self, command: Command) -> Result<Receipt, ServiceError> {
        match self.try_to_commit(&command).await {
            Err(ServiceError::Storage(StorageError::Conflict)) => {
                self.try_to_commit(&command).await
            }
            taken => taken,
        }
    }

    async fn try_to_commit(&mut self, command: &Command) -> Result<Receipt, ServiceError> {
        self.settle_doubt().await?;
        let Command { input, facts, contact } = command;
        let snapshot = self.handles.snapshot();
        let clock = self.handles.clock.now();
        // The stamps of a conversation never go back.
        let stamp = clock.max(self.state.last_at());
        let taken = match self.decide(&snapshot, input, facts, (clock, stamp)) {
            Err(refusal) => Err(ServiceError::Refused(refusal)),
            Ok(Turn { events, treated, .. }) => {
                let found = violations_of_agent(&snapshot.base, &events);
                if found.iter().any(|found| found.is_forbidden) {
                    tracing::info!(conversation = %self.id, rules = ?found, "agent's message refused");
                    Err(ServiceError::Wording(found))
                } else {
                    let committed = self.commit(events, stamp, contact.clone()).await;
                    committed.map(|seq| {
                        self.handles.metrics.count_personal_data(&treated);
                        Receipt { seq, found }
                    })
                }
            }
        };
        match taken {
            Err(
                error @ (ServiceError::Refused(_)
                | ServiceError::Wording(_)
                | ServiceError::Storage(StorageError::DuplicateClientId)),
            ) => self.taken_before(input, &snapshot.base.masker).await?.unwrap_or(Err(error)),
            taken => taken,
        }
    }

    /// The result of a message that was taken before; `None` if it is new. A repeat is not judged
    /// by rules that may be newer than the first.
    async fn taken_before(
        &self,
        input: &Input,
        masker: &Masker,
    ) -> Result<Option<Result<Receipt, ServiceError>>, StorageError> {
        let Some(client_id) = input.client_id() else { return Ok(None) };
        let earlier = self.handles.store.record_of_client_id(&self.id, client_id).await?;
        let Some(Record { seq, event, .. }) = earlier else { return Ok(None) };
        let context = self.mask_context_before(seq).await?;
        Ok(Some(if is_repeat(input, &event, &context, masker) {
            Ok(Receipt { seq, found: Vec::new() })
        } else {
            Err(ServiceError::Refused(Refusal::ClientIdReused))
        }))
    }

    /// What masking knew when the record was written, from the records before it.
    async fn mask_context_before(&self, seq: u64) -> Result<MaskContext, StorageError> {
        let before = seq.saturating_sub(1);
        let mut count = CONTEXT_RECORDS.min(before);
        loop {
            let limit = usize::try_from(count).unwrap_or(usize::MAX);
            let records = self.handles.store.records_after(&self.id, before - count, limit).await?;
            match mask_context_after(&records) {
                Some(context) => return Ok(context),
                None if count == before => return Ok(MaskContext::default()),
                None => count = count.saturating_mul(4).min(before),
            }
        }
    }

    /// Decides on the input. If the bot panics, the customer gets a human instead of an error.
    fn decide(
        &self,
        snapshot: &Snapshot,
        input: &Input,
        facts: &Facts,
        now: (Timestamp, Timestamp),
    ) -> Result<Turn, Refusal> {
        let find = |text: &str, circumstances: Circumstances<'_>| {
            let Handles { metrics, clock, find, .. } = &*self.handles;
            Some(metrics.matched(clock, || find(snapshot, text, circumstances)))
        };
        let decided = catch_unwind(AssertUnwindSafe(|| {
            self.turn(snapshot, input.clone(), facts, now, &find)
        }));
        decided.unwrap_or_else(|fault| {
            let Input::Customer(CustomerAct::Says { .. }) = input else { resume_unwind(fault) };
            tracing::error!(conversation = %self.id, "the bot failed, handing over");
            self.handles.metrics.conversation_faults.inc();
            self.turn(snapshot, input.clone(), facts, now, &|_, _| None)
        })
    }

    fn turn(
        &self,
        snapshot: &Snapshot,
        input: Input,
        facts: &Facts,
        (clock, stamp): (Timestamp, Timestamp),
        find: &Find<'_>,
    ) -> Result<Turn, Refusal> {
        let agent_name = match &input {
            Input::Agent { agent, .. } => self.handles.agents.name(*agent),
            Input::Customer(_) | Input::Desk(_) | Input::Due(_) => String::new(),
        };
        let desk = DeskState {
            is_staffed: *self.handles.is_staffed.borrow(),
            queue_is_full: *self.handles.queue_is_full.borrow(),
        };
        // Opening hours and days go by the clock, also where stamps are ahead of it.
        let world = World::new(&snapshot.base, facts, clock, desk, find);
        turn(&self.state, input, &World { now: stamp, agent_name: &agent_name, ..world })
    }

    /// Writes the events to disk, then shows them. Returns the `seq` of the first message among
    /// them, or of the last event.
    async fn commit(
        &mut self,
        events: Vec<Event>,
        stamp: Timestamp,
        contact: Option<ContactText>,
    ) -> Result<u64, ServiceError> {
        if events.is_empty() {
            return Ok(self.state.seq());
        }
        let records: Arc<[Record]> = self.state.number(stamp, events).into();
        let after = self.state_after(&records);
        let append = self.append(&records, &after, contact);
        if let Err(error) = self.handles.store.append(append).await {
            // A repeat is not a failure, and its outcome is known.
            if !matches!(error, StorageError::DuplicateClientId) {
                self.handles.metrics.store_failures.inc();
                self.is_doubtful = true;
            }
            return Err(error.into());
        }
        let message = records.iter().find(|record| record.event.client_id().is_some());
        let seq = message.or(records.last()).map_or(0, |record| record.seq);
        self.show(after, records).await;
        Ok(seq)
    }

    fn state_after(&self, records: &[Record]) -> State {
        let mut after = self.state.clone();
        for record in records {
            after.apply(record);
        }
        after
    }

    /// Shows the committed records to sessions, metrics and the desk.
    async fn show(&mut self, after: State, records: Arc<[Record]>) {
        let before = std::mem::replace(&mut self.state, after).owner();
        self.committed_at = self.handles.clock.elapsed();
        self.note_timer(self.state.last_at());
        self.head.send_modify(|head| *head = head.after(&self.state, &records));
        self.count(&records);
        self.handles.agents.mark([before, self.state.owner()], &self.id);
        self.handles.tell_desk(&self.id, records).await;
    }

    fn count(&self, records: &[Record]) {
        for record in records {
            match &record.event {
                Event::Bot(BotEvent::Said(reply)) => self.handles.metrics.count_reply(reply.kind),
                Event::Customer(CustomerEvent::Said { .. }) => {
                    self.handles.metrics.utterances.inc();
                }
                Event::Customer(_)
                | Event::Bot(_)
                | Event::Agent(_)
                | Event::Desk(_)
                | Event::Episode(_) => {}
            }
        }
    }

    fn append(&self, records: &[Record], after: &State, contact: Option<ContactText>) -> Append {
        let left = records
            .iter()
            .find(|r| matches!(r.event, Event::Customer(CustomerEvent::LeftMessage { .. })));
        Append {
            conversation: self.id.clone(),
            expected_seq: self.state.seq(),
            records: records.to_vec(),
            contact: contact.zip(left).map(|(text, record)| Contact {
                seq: record.seq,
                text,
                consented_at: record.at,
            }),
            is_open: after.is_open(),
            fold_from: after.fold_from(),
        }
    }
}

/// Rule violations in what an agent says in these events, as it is stored.
fn violations_of_agent(base: &KnowledgeBase, events: &[Event]) -> Vec<ViolationReport> {
    let said = events.iter().find_map(|event| match event {
        Event::Agent(AgentEvent::Said { text, .. }) => Some(text),
        Event::Customer(_)
        | Event::Bot(_)
        | Event::Agent(AgentEvent::Joined { .. })
        | Event::Desk(_)
        | Event::Episode(_) => None,
    });
    said.map_or_else(Vec::new, |text| violations_in(base, text, Speaker::Agent))
}
