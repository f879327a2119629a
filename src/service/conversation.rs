//! One task per conversation: it alone holds the state, takes inputs in order, commits what
//! follows from them, and only then lets anybody see it.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::Instant,
};

use super::{Act, FoundWords, Service, ServiceError, wording::found_words};
use crate::compliance::{Masked, Speaker, mask};
use crate::dialogue::{Input, Owner, Refusal, State, Step, step};
use crate::journal::{AgentId, ConversationId, CustomerEvent, Event, Record};
use crate::knowledge::Facts;
use crate::matching::{Outcome, Snapshot};
use crate::storage::{Append, Contact};

/// Inputs that may wait for one conversation. A customer who is faster is told to wait.
const MAILBOX: usize = 64;

/// A conversation with nothing to do leaves memory after this time.
const UNUSED: Duration = Duration::from_mins(5);

/// When a timer's events could not be stored, it is tried again after this time.
const RETRY: Duration = Duration::from_secs(1);

/// The way to a conversation's task.
#[derive(Clone, Debug)]
pub(crate) struct ConversationHandle {
    commands: mpsc::Sender<Command>,
    head: watch::Receiver<Head>,
}

/// What is known of a conversation from outside: all of it is on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The last event's place; 0 before the first.
    pub seq: u64,
    /// Raised at each change of owner.
    pub epoch: u64,
    /// Who may speak.
    pub owner: Owner,
    /// Whether the customer waits in the queue.
    pub is_waiting: bool,
}

/// That an input was taken: it and all that followed from it are on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The place of the message, the first time it was taken; for inputs without a message,
    /// of the last event.
    pub seq: u64,
    /// Words of an agent's message that somebody should look at.
    pub found: Vec<FoundWords>,
}

/// What a conversation has committed, for those who watch all of them.
#[derive(Clone, Debug)]
pub(crate) struct Committed {
    pub(crate) conversation: ConversationId,
    /// Not empty.
    pub(crate) records: Arc<[Record]>,
}

struct Command {
    act: Act,
    taken: oneshot::Sender<Result<Taken, ServiceError>>,
}

impl ConversationHandle {
    /// Starts the task.
    pub(crate) fn start(service: Arc<Service>, id: ConversationId, state: State) -> Self {
        let (commands, inbox) = mpsc::channel(MAILBOX);
        let (head_sender, head) = watch::channel(head_of(&state));
        let task = Conversation {
            service,
            id,
            state,
            inbox,
            head: head_sender,
            retry_at: None,
            is_doubtful: false,
        };
        supervise(task);
        Self { commands, head }
    }

    /// Hands an input over and waits until it is on disk. `None`: the task has just ended
    /// and did not take it; start anew.
    pub(crate) async fn act(&self, act: Act) -> Result<Result<Taken, ServiceError>, Act> {
        let (taken, answer) = oneshot::channel();
        match self.commands.try_send(Command { act, taken }) {
            Ok(()) => Ok(answer.await.unwrap_or(Err(ServiceError::Failed))),
            Err(mpsc::error::TrySendError::Full(_)) => Ok(Err(ServiceError::Busy)),
            Err(mpsc::error::TrySendError::Closed(command)) => Err(command.act),
        }
    }

    /// Changes after each commit.
    pub(crate) fn head(&self) -> watch::Receiver<Head> {
        self.head.clone()
    }

    /// Whether the task still takes inputs.
    pub(crate) fn is_live(&self) -> bool {
        !self.commands.is_closed()
    }
}

/// Runs the task; a fault in it ends it alone, is logged, and the next input starts it anew.
fn supervise(task: Conversation) {
    let (service, id) = (task.service.clone(), task.id.clone());
    tokio::spawn(async move {
        let run = tokio::spawn(task.run());
        if let Err(fault) = run.await {
            tracing::error!(conversation = %id, %fault, "conversation task failed");
            service.metrics.conversation_faults.inc();
            service.forget(&id);
        }
    });
}

fn head_of(state: &State) -> Head {
    Head {
        seq: state.seq(),
        epoch: state.epoch(),
        owner: state.owner(),
        is_waiting: state.owner() == Owner::Queue,
    }
}

struct Conversation {
    service: Arc<Service>,
    id: ConversationId,
    state: State,
    inbox: mpsc::Receiver<Command>,
    head: watch::Sender<Head>,
    /// A timer's events could not be stored; they are tried again then.
    retry_at: Option<Instant>,
    /// A write failed in a way that leaves open whether it is stored: the state is to be
    /// folded on from the store before the next step.
    is_doubtful: bool,
}

impl Conversation {
    async fn run(mut self) {
        let mut unused_since = Instant::now();
        loop {
            let wake = self.wake_at(unused_since);
            tokio::select! {
                command = self.inbox.recv() => {
                    let Some(command) = command else { return };
                    self.take(command).await;
                    unused_since = Instant::now();
                }
                () = tokio::time::sleep_until(wake) => {
                    if self.is_due() {
                        self.tick().await;
                    } else if unused_since.elapsed() >= UNUSED && self.head.receiver_count() <= 1 {
                        return self.leave().await;
                    } else {
                        unused_since = Instant::now();
                    }
                }
            }
        }
    }

    fn wake_at(&self, unused_since: Instant) -> Instant {
        let snapshot = self.service.snapshot();
        let unused = unused_since + UNUSED;
        match self.state.deadline(&snapshot.base.policy) {
            Some(deadline) => {
                let due = Instant::now() + self.service.clock.until(deadline);
                self.retry_at.map_or(due, |retry| retry.max(due))
            }
            None => unused,
        }
    }

    fn is_due(&self) -> bool {
        let snapshot = self.service.snapshot();
        let deadline = self.state.deadline(&snapshot.base.policy);
        deadline.is_some_and(|deadline| deadline <= self.service.clock.now())
    }

    /// Leaves memory. What was sent in the last moment is still taken.
    async fn leave(mut self) {
        self.inbox.close();
        self.service.forget(&self.id);
        while let Some(command) = self.inbox.recv().await {
            self.take(command).await;
        }
    }

    async fn take(&mut self, command: Command) {
        let started = Instant::now();
        let taken = self.decide_and_commit(command.act).await;
        if taken.is_ok() {
            self.service.metrics.commit_seconds.observe(started.elapsed().as_secs_f64());
        }
        // The one who asked may be gone; what was committed stays committed.
        let _ = command.taken.send(taken);
    }

    async fn tick(&mut self) {
        let done = self.decide_and_commit_tick().await;
        self.retry_at = done.err().map(|error| {
            tracing::debug!(conversation = %self.id, %error, "timer not stored, trying again");
            Instant::now() + RETRY
        });
    }

    async fn decide_and_commit_tick(&mut self) -> Result<(), ServiceError> {
        self.settle_doubt().await?;
        let snapshot = self.service.snapshot();
        match self.step(&snapshot, Input::Tick, Facts::none(), None) {
            Ok(Step::Events(events)) => self.commit(events, None).await.map(|_| ()),
            Ok(Step::Duplicate { .. }) | Err(_) => Ok(()),
        }
    }

    /// Takes in what is stored beyond the state, after a write of unknown outcome.
    async fn settle_doubt(&mut self) -> Result<(), ServiceError> {
        if !self.is_doubtful {
            return Ok(());
        }
        let id = self.id.clone();
        let stored = self.service.store.records(&id).await?;
        self.is_doubtful = false;
        let records: Arc<[Record]> =
            stored.into_iter().filter(|record| record.seq > self.state.seq()).collect();
        if !records.is_empty() {
            let mut after = self.state.clone();
            for record in records.iter() {
                after.apply(record);
            }
            self.show(after, records).await;
        }
        Ok(())
    }

    async fn decide_and_commit(&mut self, act: Act) -> Result<Taken, ServiceError> {
        self.settle_doubt().await?;
        let snapshot = self.service.snapshot();
        act.check_length(&snapshot.base.policy).map_err(ServiceError::Refused)?;
        let masked = mask(act.typed().unwrap_or_default());
        let (contact, facts) = (act.contact(), act.facts());
        let outcome = self.ask_matcher(&act, &masked, &snapshot);
        let agent = act.agent();
        let found = if matches!(act, Act::AgentSay { .. }) {
            found_words(&snapshot.base, &masked.text, Speaker::Agent)
        } else {
            Vec::new()
        };
        let input = act.into_input(masked, outcome.as_ref());
        match self.step(&snapshot, input, &facts, agent).map_err(ServiceError::Refused)? {
            // What was taken once is not judged again by rules that may be newer.
            Step::Duplicate { seq } => Ok(Taken { seq, found: Vec::new() }),
            Step::Events(_) if found.iter().any(|found| found.is_forbidden) => {
                tracing::info!(conversation = %self.id, rules = ?found, "agent's words refused");
                Err(ServiceError::Wording(found))
            }
            Step::Events(events) => Ok(Taken { seq: self.commit(events, contact).await?, found }),
        }
    }

    /// Asks the matcher where the bot is to answer. It sees the masked text alone.
    fn ask_matcher(&self, act: &Act, masked: &Masked, snapshot: &Snapshot) -> Option<Outcome> {
        let is_bots = matches!(self.state.owner(), Owner::Bot | Owner::Nobody);
        let Act::Say { choice, facts, .. } = act else { return None };
        let circumstances = self.service.circumstances(snapshot, facts);
        let entry = choice.as_ref().and_then(|choice| snapshot.base.entry(choice));
        // A button whose entry is no longer served is taken as the text that it shows.
        if !is_bots || entry.is_some_and(|entry| entry.is_served_in(circumstances)) {
            return None;
        }
        let started = Instant::now();
        let outcome = snapshot.find(&masked.without_tags(), circumstances);
        self.service.metrics.match_seconds.observe(started.elapsed().as_secs_f64());
        Some(outcome)
    }

    fn step(
        &self,
        snapshot: &Snapshot,
        input: Input<'_>,
        facts: &Facts,
        agent: Option<AgentId>,
    ) -> Result<Step, Refusal> {
        let now = self.service.clock.now();
        let agent_name = agent.map(|agent| self.service.agent_name(agent)).unwrap_or_default();
        step(&self.state, input, &self.service.world(snapshot, facts, now, &agent_name))
    }

    /// Writes the events to disk, then lets the world see them. Gives the place of the first
    /// message among them, or of the last event.
    async fn commit(
        &mut self,
        events: Vec<Event>,
        contact: Option<String>,
    ) -> Result<u64, ServiceError> {
        if events.is_empty() {
            return Ok(self.state.seq());
        }
        let now = self.service.clock.now();
        let mut after = self.state.clone();
        let records: Arc<[Record]> = self.state.number(now, events).into();
        for record in records.iter() {
            after.apply(record);
        }
        let append = self.append(&records, &after, contact, now);
        if let Err(error) = self.service.store.append(append).await {
            self.service.metrics.store_failures.inc();
            self.is_doubtful = true;
            return Err(error.into());
        }
        let message = records.iter().find(|record| record.event.client_id().is_some());
        let seq = message.map_or(after.seq(), |record| record.seq);
        self.show(after, records).await;
        Ok(seq)
    }

    /// Lets the world see what is on disk.
    async fn show(&mut self, after: State, records: Arc<[Record]>) {
        let before = std::mem::replace(&mut self.state, after).owner();
        self.head.send_replace(head_of(&self.state));
        self.service.count(&records);
        self.service.publish(&self.id, before, self.state.owner(), records).await;
    }

    fn append(
        &self,
        records: &Arc<[Record]>,
        after: &State,
        contact: Option<String>,
        now: Timestamp,
    ) -> Append {
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
                consented_at: now,
            }),
            is_open: after.is_open(),
        }
    }
}
