//! Knowledge is reloaded while customers write: all of it, or nothing.

use std::{
    collections::BTreeSet,
    fs,
    io::{Read as _, Write as _},
    os::unix::{fs::PermissionsExt as _, net::UnixStream},
    path::Path,
    time::Duration,
};

use serde_json::{Value, json};

use crate::harness::{Customer, Server, kefu, stdout};

/// Time limit of a reload on a machine that the questions here keep busy.
const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread")]
async fn a_new_answer_goes_live_and_a_broken_file_changes_nothing() {
    let server = Server::start();
    let mut customer = server.customer().await;
    let file = server.root().join("knowledge/payment.yaml");
    let good = fs::read_to_string(&file).unwrap();
    assert_eq!(fee(&mut customer).await, "提现费用以确认页为准。");

    fs::write(&file, good.replace("提现费用以确认页为准", "提现免费")).unwrap();
    until_ready(&server, |ready, before| ready["knowledge"] != before["knowledge"]).await;
    assert_eq!(fee(&mut customer).await, "提现免费。");

    let lost_key = good.replace("    answer: 提现费用", "    answer：提现费用");
    for wrong in [lost_key, "version: [".to_owned(), "\u{0}".to_owned()] {
        fs::write(&file, wrong).unwrap();
        until_ready(&server, |ready, _| ready["refused_knowledge"].is_string()).await;
        assert_eq!(fee(&mut customer).await, "提现免费。", "the old knowledge answers");
        fs::write(&file, good.replace("提现费用以确认页为准", "提现免费")).unwrap();
        until_ready(&server, |ready, _| ready["refused_knowledge"].is_null()).await;
    }

    // Like an editor that writes a new file and renames it.
    let aside = server.root().join("knowledge/payment.yaml.tmp");
    fs::write(&aside, good.replace("提现费用以确认页为准", "提现收费")).unwrap();
    fs::rename(&aside, &file).unwrap();
    until_ready(&server, |ready, before| ready["knowledge"] != before["knowledge"]).await;
    assert_eq!(fee(&mut customer).await, "提现收费。");
}

#[tokio::test(flavor = "multi_thread")]
async fn knowledge_under_its_floors_is_refused_and_the_old_answers_go_on() {
    let server = Server::start();
    let mut customer = server.customer().await;
    let file = server.root().join("knowledge/payment.yaml");
    let good = fs::read_to_string(&file).unwrap();
    let tests = server.root().join("knowledge/tests.yaml");
    let cases = "floors: {first: 1000}
cases: [{entry: account.password.reset, say: [忘记了登录的密码]}]
";
    fs::write(&tests, format!("version: 1\n{cases}")).unwrap();
    until_ready(&server, |ready, before| ready["knowledge"] != before["knowledge"]).await;

    // The entry loses its own words, and another one gets them.
    let worse = good.replace("密码", "发票").replace("提现费用以确认页为准", "提现免费");
    let worse = worse.replace("怎么注销账户", "忘记登录密码怎么办");
    fs::write(&file, worse).unwrap();
    until_ready(&server, |ready, _| {
        ready["refused_knowledge"].as_str().is_some_and(|why| why.contains("first 0 of 1"))
    })
    .await;
    assert_eq!(fee(&mut customer).await, "提现费用以确认页为准。", "the old knowledge answers");

    fs::write(&file, good).unwrap();
    until_ready(&server, |ready, _| ready["refused_knowledge"].is_null()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_that_takes_away_much_is_refused_until_it_is_mended_or_restarted() {
    let mut server = Server::start();
    let mut customer = server.customer().await;
    let file = server.root().join("knowledge/payment.yaml");
    let good = fs::read_to_string(&file).unwrap();
    let (others, _) = good.split_once("  - id: account.close.how").unwrap();
    let is_refused = |ready: &Value| {
        ready["refused_knowledge"].as_str().is_some_and(|why| {
            let told = "takes away 1 of 4 entries (25.0 %): account.close.how";
            why.contains(told) && why.contains("20 %") && why.contains("kefu reload --allow-loss")
        })
    };

    fs::write(&file, others).unwrap();
    until_ready(&server, |ready, _| is_refused(ready)).await;
    // Another edit does not mend it, and is not served either.
    fs::write(&file, others.replace("提现费用以确认页为准", "提现免费")).unwrap();
    let refused_twice = async {
        while !server.get("/metrics").await.2.contains("kefu_reloads_total{outcome=\"refused\"} 2")
        {
        }
    };
    tokio::time::timeout(PATIENCE, refused_twice).await.unwrap();
    until_ready(&server, |ready, _| is_refused(ready)).await;
    assert_eq!(fee(&mut customer).await, "提现费用以确认页为准。", "the old knowledge answers");

    fs::write(&file, good.replace("提现费用以确认页为准", "提现收费")).unwrap();
    until_ready(&server, |ready, before| {
        ready["refused_knowledge"].is_null() && ready["knowledge"] != before["knowledge"]
    })
    .await;
    assert_eq!(fee(&mut customer).await, "提现收费。", "the mended knowledge is live");

    // An operator who means it restarts the service.
    fs::write(&file, others.replace("提现费用以确认页为准", "提现免费")).unwrap();
    until_ready(&server, |ready, _| is_refused(ready)).await;
    server.kill_and_restart();
    let mut customer = server.customer().await;
    assert_eq!(fee(&mut customer).await, "提现免费。");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_may_be_told_to_let_everything_go() {
    let server = Server::start_with(&[("KEFU_RELOAD_MAX_LOSS", "100")]);
    let file = server.root().join("knowledge/payment.yaml");
    let retired = fs::read_to_string(&file).unwrap();
    let retired = retired.replace("    question: ", "    status: retired\n    question: ");
    fs::write(&file, retired).unwrap();
    until_ready(&server, |ready, before| ready["knowledge"] != before["knowledge"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sighup_finds_a_change_of_which_no_notice_came() {
    let mut server = Server::start();
    let mut customer = server.customer().await;
    let file = server.root().join("knowledge/payment.yaml");
    let good = fs::read_to_string(&file).unwrap();
    // A change through another name of the same file is not noticed.
    let elsewhere = tempfile::tempdir().unwrap();
    let other_name = elsewhere.path().join("payment.yaml");
    fs::hard_link(&file, &other_name).unwrap();
    for text in ["提现免费", "提现收费"] {
        let before = knowledge(&server).await;
        fs::write(&other_name, good.replace("提现费用以确认页为准", text)).unwrap();
        server.signal("-HUP");
        until_ready(&server, |ready, _| ready["knowledge"] != before).await;
        assert_eq!(fee(&mut customer).await, format!("{text}。"));
    }
    assert!(server.terminate().success(), "it drains as always");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_which_no_notice_came_is_found_by_its_hash() {
    let server = Server::start_with(&[("KEFU_RELOAD_CHECK_S", "1")]);
    let file = server.root().join("knowledge/payment.yaml");
    let good = fs::read_to_string(&file).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let other_name = elsewhere.path().join("payment.yaml");
    fs::hard_link(&file, &other_name).unwrap();
    fs::write(&other_name, good.replace("提现费用以确认页为准", "提现免费")).unwrap();
    until_ready(&server, |ready, before| ready["knowledge"] != before["knowledge"]).await;
    fs::write(&other_name, "version: [").unwrap();
    until_ready(&server, |ready, _| ready["refused_knowledge"].is_string()).await;
    fs::write(&other_name, good.replace("提现费用以确认页为准", "提现收费")).unwrap();
    until_ready(&server, |ready, before| {
        ready["refused_knowledge"].is_null() && ready["knowledge"] != before["knowledge"]
    })
    .await;
    assert_eq!(fee(&mut server.customer().await).await, "提现收费。");
}

/// Runs `kefu reload` for this server. Returns its exit code and what it printed.
async fn reload(data: &Path, more: &[&str]) -> (Option<i32>, String) {
    let data = data.to_str().unwrap().to_owned();
    let args: Vec<String> = more.iter().map(|&arg| arg.to_owned()).collect();
    let run = move || {
        let mut all = vec!["reload", "--data", &data];
        all.extend(args.iter().map(String::as_str));
        kefu(&all, Path::new("."))
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    (output.status.code(), stdout(&output).to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_asks_for_a_reload_and_is_told_the_outcome() {
    let mut server = Server::start();
    let file = server.root().join("knowledge/payment.yaml");
    let good = fs::read_to_string(&file).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let other_name = elsewhere.path().join("payment.yaml");
    fs::hard_link(&file, &other_name).unwrap();
    let (others, _) = good.split_once("  - id: account.close.how").unwrap();
    let free = good.replace("提现费用以确认页为准", "提现免费");
    let overdue = free.replace("2099-01-01", "2026-11-23");
    let cases = [
        // (what it shows, the file, arguments, exit code, what is printed)
        ("nothing new", good.clone(), &[][..], 0, "没有改动"),
        ("a new answer", free.clone(), &[], 0, "已经上线（"),
        ("with a warning", overdue, &[], 0, "）；有 1 个警告，运行 kefu check 看"),
        ("no warning, as JSON", free, &["--json"], 0, r#""warnings":0"#),
        (
            "a mistake",
            good.replace("answer: 提现费用", "anwser: 提现费用"),
            &[],
            1,
            "payment.yaml:13:5：KB009",
        ),
        ("too much goes", others.to_owned(), &[], 1, "去掉的条目太多"),
        ("and may go", others.to_owned(), &["--allow-loss"], 0, "已经上线"),
        ("as JSON", good, &["--json"], 0, r#"{"outcome":"loaded","knowledge":""#),
    ];
    for (shows, text, args, code, told) in cases {
        fs::write(&other_name, text).unwrap();
        let (exit, printed) = reload(&server.data(), args).await;
        assert_eq!(exit, Some(code), "{shows}: {printed}");
        assert!(printed.contains(told), "{shows}: {printed}");
    }
    let socket = server.data().join("control.sock");
    assert_eq!(fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);

    // What is no request is told, and the next one is answered.
    for junk in ["{}\n", "{\"command\":\"stop\"}\n", "[\n", "\n"] {
        let mut stream = UnixStream::connect(&socket).unwrap();
        stream.write_all(junk.as_bytes()).unwrap();
        let mut told = String::new();
        tokio::task::block_in_place(|| stream.read_to_string(&mut told)).unwrap();
        assert!(told.contains("bad_request"), "{junk}: {told}");
    }
    assert_eq!(reload(&server.data(), &[]).await.0, Some(0));
    // Four clients that say nothing leave no room for a fifth, which is told.
    let waiting: Vec<_> = (0..4).map(|_| UnixStream::connect(&socket).unwrap()).collect();
    let (exit, printed) = reload(&server.data(), &[]).await;
    assert_eq!((exit, printed.as_str()), (Some(2), "正在处理别的请求，稍后再试\n"));
    drop(waiting);
    // A socket of a server that was killed is in nobody's way.
    server.kill_and_restart();
    assert_eq!(reload(&server.data(), &[]).await.0, Some(0));
    assert!(server.terminate().success());
    assert!(!socket.exists());
    assert_eq!(reload(&server.data(), &[]).await.0, Some(2), "nobody is there");
}

#[tokio::test(flavor = "multi_thread")]
async fn sighup_does_nothing_to_the_shipped_knowledge() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let server = Server::start_with_shipped_knowledge(log.path());
    let before = knowledge(&server).await;
    server.signal("-HUP");
    let told = async {
        while !fs::read_to_string(log.path()).unwrap().contains("nothing to reload") {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, told).await.expect("it is told");
    assert_eq!(knowledge(&server).await, before);
    let (status, answer) = server.post("/v1/ask", json!({"text": "提现多久到账"})).await;
    assert_eq!((status, answer["band"].as_str()), (200, Some("answer")));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_loader_follows_the_hotline_of_the_knowledge() {
    let server = Server::start();
    let file = server.root().join("knowledge/variables.yaml");
    let mut etags = BTreeSet::new();
    let hotlines = [
        ("400-100-2000", r#""400-100-2000""#),
        ("400-300-4000", r#""400-300-4000""#),
        // HTML is refused before, with KB021; quotes are not.
        (r#""400 \"12\" 34""#, r#""400 \"12\" 34""#),
    ];
    for (written, literal) in hotlines {
        let before = knowledge(&server).await;
        let variables = format!("version: 1\nvariables: {{hotline: {written}}}\n");
        fs::write(&file, variables).unwrap();
        until_ready(&server, |ready, _| ready["knowledge"] != before).await;
        let (status, headers, script) = server.get("/loader.js").await;
        assert_eq!(status, 200);
        assert!(script.contains(literal), "{written}");
        assert!(!script.contains("__KEFU_HOTLINE__"));
        let etag = headers["etag"].to_str().unwrap().to_owned();
        let asked = [("if-none-match", etag.as_str())];
        assert_eq!(server.get_with("/loader.js", &asked).await.0, 304);
        for earlier in &etags {
            let asked = [("if-none-match", String::as_str(earlier))];
            assert_eq!(server.get_with("/loader.js", &asked).await.0, 200, "a copy is old now");
        }
        assert!(etags.insert(etag), "another number has another name");
    }
}

/// The present answer.
async fn knowledge(server: &Server) -> Value {
    let (_, _, ready) = server.get("/readyz").await;
    serde_json::from_str::<Value>(&ready).unwrap()["knowledge"].take()
}

async fn fee(customer: &mut Customer) -> String {
    let id = customer.id();
    let press = json!({"type": "send", "client_id": id, "text": "提现要手续费吗",
        "choice": "payment.withdraw.fee"});
    customer.socket.send(press).await;
    let said = customer.socket.until_event("bot_said").await;
    said["event"]["text"].as_str().unwrap().to_owned()
}

/// Asks `/readyz` until the condition holds. Also returns the first answer.
pub(crate) async fn until_ready(server: &Server, is_wanted: impl Fn(&Value, &Value) -> bool) {
    let ready = async || -> Value {
        let (status, _, body) = server.get("/readyz").await;
        assert_eq!(status, 200, "a refused reload leaves the server ready");
        serde_json::from_str(&body).unwrap()
    };
    let before = ready().await;
    let wanted = async {
        loop {
            let now = ready().await;
            if is_wanted(&now, &before) {
                return;
            }
        }
    };
    let noticed = tokio::time::timeout(PATIENCE, wanted).await;
    assert!(noticed.is_ok(), "the reload was not noticed; /readyz was {before}");
}
