//! Data of an earlier program is readable: `tests/data/8f5a382` has the root of that commit, and a
//! journal that its program wrote.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use kefu::dialogue::State;
use kefu::files::Root;
use kefu::journal::Record;
use kefu::knowledge::{Severity, load};
use kefu::storage::Store;
use serde_json::{Value, json};

use crate::harness::{Agent, Server, small_root};

/// When the copy is opened: a day of its own time.
const NOW: Timestamp = Timestamp::constant(1_796_000_000, 0);

fn released(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/8f5a382").join(path)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_journal_is_folded() {
    let data = tempfile::tempdir().unwrap();
    std::fs::copy(released("data/kefu.sqlite3"), data.path().join("kefu.sqlite3")).unwrap();
    let store = Store::open(data.path(), NOW).unwrap();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    let mut open = Vec::new();
    for id in store.conversations().await.unwrap() {
        let records: Vec<Record> = store.records(&id).await.unwrap();
        let mut state = State::new();
        for record in &records {
            let body = serde_json::to_value(&record.event).unwrap();
            *kinds.entry(body["type"].as_str().unwrap().to_owned()).or_default() += 1;
            state.apply(record);
        }
        assert_eq!(state.seq(), store.last_seq(&id).await.unwrap());
        open.extend(state.is_open().then_some(id));
    }
    // It contains each kind of event of a normal day.
    let expected = [
        ("agent_joined", 3),
        ("agent_said", 1),
        ("bot_said", 13),
        ("closed", 2),
        ("customer_said", 15),
        ("ended", 4),
        ("episode_started", 8),
        ("human_asked", 1),
        ("idle_warned", 2),
        ("message_asked", 2),
        ("message_left", 1),
        ("noticed", 20),
        ("offer_ended", 1),
        ("offered", 6),
        ("queued", 6),
        ("rated", 1),
        ("returned_to_bot", 2),
    ];
    assert_eq!(kinds, expected.map(|(kind, count)| (kind.to_owned(), count)).into());
    let to_fold = store.open_to_fold(0).await.unwrap();
    let mut stored: Vec<_> = to_fold.into_iter().map(|found| found.id).collect();
    stored.sort();
    open.sort();
    assert_eq!(open, stored, "what is open is what the earlier program had open");
    store.close().await;
}

/// The client ids in a file.
fn client_ids(bytes: &[u8]) -> BTreeSet<String> {
    let text = String::from_utf8_lossy(bytes);
    let parts = text.split(r#""client_id":""#).skip(1);
    parts.filter_map(|rest| rest.split('"').next()).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_client_id_is_left_as_it_was_sent() {
    let data = tempfile::tempdir().unwrap();
    let path = data.path().join("kefu.sqlite3");
    std::fs::copy(released("data/kefu.sqlite3"), &path).unwrap();
    let sent = client_ids(&std::fs::read(&path).unwrap());
    assert!(sent.len() > 10, "{sent:?}");

    let store = Store::open(data.path(), NOW).unwrap();
    store.close().await;
    let kept = client_ids(&std::fs::read(&path).unwrap());
    assert!(kept.len() >= sent.len(), "each has its hash: {kept:?}");
    assert!(kept.iter().all(|id| id.len() == 64), "{kept:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_goes_on_where_the_earlier_one_stopped() {
    let server = Server::start_over(small_root().path(), &released("data/kefu.sqlite3"));
    let token = Agent::sign_in(&server.address, "lin").await;
    let mut socket = Agent::hello(&server.address, &token).await;
    let snapshot = socket.until_type("snapshot").await;
    let held = &snapshot["conversations"][0];
    let records = held["records"].as_array().unwrap();
    let texts: Vec<&str> = records.iter().filter_map(|r| r["event"]["text"].as_str()).collect();
    assert!(texts.contains(&"我的钱呢"), "{texts:?}");
    let (conversation, epoch) = (held["conversation"].clone(), held["epoch"].clone());
    let reply = json!({"type": "send", "conversation": conversation, "epoch": epoch,
        "client_id": "after", "text": "我来查一下。"});
    socket.send(reply).await;
    socket.until(|frame| frame["type"] == "ack" && frame["client_id"] == "after").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_root_answers() {
    let root = released("");
    let files = Root::find(Some(&root), &root).unwrap().read().unwrap();
    let loaded = load(&files, jiff::civil::date(2026, 11, 29));
    let errors = loaded.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    assert_eq!(errors.map(|found| &found.message).collect::<Vec<_>>(), Vec::<&String>::new());

    let server = Server::start_over(&root, &released("data/kefu.sqlite3"));
    let (status, answer) = server.post("/v1/ask", json!({"text": "提现多久到账"})).await;
    assert_eq!((status, &answer["entry"]), (200, &Value::from("payment.withdraw.arrival")));
}
