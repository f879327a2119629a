//! Answers for some customers only, by their facts.

use std::{fs, path::Path, process::Output};

use serde_json::{Value, json};
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
    fs::write(server.root().join("knowledge/facts.yaml"), FACTS).unwrap();
    until_ready(&server, |ready, before| ready["knowledge"] != before["knowledge"]).await;
    two_products(server.root());
    until_ready(&server, |ready, before| ready["knowledge"] != before["knowledge"]).await;
    server
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
    assert_eq!(status, 201, "a fact that nobody asks for does no harm: {created}");
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
async fn a_single_question_and_a_wrong_hello() {
    let server = server().await;
    for (facts, expected) in [("wallet", WALLET), ("loan", LOAN)] {
        let body = json!({"text": FEE, "facts": {"product": facts}});
        assert_eq!(server.post("/v1/ask", body).await.1["text"], expected);
    }
    let (_, created) = server.post("/v1/customers", json!({})).await;
    let token = created["token"].as_str().unwrap();
    let mut socket = hello(&server, token, Some(json!({"Product": "wallet"}))).await;
    assert_eq!(socket.until_type("error").await["code"], "bad_value");
    assert_eq!(socket.until_closed().await, 4002);
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
