//! Silent clients keep no other client out.

use std::{fs, path::Path, time::Duration};

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::harness::{Customer, Server};

/// Time limit for an event that must happen.
const PATIENCE: Duration = Duration::from_secs(20);

/// The server's descriptors.
const DESCRIPTORS: u32 = 128;

#[tokio::test(flavor = "multi_thread")]
async fn half_heads_and_half_bodies_keep_nobody_out() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let server = Server::start_with_descriptors(DESCRIPTORS, log.path());
    let mut customer = server.customer().await;
    let halves = [
        "",
        "GET /healthz HTTP/1.1\r\nHost: a\r\n",
        "POST /v1/ask HTTP/1.1\r\nContent-Length: 9\r\n\r\n{",
    ];
    let mut silent = Vec::new();
    for half in halves {
        for _ in 0..DESCRIPTORS {
            let mut connection = TcpStream::connect(&server.address).await.unwrap();
            connection.write_all(half.as_bytes()).await.unwrap();
            silent.push(connection);
        }
        timeout(PATIENCE, is_answered(&server, &mut customer)).await.expect("all are answered");
    }
    for mut connection in silent {
        let closed = timeout(PATIENCE, connection.read_to_end(&mut Vec::new())).await;
        assert!(closed.is_ok(), "it is closed, whether in order or not");
    }
    timeout(PATIENCE, is_answered(&server, &mut customer)).await.expect("all are answered");
    assert_eq!(warnings(log.path()).len(), 1, "{:?}", warnings(log.path()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_want_of_descriptors_is_told_once_and_passes() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let server = Server::start_with_descriptors(DESCRIPTORS, log.path());
    let mut customer = server.customer().await;
    // Fewer than it has open.
    server.set_descriptors(4);
    let mut waiting = TcpStream::connect(&server.address).await.unwrap();
    waiting.write_all(b"GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n").await.unwrap();
    let warned = async {
        while warnings(log.path()).is_empty() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, warned).await.expect("it is told");
    assert_eq!(customer.ask("提现多久到账").await["kind"], "answer");

    server.set_descriptors(DESCRIPTORS);
    let mut answer = String::new();
    timeout(PATIENCE, waiting.read_to_string(&mut answer)).await.unwrap().unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    timeout(PATIENCE, is_answered(&server, &mut customer)).await.expect("all are answered");
    assert_eq!(warnings(log.path()).len(), 1, "{:?}", warnings(log.path()));
}

/// Uses every kind of request.
async fn is_answered(server: &Server, customer: &mut Customer) {
    assert_eq!(server.get("/healthz").await.0, 200);
    let (status, answer) = server.post("/v1/ask", json!({"text": "提现多久到账"})).await;
    assert_eq!((status, answer["band"].as_str()), (200, Some("answer")));
    assert_eq!(customer.ask("提现多久到账").await["kind"], "answer");
    let mut another = server.customer().await;
    assert_eq!(another.ask("提现多久到账").await["kind"], "answer");
}

fn warnings(log: &Path) -> Vec<String> {
    let log = fs::read_to_string(log).unwrap();
    log.lines().filter(|line| line.contains(" WARN ")).map(str::to_owned).collect()
}
