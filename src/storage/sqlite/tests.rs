//! Tests of the `SQLite` engine only: its data folder.

use std::{fs, path::Path};

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use tempfile::TempDir;

use super::{
    engine::Sqlite,
    failure::failure,
    schema::{self, SCHEMA},
};
use crate::compliance::ContactText;
use crate::journal::{
    ClientId, ClientIdHash, ConversationId, CustomerEvent, EpisodeEvent, Event, Record,
};
use crate::knowledge::Facts;
use crate::storage::{AgentRow, Append, Contact, NewCustomer, StorageError, Store, TokenHash};

const TOKEN: TokenHash = [7; 32];

impl Sqlite {
    /// `SQLite` refuses to let the file grow beyond this, or beyond its size if that is larger.
    pub(in crate::storage) async fn limit_pages(&self, pages: u32) {
        self.write(move |session| {
            let limit = ("max_page_count", pages);
            let set = session.raw().pragma_update_and_check(None, limit.0, limit.1, |_| Ok(()));
            set.map_err(failure)
        })
        .await
        .unwrap();
    }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_772_000_000 + second).unwrap()
}

fn open(dir: &TempDir) -> Store {
    Store::open(dir.path(), at(0)).unwrap()
}

fn conversation(n: u8) -> ConversationId {
    ConversationId::new(&format!("{n:032x}"))
}

fn append(n: u8, expected_seq: u64, events: Vec<Event>) -> Append {
    let records = (expected_seq + 1..)
        .zip(events)
        .map(|(seq, event)| Record { seq, at: at(seq as i64), event })
        .collect();
    let conversation = conversation(n);
    Append { conversation, expected_seq, records, contact: None, is_open: true, fold_from: 0 }
}

fn phone() -> ContactText {
    ContactText::new("13800138000").unwrap()
}

async fn add_customer(store: &Store, n: u8) {
    let customer = NewCustomer {
        token_hash: [n; 32],
        conversation: conversation(n),
        origin: None,
        facts: Facts::default(),
        now: at(0),
        expires_at: at(100),
    };
    store.create_customer(customer).await.unwrap();
}

async fn agent(store: &Store, name: &str) -> AgentRow {
    store.add_agent(name, "old", at(0)).await.unwrap();
    store.agent_by_name(name).await.unwrap().unwrap()
}

fn inspect(dir: &Path) -> Connection {
    Connection::open(dir.join("kefu.sqlite3")).unwrap()
}

/// A folder as written by a program whose last schema was this one.
fn folder_of_schema(schema: u32) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    schema::migrate_to(&mut inspect(dir.path()), schema, at(0)).unwrap();
    dir
}

#[test]
fn a_store_may_be_shared_between_threads() {
    fn assert_shared<T: Clone + Send + Sync + 'static>() {}
    assert_shared::<Store>();
}

#[tokio::test]
async fn each_commit_waits_for_the_disk() {
    let dir = tempfile::tempdir().unwrap();
    for opened in [Sqlite::open(dir.path(), at(0)), Sqlite::open_shared(dir.path(), at(0))] {
        let engine = opened.unwrap();
        let durable = engine.write(|session| {
            let conn = session.raw();
            let synchronous: i64 =
                conn.pragma_query_value(None, "synchronous", |row| row.get(0)).unwrap();
            let journal: String =
                conn.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
            Ok((synchronous, journal))
        });
        assert_eq!(durable.await.unwrap(), (2, "wal".to_owned()), "FULL is 2");
    }
}

#[tokio::test]
async fn records_survive_a_reopen_as_they_were() {
    let dir = tempfile::tempdir().unwrap();
    let started = Event::Episode(EpisodeEvent::Started { episode: 1, epoch: 1 });
    let mut step = append(1, 0, vec![started, Event::Episode(EpisodeEvent::IdleWarned)]);
    step.fold_from = 2;
    let expected = step.records.clone();
    let store = open(&dir);
    let generation = store.generation();
    add_customer(&store, 1).await;
    store.append(step).await.unwrap();
    store.close().await;
    assert!(!dir.path().join("kefu.sqlite3-wal").exists(), "closed while the store is alive");
    drop(store);

    let store = open(&dir);
    assert_eq!(store.records(&conversation(1)).await.unwrap(), expected);
    assert_eq!(store.records_to_fold(&conversation(1)).await.unwrap(), expected[1..]);
    assert_eq!(store.last_seq(&conversation(1)).await.unwrap(), 2);
    assert_eq!(store.generation(), generation);
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
    inspect(&newer).pragma_update(None, "user_version", SCHEMA + 1).unwrap();
    for error in [Store::open(&newer, at(0)), Store::open_shared(&newer, at(0))] {
        let error = error.unwrap_err();
        let StorageError::NewerSchema { found, known } = error else { panic!("{error}") };
        assert_eq!((found, known), (SCHEMA + 1, SCHEMA));
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
    store.append(append(1, 0, vec![Event::Episode(EpisodeEvent::IdleWarned)])).await.unwrap();
    inspect(dir.path())
        .execute("UPDATE event SET body = '{\"type\":\"未来\"}' WHERE seq = 1", [])
        .unwrap();
    for read in [
        store.records(&conversation(1)).await,
        store.records_to_fold(&conversation(1)).await,
        store.open_to_fold(0).await.map(|_| Vec::new()),
    ] {
        let error = read.unwrap_err().to_string();
        let is_named = error.contains("event 1 of conversation 0000");
        assert!(is_named && !error.contains("未来"), "{error}");
    }
}

/// A write that a full disk refuses leaves the file intact.
#[tokio::test]
async fn r9_the_file_is_whole_after_a_full_disk() {
    let dir = tempfile::tempdir().unwrap();
    let engine = Sqlite::open(dir.path(), at(0)).unwrap();
    let store = Store::from(engine.clone());
    add_customer(&store, 1).await;
    engine.limit_pages(1).await;
    let refused =
        store.append(append(1, 0, vec![Event::Episode(EpisodeEvent::IdleWarned); 10_000])).await;
    assert!(matches!(refused, Err(StorageError::Full(_))));
    assert_eq!(store.last_seq(&conversation(1)).await.unwrap(), 0);
    drop((store, engine));
    let check: String =
        inspect(dir.path()).pragma_query_value(None, "integrity_check", |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
}

#[tokio::test]
async fn a_new_data_folder_has_another_generation() {
    let dir = tempfile::tempdir().unwrap();
    let [first, second] = ["first", "second"].map(|name| dir.path().join(name));
    let first = Store::open(&first, at(0)).unwrap();
    let second = Store::open(&second, at(0) + SignedDuration::from_micros(1)).unwrap();
    assert_ne!(first.generation(), second.generation());
}

#[tokio::test]
async fn of_a_customer_of_the_first_schema_nothing_is_known() {
    let dir = folder_of_schema(1);
    inspect(dir.path())
        .execute_batch(
            "INSERT INTO conversation (key, id) VALUES (1, '0123456789abcdef0123456789abcdef');
             INSERT INTO customer (token_hash, conversation, created_at, expires_at)
                VALUES (x'0101010101010101010101010101010101010101010101010101010101010101',
                    1, 0, 9000000000000000);",
        )
        .unwrap();
    let store = open(&dir);
    let row = store.customer_by_token([1; 32], at(1)).await.unwrap().unwrap();
    assert!(row.facts.is_empty());
}

#[tokio::test]
async fn accounts_of_the_second_schema_have_places_from_now_on() {
    let dir = folder_of_schema(2);
    inspect(dir.path())
        .execute_batch(
            "INSERT INTO agent (name, password_hash, created_at) VALUES ('小林', 'x', 0)",
        )
        .unwrap();
    let store = open(&dir);
    let agent = store.agent_by_name("小林").await.unwrap().unwrap().id;
    assert_eq!(store.sign_in_places(0).await.unwrap(), []);
    store.note_sign_in_place(agent, [1; 32], 20_000).await.unwrap();
    assert_eq!(store.sign_in_places(0).await.unwrap().len(), 1);
}

#[tokio::test]
async fn conversations_of_the_third_schema_are_folded_from_their_last_episode() {
    let dir = folder_of_schema(3);
    inspect(dir.path())
        .execute_batch(
            "INSERT INTO conversation (key, id, last_seq, open)
                VALUES (1, '00000000000000000000000000000001', 2, 1);
             INSERT INTO event (conversation, seq, at, body)
                VALUES (1, 1, 0, '{\"type\":\"idle_warned\"}'), (1, 2, 0, '{\"type\":\"closed\"}');",
        )
        .unwrap();
    let started = |n| format!("{{\"type\":\"episode_started\",\"episode\":{n},\"epoch\":{n}}}");
    let left = "{\"type\":\"message_left\",\"epoch\":2,\"client_id\":\"a\",\"text\":\"请回电\",\
                \"has_contact\":false}";
    for (key, second) in [(2, "{\"type\":\"closed\"}"), (3, left)] {
        inspect(dir.path())
            .execute_batch(&format!(
                "INSERT INTO conversation (key, id, last_seq, open)
                    VALUES ({key}, '{key:032}', 4, 1);
                 INSERT INTO event (conversation, seq, at, body) VALUES
                    ({key}, 1, 0, '{}'), ({key}, 2, 0, '{second}'),
                    ({key}, 3, 0, '{}'), ({key}, 4, 0, '{{\"type\":\"idle_warned\"}}');
                 UPDATE event SET client_id = 'a' WHERE body LIKE '%client_id%';",
                started(1),
                started(2),
            ))
            .unwrap();
    }
    let store = open(&dir);
    let folded = async |n| store.records_to_fold(&conversation(n)).await.unwrap().len();
    assert_eq!(folded(1).await, 2, "it does not say where an episode began");
    assert_eq!(folded(2).await, 2, "the second episode");
    assert_eq!(folded(3).await, 4, "a message may still be open");
    let open = store.open_to_fold(0).await.unwrap();
    let lengths = open.iter().map(|found| found.records.as_ref().unwrap().len());
    assert_eq!(lengths.collect::<Vec<_>>(), [2, 2, 4]);
}

/// Client ids as sent, which occur nowhere else.
fn sent(n: u32) -> String {
    format!("residue-{n:06}-of-a-client")
}

#[tokio::test]
async fn no_dropped_fact_is_left_in_the_folder() {
    const CUSTOMERS: u32 = 2_000;
    let schema_of = |conn: &Connection| -> Vec<String> {
        let about = [
            "SELECT name || type || \"notnull\" || pk || coalesce(dflt_value, '')
             FROM pragma_table_xinfo('customer')",
            "SELECT name || \"unique\" || origin FROM pragma_index_list('customer') ORDER BY name",
            "SELECT \"table\" || \"from\" || \"to\" FROM pragma_foreign_key_list('customer')",
            "SELECT name || wr || strict FROM pragma_table_list('customer')",
        ];
        let texts = |sql: &str| -> Vec<String> {
            let mut rows = conn.prepare(sql).unwrap();
            rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        };
        about.into_iter().flat_map(texts).collect()
    };
    let dir = folder_of_schema(SCHEMA);
    let conn = inspect(dir.path());
    let before = schema_of(&conn);
    conn.execute_batch("BEGIN").unwrap();
    for n in 1..=CUSTOMERS {
        conn.execute("INSERT INTO conversation (id) VALUES (?1)", [format!("{n:032x}")]).unwrap();
        let mut token = [0; 32];
        token[..4].copy_from_slice(&n.wrapping_mul(0x9e37_79b9).to_be_bytes());
        let facts = match n % 3 {
            0 => String::new(),
            1 => "product=wallet".to_owned(),
            _ => format!("product=loan,uid=residue_{n:06}"),
        };
        conn.execute(
            "INSERT INTO customer (token_hash, conversation, origin, facts, created_at, expires_at)
             VALUES (?1, ?2, 'https://shop.example', ?3, 5, ?4)",
            (token, n, facts, at(9).as_microsecond()),
        )
        .unwrap();
    }
    conn.execute("UPDATE customer SET facts = 'residue without form' WHERE conversation = 1", [])
        .unwrap();
    conn.execute_batch("COMMIT").unwrap();
    drop(conn);
    assert!(contains(&bytes_of(&dir), b"residue"), "they were there");

    let store = open(&dir);
    let keep = |facts: &Facts| {
        let pairs = facts.pairs().filter(|(name, _)| *name == "product");
        Facts::new(pairs.map(|(name, value)| (name.to_owned(), value.to_owned()))).unwrap()
    };
    let changed = store.rewrite_facts(keep).await.unwrap();
    assert_eq!(changed, (1..=CUSTOMERS).filter(|n| n % 3 == 2).count() + 1);
    assert!(!contains(&bytes_of(&dir), b"residue"), "while it runs");
    store.close().await;
    assert!(!contains(&bytes_of(&dir), b"residue"), "when it is closed");
    let conn = inspect(dir.path());
    assert_eq!(schema_of(&conn), before, "the table is as the migrations make it");
    let (count, with_facts): (u32, u32) = conn
        .query_row(
            "SELECT count(*), sum(facts <> '') FROM customer WHERE created_at = 5",
            [],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    assert_eq!((count, with_facts), (CUSTOMERS, CUSTOMERS - CUSTOMERS / 3 - 1));
}

/// All bytes of the folder, including the write-ahead log.
fn bytes_of(dir: &TempDir) -> Vec<u8> {
    let files = fs::read_dir(dir.path()).unwrap().map(|file| file.unwrap().path());
    files.flat_map(|file| fs::read(file).unwrap()).collect()
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

#[tokio::test]
async fn no_client_id_as_it_was_sent_is_left_of_the_fourth_schema() {
    const MESSAGES: u32 = 3_000;
    let dir = folder_of_schema(4);
    let conn = inspect(dir.path());
    conn.pragma_update(None, "secure_delete", true).unwrap();
    conn.execute_batch("BEGIN").unwrap();
    for n in 1..=3 {
        let id = format!("{n:032x}");
        conn.execute("INSERT INTO conversation (id, last_seq) VALUES (?1, ?2)", (id, MESSAGES / 3))
            .unwrap();
    }
    for n in 0..MESSAGES {
        // Some are longer than a page; some name another message's id, as a text.
        let text = match n % 100 {
            0 => "长".repeat(3_000),
            1 => format!(r#"\"client_id\":\"{}\""#, sent(n)).replace("residue", "quoted"),
            _ => "提现多久到账".repeat(n as usize % 7),
        };
        let body =
            format!(r#"{{"type":"customer_said","client_id":"{}","text":"{text}"}}"#, sent(n));
        conn.execute(
            "INSERT INTO event (conversation, seq, at, client_id, body) VALUES (?1, ?2, ?3, ?4, ?5)",
            (n % 3 + 1, n / 3 + 1, n, sent(n), body),
        )
        .unwrap();
    }
    conn.execute_batch("INSERT INTO contact VALUES (1, 1, '13800138000', 0); COMMIT").unwrap();
    drop(conn);
    assert!(contains(&bytes_of(&dir), b"residue-"), "they were there");

    let store = open(&dir);
    assert!(!contains(&bytes_of(&dir), b"residue-"), "while it runs");
    for n in [0, 1, 2, MESSAGES - 1] {
        let conversation = conversation((n % 3 + 1) as u8);
        let hash = ClientIdHash::of(&conversation, &ClientId::new(&sent(n)).unwrap());
        let found = store.record_of_client_id(&conversation, &hash).await.unwrap().unwrap();
        assert_eq!(found.seq, u64::from(n / 3 + 1));
        assert_eq!(found.event.client_id(), Some(&hash), "column and body agree");
    }
    for n in 1..=3 {
        let records = store.records(&conversation(n)).await.unwrap();
        assert_eq!(records.len() as u32, MESSAGES / 3);
    }
    assert_eq!(store.contacts(&conversation(1)).await.unwrap().len(), 1);
    let texts = store.records(&conversation(2)).await.unwrap();
    let Event::Customer(CustomerEvent::Said { text, .. }) = &texts[0].event else { panic!() };
    assert!(text.starts_with(r#""client_id":"quoted-"#), "texts stay: {}", &**text);
    let last_seq = u64::from(MESSAGES / 3);
    let mut next = append(1, last_seq, vec![Event::Episode(EpisodeEvent::IdleWarned)]);
    for (seq, is_of_the_step) in [(last_seq + 2, false), (last_seq + 1, true)] {
        next.contact = Some(Contact { seq, text: phone(), consented_at: at(1) });
        assert_eq!(store.append(next.clone()).await.is_ok(), is_of_the_step, "still kept together");
    }
    drop(store);
    assert!(!contains(&bytes_of(&dir), b"residue-"), "when it is closed");
    let check = |name: &str| {
        let conn = inspect(dir.path());
        let mut rows = conn.prepare(&format!("PRAGMA {name}")).unwrap();
        let rows = rows.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.map(Result::unwrap).collect::<Vec<_>>()
    };
    assert_eq!(check("integrity_check"), ["ok"]);
    assert_eq!(check("foreign_key_check"), Vec::<String>::new());
}
