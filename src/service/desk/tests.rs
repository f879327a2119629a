//! The desk's task in virtual time. The test plays the conversations.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
    time::timeout,
};

use super::{
    DeskChannels, DeskHandle, DeskRequest, DeskRules, DeskTask,
    task::DeskTaskEvent::{Answered, Asked, Committed as Commit, Ruled, Settled},
};
use crate::handoff::{DeskUpdate, Errand, Offer, StaffingNotice};
use crate::journal::{
    AgentEvent, AgentId, ConversationId, DeskEvent, Event, HandoffReason, Record,
};
use crate::service::{
    agents::Agents,
    clock::{Clock, TimeSource, VirtualTime},
    conversation::Committed,
    lock::lock,
    metrics::DeskGauges,
};

const LIN: AgentId = AgentId(1);

/// Time limit for an event of the desk that must come, in virtual time.
const PATIENCE: Duration = Duration::from_hours(1);

/// The channel ends that conversations and the server hold.
struct Outside {
    commits: mpsc::Sender<Committed>,
    errands: mpsc::Receiver<Errand>,
    answers: mpsc::Sender<Errand>,
    draining: watch::Sender<bool>,
    seq: u64,
}

fn desk(
    clock: &Clock,
    agents: &Arc<Agents>,
    errands_max: usize,
) -> (DeskHandle, DeskTask, Outside) {
    let (handle, requests) = DeskHandle::new(DeskRules { conversations_max: 5, queue_max: 2 });
    let (commits, committed) = mpsc::channel(64);
    let (errands, open) = mpsc::channel(errands_max);
    let (answers, answered) = mpsc::channel(64);
    let draining = watch::Sender::new(false);
    let ends = DeskChannels {
        clock: clock.clone(),
        agents: agents.clone(),
        requests,
        commits: committed,
        errands,
        answers: answered,
        gauges: DeskGauges::default(),
        draining: draining.subscribe(),
    };
    let task = DeskTask::new(&handle, ends);
    (handle, task, Outside { commits, errands: open, answers, draining, seq: 0 })
}

/// The desk's task as it runs.
struct Running {
    time: Arc<VirtualTime>,
    clock: Clock,
    handle: DeskHandle,
    agents: Arc<Agents>,
    outside: Outside,
    task: JoinHandle<()>,
}

impl Running {
    fn start() -> Self {
        let morning: Timestamp = "2026-11-23T01:00:00Z".parse().unwrap();
        let time = Arc::new(VirtualTime::starting_at(morning));
        let clock = Clock::of(time.clone());
        let agents = Arc::default();
        let (handle, task, outside) = desk(&clock, &agents, 64);
        Self { time, clock, handle, agents, outside, task: tokio::spawn(task.run()) }
    }

    async fn signs_in(&self) -> Vec<ConversationId> {
        self.agents.open_inbox(LIN, "lin");
        self.handle.ask_and_see(|seen| DeskRequest::Connected { agent: LIN, seen }).await
    }

    fn now(&self) -> Duration {
        self.clock.elapsed()
    }

    /// A conversation commits something.
    async fn commits(&mut self, conversation: &str, event: Event) {
        self.outside.seq += 1;
        let record = Record { seq: self.outside.seq, at: self.clock.now(), event };
        let conversation = ConversationId::new(conversation);
        let committed = Committed { conversation, records: Arc::new([record]) };
        self.outside.commits.send(committed).await.unwrap();
    }

    async fn queues(&mut self, conversation: &str) {
        let since = self.clock.now();
        let reason = HandoffReason::Asked;
        let queued = DeskEvent::Queued { epoch: 2, reason, priority: 5, since, danger: None };
        self.commits(conversation, Event::Desk(queued)).await;
    }

    async fn offers(&mut self, conversation: &str) {
        let until = self.clock.now() + SignedDuration::from_secs(30);
        self.commits(conversation, Event::Desk(DeskEvent::Offered { agent: LIN, until })).await;
    }

    async fn joins(&mut self, conversation: &str) {
        let joined = AgentEvent::Joined { epoch: 3, agent: LIN };
        self.commits(conversation, Event::Agent(joined)).await;
    }

    /// The next errand, and when it comes.
    async fn errand(&mut self) -> (Errand, Duration) {
        let errand = timeout(PATIENCE, self.outside.errands.recv()).await;
        (errand.expect("an errand comes").expect("the desk runs"), self.now())
    }

    async fn answers(&self, errand: Errand) {
        self.outside.answers.send(errand).await.unwrap();
    }

    /// Sends pings like a console, for this duration.
    async fn pings_for(&self, seconds: u64) {
        for _ in 0..seconds / 15 {
            self.clock.sleep_until(self.now() + Duration::from_secs(15)).await;
            self.handle.ask(DeskRequest::Pinged(LIN)).await;
        }
        self.clock.sleep_until(self.now() + Duration::from_secs(seconds % 15)).await;
    }
}

fn offer(conversation: &str) -> Errand {
    let conversation = ConversationId::new(conversation);
    Errand::Offer(Offer { conversation, agent: LIN, epoch: 2 })
}

fn lost(conversation: &str) -> Errand {
    Errand::AgentLost { conversation: ConversationId::new(conversation), agent: LIN }
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_is_over_is_told_until_it_is_stored() {
    let mut desk = Running::start();
    assert_eq!(desk.signs_in().await, []);
    desk.joins("a").await;
    desk.pings_for(30).await;
    assert_eq!(desk.errand().await, (lost("a"), seconds(70)), "40 s after the last ping");
    desk.answers(lost("a")).await;
    assert_eq!(desk.errand().await, (lost("a"), seconds(75)), "it was not stored");
    let until = desk.clock.now();
    desk.commits("a", Event::Desk(DeskEvent::AgentLost { agent: LIN, until })).await;
    desk.answers(lost("a")).await;
    // The agent who comes back still owns the conversation, which is told so.
    let back = Errand::AgentBack { conversation: ConversationId::new("a"), agent: LIN };
    desk.clock.sleep_until(seconds(85)).await;
    assert_eq!(desk.signs_in().await, [ConversationId::new("a")]);
    assert_eq!(desk.errand().await, (back, seconds(85)), "and nothing between");
}

#[tokio::test(start_paused = true)]
async fn after_a_restart_the_owner_of_a_conversation_has_a_lease_to_come_back() {
    let mut desk = Running::start();
    desk.joins("a").await;
    assert_eq!(desk.errand().await, (lost("a"), seconds(40)));
}

#[tokio::test(start_paused = true)]
async fn no_step_of_the_wall_clock_moves_a_lease_or_a_pause() {
    for hours in [-24, 1, 24] {
        let mut desk = Running::start();
        desk.signs_in().await;
        desk.joins("a").await;
        desk.queues("b").await;
        assert_eq!(desk.errand().await, (offer("b"), seconds(0)));
        desk.pings_for(5).await;
        desk.answers(offer("b")).await;
        desk.time.set_wall(SignedDuration::from_hours(hours));
        desk.pings_for(25).await;
        assert_eq!(desk.errand().await, (offer("b"), seconds(35)), "{hours}: after a pause");
        desk.offers("b").await;
        // The step has stood for long enough that stamps follow it.
        desk.pings_for(150).await;
        let pinged = desk.now();
        assert_eq!(desk.errand().await, (lost("a"), pinged + seconds(40)), "{hours}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_offer_that_ran_out_sets_a_silent_agent_on_a_break() {
    let mut desk = Running::start();
    desk.signs_in().await;
    desk.queues("a").await;
    assert_eq!(desk.errand().await, (offer("a"), seconds(0)));
    desk.offers("a").await;
    desk.answers(offer("a")).await;
    desk.pings_for(30).await;
    desk.commits("a", Event::Desk(DeskEvent::OfferEnded { agent: LIN })).await;
    // No agent is ready: there is no offer, and the customer is told.
    let told = StaffingNotice { conversation: ConversationId::new("a"), is_staffed: false };
    assert_eq!(desk.errand().await, (Errand::Tell(told), seconds(33)));
    let desk = desk.handle.view().snapshot(LIN);
    assert_eq!(desk.status, Some(crate::handoff::AgentStatus::Break));
    assert_eq!(desk.waiting_total, 1);
}

#[tokio::test(start_paused = true)]
async fn a_conversation_that_takes_no_offer_is_offered_again_after_a_pause() {
    let mut desk = Running::start();
    desk.signs_in().await;
    desk.queues("a").await;
    assert_eq!(desk.errand().await, (offer("a"), seconds(0)));
    desk.pings_for(3).await;
    desk.answers(offer("a")).await;
    desk.pings_for(20).await;
    assert_eq!(desk.errand().await, (offer("a"), seconds(33)), "30 s after the answer");
}

#[tokio::test(start_paused = true)]
async fn what_was_committed_before_an_answer_counts_before_it() {
    let mut desk = Running::start();
    desk.signs_in().await;
    desk.queues("a").await;
    assert_eq!(desk.errand().await, (offer("a"), seconds(0)));
    // Both are there before the desk looks: the answer does not mean that it was refused.
    desk.offers("a").await;
    desk.answers(offer("a")).await;
    desk.pings_for(2).await;
    desk.handle.ask(DeskRequest::Status { agent: LIN, is_ready: false }).await;
    let conversation = ConversationId::new("a");
    let end = Errand::EndOffer { conversation, agent: LIN };
    assert_eq!(desk.errand().await, (end.clone(), seconds(2)));
    desk.commits("a", Event::Desk(DeskEvent::OfferEnded { agent: LIN })).await;
    desk.answers(end).await;
    desk.handle.ask(DeskRequest::Status { agent: LIN, is_ready: true }).await;
    assert_eq!(desk.errand().await, (offer("a"), seconds(2)), "nobody let it pass");
}

#[tokio::test(start_paused = true)]
async fn commits_come_before_answers_and_requests_that_are_there_with_them() {
    for _ in 0..50 {
        let clock = Clock::of(Arc::new(VirtualTime::starting_at(Timestamp::UNIX_EPOCH)));
        let (handle, mut task, outside) = desk(&clock, &Arc::default(), 64);
        outside.answers.send(offer("a")).await.unwrap();
        handle.ask(DeskRequest::Status { agent: LIN, is_ready: true }).await;
        for conversation in ["a", "b"].map(ConversationId::new) {
            let committed = Committed { conversation, records: Arc::new([]) };
            outside.commits.send(committed).await.unwrap();
        }
        let mut order = Vec::new();
        while order.len() < 4 {
            order.push(match task.next_event().await.unwrap() {
                Commit(committed) => committed.conversation.to_string(),
                Answered(_) => "answer".to_owned(),
                Asked(_) => "request".to_owned(),
                Ruled(_) | Settled => "another".to_owned(),
            });
        }
        assert_eq!(order[..2], ["a", "b"], "{order:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_waits_until_the_desk_shows_its_agent() {
    let mut desk = Running::start();
    let (seen, shown) = oneshot::channel();
    desk.handle.ask(DeskRequest::Connected { agent: LIN, seen }).await;
    let view = desk.handle.view();
    assert!(!*view.staffed().borrow());
    shown.await.unwrap();
    assert!(*view.staffed().borrow());
    // A crowd that joins at once makes a few changes, not one for each customer.
    let seen = view.snapshot(LIN).desk_seq;
    for number in 0..50 {
        desk.queues(&format!("c{number:02}")).await;
    }
    desk.errand().await;
    let DeskUpdate::Change(change) = view.news(LIN, seen) else { panic!("a change") };
    assert_eq!(change.waiting.len(), 50);
    assert_eq!(change.desk_seq, seen + 1);
    assert_eq!(view.place(&ConversationId::new("c41")), Some((42, 50)));
}

#[tokio::test(start_paused = true)]
async fn a_queue_is_full_until_somebody_is_served_or_the_policy_lets_more_wait() {
    let mut desk = Running::start();
    let mut is_full = desk.handle.view().queue_full();
    desk.queues("a").await;
    desk.signs_in().await;
    assert!(!*is_full.borrow_and_update());
    desk.queues("b").await;
    timeout(PATIENCE, is_full.wait_for(|is_full| *is_full)).await.unwrap().unwrap();
    desk.joins("a").await;
    timeout(PATIENCE, is_full.wait_for(|is_full| !*is_full)).await.unwrap().unwrap();
    desk.queues("c").await;
    timeout(PATIENCE, is_full.wait_for(|is_full| *is_full)).await.unwrap().unwrap();
    desk.handle.rules.send_replace(DeskRules { conversations_max: 5, queue_max: 3 });
    timeout(PATIENCE, is_full.wait_for(|is_full| !*is_full)).await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn drain_ends_the_task() {
    let desk = Running::start();
    desk.signs_in().await;
    desk.outside.draining.send_replace(true);
    timeout(PATIENCE, desk.task).await.expect("it ends").unwrap();
}

/// A time source that the test moves.
#[derive(Debug, Default)]
struct Hand(Mutex<Duration>);

impl TimeSource for Hand {
    fn elapsed(&self) -> Duration {
        *lock(&self.0)
    }

    fn wall(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

/// Handling an event needs no runtime.
#[test]
fn an_errand_that_finds_no_room_is_as_one_that_was_not_taken() {
    let hand = Arc::new(Hand::default());
    let (_handle, mut task, mut outside) = desk(&Clock::of(hand.clone()), &Arc::default(), 1);
    for agent in [1, 2].map(AgentId) {
        let (seen, _) = oneshot::channel();
        task.handle_event(Asked(DeskRequest::Connected { agent, seen }));
    }
    for conversation in ["a", "b"] {
        let queued = DeskEvent::Queued {
            epoch: 2,
            reason: HandoffReason::Asked,
            priority: 5,
            since: Timestamp::UNIX_EPOCH,
            danger: None,
        };
        let record = Record { seq: 1, at: Timestamp::UNIX_EPOCH, event: Event::Desk(queued) };
        let conversation = ConversationId::new(conversation);
        let committed = Committed { conversation, records: Arc::new([record]) };
        task.handle_event(super::task::DeskTaskEvent::Committed(committed));
    }
    task.handle_event(Settled);
    assert_eq!(outside.errands.try_recv(), Ok(offer("a")));
    assert!(outside.errands.try_recv().is_err(), "there was room for one");
    *lock(&hand.0) = seconds(29);
    task.handle_event(Settled);
    assert!(outside.errands.try_recv().is_err(), "a pause");
    *lock(&hand.0) = seconds(30);
    task.handle_event(Settled);
    let again = outside.errands.try_recv().unwrap();
    assert_eq!(again.conversation(), &ConversationId::new("b"));
    task.handle_event(Answered(again));
}
