//! What customers in need read, also from a root that is older than the program.

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Value, json};

use crate::harness::{Server, kefu, small_root, stdout};
use crate::server::reload::until_ready;

/// Keys of the policy that are newer than 0.1.
const NEWER: [&str; 6] = [
    "queue_unstaffed",
    "queue_staffed",
    "queue_full",
    "clarify_one",
    "clarify_fraud",
    "safety_line",
];

/// The root as it was written before the newer keys and files, without a number for help.
fn age(root: &Path) {
    for newer in ["knowledge/industry.yaml", "intents/guard.yaml"] {
        fs::remove_file(root.join(newer)).unwrap();
    }
    let policy = root.join("intents/policy.yaml");
    let text = fs::read_to_string(&policy).unwrap().replace("急事打 110、120、12356。", "");
    let is_old = |line: &&str| !NEWER.iter().any(|key| line.trim().starts_with(key));
    let lines: Vec<&str> = text.lines().filter(is_old).collect();
    fs::write(policy, lines.join("\n") + "\n").unwrap();
}

#[test]
fn an_older_root_loads_with_notes_alone_and_is_as_safe() {
    let root = small_root();
    age(root.path());
    let checked = kefu(&["check", "--json", "--fast", "--today", "2026-11-22"], root.path());
    let log: Value = serde_json::from_str(stdout(&checked)).unwrap();
    assert_eq!((&log["errors"], &log["warnings"]), (&json!(0), &json!(0)), "{log}");
    let told = log["diagnostics"].as_array().unwrap().iter();
    let codes: BTreeSet<&str> = told.map(|found| found["code"].as_str().unwrap()).collect();
    assert_eq!(codes, BTreeSet::from(["KB100", "KB103", "KB104", "KB116", "KB117"]));
    let asked = kefu(&["ask", "量子纠缠"], root.path());
    let said = stdout(&asked);
    for number in ["没听懂，请换个说法。", "[110](tel:110)", "[120](tel:120)", "[12356](tel:12356)"]
    {
        assert!(said.contains(number), "{number} in {said}");
    }
}

#[tokio::test]
async fn an_older_root_is_served_as_safe() {
    let server = Server::start();
    age(server.root());
    until_ready(&server, |ready, before| ready["knowledge"] != before["knowledge"]).await;
    let (_, missed) = server.post("/v1/ask", json!({"text": "量子纠缠"})).await;
    let text = missed["text"].as_str().unwrap();
    assert!(text.contains("12356") && text.starts_with("没听懂"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_whom_nobody_can_serve_reads_where_to_get_help() {
    let server = Server::start();
    age(server.root());
    until_ready(&server, |ready, before| ready["knowledge"] != before["knowledge"]).await;
    let mut customer = server.customer().await;
    customer.say("转人工").await;
    let noticed = customer.socket.until_event("noticed").await;
    let text = noticed["event"]["text"].as_str().unwrap();
    assert!(text.starts_with("坐席都不在，请留言。\n"), "{text}");
    assert!(["110", "120", "12356"].iter().all(|number| text.contains(number)), "{text}");
    assert!(!text.contains("tel:"), "notices are plain: {text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_promised_when_nobody_can_come() {
    let server = Server::start();
    let intents = server.root().join("intents/service.yaml");
    let text = fs::read_to_string(&intents).unwrap();
    let old = "text: 好的，请不要发送密码。,";
    assert!(text.contains(old));
    let promising = "text: '好的，这就为您转人工，请稍候。危险请打 110。', texts: {nobody: '没有人在线，[12356](tel:12356) 有人。'},";
    fs::write(intents, text.replace(old, promising)).unwrap();
    until_ready(&server, |ready, before| ready["knowledge"] != before["knowledge"]).await;
    let mut customer = server.customer().await;
    customer.say("转人工").await;
    let said = customer.socket.until_event("bot_said").await;
    assert_eq!(said["event"]["text"], "好的。危险请打 110。");
    let noticed = customer.socket.until_event("noticed").await;
    assert_eq!(noticed["event"]["occasion"], "no_agent");
    assert_eq!(noticed["event"]["text"], "没有人在线，12356 有人。", "notices are plain");
}
