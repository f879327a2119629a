//! What customers in need read, also from a root that is older than the program.

use std::{collections::BTreeSet, fs, path::Path, process::Command};

use serde_json::{Value, json};

use crate::harness::{Server, small_root};
use crate::reload::until_ready;

/// Keys of the policy that are newer than 0.1.
const NEWER: [&str; 5] =
    ["queue_unstaffed", "queue_staffed", "clarify_one", "clarify_fraud", "safety_line"];

/// The policy as it was written before the newer keys, without a number for help.
fn age(root: &Path) {
    let policy = root.join("intents/policy.yaml");
    let text = fs::read_to_string(&policy).unwrap().replace("急事打 110、120、12356。", "");
    let is_old = |line: &&str| !NEWER.iter().any(|key| line.trim().starts_with(key));
    let lines: Vec<&str> = text.lines().filter(is_old).collect();
    fs::write(policy, lines.join("\n") + "\n").unwrap();
}

fn kefu(args: &[&str], root: &Path) -> Vec<u8> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kefu"));
    let output = command.args(args).args(["--today", "2026-11-22"]).current_dir(root).output();
    output.unwrap().stdout
}

#[test]
fn an_older_root_loads_with_notes_alone_and_is_as_safe() {
    let root = small_root();
    age(root.path());
    let log: Value =
        serde_json::from_slice(&kefu(&["check", "--json", "--fast"], root.path())).unwrap();
    assert_eq!((&log["errors"], &log["warnings"]), (&json!(0), &json!(0)), "{log}");
    let told = log["diagnostics"].as_array().unwrap().iter();
    let codes: BTreeSet<&str> = told.map(|found| found["code"].as_str().unwrap()).collect();
    assert_eq!(codes, BTreeSet::from(["KB100", "KB103"]));
    let said = String::from_utf8(kefu(&["ask", "量子纠缠"], root.path())).unwrap();
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
