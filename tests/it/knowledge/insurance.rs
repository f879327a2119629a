//! A root of another trade, made of files alone: `examples/insurance`.

use std::{fs, path::Path};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Server, copy_folder, kefu, stdout};

/// The day that the sample's sources were checked, so that nothing in it is overdue.
const TODAY: &str = "2026-11-30";

/// Fewer entries would say little about another trade.
const ENTRIES_AT_LEAST: u64 = 40;

/// Fewer utterances would say little about its answers.
const UTTERANCES_AT_LEAST: u64 = 80;

/// A copy of the root that a test may harm.
fn insurance() -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/insurance");
    copy_folder(&root, copy.path());
    copy
}

/// Changes one text of a file in the root.
fn change(root: &Path, file: &str, from: &str, to: &str) {
    let path = root.join(file);
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from} stands in {file}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

/// Runs a command over the root; gives the exit code and the JSON that it prints.
fn told(command: &str, root: &Path) -> (Option<i32>, Value) {
    let output = kefu(&[command, "--json", "--today", TODAY], root);
    (output.status.code(), serde_json::from_str(stdout(&output)).unwrap())
}

/// The codes, files and lines of what `check` finds.
fn found(report: &Value) -> Vec<String> {
    let place = |row: &Value| {
        let [code, file] = ["code", "file"].map(|key| row[key].as_str().unwrap().to_owned());
        format!("{code} {file}:{}", row["span"]["line"])
    };
    report["diagnostics"].as_array().unwrap().iter().map(place).collect()
}

#[test]
fn another_trade_has_nothing_to_mend() {
    let root = insurance();
    let (code, report) = told("check", root.path());
    // The shipped guard, what it takes of this trade's own questions, and answers of more than six
    // lines.
    let expected = [
        "KB116 intents/guard.yaml:1",
        "KB117 intents/guard.yaml:1",
        "KB138 knowledge/buy/apply.yaml:68",
        "KB138 knowledge/buy/apply.yaml:141",
        "KB138 knowledge/buy/apply.yaml:176",
        "KB138 knowledge/claim/apply.yaml:107",
        "KB118 knowledge/motor/accident.yaml:123",
        "KB138 knowledge/safety/scam.yaml:34",
        "KB118 knowledge/safety/scam.yaml:63",
        "KB138 knowledge/safety/scam.yaml:134",
        "KB138 knowledge/service/service.yaml:32",
        "KB138 knowledge/surrender/surrender.yaml:169",
    ];
    assert_eq!(found(&report), expected, "nothing else");
    assert_eq!(code, Some(0));
    assert!(report["read"]["entries"].as_u64().unwrap() >= ENTRIES_AT_LEAST, "{}", report["read"]);

    // The categories of the program's own trade are unknown here.
    change(root.path(), "knowledge/claim/apply.yaml", "category: claim_apply", "category: payment");
    let (code, report) = told("check", root.path());
    assert_eq!(code, Some(1));
    let expected = [
        "KB116 intents/guard.yaml:1",
        "KB117 intents/guard.yaml:1",
        "KB138 knowledge/buy/apply.yaml:68",
        "KB138 knowledge/buy/apply.yaml:141",
        "KB138 knowledge/buy/apply.yaml:176",
        "KB105 knowledge/claim/apply.yaml:5",
        "KB138 knowledge/claim/apply.yaml:107",
        "KB138 knowledge/safety/scam.yaml:34",
        "KB138 knowledge/safety/scam.yaml:134",
        "KB138 knowledge/service/service.yaml:32",
        "KB138 knowledge/surrender/surrender.yaml:169",
    ];
    assert_eq!(found(&report), expected);
}

#[test]
fn another_trade_has_rules_of_its_own() {
    let root = insurance();
    let answer = "理赔申请书（App 里填写即可）；";
    change(root.path(), "knowledge/claim/apply.yaml", answer, "材料齐全肯定赔；");
    let (code, report) = told("check", root.path());
    assert_eq!(code, Some(1));
    let found = found(&report);
    assert!(
        found.iter().any(|row| row.starts_with("CP003 knowledge/claim/apply.yaml")),
        "{found:?}"
    );
}

/// Words of the shipped trade that would sound odd from an insurer.
const SHIPPED_WORDS: [&str; 8] =
    ["云桥", "小云", "提现", "充值", "众筹", "借款还款", "订单号", "商户"];

#[test]
fn another_trade_says_nothing_of_the_shipped_one() {
    let root = insurance();
    for file in fs::read_dir(root.path().join("intents")).unwrap().map(|file| file.unwrap().path())
    {
        let text = fs::read_to_string(&file).unwrap();
        // Lists hold what customers say, who may speak of anything.
        for line in text.lines().filter(|line| !line.starts_with("      - ")) {
            let found = SHIPPED_WORDS.iter().find(|word| line.contains(**word));
            assert_eq!(found, None, "{} {line}", file.display());
        }
    }
}

#[test]
fn another_trade_keeps_the_floors_of_its_tests() {
    let root = insurance();
    let (code, run) = told("test", root.path());
    assert_eq!((code, &run["passed"]), (Some(0), &json!(true)), "{}", run["figures"]);
    assert_eq!(run["skipped"], 0, "all that is tested is served");
    assert!(run["asked"].as_u64().unwrap() >= UTTERANCES_AT_LEAST, "{}", run["asked"]);
    for name in ["first", "helped", "answered_right", "not_answered", "intents", "silent"] {
        let mut figures = run["figures"].as_array().unwrap().iter();
        let figure = figures.find(|figure| figure["floor"] == name).unwrap();
        assert!(figure["at_least"].is_number(), "it has a floor: {figure}");
        assert!(figure["of"].as_u64().unwrap() >= 20, "enough to judge by: {figure}");
    }

    let groups = run["groups"].as_array().unwrap().iter();
    let categories: Vec<&str> = groups.filter_map(|group| group["category"].as_str()).collect();
    assert!(categories.contains(&"motor_cover"), "its own categories: {categories:?}");
    assert!(!categories.contains(&"payment"), "and no others: {categories:?}");

    // Entries that are served no more are told as floors not kept.
    for folder in ["claim", "motor", "premium"] {
        for file in fs::read_dir(root.path().join("knowledge").join(folder)).unwrap() {
            let path = file.unwrap().path();
            let text = fs::read_to_string(&path).unwrap();
            let retired = "    status: retired\n    compliance:\n";
            fs::write(path, text.replace("    compliance:\n", retired)).unwrap();
        }
    }
    let (code, run) = told("test", root.path());
    assert_eq!((code, &run["passed"]), (Some(1), &json!(false)));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_trade_is_served() {
    let server = Server::start_with_root(insurance().path());
    let ask = async |text: &str| server.post("/v1/ask", json!({"text": text})).await.1;
    let cases = [
        // (utterance, entry)
        ("住院理赔要什么材料", "claim.material.medical"),
        ("車險理賠要什麼材料", "motor.material"),
        ("點樣改受益人", "policy.beneficiary"),
        ("宽限期是多久", "premium.grace"),
    ];
    for (utterance, entry) in cases {
        let answer = ask(utterance).await;
        assert_eq!(answer["band"], "answer", "{answer}");
        assert_eq!(answer["entry"], entry, "{answer}");
    }
    let medical = ask("住院理赔要什么材料").await;
    assert!(!medical["text"].to_string().contains("{{"), "its own facts are put in: {medical}");
    assert_eq!(ask("转人工").await["intent"], "human.request");
    let hurt = ask("刚出车祸，人昏迷了").await;
    assert_eq!(hurt["intent"], "safety.injured_now", "{hurt}");
    assert!(hurt["text"].to_string().contains("tel:120"), "{hurt}");
    let foreign = ask("提现多久到账").await;
    let found = (&foreign["entry"], &foreign["intent"]);
    let outside = (&Value::Null, &Value::from("outside.bank"));
    assert_eq!(found, outside, "nothing of the shipped trade is left: {foreign}");

    let answer = server.customer().await.ask("怎么报案").await;
    assert_eq!(answer["kind"], "answer", "{answer}");
    assert!(answer["text"].to_string().contains("400-000-0001"), "{answer}");
}
