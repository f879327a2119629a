//! Answers for some customers only, by their facts.

use std::{fs, path::Path, process::Output};

use jiff::Timestamp;
use kefu::journal::ConversationId;
use kefu::storage::{NewCustomer, Store};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::harness::{Server, Socket, connect, small_root};
use crate::server::reload::until_ready;

const FACTS: &str = "version: 1\nfacts: {product: [wallet, loan]}\n";
const WALLET: &str = "提现费用以确认页为准。";
const LOAN: &str = "贷款提款不收费。";
const FEE: &str = "提现要手续费吗";

/// The small root's fee for the product wallet, and another for loans.
fn two_products(root: &Path) {
    let file = root.join("knowledge/payment.yaml");
    let text = fs::read_to_string(&file).unwrap();
    let fee = "  - id: payment.withdraw.fee\n";
    assert!(text.contains(fee));
    let wallet = format!("{fee}    when: {{product: [wallet]}}\n");
    let loan = format!(
        "  - id: p2p.withdraw.fee\n    question: {FEE}\n    similar: [提款收费吗]\n    \
         when: {{product: [loan]}}\n    answer: {LOAN}\n    compliance: {{source: 运营方规则}}\n"
    );
    fs::write(&file, text.replace(fee, &(loan + &wallet))).unwrap();
}

fn root() -> TempDir {
    let root = small_root();
    fs::write(root.path().join("knowledge/facts.yaml"), FACTS).unwrap();
    two_products(root.path());
    root
}

async fn server() -> Server {
    let server = Server::start();
    declare(&server, FACTS).await;
    two_products(server.root());
    until_ready(&server, |ready, before| ready["knowledge"] != before["knowledge"]).await;
    server
}

/// Serves the knowledge with this `facts.yaml`.
async fn declare(server: &Server, facts: &str) {
    fs::write(server.root().join("knowledge/facts.yaml"), facts).unwrap();
    until_ready(server, |ready, before| ready["knowledge"] != before["knowledge"]).await;
}

/// Says hello like a page with or without facts.
async fn hello(server: &Server, token: &str, facts: Option<Value>) -> Socket {
    let origin = format!("http://{}", server.address);
    let mut socket = connect(&server.address, "/v1/customer", Some(&origin)).await.unwrap();
    let mut hello = json!({"type": "hello", "protocol": 1, "token": token, "last_seq": 0});
    if let Some(facts) = facts {
        hello["facts"] = facts;
    }
    socket.send(hello).await;
    socket
}

async fn fee(socket: &mut Socket, id: &str) -> String {
    socket.send(json!({"type": "send", "client_id": id, "text": FEE})).await;
    socket.until(|frame| frame["type"] == "ack" && frame["client_id"] == id).await;
    let said = socket.until_event("bot_said").await;
    said["event"]["text"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_is_answered_with_what_is_for_them() {
    let server = server().await;
    let (status, created) =
        server.post("/v1/customers", json!({"facts": {"product": "loan", "color": "red"}})).await;
    assert_eq!(status, 201, "a fact that is not declared does no harm: {created}");
    assert_eq!(created["dropped_facts"], json!({"names": ["color"], "count": 1}));
    let token = created["token"].as_str().unwrap();
    assert_eq!(fee(&mut hello(&server, token, None).await, "a").await, LOAN);

    let wallet = Some(json!({"product": "wallet"}));
    assert_eq!(fee(&mut hello(&server, token, wallet).await, "b").await, WALLET);
    assert_eq!(fee(&mut hello(&server, token, None).await, "c").await, WALLET, "it is kept");

    let nothing = fee(&mut hello(&server, token, Some(json!({}))).await, "d").await;
    assert!(![WALLET, LOAN].contains(&nothing.as_str()), "{nothing}");
}

#[tokio::test(flavor = "multi_thread")]
async fn buttons_lead_to_what_is_for_the_customer_alone() {
    let server = server().await;
    for (facts, expected) in [(json!({"product": "wallet"}), 1), (json!({}), 0)] {
        let (_, created) = server.post("/v1/customers", json!({"facts": facts})).await;
        let mut socket = hello(&server, created["token"].as_str().unwrap(), None).await;
        socket.send(json!({"type": "send", "client_id": "a", "text": "提现多久到账"})).await;
        let said = socket.until_event("bot_said").await;
        let choices = said["event"]["choices"].as_array().map_or(0, Vec::len);
        assert_eq!(choices, expected, "{said}");
        let press = json!({"type": "send", "client_id": "b", "text": "喵",
            "choice": "payment.withdraw.fee"});
        socket.send(press).await;
        socket.until(|frame| frame["type"] == "ack" && frame["client_id"] == "b").await;
        let said = socket.until_event("bot_said").await;
        assert_eq!(said["event"]["text"] == WALLET, expected == 1, "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_question_goes_by_its_facts() {
    let server = server().await;
    for (facts, expected) in [("wallet", WALLET), ("loan", LOAN)] {
        let body = json!({"text": FEE, "facts": {"product": facts}});
        assert_eq!(server.post("/v1/ask", body).await.1["text"], expected);
    }
}

/// Whether any file of the folder, or of one inside of it, has this word, in letters of any case.
fn is_on_disk(folder: &Path, word: &str) -> bool {
    let has_word = |bytes: Vec<u8>| {
        bytes.to_ascii_lowercase().windows(word.len()).any(|window| window == word.as_bytes())
    };
    let mut files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.any(|file| {
        let kind = fs::metadata(&file).unwrap();
        // A socket has no bytes to read.
        if kind.is_dir() {
            is_on_disk(&file, word)
        } else {
            kind.is_file() && has_word(fs::read(file).unwrap())
        }
    })
}

/// The stored facts of each customer, as they stand in the file.
fn stored_facts(folder: &Path) -> Vec<String> {
    let conn = rusqlite::Connection::open(folder.join("kefu.sqlite3")).unwrap();
    let mut rows = conn.prepare("SELECT facts FROM customer ORDER BY conversation").unwrap();
    rows.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn undeclared_facts_are_named_counted_and_kept_nowhere() {
    // Its log is kept.
    let mut server = Server::start_behind_a_proxy();
    declare(&server, FACTS).await;
    let sent = json!({
        "product": "planted_zhang", "uid": "planted_zhang", "phone": "13800138000planted",
        "姓名planted": "wallet", "Planted": "张三", "long": "planted".repeat(100),
        "vip": {"planted": "planted"}, "age": 7, "nothing": null,
    });
    let expected = json!({
        "names": ["age", "long", "nothing", "phone", "product", "uid", "vip"], "count": 9,
    });

    let (status, created) = server.post("/v1/customers", json!({"facts": sent})).await;
    assert_eq!((status, &created["dropped_facts"]), (201, &expected), "{created}");
    let (status, answer) = server.post("/v1/ask", json!({"text": FEE, "facts": sent})).await;
    assert_eq!((status, &answer["dropped_facts"]), (200, &expected), "{answer}");
    let token = created["token"].as_str().unwrap();
    let mut socket = hello(&server, token, Some(sent)).await;
    let welcome = socket.until_type("welcome").await;
    assert_eq!(welcome["dropped_facts"], expected, "{welcome}");
    fee(&mut socket, "a").await;
    let (_, _, metrics) = server.get("/metrics").await;
    assert!(metrics.contains("\nkefu_facts_dropped_total 27\n"), "{metrics}");

    let declared = json!({"facts": {"product": "loan"}});
    let (_, created) = server.post("/v1/customers", declared).await;
    assert_eq!(created.get("dropped_facts"), None, "nothing to tell: {created}");
    assert_eq!(stored_facts(&server.data()), ["", "product=loan"]);
    assert!(!is_on_disk(&server.data(), "planted"), "while it runs");
    server.terminate();
    assert!(!is_on_disk(&server.data(), "planted"), "when it has stopped");
    assert!(!server.log().contains("planted"), "in its log");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_earlier_version_stored_is_dropped_at_the_start() {
    let (data, token) = (tempfile::tempdir().unwrap(), "a token of an earlier version");
    let store = Store::open(data.path(), Timestamp::UNIX_EPOCH).unwrap();
    let customer = NewCustomer {
        token_hash: Sha256::digest(token).into(),
        conversation: ConversationId::new("0123456789abcdef0123456789abcdef"),
        origin: None,
        facts: "product=loan,uid=planted_zhang".parse().unwrap(),
        now: Timestamp::UNIX_EPOCH,
        expires_at: Timestamp::MAX,
    };
    store.create_customer(customer).await.unwrap();
    store.close().await;
    assert!(is_on_disk(data.path(), "planted"), "it was there");

    let database = data.path().join("kefu.sqlite3");
    let server = Server::start_over(root().path(), &database);
    assert!(!is_on_disk(&server.data(), "planted"), "it is gone");
    assert_eq!(stored_facts(&server.data()), ["product=loan"]);
    assert_eq!(fee(&mut hello(&server, token, None).await, "a").await, LOAN, "the rest has effect");
}

#[tokio::test(flavor = "multi_thread")]
async fn facts_are_held_to_the_declarations_of_now() {
    let server = Server::start();
    let both = "version: 1\nfacts: {product: [wallet, loan], audience: [vip]}\n";
    declare(&server, both).await;
    let facts = json!({"product": "loan", "audience": "vip"});
    let (_, created) = server.post("/v1/customers", json!({"facts": facts})).await;
    let token = created["token"].as_str().unwrap();
    assert_eq!(stored_facts(&server.data()), ["audience=vip,product=loan"]);

    declare(&server, FACTS).await;
    hello(&server, token, None).await.until_type("welcome").await;
    assert_eq!(stored_facts(&server.data()), ["product=loan"], "without new facts");

    declare(&server, both).await;
    hello(&server, token, Some(facts)).await.until_type("welcome").await;
    assert_eq!(stored_facts(&server.data()), ["audience=vip,product=loan"]);
}

fn kefu(args: &[&str], root: &Path) -> Output {
    let args = [args, &["--today", "2026-11-22"]].concat();
    crate::harness::kefu(&args, root)
}

#[test]
fn ask_and_test_take_facts() {
    let root = root();
    let ask = |args: &[&str]| -> Value {
        let output = kefu(&[&["ask", "--json", FEE], args].concat(), root.path());
        serde_json::from_slice(&output.stdout).unwrap()
    };
    assert_eq!(ask(&["--fact", "product=wallet"])["answer"], WALLET);
    assert_eq!(ask(&["--fact", "product=loan"])["answer"], LOAN);
    assert_ne!(ask(&[])["band"], "answer");
    let wrong = [
        ("product=walet", "did you mean “wallet”?"),
        ("produkt=wallet", "did you mean “product”?"),
        ("wallet", "expected name=value"),
    ];
    for (fact, told) in wrong {
        let output = kefu(&["ask", FEE, "--fact", fact], root.path());
        assert_eq!(output.status.code(), Some(2), "{fact}");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains(told), "{stderr}");
    }

    let case = |entry: &str, facts: &str| {
        format!("  - entry: {entry}\n    facts: {facts}\n    say: [提现是要收手续费的吗]\n")
    };
    let tests = format!(
        "version: 1\ncases:\n{}{}{}",
        case("payment.withdraw.fee", "{product: wallet}"),
        case("p2p.withdraw.fee", "{product: loan}"),
        "  - entry: p2p.withdraw.fee\n    say: [提款是要收费的吗]\n",
    );
    fs::write(root.path().join("knowledge/tests.yaml"), tests).unwrap();
    let output = kefu(&["test", "--json"], root.path());
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&json["figures"][0]["hits"], &json["figures"][0]["of"]), (&2.into(), &2.into()));
    assert_eq!(json["skipped"], 1, "a customer of whom nothing is known is not shown it");
}

#[test]
fn diff_asks_as_the_customers_for_whom_entries_are() {
    let (old, new) = (root(), root());
    let diff = |args: &[&str]| {
        let paths = [old.path().to_str().unwrap(), new.path().to_str().unwrap()];
        kefu(&[&["diff", "--json"], &paths[..], args].concat(), old.path())
    };
    assert_eq!(diff(&[]).status.code(), Some(0));
    let file = new.path().join("knowledge/payment.yaml");
    let text = fs::read_to_string(&file).unwrap();
    let edited = text.replace(
        "    when: {product: [loan]}\n",
        "    when: {product: [wallet]}\n    status: draft\n",
    );
    // A draft is still checked, so it must give up its question.
    let edited = edited.replacen(FEE, "提款要手续费吗", 1);
    let edited = edited.replace(
        "    question: 忘记登录密码怎么办\n",
        "    question: 忘记登录密码怎么办\n    match: contains\n    patterns: [密码, 收费]\n",
    );
    fs::write(&file, edited).unwrap();
    let output = diff(&[]);
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    let changes = json["changes"].as_array().unwrap();
    let change = |text: &str, product: &str| -> &Value {
        let fits =
            |change: &&Value| change["text"] == text && change["facts"]["product"] == product;
        changes.iter().find(fits).unwrap_or_else(|| panic!("{text} {product}: {json:#}"))
    };
    assert_eq!(change(FEE, "loan")["reasons"][0]["code"], "entry_withdrawn");
    let taken = change("提款收费吗", "loan");
    let codes: Vec<&Value> =
        taken["reasons"].as_array().unwrap().iter().map(|reason| &reason["code"]).collect();
    assert_eq!(codes, ["entry_withdrawn", "pattern_fits"], "{taken:#}");
    assert_eq!(taken["reasons"][1]["text"], "现在命中条目 account.password.reset 的句式");
}
