//! The suite: tests that every engine must pass, run once for each engine.

use jiff::Timestamp;
use tempfile::TempDir;

use super::{
    AgentRow, Append, Contact, FOLD_MAX, Fault, Memory, NewCustomer, PLACES_KEPT, SignInPlace,
    StorageError, Store, TokenHash, sqlite::Sqlite,
};
use crate::compliance::{ContactText, mask};
use crate::journal::{
    AgentEvent, AgentId, BotEvent, ClientId, ClientIdHash, CloseCause, ConversationId,
    CustomerEvent, DeskEvent, EpisodeEvent, Event, HandoffReason, MaskedText, Record, Reply,
    ReplyKind,
};
use crate::knowledge::Facts;

const TOKEN: TokenHash = [7; 32];
const OTHER_TOKEN: TokenHash = [8; 32];

/// An engine under test.
struct Bench {
    store: Store,
    disk: Disk,
}

/// How the engine is made to run out of space.
enum Disk {
    Sqlite(Sqlite, #[expect(dead_code, reason = "it keeps the folder")] TempDir),
    Memory(Memory),
}

impl Bench {
    fn sqlite() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let engine = Sqlite::open(dir.path(), at(0)).unwrap();
        Self { store: engine.clone().into(), disk: Disk::Sqlite(engine, dir) }
    }

    fn memory() -> Self {
        let engine = Memory::new(at(0));
        Self { store: engine.clone().into(), disk: Disk::Memory(engine) }
    }

    async fn fill_disk(&self) {
        match &self.disk {
            Disk::Sqlite(engine, _) => engine.limit_pages(1).await,
            Disk::Memory(engine) => engine.plant(Fault::Full),
        }
    }

    async fn free_disk(&self) {
        match &self.disk {
            Disk::Sqlite(engine, _) => engine.limit_pages(1 << 30).await,
            Disk::Memory(engine) => engine.mend(),
        }
    }
}

macro_rules! every_engine {
    ($($test:ident)*) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $test() {
                super::$test(super::Bench::sqlite()).await;
            })*
        }

        mod memory {
            $(#[tokio::test(start_paused = true)]
            async fn $test() {
                super::$test(super::Bench::memory()).await;
            })*
        }
    };
}

every_engine! {
    records_come_back_as_they_were
    records_come_in_pages_without_a_hole
    an_append_that_contradicts_what_is_stored_stores_nothing
    every_message_of_a_client_has_its_id_kept
    a_message_is_found_by_its_client_id
    only_open_conversations_are_folded_at_start
    folding_begins_where_the_last_append_said
    open_conversations_come_in_pages_with_their_records
    a_fold_has_an_end
    contacts_are_kept_apart_from_the_transcript
    a_customer_session_ends_at_its_time
    what_is_known_of_a_customer_is_kept_and_replaced
    facts_that_are_not_to_be_kept_are_dropped_of_all_customers
    deleting_expired_sessions_spares_the_others
    agents_are_told_apart_by_name
    a_disabled_agent_or_a_new_password_ends_the_sessions
    places_of_sign_ins_are_kept_for_a_while
    times_are_kept_in_microseconds
    closing_keeps_what_was_appended_and_stops_all_clones
    r9_a_full_disk_refuses_writes_only_and_is_got_over
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_772_000_000 + second).unwrap()
}

fn conversation(n: u32) -> ConversationId {
    ConversationId::new(&format!("{n:032x}"))
}

/// The hash of this client id in the first conversation.
fn client_id(id: &str) -> ClientIdHash {
    ClientIdHash::of(&conversation(1), &ClientId::new(id).unwrap())
}

fn said(id: &str, text: &str) -> Event {
    let client_id = client_id(id);
    Event::Customer(CustomerEvent::Said { client_id, text: mask(text).into(), choice: None })
}

fn answered(text: &str) -> Event {
    Event::Bot(BotEvent::Said(Reply {
        kind: ReplyKind::Answer,
        text: text.to_owned(),
        steps: Vec::new(),
        source: None,
        checked: None,
        entry: Some("payment.withdraw.arrival".into()),
        intent: None,
        choices: Vec::new(),
        offer_human: false,
        is_urgent: false,
        candidates: Vec::new(),
        knowledge: "b3f1".to_owned(),
    }))
}

fn append(n: u32, expected_seq: u64, events: Vec<Event>) -> Append {
    let records = (expected_seq + 1..)
        .zip(events)
        .map(|(seq, event)| Record { seq, at: at(seq as i64), event })
        .collect();
    let conversation = conversation(n);
    Append { conversation, expected_seq, records, contact: None, is_open: true, fold_from: 0 }
}

async fn add_customer(store: &Store, n: u32) {
    let mut token_hash = [0; 32];
    token_hash[..4].copy_from_slice(&n.to_le_bytes());
    let customer = NewCustomer {
        token_hash,
        conversation: conversation(n),
        origin: Some("https://bank.example".to_owned()),
        facts: "product=wallet".parse().unwrap(),
        now: at(0),
        expires_at: at(100),
    };
    store.create_customer(customer).await.unwrap();
}

fn phone() -> ContactText {
    ContactText::new("13800138000").unwrap()
}

fn token(n: u8) -> TokenHash {
    let mut token_hash = [0; 32];
    token_hash[0] = n;
    token_hash
}

fn seqs(records: &[Record]) -> Vec<u64> {
    records.iter().map(|record| record.seq).collect()
}

async fn records_come_back_as_they_were(Bench { store, .. }: Bench) {
    let ended = Event::Episode(EpisodeEvent::Ended {
        epoch: 1,
        cause: CloseCause::Customer,
        rate_until: Some(at(600)),
    });
    let queued = Event::Desk(DeskEvent::Queued {
        epoch: 1,
        reason: HandoffReason::Asked,
        priority: 5,
        since: at(2),
        danger: None,
    });
    let first = append(
        1,
        0,
        vec![
            Event::Episode(EpisodeEvent::Started { episode: 1, epoch: 1 }),
            said("a", "提现要多久"),
        ],
    );
    let second = append(
        1,
        2,
        vec![answered("**T+1** 到账 🏦"), queued, ended, Event::Episode(EpisodeEvent::Closed)],
    );
    let expected = [first.records.clone(), second.records.clone()].concat();
    add_customer(&store, 1).await;
    store.append(first).await.unwrap();
    store.append(second).await.unwrap();
    assert_eq!(store.records(&conversation(1)).await.unwrap(), expected);
    assert_eq!(store.last_seq(&conversation(1)).await.unwrap(), 6);
    assert!(matches!(store.last_seq(&conversation(9)).await, Err(StorageError::NotFound)));
}

async fn records_come_in_pages_without_a_hole(Bench { store, .. }: Bench) {
    for n in [1, 2] {
        add_customer(&store, n).await;
        store
            .append(append(n, 0, vec![Event::Episode(EpisodeEvent::IdleWarned); 1_234]))
            .await
            .unwrap();
    }
    let cases = [
        ("from the start", 0, 3, vec![1, 2, 3]),
        ("after one", 1_231, 2, vec![1_232, 1_233]),
        ("the end", 1_232, 200, vec![1_233, 1_234]),
        ("nothing new", 1_234, 200, vec![]),
        ("beyond", u64::MAX, usize::MAX, vec![]),
    ];
    for (shows, after, limit, expected) in cases {
        let page = store.records_after(&conversation(2), after, limit).await.unwrap();
        assert_eq!(seqs(&page), expected, "{shows}");
    }
    let all = store.records(&conversation(1)).await.unwrap();
    assert_eq!(seqs(&all), (1..=1_234).collect::<Vec<_>>());
    assert!(store.records(&conversation(9)).await.unwrap().is_empty());
}

async fn an_append_that_contradicts_what_is_stored_stores_nothing(Bench { store, .. }: Bench) {
    for n in [1, 2] {
        add_customer(&store, n).await;
    }
    store.append(append(1, 0, vec![said("a", "你好"), answered("您好")])).await.unwrap();
    let mut gap = append(
        1,
        2,
        vec![Event::Episode(EpisodeEvent::IdleWarned), Event::Episode(EpisodeEvent::IdleWarned)],
    );
    gap.records[1].seq = 5;
    let mut stray_contact = append(1, 2, vec![Event::Episode(EpisodeEvent::IdleWarned)]);
    stray_contact.contact = Some(Contact { seq: 9, text: phone(), consented_at: at(3) });
    let cases = [
        ("overtaken", append(1, 1, vec![Event::Episode(EpisodeEvent::IdleWarned)]), "contradicts"),
        (
            "from the future",
            append(1, 3, vec![Event::Episode(EpisodeEvent::IdleWarned)]),
            "contradicts",
        ),
        ("a gap", gap, "contradicts"),
        ("a contact without its event", stray_contact, "contradicts"),
        ("said again", append(1, 2, vec![answered("您好"), said("a", "你好")]), "client id"),
        ("said twice", append(1, 2, vec![said("b", "你好"), said("b", "你好")]), "client id"),
        (
            "no such conversation",
            append(9, 0, vec![Event::Episode(EpisodeEvent::IdleWarned)]),
            "not found",
        ),
    ];
    for (shows, refused, why) in cases {
        let error = store.append(refused).await.unwrap_err();
        assert!(error.to_string().contains(why) && !error.is_outage(), "{shows}: {error}");
        assert_eq!(store.records(&conversation(1)).await.unwrap().len(), 2, "{shows}");
        assert_eq!(store.last_seq(&conversation(1)).await.unwrap(), 2, "{shows}");
    }
    assert!(store.health().is_none());
    // The same hash may stand in another conversation.
    store.append(append(2, 0, vec![said("a", "你好")])).await.unwrap();
}

async fn every_message_of_a_client_has_its_id_kept(Bench { store, .. }: Bench) {
    add_customer(&store, 1).await;
    let id = client_id;
    let text = || MaskedText::from(mask(""));
    let events = vec![
        said("said", ""),
        Event::Customer(CustomerEvent::AskedHuman { client_id: id("pressed") }),
        Event::Agent(AgentEvent::Said { agent: AgentId(1), client_id: id("agent"), text: text() }),
        Event::Customer(CustomerEvent::LeftMessage {
            epoch: 2,
            client_id: id("left"),
            text: text(),
            has_contact: false,
        }),
        Event::Customer(CustomerEvent::Rated { client_id: id("rated"), stars: 5, comment: text() }),
    ];
    store.append(append(1, 0, events.clone())).await.unwrap();
    for event in events {
        let again = store.append(append(1, 5, vec![event])).await;
        assert!(matches!(again, Err(StorageError::DuplicateClientId)));
    }
}

async fn a_message_is_found_by_its_client_id(Bench { store, .. }: Bench) {
    for n in [1, 2] {
        add_customer(&store, n).await;
    }
    let step = append(1, 0, vec![said("a", "一"), answered("您好"), said("b", "二")]);
    store.append(step.clone()).await.unwrap();
    let found =
        async |n, id| store.record_of_client_id(&conversation(n), &client_id(id)).await.unwrap();
    assert_eq!(found(1, "a").await.as_ref(), Some(&step.records[0]));
    assert_eq!(found(1, "b").await.as_ref(), Some(&step.records[2]));
    assert_eq!(found(1, "c").await, None, "another id");
    assert_eq!(found(2, "a").await, None, "another conversation");
    assert_eq!(found(9, "a").await, None, "no such conversation");
}

async fn only_open_conversations_are_folded_at_start(Bench { store, .. }: Bench) {
    for n in [3, 1, 2] {
        add_customer(&store, n).await;
    }
    assert!(store.open_to_fold(0).await.unwrap().is_empty(), "without events");
    for n in [1, 2, 3] {
        let started = vec![Event::Episode(EpisodeEvent::Started { episode: 1, epoch: 1 })];
        store.append(append(n, 0, started)).await.unwrap();
    }
    let mut closing = append(1, 1, vec![Event::Episode(EpisodeEvent::Closed)]);
    closing.is_open = false;
    store.append(closing).await.unwrap();
    let open = store.open_to_fold(0).await.unwrap();
    let open: Vec<_> = open.into_iter().map(|found| found.id).collect();
    assert_eq!(open, [conversation(3), conversation(2)], "the oldest customer first");
    let newest_first = [2, 1, 3].map(conversation);
    assert_eq!(store.conversations().await.unwrap(), newest_first);
}

async fn folding_begins_where_the_last_append_said(Bench { store, .. }: Bench) {
    for n in [1, 2] {
        add_customer(&store, n).await;
    }
    let to_fold =
        async || seqs(&store.records_to_fold(&conversation(1)).await.unwrap()).into_iter();
    assert_eq!(to_fold().await.next(), None, "no records");
    store.append(append(1, 0, vec![Event::Episode(EpisodeEvent::IdleWarned); 700])).await.unwrap();
    assert!(to_fold().await.eq(1..=700), "all, in more than one page");
    store.append(append(2, 0, vec![Event::Episode(EpisodeEvent::IdleWarned); 5])).await.unwrap();

    let mut next = append(1, 700, vec![Event::Episode(EpisodeEvent::IdleWarned); 600]);
    next.fold_from = 701;
    store.append(next).await.unwrap();
    assert!(to_fold().await.eq(701..=1_300), "from the episode's start");
    let mut last = append(1, 1_300, vec![Event::Episode(EpisodeEvent::IdleWarned)]);
    last.fold_from = 1_301;
    store.append(last.clone()).await.unwrap();
    assert!(to_fold().await.eq([1_301]));
    last.fold_from = 1;
    assert!(matches!(store.append(last).await, Err(StorageError::Conflict)));
    assert!(to_fold().await.eq([1_301]), "a refused append moves nothing");

    assert_eq!(seqs(&store.records_to_fold(&conversation(2)).await.unwrap()), [1, 2, 3, 4, 5]);
    assert!(store.records_to_fold(&conversation(9)).await.unwrap().is_empty(), "unknown");
    assert_eq!(store.records(&conversation(1)).await.unwrap().len(), 1_301, "history stays");
}

async fn open_conversations_come_in_pages_with_their_records(Bench { store, .. }: Bench) {
    const CUSTOMERS: u32 = 120;
    let mut expected = Vec::new();
    for n in 1..=CUSTOMERS {
        add_customer(&store, n).await;
        let mut step = append(n, 0, vec![Event::Episode(EpisodeEvent::IdleWarned); 3]);
        step.is_open = n % 11 != 0;
        step.fold_from = u64::from(n % 4);
        if step.is_open {
            let records = step.records[step.fold_from.saturating_sub(1) as usize..].to_vec();
            expected.push((step.conversation.clone(), records));
        }
        store.append(step).await.unwrap();
    }
    let (mut open, mut pages, mut place) = (Vec::new(), 0, 0);
    loop {
        let page = store.open_to_fold(place).await.unwrap();
        let Some(last) = page.last() else { break };
        (place, pages) = (last.place, pages + 1);
        open.extend(page.into_iter().map(|found| (found.id, found.records.unwrap())));
    }
    assert_eq!(open, expected);
    assert!(pages > 1);
}

async fn a_fold_has_an_end(Bench { store, .. }: Bench) {
    add_customer(&store, 1).await;
    store
        .append(append(1, 0, vec![Event::Episode(EpisodeEvent::IdleWarned); FOLD_MAX]))
        .await
        .unwrap();
    assert_eq!(store.records_to_fold(&conversation(1)).await.unwrap().len(), FOLD_MAX);
    let open = store.open_to_fold(0).await.unwrap();
    assert_eq!(open[0].records.as_ref().unwrap().len(), FOLD_MAX);

    store
        .append(append(1, FOLD_MAX as u64, vec![Event::Episode(EpisodeEvent::IdleWarned)]))
        .await
        .unwrap();
    let refused = store.records_to_fold(&conversation(1)).await;
    assert!(matches!(refused, Err(StorageError::TooLongToFold { max: FOLD_MAX })));
    add_customer(&store, 2).await;
    store.append(append(2, 0, vec![Event::Episode(EpisodeEvent::IdleWarned)])).await.unwrap();
    let open = store.open_to_fold(0).await.unwrap();
    assert!(matches!(open[0].records, Err(StorageError::TooLongToFold { max: FOLD_MAX })));
    assert!(open[1].records.is_ok(), "and the others are read");
    assert!(store.health().is_none(), "the store itself works");
}

async fn contacts_are_kept_apart_from_the_transcript(Bench { store, .. }: Bench) {
    add_customer(&store, 1).await;
    let contact = Contact { seq: 1, text: phone(), consented_at: at(1) };
    let client_id = client_id("left");
    let left = Event::Customer(CustomerEvent::LeftMessage {
        epoch: 2,
        client_id,
        text: mask("请回电").into(),
        has_contact: true,
    });
    let mut step = append(1, 0, vec![left]);
    step.contact = Some(contact.clone());
    store.append(step).await.unwrap();

    let records = store.records(&conversation(1)).await.unwrap();
    assert!(!serde_json::to_string(&records).unwrap().contains("13800138000"));
    assert!(!format!("{contact:?}").contains("13800138000"));
    assert_eq!(store.contacts(&conversation(1)).await.unwrap(), [contact]);
    assert_eq!(store.contacts(&conversation(2)).await.unwrap(), [], "of another");
}

async fn a_customer_session_ends_at_its_time(Bench { store, .. }: Bench) {
    add_customer(&store, 1).await;
    let found = async |token, second| {
        let row = store.customer_by_token(token, at(second)).await.unwrap();
        row.map(|row| row.conversation)
    };
    assert_eq!(found(token(1), 99).await, Some(conversation(1)));
    assert_eq!(found(token(1), 100).await, None, "expired");
    assert_eq!(found(token(2), 99).await, None, "unknown");

    for (n, other) in [(1, 2), (2, 1)] {
        let again = NewCustomer {
            token_hash: token(n),
            conversation: conversation(other),
            origin: None,
            facts: Facts::default(),
            now: at(0),
            expires_at: at(100),
        };
        assert!(matches!(store.create_customer(again).await, Err(StorageError::Conflict)));
    }
    assert_eq!(store.conversations().await.unwrap().len(), 1);
}

async fn what_is_known_of_a_customer_is_kept_and_replaced(Bench { store, .. }: Bench) {
    for n in [1, 2] {
        add_customer(&store, n).await;
    }
    let known = async |token| {
        let row = store.customer_by_token(token, at(1)).await.unwrap();
        row.unwrap().facts.to_string()
    };
    assert_eq!(known(token(1)).await, "product=wallet");
    let facts: Facts = "product=loan,audience=vip".parse().unwrap();
    store.set_customer_facts(token(1), facts.clone()).await.unwrap();
    assert_eq!(known(token(1)).await, "audience=vip,product=loan");
    assert_eq!(known(token(2)).await, "product=wallet", "another's stay");
    store.set_customer_facts(token(9), facts).await.unwrap();
}

async fn facts_that_are_not_to_be_kept_are_dropped_of_all_customers(Bench { store, .. }: Bench) {
    let known = async |token| {
        let row = store.customer_by_token(token, at(1)).await.unwrap();
        row.unwrap().facts.to_string()
    };
    for n in 1..=3 {
        add_customer(&store, n).await;
    }
    let facts: Facts = "product=loan,uid=zhangsan".parse().unwrap();
    store.set_customer_facts(token(2), facts).await.unwrap();
    let keep = |facts: &Facts| {
        let pairs = facts.pairs().filter(|(name, _)| *name == "product");
        Facts::new(pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))).unwrap()
    };
    assert_eq!(store.rewrite_facts(keep).await.unwrap(), 1);
    assert_eq!(known(token(2)).await, "product=loan");
    assert_eq!(known(token(1)).await, "product=wallet", "another's stay");
    assert_eq!(store.rewrite_facts(keep).await.unwrap(), 0, "once");
    // What was copied takes new customers and changes.
    add_customer(&store, 4).await;
    store.set_customer_facts(token(3), "product=card".parse().unwrap()).await.unwrap();
    assert_eq!(
        (known(token(3)).await, known(token(4)).await),
        ("product=card".into(), "product=wallet".into())
    );
    assert_eq!(store.delete_expired_sessions(at(100)).await.unwrap(), 4);
}

async fn deleting_expired_sessions_spares_the_others(Bench { store, .. }: Bench) {
    add_customer(&store, 1).await;
    let agent = agent(&store, "小林").await;
    store.create_agent_session(TOKEN, &agent, at(0), at(50)).await.unwrap();
    store.create_agent_session(OTHER_TOKEN, &agent, at(0), at(500)).await.unwrap();

    assert_eq!(store.delete_expired_sessions(at(49)).await.unwrap(), 0);
    assert_eq!(store.delete_expired_sessions(at(100)).await.unwrap(), 2);
    assert!(store.agent_by_session(OTHER_TOKEN, at(100)).await.unwrap().is_some());
    assert!(store.customer_by_token(token(1), at(0)).await.unwrap().is_none());
    assert_eq!(store.last_seq(&conversation(1)).await.unwrap(), 0, "the conversation stays");
}

async fn agent(store: &Store, name: &str) -> AgentRow {
    store.add_agent(name, "old", at(0)).await.unwrap();
    store.agent_by_name(name).await.unwrap().unwrap()
}

async fn agents_are_told_apart_by_name(Bench { store, .. }: Bench) {
    assert_eq!(store.count_agents().await.unwrap(), 0);
    let lin = agent(&store, "小林").await;
    let chen = agent(&store, "小陈").await;
    let taken = store.add_agent("小林", "x", at(0)).await;
    assert!(matches!(taken, Err(StorageError::NameTaken)));
    assert!(matches!(store.set_password("小王", "x").await, Err(StorageError::NotFound)));
    assert!(matches!(store.set_disabled("小王", true).await, Err(StorageError::NotFound)));
    assert_eq!(store.agent_by_name("小王").await.unwrap(), None);
    assert_eq!(store.agent_by_name("小陈").await.unwrap().map(|row| row.id), Some(chen.id));
    assert_eq!(store.count_agents().await.unwrap(), 2);
    assert_eq!(store.list_agents().await.unwrap(), [lin, chen]);
}

async fn a_disabled_agent_or_a_new_password_ends_the_sessions(Bench { store, .. }: Bench) {
    let lin = agent(&store, "小林").await;
    let chen = agent(&store, "小陈").await;
    let session = async |token| {
        let row = store.agent_by_session(token, at(10)).await.unwrap();
        row.map(|row| row.id)
    };
    store.create_agent_session(TOKEN, &lin, at(0), at(100)).await.unwrap();
    store.create_agent_session(OTHER_TOKEN, &chen, at(0), at(100)).await.unwrap();
    assert_eq!(session(TOKEN).await, Some(lin.id));
    assert!(store.agent_by_session(TOKEN, at(100)).await.unwrap().is_none(), "expired");
    let again = store.create_agent_session(TOKEN, &chen, at(0), at(100)).await;
    assert!(matches!(again, Err(StorageError::Conflict)), "a token is drawn once");

    store.set_disabled("小林", true).await.unwrap();
    assert_eq!(session(TOKEN).await, None);
    assert_eq!(session(OTHER_TOKEN).await, Some(chen.id), "others go on");
    let late = store.create_agent_session(TOKEN, &lin, at(1), at(100)).await;
    assert!(matches!(late, Err(StorageError::NotFound)), "a login that was under way");

    store.set_disabled("小林", false).await.unwrap();
    assert_eq!(session(TOKEN).await, None, "enabling brings no session back");
    store.create_agent_session(TOKEN, &lin, at(2), at(100)).await.unwrap();
    store.set_password("小林", "new").await.unwrap();
    assert_eq!(session(TOKEN).await, None);
    let late = store.create_agent_session(TOKEN, &lin, at(3), at(100)).await;
    assert!(matches!(late, Err(StorageError::NotFound)), "checked against the old password");

    store.delete_agent_session(OTHER_TOKEN).await.unwrap();
    assert_eq!(session(OTHER_TOKEN).await, None);
    assert!(!format!("{lin:?}").contains("old"));
}

async fn places_of_sign_ins_are_kept_for_a_while(Bench { store, .. }: Bench) {
    let lin = agent(&store, "小林").await.id;
    let chen = agent(&store, "小陈").await.id;
    let days = |places: Vec<SignInPlace>| places.iter().map(|p| p.day).collect::<Vec<_>>();
    store.note_sign_in_place(lin, [1; 32], 20_000).await.unwrap();
    store.note_sign_in_place(lin, [1; 32], 20_002).await.unwrap();
    store.note_sign_in_place(lin, [1; 32], 20_001).await.unwrap();
    store.note_sign_in_place(lin, [2; 32], 20_000).await.unwrap();
    let places = store.sign_in_places(0).await.unwrap();
    assert_eq!(places[1].agent_name, "小林");
    assert_eq!((places[1].agent, places[1].place), (lin, [1; 32]));
    assert_eq!(days(places), [20_000, 20_002], "the last day of each");
    assert_eq!(days(store.sign_in_places(20_001).await.unwrap()), [20_002]);
    store.delete_sign_in_places(20_001).await.unwrap();
    assert_eq!(days(store.sign_in_places(0).await.unwrap()), [20_002]);

    for n in 0..=PLACES_KEPT {
        let day = 30_000 + n as i64;
        store.note_sign_in_place(chen, [n as u8; 32], day).await.unwrap();
    }
    let kept = days(store.sign_in_places(30_000).await.unwrap());
    assert!(kept.into_iter().eq(30_001..=30_000 + PLACES_KEPT as i64), "the oldest is gone");
    store.note_sign_in_place(chen, [99; 32], 1).await.unwrap();
    assert_eq!(days(store.sign_in_places(0).await.unwrap())[0], 1, "the newest noted stays");
    let stranger = store.note_sign_in_place(AgentId(99), [1; 32], 1).await;
    assert!(matches!(stranger, Err(StorageError::Conflict)));
}

async fn times_are_kept_in_microseconds(Bench { store, .. }: Bench) {
    add_customer(&store, 1).await;
    let finer: Timestamp = "2026-03-02T09:00:00.123456789Z".parse().unwrap();
    let kept: Timestamp = "2026-03-02T09:00:00.123456Z".parse().unwrap();
    let mut step = append(1, 0, vec![Event::Episode(EpisodeEvent::IdleWarned)]);
    step.records[0].at = finer;
    step.contact = Some(Contact { seq: 1, text: phone(), consented_at: finer });
    store.append(step).await.unwrap();
    assert_eq!(store.records(&conversation(1)).await.unwrap()[0].at, kept);
    assert_eq!(store.contacts(&conversation(1)).await.unwrap()[0].consented_at, kept);
}

async fn closing_keeps_what_was_appended_and_stops_all_clones(Bench { store, .. }: Bench) {
    let clone = store.clone();
    add_customer(&store, 1).await;
    let step = append(1, 0, vec![said("a", "你好")]);
    store.append(step.clone()).await.unwrap();
    store.close().await;
    let lin = AgentRow {
        id: AgentId(1),
        name: String::new(),
        password_hash: String::new(),
        disabled: false,
    };
    assert!(matches!(clone.probe().await, Err(StorageError::Stopped)));
    assert!(matches!(clone.append(step).await, Err(StorageError::Stopped)));
    assert!(matches!(clone.add_agent("小林", "x", at(0)).await, Err(StorageError::Stopped)));
    let session = clone.create_agent_session(TOKEN, &lin, at(0), at(1)).await;
    assert!(matches!(session, Err(StorageError::Stopped)));
    assert!(matches!(clone.delete_expired_sessions(at(0)).await, Err(StorageError::Stopped)));
    assert!(matches!(clone.last_seq(&conversation(1)).await, Err(StorageError::Stopped)));
    assert!(matches!(clone.records(&conversation(1)).await, Err(StorageError::Stopped)));
    assert!(matches!(clone.health(), Some(StorageError::Stopped)));
    clone.close().await;
}

/// The full disk: the file may not grow for a while.
async fn r9_a_full_disk_refuses_writes_only_and_is_got_over(bench: Bench) {
    let store = &bench.store;
    add_customer(store, 1).await;
    store.append(append(1, 0, vec![said("a", "你好")])).await.unwrap();

    bench.fill_disk().await;
    let mut last = 1;
    let refused = loop {
        assert!(last < 100, "what is free is soon used up");
        let step = append(1, last, vec![answered(&"满".repeat(1_000))]);
        match store.append(step.clone()).await {
            Ok(()) => last += 1,
            Err(StorageError::Full(_)) => break step,
            Err(error) => panic!("{error}"),
        }
    };
    assert!(matches!(store.health(), Some(StorageError::Full(_))));
    assert!(matches!(store.probe().await, Err(StorageError::Full(_))));
    assert!(matches!(store.append(append(1, 0, vec![])).await, Err(StorageError::Conflict)));
    assert!(matches!(store.health(), Some(StorageError::Full(_))), "a refusal is no recovery");
    assert_eq!(store.records(&conversation(1)).await.unwrap().len() as u64, last);
    assert_eq!(store.last_seq(&conversation(1)).await.unwrap(), last);

    bench.free_disk().await;
    assert!(store.health().is_some(), "nobody has tried yet");
    store.probe().await.unwrap();
    assert!(store.health().is_none());
    store.append(refused).await.unwrap();
    assert_eq!(store.last_seq(&conversation(1)).await.unwrap(), last + 1);
}
