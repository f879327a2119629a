//! The desk's task: takes events one after another, and carries out the decisions of the desk. It
//! never waits for a conversation.

use std::{collections::VecDeque, sync::Arc};

use tokio::sync::{mpsc, oneshot, watch};

use super::{
    handle::{DeskHandle, DeskRequest, DeskRules},
    view::DeskView,
};
use crate::handoff::{AgentStatus, ClockReading, Desk, Errand, Moment};
use crate::journal::{AgentId, ConversationId};
use crate::service::{agents::Agents, clock::Clock, conversation::Committed, metrics::DeskGauges};

/// Events that are taken before the desk acts on them. A larger batch costs less for each event,
/// but a waiting customer must not wait for the last of a thousand arrivals.
const EVENTS_AT_ONCE: usize = 64;

/// The channels and handles of the task.
#[derive(Debug)]
pub(crate) struct DeskChannels {
    pub(crate) clock: Clock,
    /// Tells which agents have open sessions.
    pub(crate) agents: Arc<Agents>,
    /// Requests of sessions.
    pub(crate) requests: mpsc::Receiver<DeskRequest>,
    /// Records that conversations committed. They come before the answer to the errand that led to
    /// them.
    pub(crate) commits: mpsc::Receiver<Committed>,
    /// Errands to conversations. Each comes back as an answer. An errand that finds this channel
    /// full counts as answered.
    pub(crate) errands: mpsc::Sender<Errand>,
    /// Errands that are done, whatever the result.
    pub(crate) answers: mpsc::Receiver<Errand>,
    pub(crate) gauges: DeskGauges,
    pub(crate) draining: watch::Receiver<bool>,
}

/// The events of the desk's task.
#[derive(Debug)]
pub(super) enum DeskTaskEvent {
    /// A conversation committed records, or was folded anew.
    Committed(Committed),
    /// A conversation has answered an errand.
    Answered(Errand),
    /// A session sent a request.
    Asked(DeskRequest),
    /// The policy has changed.
    Ruled(DeskRules),
    /// No event is ready, or a time has come: the desk acts.
    Settled,
}

/// The desk's task.
#[derive(Debug)]
pub(crate) struct DeskTask {
    desk: Desk,
    ends: DeskChannels,
    rules: watch::Receiver<DeskRules>,
    queue_max: usize,
    view: Arc<DeskView>,
    /// Events that wait until all earlier commits are taken.
    later: VecDeque<DeskTaskEvent>,
    /// Events since the desk last acted.
    unsettled: usize,
    /// When the desk last acted.
    settled_at: Moment,
    /// Sessions that wait until the view shows their agents.
    waiting_to_see: Vec<(AgentId, oneshot::Sender<Vec<ConversationId>>)>,
}

impl DeskTask {
    pub(crate) fn new(handle: &DeskHandle, ends: DeskChannels) -> Self {
        let mut rules = handle.rules.subscribe();
        let now = reading(&ends.clock);
        let mut desk = Desk::open(now);
        let queue_max = rules.borrow_and_update().queue_max;
        desk.set_limit(rules.borrow().conversations_max);
        Self {
            desk,
            ends,
            rules,
            queue_max,
            view: handle.view.clone(),
            later: VecDeque::new(),
            unsettled: 0,
            settled_at: now.moment,
            waiting_to_see: Vec::new(),
        }
    }

    /// Runs until the server stops.
    pub(crate) async fn run(mut self) {
        while let Some(event) = self.next_event().await {
            self.handle_event(event);
        }
    }

    /// The next event; `None` when the server stops.
    pub(super) async fn next_event(&mut self) -> Option<DeskTaskEvent> {
        loop {
            if *self.ends.draining.borrow() {
                return None;
            }
            if self.unsettled >= EVENTS_AT_ONCE {
                return Some(DeskTaskEvent::Settled);
            }
            if let Some(event) = self.ready_event() {
                return Some(event);
            }
            // Counts from the last time the desk acted, so that nothing that became due since is
            // missed.
            let wake = self.desk.wake_at(self.settled_at);
            let event = tokio::select! {
                committed = self.ends.commits.recv() => return committed.map(DeskTaskEvent::Committed),
                errand = self.ends.answers.recv() => DeskTaskEvent::Answered(errand?),
                request = self.ends.requests.recv() => DeskTaskEvent::Asked(request?),
                changed = self.rules.changed() => {
                    changed.ok()?;
                    DeskTaskEvent::Ruled(*self.rules.borrow_and_update())
                }
                () = sleep_until(&self.ends.clock, wake) => return Some(DeskTaskEvent::Settled),
                _ = self.ends.draining.changed() => return None,
            };
            self.later.push_back(event);
        }
    }

    /// An event that is ready. All commits that came before an answer or a request are taken before
    /// it.
    fn ready_event(&mut self) -> Option<DeskTaskEvent> {
        if self.later.is_empty() {
            let answered = self.ends.answers.try_recv().map(DeskTaskEvent::Answered);
            let event =
                answered.or_else(|_| self.ends.requests.try_recv().map(DeskTaskEvent::Asked));
            self.later.extend(event);
        }
        if let Ok(committed) = self.ends.commits.try_recv() {
            return Some(DeskTaskEvent::Committed(committed));
        }
        self.later.pop_front().or_else(|| (self.unsettled > 0).then_some(DeskTaskEvent::Settled))
    }

    /// Takes an event. At [`DeskTaskEvent::Settled`] the desk acts.
    pub(super) fn handle_event(&mut self, event: DeskTaskEvent) {
        self.unsettled += 1;
        let now = reading(&self.ends.clock);
        match event {
            DeskTaskEvent::Committed(Committed { conversation, records }) => {
                self.desk.take(&conversation, &records, now);
            }
            DeskTaskEvent::Answered(errand) => self.desk.answered(&errand, now.moment),
            DeskTaskEvent::Asked(request) => self.take(request, now.moment),
            DeskTaskEvent::Ruled(rules) => {
                self.desk.set_limit(rules.conversations_max);
                self.queue_max = rules.queue_max;
            }
            DeskTaskEvent::Settled => self.settle(now.moment),
        }
    }

    fn take(&mut self, request: DeskRequest, now: Moment) {
        match request {
            DeskRequest::Connected { agent, seen } => {
                self.desk.agent_present(agent, now);
                self.waiting_to_see.push((agent, seen));
            }
            DeskRequest::Pinged(agent) => self.desk.agent_pinged(agent, now),
            DeskRequest::Away(agent) => {
                // Another session may have started meanwhile.
                if self.ends.agents.sessions(agent) == 0 {
                    self.desk.agent_away(agent, now);
                }
            }
            DeskRequest::Reserve { agent, conversation, answer } => {
                let room = self.desk.reserve(agent, &conversation);
                // A session that no longer waits cannot return the room.
                if answer.send(room).is_err() && room.is_ok() {
                    self.desk.give_back(agent, &conversation);
                }
            }
            DeskRequest::GiveBack { agent, conversation } => {
                self.desk.give_back(agent, &conversation);
            }
            DeskRequest::Left { agent, seen } => {
                self.desk.agent_gone(agent);
                self.waiting_to_see.push((agent, seen));
            }
            DeskRequest::Status { agent, is_ready } => {
                let status = if is_ready { AgentStatus::Ready } else { AgentStatus::Break };
                self.desk.agent_status(agent, status);
            }
        }
    }

    fn settle(&mut self, now: Moment) {
        (self.unsettled, self.settled_at) = (0, now);
        for agent in self.desk.end_leases(now) {
            tracing::info!(%agent, "agent lost");
        }
        for errand in self.desk.errands(now) {
            // An errand that is not sent counts as one that its conversation could not take.
            if let Err(error) = self.ends.errands.try_send(errand) {
                let errand = error.into_inner();
                tracing::debug!(conversation = %errand.conversation(), "errand not sent");
                self.desk.answered(&errand, now);
            }
        }
        let changes = self.desk.take_changes();
        let (is_staffed, is_full) = (self.desk.is_staffed(now), self.desk.is_full(self.queue_max));
        let (waiting, ready) = self.view.publish(changes, is_staffed, is_full);
        self.ends.gauges.set(waiting, ready);
        for (agent, seen) in self.waiting_to_see.drain(..) {
            // A session that has ended does not wait.
            let _ = seen.send(self.desk.held_by(agent).cloned().collect());
        }
    }
}

fn reading(clock: &Clock) -> ClockReading {
    ClockReading { moment: Moment::after_start(clock.elapsed()), wall: clock.now() }
}

/// Sleeps until this moment; forever if there is none.
async fn sleep_until(clock: &Clock, moment: Option<Moment>) {
    match moment {
        Some(moment) => clock.sleep_until(moment.elapsed()).await,
        None => std::future::pending().await,
    }
}
