//! Conversations in virtual time, over a store in memory.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
    time::timeout,
};

use super::{
    handles::{Committed, Handles},
    open::OpenConversations,
    registry::Conversations,
    task::{CONTEXT_RECORDS, FRESH, MAILBOX, RETRY, UNUSED},
};
use crate::dialogue::{AgentAct, CustomerAct, DeskAct, Input, Owner, Refusal, tests::fixture};
use crate::journal::{AgentId, ClientIdHash, ConversationId, EpisodeEvent, Event, Record};
use crate::knowledge::Circumstances;
use crate::matching::{Outcome, Snapshot};
use crate::service::{
    agents::Agents,
    clock::{Clock, VirtualTime},
    error::ServiceError,
    knowledge::LiveKnowledge,
    metrics::Metrics,
};
use crate::storage::{Append, Fault, Memory, NewCustomer, StorageError, Store};

/// The waits of the fixture's policy, in seconds.
const IDLE_WARN: u64 = 300;
const IDLE_CLOSE: u64 = 200;
const QUEUE_WAIT: u64 = 600;
const OFFER: u64 = 30;

/// Time limit for an event that must come, in virtual time.
const PATIENCE: Duration = Duration::from_hours(1);

type Finder = fn(&Snapshot, &str, Circumstances<'_>) -> Outcome;

/// One conversation, in a server that may be started again over what is stored.
struct Shell {
    memory: Memory,
    time: Arc<VirtualTime>,
    clock: Clock,
    conversations: Arc<Conversations>,
    /// The receiver of commits, which the desk would hold.
    commits: mpsc::Receiver<Committed>,
    draining: watch::Sender<bool>,
    is_staffed: watch::Sender<bool>,
    metrics: Arc<Metrics>,
    id: ConversationId,
    messages: usize,
}

impl Shell {
    async fn new() -> Self {
        Self::finding(|_, _, _| fixture::answers("withdraw.time")).await
    }

    async fn finding(find: Finder) -> Self {
        let memory = Memory::new(fixture::at(0));
        let id = ConversationId::new("0123456789abcdef0123456789abcdef");
        let customer = NewCustomer {
            token_hash: [1; 32],
            conversation: id.clone(),
            origin: None,
            facts: crate::knowledge::Facts::default(),
            now: fixture::at(0),
            expires_at: Timestamp::MAX,
        };
        Store::from(memory.clone()).create_customer(customer).await.unwrap();
        Self::started(memory, id, find, fixture::at(0))
    }

    fn started(memory: Memory, id: ConversationId, find: Finder, wall: Timestamp) -> Self {
        let time = Arc::new(VirtualTime::starting_at(wall));
        let clock = Clock::of(time.clone());
        let (commits_in, commits) = mpsc::channel(1_024);
        let (draining, is_staffed) = (watch::Sender::new(false), watch::Sender::new(true));
        let snapshot = Snapshot::build(fixture::base()).unwrap();
        let metrics = Arc::new(Metrics::default());
        let handles = Handles {
            store: Store::from(memory.clone()),
            clock: clock.clone(),
            knowledge: LiveKnowledge::new(snapshot),
            find,
            metrics: metrics.clone(),
            agents: Arc::new(Agents::default()),
            commits: commits_in,
            is_staffed: is_staffed.subscribe(),
            queue_is_full: watch::Sender::new(false).subscribe(),
        };
        let conversations = Conversations::new(Arc::new(handles), draining.subscribe());
        let messages = 0;
        Self {
            memory,
            time,
            clock,
            conversations,
            commits,
            draining,
            is_staffed,
            metrics,
            id,
            messages,
        }
    }

    /// Kills the server, and starts it again when the wall clock shows this time.
    async fn restarted(self, wall: Timestamp) -> Self {
        let find: Finder = |_, _, _| fixture::answers("withdraw.time");
        let shell = Self::started(self.memory.clone(), self.id.clone(), find, wall);
        let open = OpenConversations::read(&Store::from(shell.memory.clone()));
        assert_eq!(shell.conversations.take_up(open).await.unwrap(), 1);
        shell
    }

    fn client_id(&mut self) -> ClientIdHash {
        self.messages += 1;
        ClientIdHash::sample(&format!("m{}", self.messages))
    }

    async fn act(&self, input: Input) -> Result<u64, ServiceError> {
        self.conversations.act(&self.id, input.into()).await.map(|taken| taken.seq)
    }

    async fn says(&self, client_id: &str, text: &str) -> Result<u64, ServiceError> {
        self.act(says(client_id, text)).await
    }

    async fn asks_human(&mut self) {
        let client_id = self.client_id();
        self.act(Input::Customer(CustomerAct::AsksHuman { client_id })).await.unwrap();
    }

    async fn agent(&self, act: AgentAct) -> Result<u64, ServiceError> {
        let epoch = self.conversations.head(&self.id).await.unwrap().borrow().epoch;
        self.act(Input::Agent { agent: AgentId(7), epoch, act }).await
    }

    async fn owner(&self) -> Owner {
        self.conversations.head(&self.id).await.unwrap().borrow().owner
    }

    /// All stored records.
    async fn records(&self) -> Vec<Record> {
        Store::from(self.memory.clone()).records(&self.id).await.unwrap()
    }

    /// The names of the events after this number of records.
    async fn since(&self, count: usize) -> Vec<String> {
        self.records().await.iter().skip(count).map(|record| name(&record.event)).collect()
    }

    /// Elapsed times just before and just after these seconds.
    async fn around(&self, seconds: u64) -> (usize, usize) {
        self.clock.sleep_until(Duration::from_millis(seconds * 1_000 - 1)).await;
        tokio::task::yield_now().await;
        let before = self.records().await.len();
        self.clock.sleep_until(Duration::from_millis(seconds * 1_000 + 1)).await;
        tokio::task::yield_now().await;
        (before, self.records().await.len())
    }
}

fn says(client_id: &str, text: &str) -> Input {
    let client_id = ClientIdHash::sample(client_id);
    Input::Customer(CustomerAct::Says { client_id, text: text.into(), choice: None })
}

/// The name of an event in the journal.
fn name(event: &Event) -> String {
    let json = serde_json::to_value(event).unwrap();
    json["type"].as_str().unwrap().to_owned()
}

impl Shell {
    /// Sets the wall clock until the step is followed. Then the task checks its timers.
    async fn sets_wall(&self, hours: i64) {
        self.time.set_wall(SignedDuration::from_hours(hours));
        for minute in 1..=2 {
            self.clock.sleep_until(Duration::from_secs(minute * 61)).await;
            self.clock.now();
        }
        let nothing = Input::Desk(DeskAct::Withdraws { agent: AgentId(9) });
        self.act(nothing).await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn what_masking_found_is_counted_once_and_only_if_it_was_stored() {
    let shell = Shell::new().await;
    let counted = |class: &str, treatment: &str| {
        let line =
            format!("kefu_personal_data_total{{class=\"{class}\",treatment=\"{treatment}\"}} ");
        let text = shell.metrics.render();
        text.lines().find_map(|l| l.strip_prefix(&line)?.parse::<u64>().ok()).unwrap_or(0)
    };
    let text = "手机13800138000";
    shell.says("a", text).await.unwrap();
    assert_eq!(counted("phone", "last_four"), 1);
    shell.says("a", text).await.unwrap();
    assert_eq!(counted("phone", "last_four"), 1, "a repeat");
    shell.says("b", &format!("{text}{}", "长".repeat(2_000))).await.unwrap_err();
    assert_eq!(counted("phone", "last_four"), 1, "refused");
    shell.memory.plant(Fault::NextAppendIsLost);
    shell.says("c", text).await.unwrap_err();
    assert_eq!(counted("phone", "last_four"), 1, "not stored");
    shell.says("c", text).await.unwrap();
    shell.says("d", "密码是abc12345").await.unwrap();
    shell.says("e", "车牌是京A12345").await.unwrap();
    let counts = [("phone", "last_four"), ("password", "destroy"), ("plate", "flag")];
    assert_eq!(counts.map(|(class, treatment)| counted(class, treatment)), [2, 1, 1]);
}

/// Steps of the wall clock: none, a day back, an hour or a day forward.
const STEPS: [i64; 4] = [0, -24, 1, 24];

#[tokio::test(start_paused = true)]
async fn silence_is_warned_for_and_ends_the_episode_whatever_the_wall_clock_does() {
    for hours in STEPS {
        let shell = Shell::new().await;
        shell.says("a", "提现多久").await.unwrap();
        shell.sets_wall(hours).await;
        let said = shell.records().await.len();
        assert_eq!(shell.around(IDLE_WARN).await, (said, said + 2), "{hours}: not early, not lost");
        assert_eq!(shell.since(said).await, ["idle_warned", "noticed"]);
        let (before, after) = shell.around(IDLE_WARN + IDLE_CLOSE).await;
        assert_eq!((before, after), (said + 2, said + 4), "{hours}");
        assert_eq!(shell.since(said + 2).await, ["ended", "noticed"]);
    }
}

#[tokio::test(start_paused = true)]
async fn who_waits_is_asked_for_a_message_in_time_whatever_the_wall_clock_does() {
    for hours in STEPS {
        let mut shell = Shell::new().await;
        shell.asks_human().await;
        shell.sets_wall(hours).await;
        let asked = shell.records().await.len();
        assert_eq!(shell.around(QUEUE_WAIT).await, (asked, asked + 2), "{hours}");
        assert_eq!(shell.since(asked).await, ["message_asked", "noticed"]);
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_said_after_a_step_of_the_wall_clock_moves_no_timer_that_was_set() {
    for hours in STEPS {
        let mut shell = Shell::new().await;
        shell.asks_human().await;
        shell.sets_wall(hours).await;
        shell.says("a", "在吗").await.unwrap();
        // The offer's timer comes between, and the queue's keeps counting.
        let epoch = shell.conversations.head(&shell.id).await.unwrap().borrow().epoch;
        shell.act(Input::Desk(DeskAct::Offers { agent: AgentId(7), epoch })).await.unwrap();
        shell.clock.sleep_until(shell.clock.elapsed() + Duration::from_secs(OFFER + 1)).await;
        let before = shell.records().await.len();
        assert_eq!(shell.since(before - 1).await, ["offer_ended"], "{hours}");
        assert_eq!(shell.around(QUEUE_WAIT).await, (before, before + 2), "{hours}");
        assert_eq!(shell.since(before).await, ["message_asked", "noticed"], "{hours}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_stored_unseen_sets_its_timer_anew() {
    let shell = Shell::new().await;
    shell.says("a", "提现多久").await.unwrap();
    shell.clock.sleep_until(Duration::from_secs(IDLE_WARN - 5)).await;
    shell.memory.plant(Fault::NextAppendIsStoredUnseen);
    assert!(shell.says("b", "手续费呢").await.is_err());
    let stored = shell.records().await.len();
    assert_eq!(shell.around(IDLE_WARN).await, (stored, stored), "the customer has just written");
    shell.clock.sleep_until(Duration::from_secs(2 * IDLE_WARN + 5)).await;
    tokio::task::yield_now().await;
    assert_eq!(shell.since(stored).await, ["idle_warned", "noticed"]);
}

#[tokio::test(start_paused = true)]
async fn an_offer_runs_out_in_time() {
    let mut shell = Shell::new().await;
    shell.asks_human().await;
    let epoch = shell.conversations.head(&shell.id).await.unwrap().borrow().epoch;
    shell.act(Input::Desk(DeskAct::Offers { agent: AgentId(7), epoch })).await.unwrap();
    let offered = shell.records().await.len();
    assert_eq!(shell.around(OFFER).await, (offered, offered + 1));
    assert_eq!(shell.since(offered).await, ["offer_ended"]);
}

#[tokio::test(start_paused = true)]
async fn after_a_restart_the_wall_clock_tells_how_much_of_a_timer_is_left() {
    // A clock that stands before the last stamp says nothing of the time since.
    for (away, left) in [(100, 500), (590, 10), (4_000, 0), (-90_000, 600)] {
        let mut shell = Shell::new().await;
        shell.asks_human().await;
        let asked = shell.records().await.len();
        let shell = shell.restarted(fixture::at(away)).await;
        if left > 0 {
            assert_eq!(shell.around(left).await, (asked, asked + 2), "away for {away} s");
        } else {
            shell.clock.sleep_until(Duration::from_millis(1)).await;
            tokio::task::yield_now().await;
        }
        assert_eq!(shell.since(asked).await, ["message_asked", "noticed"], "away for {away} s");
    }
}

#[tokio::test(start_paused = true)]
async fn stamps_never_go_back() {
    let shell = Shell::new().await;
    shell.says("a", "提现多久").await.unwrap();
    shell.time.set_wall(SignedDuration::from_hours(-24));
    // Until the step is followed, and beyond.
    for minute in 1..4 {
        shell.clock.sleep_until(Duration::from_secs(minute * 61)).await;
        shell.says(&format!("b{minute}"), "提现多久").await.unwrap();
    }
    assert!(shell.clock.now() < fixture::at(0), "the step is followed");
    let records = shell.records().await;
    assert!(records.is_sorted_by_key(|record| record.at), "{records:?}");
    assert!(records.iter().all(|record| record.at >= fixture::at(0)));
}

#[tokio::test(start_paused = true)]
async fn that_nobody_is_ready_is_told_again_though_the_clock_was_set_back() {
    for hours in STEPS {
        let mut shell = Shell::new().await;
        shell.asks_human().await;
        let before = shell.records().await.len();
        let tell = |is_staffed| Input::Desk(DeskAct::Staffing { is_staffed });
        shell.is_staffed.send_replace(false);
        shell.act(tell(false)).await.unwrap();
        shell.is_staffed.send_replace(true);
        shell.act(tell(true)).await.unwrap();
        shell.sets_wall(hours).await;
        shell.clock.sleep_until(Duration::from_secs(310)).await;
        shell.is_staffed.send_replace(false);
        shell.act(tell(false)).await.unwrap();
        assert_eq!(shell.since(before).await, ["noticed"; 3], "{hours}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_sent_again_after_a_write_of_unknown_outcome_is_stored_once() {
    for fault in [Fault::NextAppendIsLost, Fault::NextAppendIsStoredUnseen] {
        let shell = Shell::new().await;
        shell.says("a", "提现多久").await.unwrap();
        let before = shell.records().await.len() as u64;
        shell.memory.plant(fault);
        let failed = shell.says("b", "手续费呢").await;
        assert!(matches!(failed, Err(ServiceError::Storage(StorageError::Io(_)))), "{fault:?}");
        assert_eq!(shell.says("b", "手续费呢").await.unwrap(), before + 1, "{fault:?}");
        assert_eq!(shell.says("b", "手续费呢").await.unwrap(), before + 1, "{fault:?}: again");
        assert_eq!(shell.since(before as usize).await, ["customer_said", "bot_said"], "{fault:?}");
        let other = shell.says("b", "别的").await;
        assert!(matches!(other, Err(ServiceError::Refused(Refusal::ClientIdReused))), "{fault:?}");
        // The watcher has missed nothing.
        let seen = shell.conversations.records_after(&shell.id, before, 10).await.unwrap();
        assert_eq!(seen, shell.records().await.split_off(before as usize), "{fault:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_was_overtaken_takes_in_what_is_new_and_decides_again() {
    let shell = Shell::new().await;
    let seq = shell.says("a", "提现多久").await.unwrap();
    let before = shell.records().await;
    // Another writer has ended the episode meanwhile.
    let at = fixture::at(1);
    let events = [EpisodeEvent::Closed, EpisodeEvent::IdleWarned].map(Event::Episode);
    let records = (before.len() as u64 + 1..).zip(events);
    let append = Append {
        conversation: shell.id.clone(),
        expected_seq: before.len() as u64,
        records: records.map(|(seq, event)| Record { seq, at, event }).collect(),
        contact: None,
        is_open: false,
        fold_from: 1,
    };
    Store::from(shell.memory.clone()).append(append).await.unwrap();
    assert_eq!(shell.says("b", "提现多久").await.unwrap(), seq + 5);
    let expected = ["closed", "idle_warned", "episode_started", "customer_said", "bot_said"];
    assert_eq!(shell.since(before.len()).await, expected);
}

#[tokio::test(start_paused = true)]
async fn a_repeat_is_known_in_a_phase_that_would_refuse_it() {
    let shell = Shell::new().await;
    shell.says("a", "提现多久").await.unwrap();
    shell.act(Input::Customer(CustomerAct::Ends)).await.unwrap();
    let rates = |stars| {
        let client_id = ClientIdHash::sample("r");
        Input::Customer(CustomerAct::Rates { client_id, stars, comment: "好".into() })
    };
    let seq = shell.act(rates(5)).await.unwrap();
    assert_eq!(shell.act(rates(5)).await.unwrap(), seq);
    assert!(shell.act(rates(4)).await.is_err(), "another rating");
    assert_eq!(shell.since(seq as usize - 1).await, ["rated", "noticed", "closed"]);
}

/// Messages after which masking no longer knows the first of them.
const FORGOTTEN: usize = 10;

#[tokio::test(start_paused = true)]
async fn a_repeat_is_masked_as_the_first_was() {
    let mut shell = Shell::new().await;
    shell.says("a", "我的密码是").await.unwrap();
    let seq = shell.says("b", "Wang3648").await.unwrap();
    shell.asks_human().await;
    shell.agent(AgentAct::Accepts).await.unwrap();
    let asks = shell.says("c", "我的密码是").await.unwrap();
    for _ in 0..2 * CONTEXT_RECORDS {
        let says = AgentAct::Says { client_id: shell.client_id(), text: "请稍等".into() };
        shell.agent(says).await.unwrap();
    }
    let late = shell.says("d", "Wang3648").await.unwrap();
    for number in 0..FORGOTTEN {
        shell.says(&format!("e{number}"), "提现多久").await.unwrap();
    }
    assert_eq!(shell.says("b", "Wang3648").await.unwrap(), seq);
    assert_eq!(shell.says("c", "我的密码是").await.unwrap(), asks);
    assert_eq!(shell.says("d", "Wang3648").await.unwrap(), late);
    for client_id in ["b", "d"] {
        let other = shell.says(client_id, "提现多久").await;
        assert!(matches!(other, Err(ServiceError::Refused(Refusal::ClientIdReused))));
    }
    let stored = serde_json::to_string(&shell.records().await[seq as usize - 1].event).unwrap();
    assert!(stored.contains("[密码已删除]"), "{stored}");
}

#[tokio::test(start_paused = true)]
async fn a_timer_that_cannot_be_stored_is_tried_until_it_is() {
    let shell = Shell::new().await;
    shell.says("a", "提现多久").await.unwrap();
    let said = shell.records().await.len();
    shell.memory.plant(Fault::Full);
    shell.clock.sleep_until(Duration::from_secs(IDLE_WARN + 30)).await;
    assert_eq!(shell.records().await.len(), said);
    shell.memory.mend();
    shell.clock.sleep_until(shell.clock.elapsed() + RETRY * 2).await;
    assert_eq!(shell.since(said).await, ["idle_warned", "noticed"]);
}

#[tokio::test(start_paused = true)]
async fn a_full_mailbox_is_told_and_all_that_was_taken_is_stored_in_order() {
    let shell = Shell::new().await;
    let mut sending = JoinSet::new();
    for number in 0..MAILBOX + 10 {
        let (conversations, id) = (shell.conversations.clone(), shell.id.clone());
        sending.spawn(async move {
            let input = says(&format!("m{number}"), &format!("第{number}句"));
            (number, conversations.act(&id, input.into()).await)
        });
    }
    let mut taken = Vec::new();
    let mut busy = 0;
    while let Some(sent) = sending.join_next().await {
        match sent.unwrap() {
            (number, Ok(answer)) => taken.push((answer.seq, number)),
            (_, Err(ServiceError::Busy)) => busy += 1,
            (number, Err(error)) => panic!("{number}: {error}"),
        }
    }
    assert_eq!((taken.len(), busy), (MAILBOX, 10));
    taken.sort_unstable();
    assert!(taken.iter().map(|(_, number)| *number).is_sorted(), "in the order of sending");
}

#[tokio::test(start_paused = true)]
async fn what_is_not_used_has_no_task_and_is_found_again() {
    let shell = Shell::new().await;
    let watched = shell.conversations.head(&shell.id).await.unwrap();
    shell.says("a", "提现多久").await.unwrap();
    shell.act(Input::Customer(CustomerAct::Ends)).await.unwrap();
    shell.act(Input::Customer(CustomerAct::Ends)).await.unwrap();
    assert_eq!(shell.owner().await, Owner::Nobody);
    assert!(shell.conversations.has_task(&shell.id));
    shell.clock.sleep_until(UNUSED + Duration::from_secs(1)).await;
    tokio::task::yield_now().await;
    assert!(!shell.conversations.has_task(&shell.id), "nothing has come for a while");
    // The watcher sees what comes later, and the store has what memory has forgotten.
    let before = watched.borrow().seq;
    let seq = shell.says("b", "提现多久").await.unwrap();
    assert_eq!(watched.borrow().seq, seq + 1);
    let all = shell.conversations.records_after(&shell.id, 0, 100).await.unwrap();
    assert_eq!(all, shell.records().await);
    assert!(before < seq);
}

#[tokio::test(start_paused = true)]
async fn records_leave_memory_before_their_conversation_does() {
    let shell = Shell::new().await;
    let mut watched = shell.conversations.head(&shell.id).await.unwrap();
    shell.says("a", "提现多久").await.unwrap();
    let all = shell.records().await;
    assert_eq!(watched.borrow_and_update().records_after(0, 100), Some(all.clone()));
    shell.clock.sleep_until(shell.clock.elapsed() + FRESH + Duration::from_secs(1)).await;
    tokio::task::yield_now().await;
    assert!(shell.conversations.has_task(&shell.id), "its timers run");
    assert_eq!(watched.borrow().records_after(0, 100), None);
    assert!(!watched.has_changed().unwrap(), "nothing has happened");
    assert_eq!(shell.conversations.records_after(&shell.id, 0, 100).await.unwrap(), all);
}

#[tokio::test(start_paused = true)]
async fn who_is_only_watched_has_no_task() {
    let shell = Shell::new().await;
    let _watched = shell.conversations.head(&shell.id).await.unwrap();
    assert!(!shell.conversations.has_task(&shell.id));
}

#[tokio::test(start_paused = true)]
async fn a_fault_of_the_bot_ends_in_a_human() {
    let shell = Shell::finding(|_, _, _| panic!("planted by a test")).await;
    shell.says("a", "提现多久").await.unwrap();
    let expected = ["episode_started", "customer_said", "queued", "noticed"];
    assert_eq!(shell.since(0).await, expected);
    assert_eq!(shell.owner().await, Owner::Queue);
    assert_eq!(shell.agent(AgentAct::Accepts).await.unwrap(), 6, "and a human takes it");
    shell.is_staffed.send_replace(false);
    shell.agent(AgentAct::ReturnsToBot).await.unwrap();
    let count = shell.records().await.len();
    shell.says("b", "提现多久").await.unwrap();
    assert_eq!(shell.since(count).await, ["customer_said", "message_asked", "noticed"]);
}

#[tokio::test(start_paused = true)]
async fn a_task_that_failed_is_followed_by_another_and_nothing_is_lost() {
    let shell = Shell::new().await;
    let mut watched = shell.conversations.head(&shell.id).await.unwrap();
    shell.says("a", "提现多久").await.unwrap();
    let said = watched.borrow_and_update().seq;
    shell.memory.plant(Fault::NextAppendPanics);
    assert!(matches!(shell.says("b", "手续费呢").await, Err(ServiceError::Failed)));
    // The stored records appear without a command, and their timer runs.
    timeout(PATIENCE, watched.changed()).await.unwrap().unwrap();
    assert_eq!(watched.borrow_and_update().seq, said + 2);
    assert_eq!(shell.clock.elapsed(), RETRY);
    timeout(PATIENCE, watched.changed()).await.unwrap().unwrap();
    assert_eq!(shell.since(said as usize + 2).await, ["idle_warned", "noticed"]);
    assert!((IDLE_WARN..=IDLE_WARN + 1).contains(&shell.clock.elapsed().as_secs()));
    assert_eq!(shell.says("b", "手续费呢").await.unwrap(), said + 1, "known, though it failed");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_goes_takes_nothing_more() {
    let shell = Shell::new().await;
    shell.says("a", "提现多久").await.unwrap();
    let count = shell.records().await.len();
    shell.draining.send_replace(true);
    assert!(matches!(shell.says("b", "在吗").await, Err(ServiceError::Draining)));
    assert_eq!(shell.records().await.len(), count);
}

#[tokio::test(start_paused = true)]
async fn the_desk_hears_of_every_commit_in_order() {
    let mut shell = Shell::new().await;
    shell.says("a", "提现多久").await.unwrap();
    shell.asks_human().await;
    let mut heard = Vec::new();
    while let Ok(committed) = shell.commits.try_recv() {
        heard.extend(committed.records.iter().cloned());
    }
    assert_eq!(heard, shell.records().await);
}
