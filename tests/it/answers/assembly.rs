//! The server and every command assemble the same snapshot from a root, embeddings and learnt
//! weights.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Output,
};

use kefu::files::table_path;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Server, kefu, small_root, stdout};
use crate::server::reload::until_ready;

/// An utterance with a low confidence in the small root.
const ASKED: &str = "提现的钱呢";

/// Tests of the small root. The trained table below keeps none of their floors.
const TESTS: &str = "version: 1
floors: {first: 1000}
cases: [{entry: payment.withdraw.arrival, say: [提现的钱呢]}]
";

/// Confirmations that the utterance asks for the fee.
fn confirmed(folder: &Path) -> PathBuf {
    let lines = ["提现的钱呢", "提现的钱在哪呢", "我提现的钱呢"].map(|text| {
        let right = json!({"text": text, "entry": "payment.withdraw.fee", "right": true});
        let wrong = json!({"text": text, "entry": "payment.withdraw.arrival", "right": false});
        format!("{right}\n{wrong}\n")
    });
    let path = folder.join("confirmed.jsonl");
    fs::write(&path, lines.concat().repeat(20)).unwrap();
    path
}

/// Trains the table of a data folder with a root, regardless of its tests.
fn train(root: &Path, data: &Path) -> Output {
    let confirmed = confirmed(data.parent().unwrap_or(data));
    let [data, confirmed] = [data, &confirmed].map(|path| path.to_str().unwrap());
    kefu(&["train", "--data", data, "--confirmed", confirmed, "--force"], root)
}

/// A root with a data folder `data`, and a trained table there.
fn trained_root() -> TempDir {
    let root = small_root();
    fs::create_dir(root.path().join("data")).unwrap();
    let trained = train(root.path(), &root.path().join("data"));
    assert!(trained.status.success(), "{trained:?}");
    root
}

pub(crate) fn json_of(args: &[&str], folder: &Path) -> Value {
    let output = kefu(args, folder);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{args:?}: {output:?}"))
}

#[test]
fn every_command_asks_with_the_table_that_the_server_would_ask_with() {
    let root = trained_root();
    let ask = |args: &[&str]| json_of(&[&["ask", "--json", ASKED], args].concat(), root.path());
    let first = |asked: &Value| {
        let first = &asked["ranked"][0];
        (first["id"].as_str().unwrap().to_owned(), first["confidence"].as_f64().unwrap())
    };
    let (trained, shipped) = (ask(&[]), ask(&["--static-table", "shipped"]));
    assert_eq!(
        (&trained["static_table"], &shipped["static_table"]),
        (&json!("trained"), &json!("shipped"))
    );
    assert_ne!(first(&trained), first(&shipped));
    let missing = ask(&["--data", "nowhere"]);
    assert_eq!(missing, shipped, "where there is no folder nothing is told of it");
    assert!(!root.path().join("nowhere").exists());
    let off = ask(&["--static-table", "off"]);
    assert_eq!(off["static_table"], "off");
    assert_ne!(first(&off), first(&shipped));

    let explained = kefu(&["ask", "--explain", ASKED], root.path());
    assert!(stdout(&explained).contains("词向量表：kefu train 训练过的\n"), "{explained:?}");
    fs::write(root.path().join("knowledge/tests.yaml"), TESTS).unwrap();
    fs::write(
        root.path().join("queries.jsonl"),
        format!("{{\"text\": \"{ASKED}\", \"label\": null}}\n"),
    )
    .unwrap();
    let cases = [
        // (command, what the table changes in what it tells)
        (&["check", "--json"][..], "hash"),
        (&["test", "--json"], "failures"),
        (&["eval", "--queries", "queries.jsonl", "--json"], "confusions"),
        (&["diff", ".", ".", "--json"], ""),
    ];
    for (command, figure) in cases {
        let told = |more: &[&str]| json_of(&[command, more].concat(), root.path());
        let (trained, shipped) = (told(&[]), told(&["--data", "nowhere"]));
        assert_eq!(trained["static_table"], "trained", "{command:?}");
        assert_eq!(shipped["static_table"], "shipped", "{command:?}");
        let is_same = trained[figure] == shipped[figure];
        assert_eq!(is_same, figure.is_empty(), "{command:?} {trained} {shipped}");
    }
    for (args, line) in [
        (&["check"][..], "词向量表：kefu train 训练过的\n"),
        (&["check", "--lang", "en"], "embeddings: trained\n"),
        (&["check", "--static-table", "off"], "词向量表：不用\n"),
        (&["test"], "词向量表：kefu train 训练过的\n"),
    ] {
        assert!(stdout(&kefu(args, root.path())).contains(line), "{args:?}");
    }
}

#[test]
fn new_and_import_ask_with_it_too() {
    let root = trained_root();
    let new = |more: &[&str]| {
        json_of(&[&["new", "entry", "--question", ASKED, "--json"], more].concat(), root.path())
    };
    let nearest =
        |told: &Value| (told["nearest"][0]["id"].clone(), told["nearest"][0]["confidence"].clone());
    // Nothing is written without a category, so neither command adds an entry before the other
    // asks.
    let wrong = ["--id", "payment.withdraw.fee"];
    let trained = new(&wrong);
    let shipped = new(&[&wrong[..], &["--static-table", "shipped"]].concat());
    assert_ne!(nearest(&trained), nearest(&shipped));

    fs::write(root.path().join("knowledge/tests.yaml"), TESTS).unwrap();
    assert!(kefu(&["export", "sheet.csv"], root.path()).status.success());
    let sheet = fs::read_to_string(root.path().join("sheet.csv")).unwrap();
    fs::write(root.path().join("sheet.csv"), sheet.replace("在设置里申请注销", "在设置里申请"))
        .unwrap();
    let import = |more: &[&str]| {
        json_of(&[&["import", "sheet.csv", "--dry-run", "--json"], more].concat(), root.path())
    };
    let under = |told: &Value| told["under_floors"].as_array().unwrap().len();
    assert_eq!(under(&import(&[])), 1, "the server would refuse it");
    assert_eq!(under(&import(&["--static-table", "shipped"])), 0);
}

#[test]
fn a_table_that_cannot_be_read_is_told_and_passed_over_when_it_is_not_wanted() {
    let root = small_root();
    fs::create_dir(root.path().join("data")).unwrap();
    fs::write(table_path(&root.path().join("data")), "rubbish").unwrap();
    for command in ["ask", "check", "test"] {
        let mut args = vec![command];
        if command == "ask" {
            args.push(ASKED);
        }
        let output = kefu(&args, root.path());
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{command}");
        assert!(told.contains("static-table.bin") || command == "test", "{command}: {told}");
    }
    assert!(kefu(&["ask", ASKED, "--static-table", "shipped"], root.path()).status.success());
}

#[test]
fn train_never_writes_a_table_with_which_the_server_would_refuse_the_root() {
    let root = small_root();
    fs::write(root.path().join("knowledge/tests.yaml"), TESTS).unwrap();
    let data = root.path().join("data");
    let refused = train(root.path(), &data);
    assert_eq!(refused.status.code(), Some(1), "{refused:?}");
    let told = stdout(&refused);
    assert!(told.contains("首位正确：1 句里对了 0 句（0.0%），底线是 100.0%"), "{told}");
    assert!(told.contains("没有写入"), "{told}");
    assert!(!table_path(&data).exists());

    // `--force` is for a table that is worse, but above the floor.
    fs::write(root.path().join("knowledge/tests.yaml"), TESTS.replace("1000", "0")).unwrap();
    let trained = train(root.path(), &data);
    assert!(trained.status.success(), "{trained:?}");
    assert!(stdout(&trained).contains("变差") && table_path(&data).exists());
    assert!(!stdout(&trained).contains("重启"), "a running server takes it up");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_takes_up_a_trained_table_and_a_forgotten_one() {
    let server = Server::start();
    let data = server.data();
    let at_first = confidence(&server).await;
    let knowledge = knowledge_of(&server).await;
    assert!(train(server.root(), &data).status.success());
    until_ready(&server, |ready, _| ready["knowledge"] != knowledge).await;
    let trained = confidence(&server).await;
    assert!((trained - at_first).abs() > 0.01, "{trained} and {at_first}");
    let asked = ["ask", "--json", ASKED, "--data", data.to_str().unwrap()];
    let asked = json_of(&asked, server.root());
    let found = asked["ranked"][0]["confidence"].as_f64().unwrap();
    assert!((trained - found).abs() < 0.000_51, "{trained}, and the command finds {found}");

    let forgot = kefu(&["train", "--forget", "--data", data.to_str().unwrap()], server.root());
    assert!(forgot.status.success() && !stdout(&forgot).contains("重启"));
    until_ready(&server, |ready, _| ready["knowledge"] == knowledge).await;
    assert_same(confidence(&server).await, at_first);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_keeps_no_floor_or_is_damaged_is_refused_and_the_old_one_goes_on() {
    let server = Server::start();
    let knowledge = knowledge_of(&server).await;
    let elsewhere = trained_root();
    fs::write(server.root().join("knowledge/tests.yaml"), TESTS).unwrap();
    until_ready(&server, |ready, _| ready["knowledge"] != knowledge).await;
    let (at_first, knowledge) = (confidence(&server).await, knowledge_of(&server).await);

    // As when the root gets its floors after the table.
    let table = table_path(&server.data());
    fs::copy(table_path(&elsewhere.path().join("data")), &table).unwrap();
    until_ready(&server, |ready, _| {
        let why = ready["refused_knowledge"].as_str();
        why.is_some_and(|why| why.contains("first 0 of 1") && why.contains("kefu train --forget"))
    })
    .await;
    assert_same(confidence(&server).await, at_first);
    assert_eq!(knowledge_of(&server).await, knowledge);

    fs::write(&table, "rubbish").unwrap();
    until_ready(&server, |ready, _| {
        ready["refused_knowledge"].as_str().is_some_and(|why| why.contains("static-table.bin"))
    })
    .await;
    assert_same(confidence(&server).await, at_first);
    fs::remove_file(&table).unwrap();
    until_ready(&server, |ready, _| ready["refused_knowledge"].is_null()).await;
    assert_eq!(knowledge_of(&server).await, knowledge);
}

#[tokio::test(flavor = "multi_thread")]
async fn sighup_finds_a_table_of_which_no_notice_came() {
    let server = Server::start();
    let knowledge = knowledge_of(&server).await;
    let (elsewhere, table) = (trained_root(), table_path(&server.data()));
    // A change through another name of the same file is not noticed.
    let other_name = elsewhere.path().join("other-name");
    fs::write(&table, "").unwrap();
    until_ready(&server, |ready, _| ready["refused_knowledge"].is_string()).await;
    fs::hard_link(&table, &other_name).unwrap();
    fs::copy(table_path(&elsewhere.path().join("data")), &other_name).unwrap();
    server.signal("-HUP");
    until_ready(&server, |ready, _| ready["knowledge"] != knowledge).await;
}

#[test]
fn commands_use_what_the_server_learnt_and_never_harm_it() {
    let root = trained_root();
    let cache = root.path().join("data/cache");
    let ask = || json_of(&["ask", "--json", ASKED], root.path());
    let expected = ask();
    assert!(!cache.exists(), "the folder is the server's to make");

    fs::create_dir(&cache).unwrap();
    let of_server = cache.join("learnt.json");
    fs::write(&of_server, "what the server learnt").unwrap();
    assert_eq!(ask(), expected);
    assert_eq!(fs::read_to_string(&of_server).unwrap(), "what the server learnt");
    let own = fs::read_to_string(cache.join("learnt-commands.json")).unwrap();
    assert!(own.starts_with("{\"sum\":"), "{own}");

    // Learnt by a server, and read by a command.
    fs::write(&of_server, &own).unwrap();
    fs::remove_file(cache.join("learnt-commands.json")).unwrap();
    assert_eq!(ask(), expected);
    assert!(!cache.join("learnt-commands.json").exists(), "there was nothing to learn");
}

#[cfg(unix)]
#[test]
fn a_read_only_data_folder_is_fine() {
    use std::os::unix::fs::PermissionsExt;
    let root = trained_root();
    let expected = json_of(&["ask", "--json", ASKED], root.path());
    let cache = root.path().join("data/cache");
    // A folder in the file's place, because permissions do not stop every account.
    fs::create_dir_all(cache.join("learnt-commands.new/in the way")).unwrap();
    let set = |mode| {
        for folder in [&cache, &root.path().join("data")] {
            fs::set_permissions(folder, fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    set(0o500);
    assert_eq!(json_of(&["ask", "--json", ASKED], root.path()), expected);
    set(0o700);
}

fn assert_same(one: f64, other: f64) {
    assert!((one - other).abs() < 1e-9, "{one} and {other}");
}

/// The server's confidence for the utterance, with three digits.
async fn confidence(server: &Server) -> f64 {
    let (status, answer) = server.post("/v1/ask", json!({"text": ASKED})).await;
    assert_eq!(status, 200, "{answer}");
    answer["confidence"].as_f64().unwrap()
}

/// The present answer.
async fn knowledge_of(server: &Server) -> Value {
    let (_, _, ready) = server.get("/readyz").await;
    serde_json::from_str::<Value>(&ready).unwrap()["knowledge"].take()
}
