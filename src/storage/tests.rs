//! The store as the shell sees it, on a folder of its own.

use std::{fs, path::Path};

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use tempfile::TempDir;

use super::{AgentRow, Append, Contact, NewCustomer, SignInPlace, StorageError, Store, TokenHash};
use crate::journal::{
    AgentEvent, AgentId, BotEvent, ClientId, CloseCause, ConversationId, CustomerEvent, DeskEvent,
    EpisodeEvent, Event, HandoffReason, Record, Reply, ReplyKind,
};
use crate::knowledge::Facts;

const TOKEN: TokenHash = [7; 32];
const OTHER_TOKEN: TokenHash = [8; 32];

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_772_000_000 + second).unwrap()
}

fn open(dir: &TempDir) -> Store {
    Store::open(dir.path(), at(0)).unwrap()
}

fn conversation(n: u8) -> ConversationId {
    ConversationId::new(&format!("{n:032x}"))
}

fn said(client_id: &str, text: &str) -> Event {
    let client_id = ClientId::new(client_id).unwrap();
    Event::Customer(CustomerEvent::Said { client_id, text: text.to_owned(), choice: None })
}

fn answered(text: &str) -> Event {
    Event::Bot(BotEvent::Said(Reply {
        kind: ReplyKind::Answer,
        text: text.to_owned(),
        entry: Some("payment.withdraw.arrival".into()),
        intent: None,
        choices: Vec::new(),
        offer_human: false,
        candidates: Vec::new(),
        knowledge: "b3f1".to_owned(),
    }))
}

fn append(n: u8, expected_seq: u64, events: Vec<Event>) -> Append {
    let records = (expected_seq + 1..)
        .zip(events)
        .map(|(seq, event)| Record { seq, at: at(seq as i64), event })
        .collect();
    let conversation = conversation(n);
    Append { conversation, expected_seq, records, contact: None, is_open: true }
}

async fn add_customer(store: &Store, n: u8) {
    let customer = NewCustomer {
        token_hash: [n; 32],
        conversation: conversation(n),
        origin: Some("https://bank.example".to_owned()),
        facts: Facts::default(),
        now: at(0),
        expires_at: at(100),
    };
    store.create_customer(customer).await.unwrap();
}

fn inspect(dir: &Path) -> Connection {
    Connection::open(dir.join("kefu.sqlite3")).unwrap()
}

#[test]
fn a_store_may_be_shared_between_threads() {
    fn assert_shared<T: Clone + Send + Sync + 'static>() {}
    assert_shared::<Store>();
}

#[tokio::test]
async fn records_survive_a_reopen_as_they_were() {
    let dir = tempfile::tempdir().unwrap();
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

    let store = open(&dir);
    let generation = store.generation();
    add_customer(&store, 1).await;
    store.append(first).await.unwrap();
    store.append(second).await.unwrap();
    assert_eq!(store.records(&conversation(1)).await.unwrap(), expected);
    drop(store);

    let store = open(&dir);
    assert_eq!(store.records(&conversation(1)).await.unwrap(), expected);
    assert_eq!(store.last_seq(&conversation(1)).await.unwrap(), 6);
    assert_eq!(store.generation(), generation);
}

#[tokio::test]
async fn records_come_in_pages_without_a_hole() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    for n in [1, 2] {
        add_customer(&store, n).await;
        store
            .append(append(n, 0, vec![Event::Episode(EpisodeEvent::IdleWarned); 1_234]))
            .await
            .unwrap();
    }
    let seqs = |records: Vec<Record>| records.iter().map(|record| record.seq).collect::<Vec<_>>();
    let cases = [
        ("from the start", 0, 3, vec![1, 2, 3]),
        ("after one", 1_231, 2, vec![1_232, 1_233]),
        ("the end", 1_232, 200, vec![1_233, 1_234]),
        ("nothing new", 1_234, 200, vec![]),
        ("beyond", u64::MAX, usize::MAX, vec![]),
    ];
    for (shows, after, limit, expected) in cases {
        let page = store.records_after(&conversation(2), after, limit).await.unwrap();
        assert_eq!(seqs(page), expected, "{shows}");
    }
    let all = store.records(&conversation(1)).await.unwrap();
    assert_eq!(seqs(all), (1..=1_234).collect::<Vec<_>>());
    assert!(store.records(&conversation(9)).await.unwrap().is_empty());
}

#[tokio::test]
async fn an_append_that_contradicts_what_is_stored_stores_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
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
    stray_contact.contact =
        Some(Contact { seq: 9, text: "13800138000".to_owned(), consented_at: at(3) });
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
    // Client ids are per conversation.
    store.append(append(2, 0, vec![said("a", "你好")])).await.unwrap();
}

#[tokio::test]
async fn every_message_of_a_client_has_its_id_kept() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    add_customer(&store, 1).await;
    let id = |id| ClientId::new(id).unwrap();
    let text = String::new;
    let events = vec![
        said("said", ""),
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
        let again = store.append(append(1, 4, vec![event])).await;
        assert!(matches!(again, Err(StorageError::DuplicateClientId)));
    }
}

#[tokio::test]
async fn only_open_conversations_are_folded_at_start() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    for n in [3, 1, 2] {
        add_customer(&store, n).await;
    }
    assert!(store.open_conversations().await.unwrap().is_empty(), "without events");
    for n in [1, 2, 3] {
        store
            .append(append(
                n,
                0,
                vec![Event::Episode(EpisodeEvent::Started { episode: 1, epoch: 1 })],
            ))
            .await
            .unwrap();
    }
    let mut closing = append(1, 1, vec![Event::Episode(EpisodeEvent::Closed)]);
    closing.is_open = false;
    store.append(closing).await.unwrap();
    let open = store.open_conversations().await.unwrap();
    assert_eq!(open, [conversation(3), conversation(2)], "the oldest customer first");
}

#[tokio::test]
async fn contacts_are_kept_apart_from_the_transcript() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    add_customer(&store, 1).await;
    let contact = Contact { seq: 1, text: "13800138000".to_owned(), consented_at: at(1) };
    let client_id = ClientId::new("left").unwrap();
    let left = Event::Customer(CustomerEvent::LeftMessage {
        epoch: 2,
        client_id,
        text: "请回电".to_owned(),
        has_contact: true,
    });
    let mut step = append(1, 0, vec![left]);
    step.contact = Some(contact.clone());
    store.append(step).await.unwrap();

    let records = store.records(&conversation(1)).await.unwrap();
    assert!(!serde_json::to_string(&records).unwrap().contains("13800138000"));
    assert!(!format!("{contact:?}").contains("13800138000"));
    assert_eq!(store.contacts(&conversation(1)).await.unwrap(), [contact]);
}

#[tokio::test]
async fn a_customer_session_ends_at_its_time() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    add_customer(&store, 1).await;
    let found = async |token, second| {
        let row = store.customer_by_token(token, at(second)).await.unwrap();
        row.map(|row| row.conversation)
    };
    assert_eq!(found([1; 32], 99).await, Some(conversation(1)));
    assert_eq!(found([1; 32], 100).await, None, "expired");
    assert_eq!(found([2; 32], 99).await, None, "unknown");

    for (token, n) in [(1, 2), (2, 1)] {
        let again = NewCustomer {
            token_hash: [token; 32],
            conversation: conversation(n),
            origin: None,
            facts: Facts::default(),
            now: at(0),
            expires_at: at(100),
        };
        assert!(matches!(store.create_customer(again).await, Err(StorageError::Conflict)));
    }
}

#[tokio::test]
async fn deleting_expired_sessions_spares_the_others() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    add_customer(&store, 1).await;
    let agent = agent(&store, "小林").await;
    store.create_agent_session(TOKEN, &agent, at(0), at(50)).await.unwrap();
    store.create_agent_session(OTHER_TOKEN, &agent, at(0), at(500)).await.unwrap();

    assert_eq!(store.delete_expired_sessions(at(49)).await.unwrap(), 0);
    assert_eq!(store.delete_expired_sessions(at(100)).await.unwrap(), 2);
    assert!(store.agent_by_session(OTHER_TOKEN, at(100)).await.unwrap().is_some());
    assert!(store.customer_by_token([1; 32], at(0)).await.unwrap().is_none());
    assert_eq!(store.last_seq(&conversation(1)).await.unwrap(), 0, "the conversation stays");
}

async fn agent(store: &Store, name: &str) -> AgentRow {
    store.add_agent(name, "old", at(0)).await.unwrap();
    store.agent_by_name(name).await.unwrap().unwrap()
}

#[tokio::test]
async fn agents_are_told_apart_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    assert_eq!(store.count_agents().await.unwrap(), 0);
    let [lin, chen] = [agent(&store, "小林").await, agent(&store, "小陈").await];
    let taken = store.add_agent("小林", "x", at(0)).await;
    assert!(matches!(taken, Err(StorageError::NameTaken)));
    assert!(matches!(store.set_password("小王", "x").await, Err(StorageError::NotFound)));
    assert!(matches!(store.set_disabled("小王", true).await, Err(StorageError::NotFound)));
    assert_eq!(store.agent_by_name("小王").await.unwrap(), None);
    assert_eq!(store.agent_by_name("小陈").await.unwrap().map(|row| row.id), Some(chen.id));
    assert_eq!(store.count_agents().await.unwrap(), 2);
    assert_eq!(store.list_agents().await.unwrap(), [lin, chen]);
}

#[tokio::test]
async fn a_disabled_agent_or_a_new_password_ends_the_sessions() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    let [lin, chen] = [agent(&store, "小林").await, agent(&store, "小陈").await];
    let session = async |token| {
        let row = store.agent_by_session(token, at(10)).await.unwrap();
        row.map(|row| row.id)
    };
    store.create_agent_session(TOKEN, &lin, at(0), at(100)).await.unwrap();
    store.create_agent_session(OTHER_TOKEN, &chen, at(0), at(100)).await.unwrap();
    assert_eq!(session(TOKEN).await, Some(lin.id));
    assert!(store.agent_by_session(TOKEN, at(100)).await.unwrap().is_none(), "expired");

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

#[tokio::test]
async fn a_second_process_is_kept_out_but_for_accounts() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("new/data");
    let store = Store::open(&folder, at(0)).unwrap();
    assert!(matches!(Store::open(&folder, at(0)), Err(StorageError::InUse { .. })));

    let command = Store::open_shared(&folder, at(1)).unwrap();
    let lin = agent(&command, "小林").await;
    assert_eq!(store.agent_by_name("小林").await.unwrap(), Some(lin.clone()));
    store.create_agent_session(TOKEN, &lin, at(0), at(100)).await.unwrap();
    command.set_disabled("小林", true).await.unwrap();
    assert!(store.agent_by_session(TOKEN, at(1)).await.unwrap().is_none());
    drop(command);

    let clone = store.clone();
    drop(store);
    assert!(matches!(Store::open(&folder, at(0)), Err(StorageError::InUse { .. })), "a clone");
    drop(clone);
    Store::open(&folder, at(0)).unwrap();
}

#[tokio::test]
async fn accounts_may_be_made_before_the_first_start() {
    let dir = tempfile::tempdir().unwrap();
    let command = Store::open_shared(dir.path(), at(0)).unwrap();
    agent(&command, "小林").await;
    let store = open(&dir);
    assert_eq!(store.count_agents().await.unwrap(), 1);
}

#[cfg(unix)]
#[tokio::test]
async fn the_data_is_private_to_its_owner() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("data");
    let store = Store::open(&folder, at(0)).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 4, "lock, database, write-ahead log and its index: {files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
    drop(store);
    assert!(!folder.join("kefu.sqlite3-wal").exists(), "all of it is in the database");
}

#[test]
fn what_cannot_be_served_is_refused_at_start() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    fs::write(&file, "x").unwrap();
    let error = Store::open(&file.join("data"), at(0)).unwrap_err();
    assert!(matches!(&error, StorageError::NotWritable { .. }), "{error}");

    let newer = dir.path().join("newer");
    drop(Store::open(&newer, at(0)).unwrap());
    inspect(&newer).pragma_update(None, "user_version", 4).unwrap();
    for error in [Store::open(&newer, at(0)), Store::open_shared(&newer, at(0))] {
        let error = error.unwrap_err();
        assert!(matches!(error, StorageError::NewerSchema { found: 4, known: 3 }), "{error}");
    }

    let damaged = dir.path().join("damaged");
    fs::create_dir(&damaged).unwrap();
    fs::write(damaged.join("kefu.sqlite3"), "这不是数据库".repeat(1_000)).unwrap();
    let error = Store::open(&damaged, at(0)).unwrap_err();
    assert!(matches!(&error, StorageError::Corrupt { .. }), "{error}");
}

#[tokio::test]
async fn an_event_that_cannot_be_read_is_named_without_its_text() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    add_customer(&store, 1).await;
    store.append(append(1, 0, vec![said("a", "你好")])).await.unwrap();
    inspect(dir.path())
        .execute("UPDATE event SET body = '{\"type\":\"未来\"}' WHERE seq = 1", [])
        .unwrap();
    let error = store.records(&conversation(1)).await.unwrap_err().to_string();
    assert!(error.contains("event 1 of conversation 0000") && !error.contains("未来"), "{error}");
}

#[tokio::test]
async fn closing_keeps_what_was_appended_and_stops_all_clones() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    let clone = store.clone();
    add_customer(&store, 1).await;
    store.append(append(1, 0, vec![said("a", "你好")])).await.unwrap();
    store.close().await;
    assert!(!dir.path().join("kefu.sqlite3-wal").exists(), "closed while clones are alive");
    assert!(matches!(clone.probe().await, Err(StorageError::Stopped)));
    assert!(matches!(clone.last_seq(&conversation(1)).await, Err(StorageError::Stopped)));
    assert!(matches!(clone.health(), Some(StorageError::Stopped)));
    clone.close().await;
    drop((store, clone));
    assert_eq!(open(&dir).last_seq(&conversation(1)).await.unwrap(), 1);
}

/// R9 in small: the file may not grow for a while.
#[tokio::test]
async fn r9_a_full_disk_refuses_writes_only_and_is_got_over() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(&dir);
    add_customer(&store, 1).await;
    store.append(append(1, 0, vec![said("a", "你好")])).await.unwrap();

    limit_pages(&store, 1).await;
    let mut last = 1;
    let refused = loop {
        assert!(last < 100, "what is free in the file is soon used up");
        let step = append(1, last, vec![answered(&"满".repeat(1_000))]);
        match store.append(step.clone()).await {
            Ok(()) => last += 1,
            Err(StorageError::Full(_)) => break step,
            Err(error) => panic!("{error}"),
        }
    };
    assert!(last > 1, "something was stored under the limit");
    assert!(matches!(store.health(), Some(StorageError::Full(_))));
    assert!(matches!(store.probe().await, Err(StorageError::Full(_))));
    assert!(matches!(store.append(append(1, 0, vec![])).await, Err(StorageError::Conflict)));
    assert!(matches!(store.health(), Some(StorageError::Full(_))), "a refusal is no recovery");
    assert_eq!(store.records(&conversation(1)).await.unwrap().len() as u64, last);
    assert_eq!(store.last_seq(&conversation(1)).await.unwrap(), last);

    limit_pages(&store, NO_LIMIT).await;
    assert!(store.health().is_some(), "nobody has tried yet");
    store.probe().await.unwrap();
    assert!(store.health().is_none());
    store.append(refused).await.unwrap();
    assert_eq!(store.last_seq(&conversation(1)).await.unwrap(), last + 1);
    drop(store);
    let check: String =
        inspect(dir.path()).pragma_query_value(None, "integrity_check", |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
}

const NO_LIMIT: u32 = 1 << 30;

/// `SQLite` refuses to let the file grow beyond this, or beyond its size if that is larger.
async fn limit_pages(store: &Store, pages: u32) {
    store
        .write(move |conn| {
            Ok(conn.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?)
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_new_data_folder_has_another_generation() {
    let dir = tempfile::tempdir().unwrap();
    let [first, second] = ["first", "second"].map(|name| dir.path().join(name));
    let first = Store::open(&first, at(0)).unwrap();
    let second = Store::open(&second, at(0) + SignedDuration::from_micros(1)).unwrap();
    assert_ne!(first.generation(), second.generation());
}

/// What the program before wrote: schema 2, with an account and a customer.
#[tokio::test]
async fn a_data_folder_of_the_schema_before_still_opens() {
    let dir = tempfile::tempdir().unwrap();
    drop(Store::open(dir.path(), at(0)).unwrap());
    let old = inspect(dir.path());
    old.execute_batch("DROP TABLE sign_in_place; PRAGMA user_version = 2;").unwrap();
    old.execute_batch(
        "INSERT INTO agent (name, password_hash, created_at) VALUES ('小林', 'x', 0)",
    )
    .unwrap();
    drop(old);

    let store = open(&dir);
    let agent = store.agent_by_name("小林").await.unwrap().unwrap().id;
    assert_eq!(store.sign_in_places(0).await.unwrap(), []);
    store.note_sign_in_place(agent, [1; 32], 20_000).await.unwrap();
    store.note_sign_in_place(agent, [1; 32], 20_001).await.unwrap();
    store.note_sign_in_place(agent, [2; 32], 20_000).await.unwrap();
    let days = |places: Vec<SignInPlace>| places.iter().map(|p| p.day).collect::<Vec<_>>();
    assert_eq!(days(store.sign_in_places(0).await.unwrap()), [20_000, 20_001]);
    store.delete_sign_in_places(20_001).await.unwrap();
    assert_eq!(days(store.sign_in_places(0).await.unwrap()), [20_001]);
}
