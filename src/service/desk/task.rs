//! The desk's task: takes events one after another, and carries out the decisions of the desk. It
//! never waits for a conversation.

use std::{collections::VecDeque, sync::Arc};

use tokio::sync::{mpsc, oneshot, watch};

use super::{
    handle::{DeskHandle, Request, Rules},
    view::DeskView,
};
use crate::handoff::{AgentStatus, Desk, Errand, Moment, Reading};
use crate::journal::{AgentId, ConversationId};
use crate::service::{agents::Agents, clock::Clock, conversation::Committed, metrics::DeskGauges};

/// Events that are taken before the desk acts on them. A larger batch costs less for each event,
/// but a waiting customer must not wait for the last of a thousand arrivals.
const EVENTS_AT_ONCE: usize = 64;

/// The channels and handles of the task.
#[derive(Debug)]
pub(crate) struct Ends {
    pub(crate) clock: Clock,
    /// Tells which agents have open sessions.
    pub(crate) agents: Arc<Agents>,
    /// Requests of sessions.
    pub(crate) requests: mpsc::Receiver<Request>,
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
pub(super) enum Event {
    /// A conversation committed records, or was folded anew.
    Committed(Committed),
    /// A conversation has answered an errand.
    Answered(Errand),
    /// A session sent a request.
    Asked(Request),
    /// The policy has changed.
    Ruled(Rules),
    /// No event is ready, or a time has come: the desk acts.
    Settled,
}

/// The desk's task.
#[derive(Debug)]
pub(crate) struct Task {
    desk: Desk,
    ends: Ends,
    rules: watch::Receiver<Rules>,
    queue_max: usize,
    view: Arc<DeskView>,
    /// Events that wait until all earlier commits are taken.
    later: VecDeque<Event>,
    /// Events since the desk last acted.
    unsettled: usize,
    /// When the desk last acted.
    settled_at: Moment,
    /// Sessions that wait until the view shows their agents.
    waiting_to_see: Vec<(AgentId, oneshot::Sender<Vec<ConversationId>>)>,
}

impl Task {
    pub(crate) fn new(handle: &DeskHandle, ends: Ends) -> Self {
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
    pub(super) async fn next_event(&mut self) -> Option<Event> {
        loop {
            if *self.ends.draining.borrow() {
                return None;
            }
            if self.unsettled >= EVENTS_AT_ONCE {
                return Some(Event::Settled);
            }
            if let Some(event) = self.ready_event() {
                return Some(event);
            }
            // Counts from the last time the desk acted, so that nothing that became due since is
            // missed.
            let wake = self.desk.wake_at(self.settled_at);
            let event = tokio::select! {
                committed = self.ends.commits.recv() => return committed.map(Event::Committed),
                errand = self.ends.answers.recv() => Event::Answered(errand?),
                request = self.ends.requests.recv() => Event::Asked(request?),
                changed = self.rules.changed() => {
                    changed.ok()?;
                    Event::Ruled(*self.rules.borrow_and_update())
                }
                () = sleep_until(&self.ends.clock, wake) => return Some(Event::Settled),
                _ = self.ends.draining.changed() => return None,
            };
            self.later.push_back(event);
        }
    }

    /// An event that is ready. All commits that came before an answer or a request are taken before
    /// it.
    fn ready_event(&mut self) -> Option<Event> {
        if self.later.is_empty() {
            let answered = self.ends.answers.try_recv().map(Event::Answered);
            let event = answered.or_else(|_| self.ends.requests.try_recv().map(Event::Asked));
            self.later.extend(event);
        }
        if let Ok(committed) = self.ends.commits.try_recv() {
            return Some(Event::Committed(committed));
        }
        self.later.pop_front().or_else(|| (self.unsettled > 0).then_some(Event::Settled))
    }

    /// Takes an event. At [`Event::Settled`] the desk acts.
    pub(super) fn handle_event(&mut self, event: Event) {
        self.unsettled += 1;
        let now = reading(&self.ends.clock);
        match event {
            Event::Committed(Committed { conversation, records }) => {
                self.desk.take(&conversation, &records, now);
            }
            Event::Answered(errand) => self.desk.answered(&errand, now.moment),
            Event::Asked(request) => self.take(request, now.moment),
            Event::Ruled(rules) => {
                self.desk.set_limit(rules.conversations_max);
                self.queue_max = rules.queue_max;
            }
            Event::Settled => self.settle(now.moment),
        }
    }

    fn take(&mut self, request: Request, now: Moment) {
        match request {
            Request::Connected { agent, seen } => {
                self.desk.agent_present(agent, now);
                self.waiting_to_see.push((agent, seen));
            }
            Request::Pinged(agent) => self.desk.agent_pinged(agent, now),
            Request::Away(agent) => {
                // Another session may have started meanwhile.
                if self.ends.agents.sessions(agent) == 0 {
                    self.desk.agent_away(agent, now);
                }
            }
            Request::Reserve { agent, conversation, answer } => {
                let room = self.desk.reserve(agent, &conversation);
                // A session that no longer waits cannot return the room.
                if answer.send(room).is_err() && room.is_ok() {
                    self.desk.give_back(agent, &conversation);
                }
            }
            Request::GiveBack { agent, conversation } => self.desk.give_back(agent, &conversation),
            Request::Left { agent, seen } => {
                self.desk.agent_gone(agent);
                self.waiting_to_see.push((agent, seen));
            }
            Request::Status { agent, is_ready } => {
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

fn reading(clock: &Clock) -> Reading {
    Reading { moment: Moment::after_start(clock.elapsed()), wall: clock.now() }
}

/// Sleeps until this moment; forever if there is none.
async fn sleep_until(clock: &Clock, moment: Option<Moment>) {
    match moment {
        Some(moment) => clock.sleep_until(moment.elapsed()).await,
        None => std::future::pending().await,
    }
}
