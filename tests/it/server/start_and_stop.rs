//! A reason not to start is one line; a stop loses nothing.

use std::{
    net::TcpListener,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Output},
};

use serde_json::json;

use crate::harness::{Server, small_root};

fn serve(flags: &[&str]) -> Output {
    let root = small_root();
    Command::new(env!("CARGO_BIN_EXE_kefu"))
        .args(["serve", "--root"])
        .arg(root.path())
        .args(flags)
        .env("KEFU_LOG", "off")
        .output()
        .unwrap()
}

fn fails_with_one_line(flags: &[&str], named: &str) {
    let output = serve(flags);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert_eq!(said.trim_end().lines().count(), 1, "{said}");
    assert!(said.contains(named), "{said}");
}

#[test]
fn a_port_in_use_is_told() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let data = tempfile::tempdir().unwrap();
    fails_with_one_line(
        &["--listen", &address, "--data", data.path().to_str().unwrap()],
        &format!("listen on {address}"),
    );
}

#[test]
fn a_data_folder_that_cannot_be_used_is_told() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let below_a_file = file.path().join("data");
    let data = below_a_file.to_str().unwrap();
    fails_with_one_line(&["--listen", "127.0.0.1:0", "--data", data], data);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_folder_in_use_is_told() {
    let server = Server::start();
    let data = server.data();
    let data = data.to_str().unwrap();
    tokio::task::block_in_place(|| {
        fails_with_one_line(&["--listen", "127.0.0.1:0", "--data", data], "in use");
    });
}

#[test]
fn broken_knowledge_is_told_whole() {
    let root = small_root();
    let file = root.path().join("knowledge/payment.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("    answer: 在设置里申请注销。\n", "")).unwrap();
    let said = refusal_to_start(root.path());
    assert!(said.contains("knowledge/payment.yaml:"), "{said}");
}

#[test]
fn knowledge_under_its_floors_is_told_with_its_figures() {
    let root = small_root();
    let tests = "version: 1
floors: {helped: 1000}
cases: [{entry: account.close.how, say: [提现要手续费的吗]}]
";
    std::fs::write(root.path().join("knowledge/tests.yaml"), tests).unwrap();
    let said = refusal_to_start(root.path());
    assert!(said.contains("helped 0 of 1, wanted 1000 ‰"), "{said}");
}

/// The error of a server that cannot start with this root.
fn refusal_to_start(root: &Path) -> String {
    let data = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_kefu"))
        .args(["serve", "--listen", "127.0.0.1:0", "--root"])
        .arg(root)
        .arg("--data")
        .arg(data.path())
        .env("KEFU_LOG", "off")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_data_folder_gets_an_agent_whose_password_is_shown_once() {
    let data = tempfile::tempdir().unwrap();
    let root = small_root();
    let start = || {
        let child = Command::new(env!("CARGO_BIN_EXE_kefu"))
            .args(["serve", "--listen", "127.0.0.1:0", "--root"])
            .arg(root.path())
            .arg("--data")
            .arg(data.path())
            .env("KEFU_LOG", "off")
            .stdout(std::process::Stdio::piped())
            .spawn();
        let mut child = child.unwrap();
        let mut said = String::new();
        let mut out = std::io::BufReader::new(child.stdout.take().unwrap());
        while !said.contains("listening") {
            std::io::BufRead::read_line(&mut out, &mut said).unwrap();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        said
    };
    let first = tokio::task::block_in_place(start);
    assert!(first.contains("first agent: name admin, password "), "{first}");
    let second = tokio::task::block_in_place(start);
    assert!(!second.contains("password"), "{second}");
    let mode = std::fs::metadata(data.path().join("kefu.sqlite3")).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "nobody else reads the journal");
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_drains() {
    let mut server = Server::start();
    let mut customer = server.customer().await;
    let mut agent = server.agent("lin").await;
    customer.say("提现多久到账").await;

    let status = server.terminate();

    assert!(status.success(), "{status}");
    assert!(customer.socket.until_type("draining").await["retry_after_ms"].as_u64().unwrap() > 0);
    assert_eq!(customer.socket.until_closed().await, 1012);
    assert_eq!(agent.socket.until_closed().await, 1012);
}

#[tokio::test(flavor = "multi_thread")]
async fn health_and_figures_are_served() {
    let server = Server::start();
    let mut customer = server.customer().await;
    customer.ask("提现多久到账").await;
    let (status, _) = server.post("/v1/ask", json!({"text": "提现多久到账"})).await;
    assert_eq!(status, 200);
    assert_eq!(server.get("/healthz").await.0, 200);
    let (status, _, ready) = server.get("/readyz").await;
    assert_eq!((status, ready.contains(r#""ready":true"#)), (200, true), "{ready}");
    let (status, _, metrics) = server.get("/metrics").await;
    assert_eq!(status, 200);
    for line in [
        "kefu_replies_total{kind=\"answer\"} 1",
        "kefu_sockets{role=\"customer\"} 1",
        "kefu_utterances_total 2",
        // A counted utterance has a counted match.
        "kefu_match_seconds_count 2",
        "kefu_match_seconds_bucket{le=\"0.00003\"}",
    ] {
        assert!(metrics.contains(line), "{line} is not in:\n{metrics}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_has_its_policy() {
    let server = Server::start();
    for path in ["/", "/console", "/widget", "/loader.js", "/web/protocol.js"] {
        let (status, headers, body) = server.get(path).await;
        assert_eq!(status, 200, "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert!(!body.is_empty());
        let policy = headers.get("content-security-policy");
        let is_page = !path.ends_with("js");
        assert_eq!(policy.is_some(), is_page, "{path}");
        if let Some(policy) = policy {
            let policy = policy.to_str().unwrap();
            assert!(
                policy.contains("default-src 'none'") && !policy.contains("unsafe"),
                "{policy}"
            );
        }
    }
}
