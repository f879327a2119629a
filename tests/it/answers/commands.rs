//! The commands as a person or a script runs them.

use std::fs;

use serde_json::Value;

use crate::harness::{kefu, small_root, stdout};

#[test]
fn ask_answers_in_both_scripts_and_explains() {
    let root = small_root();
    for question in ["提现多久到账", "提現多久到賬？", "　提现　多久到账"] {
        let output = kefu(&["ask", question], root.path());
        assert!(output.status.success());
        assert!(stdout(&output).contains("提现一般在下一个工作日到账，热线95000。"), "{question}");
    }
    let output = kefu(&["ask", "提现到账要多久", "--explain"], root.path());
    for stage in ["归一化", "分词", "候选", "置信度", "结论"] {
        assert!(stdout(&output).contains(stage), "{stage} in {}", stdout(&output));
    }
    let output = kefu(&["ask", "😀提現 五百塊錢，多久", "--explain"], root.path());
    assert!(
        stdout(&output).contains("话语：　😀【提現】 五百塊錢，【多久】\n归一化：提现500元多久\n"),
        "{}",
        stdout(&output)
    );
    let output = kefu(&["ask", "提現 五百塊錢，多久", "--explain", "--json"], root.path());
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["explanation"]["shared"], serde_json::json!([[0, 2], [8, 10]]));
    let output = kefu(&["ask", "怎么注销账户", "--json"], root.path());
    let json: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(json.to_string().contains("account.close.how"), "{json}");
}

#[test]
fn check_lists_every_mistake_and_exits_with_one() {
    let root = small_root();
    let good = kefu(&["check"], root.path());
    assert_eq!(good.status.code(), Some(0), "{}", stdout(&good));

    let file = root.path().join("knowledge/payment.yaml");
    let text = fs::read_to_string(&file).unwrap();
    let text = text.replace("follow_ups: [payment.withdraw.fee]", "follow_ups: [payment.fee]");
    fs::write(&file, text.replace("    handoff: offer\n", "    handof: offer\n")).unwrap();
    let bad = kefu(&["check"], root.path());
    assert_eq!(bad.status.code(), Some(1));
    assert!(stdout(&bad).contains("knowledge/payment.yaml:8:18"), "{}", stdout(&bad));
    assert!(stdout(&bad).contains("knowledge/payment.yaml:26:5"), "{}", stdout(&bad));
    assert_eq!(kefu(&["check", "--root", "nowhere"], root.path()).status.code(), Some(2));
    assert_eq!(kefu(&["check", "--wrong"], root.path()).status.code(), Some(2));
}

#[test]
fn init_writes_a_root_that_checks_and_never_overwrites() {
    let dir = tempfile::tempdir().unwrap();
    let made = kefu(&["init", "mine"], dir.path());
    assert!(made.status.success(), "{}", stdout(&made));
    let checked = kefu(&["check", "--root", "mine", "--fast", "--today", "2026-11-22"], dir.path());
    assert_eq!(checked.status.code(), Some(0), "{}", stdout(&checked));
    let file = dir.path().join("mine/knowledge/variables.yaml");
    fs::write(&file, "mine").unwrap();
    assert_ne!(kefu(&["init", "mine"], dir.path()).status.code(), Some(0));
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
}

#[test]
fn eval_writes_a_prediction_for_each_query_in_their_order() {
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    write(
        "kb.jsonl",
        "{\"id\":\"k1\",\"question\":\"花在哪里还款\",\"similar\":[\"还款的地方\"]}\n\
         {\"id\":\"k2\",\"question\":\"怎么提高额度\",\"similar\":[]}\n",
    );
    write(
        "queries.jsonl",
        "{\"text\":\"怎么提高额度\",\"label\":\"k2\"}\n\
         {\"qid\":\"own\",\"text\":\"还款在哪里\",\"label\":\"k1\",\"kind\":\"answerable\"}\n\
         {\"text\":\"宇宙有多大\",\"label\":null}\n",
    );
    let args = ["eval", "--knowledge", "kb.jsonl", "--queries", "queries.jsonl", "--json"];
    let output = kefu(&[&args[..], &["--predictions", "out.jsonl"]].concat(), dir.path());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let figures: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(figures.to_string().contains("auroc"), "{figures}");

    let lines = fs::read_to_string(dir.path().join("out.jsonl")).unwrap();
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 3);
    assert_eq!(lines[0]["qid"], 0);
    assert_eq!(lines[0]["band"], "answer");
    assert_eq!(lines[0]["ranked"][0]["id"], "k2");
    assert_eq!(lines[1]["qid"], "own");
    assert_eq!(lines[1]["ranked"][0]["id"], "k1");
    assert_eq!(lines[2]["text"], "宇宙有多大");
    assert_eq!(lines[2]["intent"], Value::Null);
}

#[test]
fn eval_compares_runs_draws_and_knows_intents() {
    let root = small_root();
    let write = |name: &str, text: &str| fs::write(root.path().join(name), text).unwrap();
    write(
        "queries.jsonl",
        "{\"text\":\"提现多久到账\",\"label\":\"payment.withdraw.arrival\",\"kind\":\"原话\"}\n\
         {\"text\":\"转人工\",\"label\":\"human.request\",\"kind\":\"意图\"}\n\
         {\"text\":\"怎么注销账户\",\"label\":\"payment.withdraw.fee\",\"kind\":\"原话\",\
          \"also\":[\"account.close.how\"]}\n\
         {\"text\":\"提现收费吗\",\"label\":null,\"disputed\":true,\"kind\":\"闲聊\"}\n\
         {\"text\":\"谢谢你\",\"label\":null,\"kind\":\"闲聊\"}\n\
         {\"text\":\"忘记登录密码怎么办\",\"label\":\"account.pasword.reset\"}\n",
    );
    let eval = |further: &[&str]| {
        let output =
            kefu(&[&["eval", "--queries", "queries.jsonl"][..], further].concat(), root.path());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        stdout(&output).to_owned()
    };
    let json = eval(&["--json", "--threshold", "0.9", "--predictions", "found.jsonl"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["top1"], &json["second_opinions"]["top1"]), (&0.5.into(), &0.75.into()));
    assert_eq!(json["unanswerable"], 2);
    let latency = &json["latency_us"];
    assert_eq!(latency["queries"], 6);
    let (p50, p99) = (latency["p50"].as_f64().unwrap(), latency["p99"].as_f64().unwrap());
    assert!(0.0 < p50 && p50 <= p99, "{latency}");
    assert_eq!(json["bands"]["answered_falsely"], 1, "thanks are not answered but returned");
    assert_eq!(json["second_opinions"]["unanswerable"], 1);
    assert_eq!(json["at_threshold"]["answered"], 5);
    assert_eq!(json["unknown_labels"][0]["line"], 6);
    let worst = &json["confusions"][0];
    // All wrong answers equal a question; equals are in the order of what was expected.
    assert_eq!(
        (&worst["expected"], &worst["found"]),
        (&Value::Null, &"payment.withdraw.fee".into())
    );
    assert_eq!(json["confusions"][2]["found"], "account.close.how");
    assert_eq!(json["second_opinions"]["confusions"].as_array().unwrap().len(), 1);

    let table = eval(&["--baseline", "found.jsonl", "--reliability", "chart.svg"]);
    for part in [
        "计入第二意见",
        "原话",
        "与基线比较（6 句",
        "不到 30 句",
        "第 6 行",
        "匹配用时：6 句",
        "0.9-1.0",
    ] {
        assert!(table.contains(part), "{part} in {table}");
    }
    assert!(fs::read_to_string(root.path().join("chart.svg")).unwrap().starts_with("<svg "));
}

#[test]
fn eval_tells_which_line_of_its_files_is_wrong() {
    let root = small_root();
    let write = |name: &str, text: &str| fs::write(root.path().join(name), text).unwrap();
    let told = |baseline: bool| {
        let baseline = if baseline { &["--baseline", "found.jsonl"][..] } else { &[] };
        let args = [&["eval", "--queries", "queries.jsonl"][..], baseline].concat();
        let output = kefu(&args, root.path());
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    let good = "{\"text\":\"提现\",\"label\":null}\n";
    let cases = [
        // (what it shows, queries, predictions, what is told)
        ("a broken query", format!("{good}{{"), None, "failed to use queries.jsonl: read line 2"),
        ("no query", String::new(), None, "read the queries: there are none"),
        ("a foreign prediction", good.to_owned(), Some("{\"qid\":7}"), "no query is named 7"),
        ("no prediction", good.to_owned(), Some(""), "1 queries have no prediction"),
    ];
    for (shows, queries, predictions, expected) in cases {
        write("queries.jsonl", &queries);
        if let Some(predictions) = predictions {
            write("found.jsonl", predictions);
        }
        let told = told(predictions.is_some());
        assert!(told.contains(expected), "{shows}: {told}");
    }
    fs::write(root.path().join("queries.jsonl"), [good.as_bytes(), b"\xff"].concat()).unwrap();
    assert!(told(false).contains("line 2 is not UTF-8"), "{}", told(false));
}

#[test]
fn agents_are_added_listed_and_disabled() {
    let dir = tempfile::tempdir().unwrap();
    let added = kefu(&["agent", "add", "lin", "--data", "data"], dir.path());
    assert!(added.status.success());
    assert!(stdout(&added).contains("密码"), "a drawn password is shown");
    assert_eq!(kefu(&["agent", "add", "lin", "--data", "data"], dir.path()).status.code(), Some(2));
    assert!(kefu(&["agent", "disable", "lin", "--data", "data"], dir.path()).status.success());
    let listed = kefu(&["agent", "list", "--json", "--data", "data"], dir.path());
    let agents: Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(agents[0]["name"], "lin");
    assert_eq!(agents[0]["disabled"], true);
    let missing = kefu(&["agent", "passwd", "who", "--data", "data"], dir.path());
    assert_eq!(missing.status.code(), Some(2));
}

#[test]
fn train_writes_a_table_that_the_server_can_read_and_forgets_it() {
    let folder = tempfile::tempdir().unwrap();
    let (root, data) = (small_root(), folder.path().join("data"));
    let confirmed = folder.path().join("confirmed.jsonl");
    let train = |arguments: &[&str]| {
        let data = data.to_str().unwrap();
        kefu(&[&["train", "--data", data], arguments].concat(), root.path())
    };

    std::fs::write(
        &confirmed,
        "{\"text\":\"钱啥时候到卡里\",\"entry\":\"payment.withdraw.arrival\",\"right\":\"yes\"}\n",
    )
    .unwrap();
    let refused = train(&["--confirmed", confirmed.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("line 1"), "{refused:?}");

    std::fs::write(
        &confirmed,
        "{\"text\":\"钱啥时候到卡里\",\"entry\":\"payment.withdraw.arrival\",\"right\":true}\n",
    )
    .unwrap();
    let untested = train(&["--confirmed", confirmed.to_str().unwrap()]);
    assert_eq!(untested.status.code(), Some(1), "the root has no tests to tell by");
    let said = String::from_utf8_lossy(&untested.stdout);
    assert!(said.contains("不知道训练是好是坏，没有写入"), "{said}");
    assert!(kefu::files::read_table(&data).unwrap().is_none());

    let trained = train(&["--confirmed", confirmed.to_str().unwrap(), "--force"]);
    assert_eq!(trained.status.code(), Some(0), "{trained:?}");
    let said = String::from_utf8_lossy(&trained.stdout);
    assert!(said.contains("static-table.bin"), "{said}");
    let table = kefu::files::read_table(&data).unwrap().expect("it was written");
    assert!(*table != *kefu::matching::Embeddings::shipped(), "it has learnt something");

    let forgot = train(&["--forget"]);
    assert_eq!(forgot.status.code(), Some(0), "{forgot:?}");
    assert!(kefu::files::read_table(&data).unwrap().is_none());
}
