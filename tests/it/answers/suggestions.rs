//! Suggestions while a customer types, over HTTP.

use std::{fs, path::Path};

use serde_json::{Value, json};

use crate::harness::Server;

/// The text, encoded for a query.
fn encoded(text: &str) -> String {
    let bytes: Vec<String> = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    bytes.concat()
}

/// Names and values.
type Headers<'a> = &'a [(&'static str, &'a str)];

async fn suggest(server: &Server, token: &str, text: &str) -> (u16, Value) {
    let path = format!("/v1/suggestions?text={}", encoded(text));
    let bearer = format!("Bearer {token}");
    let (status, _, body) = server.get_with(&path, &[("authorization", &bearer)]).await;
    (status, serde_json::from_str(&body).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_are_suggested_to_a_customer() {
    let server = Server::start();
    let customer = server.customer().await;
    let fee =
        json!({"entry": "payment.withdraw.fee", "text": "提现要手续费吗", "matched": [[0, 3]]});
    let cases = [
        ("Han", "提现要", json!([fee])),
        (
            "initials",
            "txys",
            json!([{"entry": "payment.withdraw.fee", "text": "提现要手续费吗", "matched": [[0, 4]]}]),
        ),
        ("nothing typed", "", json!([])),
        ("nothing like it", "天气", json!([])),
        ("as long as may be", &"天".repeat(200), json!([])),
    ];
    for (shows, text, expected) in cases {
        let found = suggest(&server, &customer.token, text).await;
        assert_eq!(found, (200, json!({"suggestions": expected})), "{shows}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chosen_suggestion_is_answered_by_its_entry() {
    let server = Server::start();
    let mut customer = server.customer().await;
    let (_, found) = suggest(&server, &customer.token, "zxzh").await;
    let chosen = found["suggestions"][0]["text"].as_str().unwrap();
    assert_eq!(chosen, "注销账户流程");
    let answer = customer.ask(chosen).await;
    assert_eq!(
        (answer["kind"].as_str(), answer["text"].as_str()),
        (Some("answer"), Some("在设置里申请注销。"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_ask_or_asks_wrongly_is_told() {
    let server = Server::start();
    let bearer = format!("Bearer {}", server.customer().await.token);
    let agent = format!("Bearer {}", server.agent("lin").await.token);
    let long = format!("?text={}", encoded(&"长".repeat(201)));
    let own = format!("http://{}", server.address);
    let cases: [(&str, &str, Headers<'_>, u16, Option<&str>); 10] = [
        ("no token", "?text=a", &[], 401, Some("unauthorized")),
        ("a wrong token", "?text=a", &[("authorization", "Bearer x")], 401, Some("unauthorized")),
        ("no bearer's", "?text=a", &[("authorization", "Basic x")], 401, Some("unauthorized")),
        ("an agent's", "?text=a", &[("authorization", &agent)], 401, Some("unauthorized")),
        ("no text", "", &[("authorization", &bearer)], 400, Some("bad_frame")),
        ("more than text", "?text=a&x=1", &[("authorization", &bearer)], 400, Some("bad_frame")),
        ("too long", &long, &[("authorization", &bearer)], 400, Some("bad_length")),
        (
            "a foreign page",
            "?text=a",
            &[("authorization", &bearer), ("origin", "https://evil.example")],
            403,
            Some("forbidden_origin"),
        ),
        ("kefu's page", "?text=a", &[("authorization", &bearer), ("origin", &own)], 200, None),
        ("bytes that are no text", "?text=%FF%FE", &[("authorization", &bearer)], 200, None),
    ];
    for (shows, query, headers, status, code) in cases {
        let path = format!("/v1/suggestions{query}");
        let (found, answered, body) = server.get_with(&path, headers).await;
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((found, body["error"]["code"].as_str()), (status, code), "{shows}");
        let is_kept = answered.get("cache-control").is_none_or(|value| value != "no-store");
        assert_eq!(is_kept, status != 200, "{shows}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_customer_who_asks_too_often_slows_nobody_else() {
    let server = Server::start();
    let (one, other) = (server.customer().await, server.customer().await);
    // Thirty at once, then ten a second: even on a slow machine, not all are admitted.
    let mut last = (0, Value::Null);
    for _ in 0..1_000 {
        last = suggest(&server, &one.token, "提现").await;
        if last.0 == 429 {
            break;
        }
    }
    assert_eq!((last.0, last.1["error"]["code"].as_str()), (429, Some("rate_limited")));
    assert_eq!(suggest(&server, &other.token, "提现").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_is_stored_nowhere() {
    let server = Server::start();
    let mut customer = server.customer().await;
    let (typed, sent) = ("提现typedonly", "提现sentaswell");
    assert_eq!(suggest(&server, &customer.token, typed).await.0, 200);
    customer.say(sent).await;
    let holds =
        |text: &str| files_of(&server.data()).any(|bytes| contains(&bytes, text.as_bytes()));
    assert!(holds("sentaswell"), "what was sent is found, so that the search is good");
    assert!(!holds("typedonly"));
}

fn files_of(folder: &Path) -> impl Iterator<Item = Vec<u8>> {
    let files = fs::read_dir(folder).unwrap().map(|item| item.unwrap().path());
    files.filter(|path| path.is_file()).map(|path| fs::read(path).unwrap())
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}
