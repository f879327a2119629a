//! Every error over HTTP has the form `{"error":{"code","message"}}`, regardless of its origin.

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::harness::{PATIENCE, Server};

/// The bytes that a client sends, and the expected error.
struct Case {
    shows: &'static str,
    request: String,
    status: u16,
    code: &'static str,
}

fn case(shows: &'static str, request: &str, status: u16, code: &'static str) -> Case {
    let request = request.replace('\n', "\r\n");
    Case { shows, request, status, code }
}

/// Requests that reach no handler of a route.
#[expect(clippy::too_many_lines, reason = "one table of what may go wrong")]
fn cases() -> Vec<Case> {
    let get = |path: &str| format!("GET {path} HTTP/1.1\nHost: a\nConnection: close\n\n");
    let bare = |line: &str| format!("{line} HTTP/1.1\nHost: a\nConnection: close\n\n");
    let with = |line: &str, headers: &str, body: &str| {
        format!("{line} HTTP/1.1\nHost: a\nConnection: close\n{headers}\n\n{body}")
    };
    let upgrade = "Upgrade: websocket\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==";
    let long = "a".repeat(40_000);
    vec![
        case("no such path", &get("/nothing"), 404, "unknown_path"),
        case("nothing below the API", &get("/v1"), 404, "unknown_path"),
        case("no such file", &get("/web/no.js"), 404, "unknown_path"),
        case("a path with a slash too many", &get("/healthz/"), 404, "unknown_path"),
        case("the server as a whole", &bare("OPTIONS *"), 404, "unknown_path"),
        case("a tunnel", &bare("CONNECT a:80"), 404, "unknown_path"),
        case("a path that is not UTF-8", &get("/web/%ff%fe"), 400, "bad_request"),
        case("GET where POST is wanted", &get("/v1/ask"), 405, "wrong_method"),
        case("POST where GET is wanted", &bare("POST /healthz"), 405, "wrong_method"),
        case("an unusual method", &bare("DELETE /v1/customers"), 405, "wrong_method"),
        case("a method of nobody", &bare("BREW /"), 405, "wrong_method"),
        case("what browsers ask first", &bare("OPTIONS /v1/ask"), 405, "wrong_method"),
        case("a socket by POST", &bare("POST /v1/customer"), 405, "wrong_method"),
        case(
            "a large body that is announced",
            &with("POST /v1/ask", "Content-Length: 20000", ""),
            413,
            "too_large",
        ),
        case(
            "a large body in pieces",
            &with("POST /v1/ask", "Transfer-Encoding: chunked", &format!("9c40\n{long}\n0\n\n")),
            413,
            "too_large",
        ),
        case(
            "a large body where none is wanted",
            &with("GET /nothing", "Content-Length: 20000", ""),
            413,
            "too_large",
        ),
        case(
            "a body in broken pieces",
            &with("POST /v1/ask", "Transfer-Encoding: chunked", "zz\n"),
            400,
            "bad_frame",
        ),
        case(
            "a body that is not JSON",
            &with("POST /v1/ask", "Content-Length: 3\nContent-Type: text/plain", "a=b"),
            400,
            "bad_frame",
        ),
        case("a query without a token", &get("/v1/suggestions?%ff"), 401, "unauthorized"),
        case("no handshake of a customer", &get("/v1/customer"), 400, "bad_request"),
        case("no handshake of an agent", &get("/v1/agent"), 400, "bad_request"),
        case("half a handshake", &with("GET /v1/customer", upgrade, ""), 400, "bad_request"),
        case(
            "another version of WebSocket",
            &format!(
                "GET /v1/customer HTTP/1.1\nHost: a\nConnection: upgrade, close\n{upgrade}\n\
                 Sec-WebSocket-Version: 8\n\n"
            ),
            400,
            "bad_request",
        ),
        case("a line that is not HTTP", "hello\n\n", 400, "bad_request"),
        case("a version of nobody", "GET / HTTP/9.9\nHost: a\n\n", 400, "bad_request"),
        case("a header that is none", "GET / HTTP/1.1\nHost a\n\n", 400, "bad_request"),
        case(
            "a length that is none",
            &with("POST /v1/ask", "Content-Length: many", ""),
            400,
            "bad_request",
        ),
        case(
            "two lengths",
            &with("POST /v1/ask", "Content-Length: 1\nContent-Length: 2", ""),
            400,
            "bad_request",
        ),
        case("a long head", &with("GET /", &format!("X: {long}"), ""), 431, "bad_request"),
        case("a long address", &get(&format!("/{long}")), 431, "bad_request"),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_over_http_is_a_typed_error() {
    let server = Server::start();
    let mut wrong = Vec::new();
    for case in cases() {
        let answer = answer(&server, &case.request).await;
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let found = parse(head, body);
        if found != Some((case.status, case.code.to_owned())) {
            wrong.push(format!("{}: {found:?}\n{head}\n{body}", case.shows));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n---\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_method_is_told_the_right_ones() {
    let server = Server::start();
    let request = "GET /v1/ask HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let answer = answer(&server, request).await.to_lowercase();
    assert!(answer.contains("\r\nallow: post\r\n"), "{answer}");
    assert!(answer.contains("\r\nx-content-type-options: nosniff\r\n"), "{answer}");
}

/// The status and the code, if the answer is an error of this form.
fn parse(head: &str, body: &str) -> Option<(u16, String)> {
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let head = head.to_lowercase();
    let is_json = head.contains("\r\ncontent-type: application/json");
    let length = format!("\r\ncontent-length: {}", body.len());
    let is_whole = head.lines().any(|line| line == length.trim_start());
    let body: Value = serde_json::from_str(body).ok()?;
    let error = body["error"].as_object().filter(|_| body.as_object().unwrap().len() == 1)?;
    let is_told = error.len() == 2 && !error["message"].as_str()?.is_empty();
    let code = error["code"].as_str()?.to_owned();
    (is_json && is_whole && is_told).then_some((status, code))
}

async fn answer(server: &Server, request: &str) -> String {
    let mut connection = TcpStream::connect(&server.address).await.unwrap();
    // Like a request from one of kefu's own pages.
    let own = format!("Host: a\r\nOrigin: http://{}\r\n", server.address);
    let request = request.replacen("Host: a\r\n", &own, 1);
    // A server that refuses a request early may not read all of it.
    let _ = connection.write_all(request.as_bytes()).await;
    let mut answer = Vec::new();
    let read = connection.read_to_end(&mut answer);
    // The connection may be reset after the answer, as some of the request was not read.
    let _ = tokio::time::timeout(PATIENCE, read).await.expect("it is answered in time");
    String::from_utf8(answer).unwrap()
}
