//! Bad input gets a typed error or the right close code, and harms no other client.

use serde_json::json;
use tokio_tungstenite::tungstenite::{
    self, Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};

use crate::harness::{Customer, Server, connect};

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_frame_is_told_and_the_socket_lives() {
    let server = Server::start();
    let mut customer = server.customer().await;
    let cases = [
        ("not JSON", "{", "bad_frame"),
        ("not an object", "[1]", "bad_frame"),
        ("no type", "{}", "bad_frame"),
        ("an unknown type", r#"{"type":"fly"}"#, "bad_frame"),
        ("an unknown field", r#"{"type":"ping","x":1}"#, "bad_frame"),
        ("a missing field", r#"{"type":"send","client_id":"a"}"#, "bad_frame"),
        ("a field of another type", r#"{"type":"send","client_id":1,"text":"a"}"#, "bad_frame"),
        ("hello again", r#"{"type":"hello","protocol":1,"token":"x"}"#, "bad_frame"),
        ("a bad client id", r#"{"type":"send","client_id":"a b","text":"a"}"#, "bad_value"),
        ("an empty text", r#"{"type":"send","client_id":"a1","text":" "}"#, "bad_length"),
        ("a rating of nothing", r#"{"type":"rate","client_id":"a3","stars":5}"#, "wrong_phase"),
    ];
    for (shows, frame, code) in cases {
        customer.socket.send_message(Message::text(frame)).await;
        let error = customer.socket.until_type("error").await;
        assert_eq!(error["code"], code, "{shows}");
    }
    let long = "长".repeat(501);
    customer.socket.send(json!({"type": "send", "client_id": "a4", "text": long})).await;
    assert_eq!(customer.socket.until_type("error").await["code"], "bad_length");
    assert_eq!(customer.ask("提现多久到账").await["kind"], "answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_cannot_be_read_fails_alone_and_by_name() {
    let server = Server::start();
    let mut customer = server.customer().await;
    let mut agent = server.agent("lin").await;
    let conversation = customer.conversation.clone();
    let named = [
        r#"{"type":"send","client_id":"c-1","text":"a","x":1}"#,
        r#"{"type":"send","client_id":"c-1","text":7}"#,
        r#"{"type":"send","client_id":"c-1"}"#,
        r#"{"type":"fly","client_id":"c-1"}"#,
        r#"{"type":"rate","client_id":"c-1","stars":999}"#,
    ];
    for frame in named {
        customer.socket.send_message(Message::text(frame)).await;
        let error = customer.socket.until_type("error").await;
        assert_eq!((&error["code"], &error["client_id"]), (&json!("bad_frame"), &json!("c-1")));
        let frame = frame.replacen('{', &format!(r#"{{"conversation":"{conversation}","#), 1);
        agent.socket.send_message(Message::text(frame)).await;
        let error = agent.socket.until_type("error").await;
        assert_eq!((&error["code"], &error["client_id"]), (&json!("bad_frame"), &json!("c-1")));
        assert_eq!(error["conversation"], conversation);
    }
    let long = json!({"type": "send", "client_id": "c-2", "text": "长".repeat(501)});
    customer.socket.send(long).await;
    let error = customer.socket.until_type("error").await;
    assert_eq!((&error["code"], &error["client_id"]), (&json!("bad_length"), &json!("c-2")));
    // An invalid id may contain anything, and is not echoed.
    let card = json!({"type": "send", "client_id": "我的卡 6222", "text": "a", "choice": "我的卡"});
    customer.socket.send(card).await;
    let error = customer.socket.until_type("error").await;
    assert_eq!((&error["code"], &error["client_id"]), (&json!("bad_value"), &json!(null)));

    let half = r#"{"type":"send","client_id":"c-3","text":"提现多久到账\ud83d"}"#;
    customer.socket.send_message(Message::text(half)).await;
    let said = customer.socket.until_event("customer_said").await;
    assert_eq!(said["event"]["text"], "提现多久到账\u{fffd}");
    assert_eq!(customer.ask("提现多久到账").await["kind"], "answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn half_a_surrogate_pair_in_a_body_is_taken() {
    let server = Server::start();
    let url = format!("http://{}/v1/ask", server.address);
    let ask = move || {
        let body = r#"{"text":"提现多久到账\uDE00"}"#;
        ureq::post(url).send(body.as_bytes()).unwrap().status().as_u16()
    };
    assert_eq!(tokio::task::spawn_blocking(ask).await.unwrap(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_the_protocol_is_closed_with_its_code() {
    let server = Server::start();
    let bystander = &mut server.customer().await;
    let not_utf8 = Frame::message(vec![0xff, 0xfe], OpCode::Data(Data::Text), true);
    let cases = [
        ("a message over the limit", Message::text("x".repeat(70_000)), 1009),
        ("a binary message", Message::binary(vec![1, 2, 3]), 1003),
        ("text that is not UTF-8", Message::Frame(not_utf8), 1007),
    ];
    for (shows, message, code) in cases {
        let mut customer = server.customer().await;
        customer.socket.send_message(message).await;
        assert_eq!(customer.socket.until_closed().await, code, "{shows}");
    }
    assert_eq!(bystander.ask("提现多久到账").await["kind"], "answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_frame_must_be_a_hello_that_holds() {
    let server = Server::start();
    let cases = [
        ("a wrong token", json!({"type": "hello", "protocol": 1, "token": "x"}), None, 4001),
        ("no hello", json!({"type": "ping"}), Some("bad_frame"), 4002),
        ("an unknown frame", json!({"type": "hi", "token": "x"}), Some("bad_frame"), 4002),
        (
            "an unknown field",
            json!({"type": "hello", "protocol": 1, "token": "x", "y": 1}),
            Some("bad_frame"),
            4002,
        ),
        (
            "another version",
            json!({"type": "hello", "protocol": 2, "token": "x"}),
            Some("unsupported_protocol"),
            4002,
        ),
        (
            "another version and its fields",
            json!({"type": "hello", "protocol": 2, "key": "x"}),
            Some("unsupported_protocol"),
            4002,
        ),
    ];
    for path in ["/v1/customer", "/v1/agent"] {
        for (shows, frame, error, code) in &cases {
            let origin = format!("http://{}", server.address);
            let mut socket = connect(&server.address, path, Some(&origin)).await.unwrap();
            socket.send(frame.clone()).await;
            if let Some(error) = error {
                let told = socket.until_type("error").await;
                assert_eq!(told["code"], *error, "{path}: {shows}");
            }
            assert_eq!(socket.until_closed().await, *code, "{path}: {shows}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_or_missing_origin_is_refused() {
    let server = Server::start();
    for path in ["/v1/customer", "/v1/agent"] {
        for origin in [None, Some("null"), Some("https://evil.example"), Some("http://127.0.0.1")] {
            match connect(&server.address, path, origin).await {
                Err(tungstenite::Error::Http(response)) => {
                    assert_eq!(response.status(), 403, "{path} from {origin:?}");
                }
                Err(other) => panic!("{path} from {origin:?}: {other}"),
                Ok(_) => panic!("{path} from {origin:?} was let in"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_reaches_no_conversation_that_is_not_there() {
    let server = Server::start();
    let mut agent = server.agent("lin").await;
    let conversation = "0123456789abcdef0123456789abcdef";
    for kind in ["accept", "return_to_bot", "close"] {
        let frame = json!({"type": kind, "conversation": conversation, "epoch": 1});
        agent.socket.send(frame).await;
        let error = agent.socket.until_type("error").await;
        assert_eq!(error["code"], "unknown_conversation", "{kind}");
        assert_eq!(error["conversation"], conversation);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_requests_get_a_typed_error() {
    let server = Server::start();
    let cases = [
        ("/v1/ask", json!({"question": "x"}), 400, "bad_frame"),
        ("/v1/ask", json!({"text": "长".repeat(600)}), 400, "bad_length"),
        ("/v1/customers", json!({"name": "x"}), 400, "bad_frame"),
        ("/v1/customers", json!({"facts": "product=wallet"}), 400, "bad_frame"),
        ("/v1/ask", json!({"text": "x", "facts": ["wallet"]}), 400, "bad_frame"),
        ("/v1/agents/login", json!({"name": "lin", "password": "wrong"}), 401, "unauthorized"),
        ("/v1/agents/login", json!({"name": "who", "password": "wrong"}), 401, "unauthorized"),
    ];
    for (path, body, status, code) in cases {
        let (found, answer) = server.post(path, body).await;
        assert_eq!((found, answer["error"]["code"].as_str().unwrap()), (status, code), "{path}");
    }
    assert_eq!(server.get("/nothing").await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_passwords_is_slowed_down() {
    let server = Server::start();
    // Five at once, then one in four seconds: even with slow hashes, forty are not admitted.
    for _ in 0..40 {
        let credentials = json!({"name": "lin", "password": "guess"});
        if server.post("/v1/agents/login", credentials).await.0 == 429 {
            return;
        }
    }
    panic!("forty guesses were let in");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_is_told_and_drops_nothing_silently() {
    let server = Server::start();
    let mut customer = server.customer().await;
    for n in 0..60 {
        let frame = json!({"type": "send", "client_id": format!("f-{n}"), "text": "提现多久到账"});
        customer.socket.send(frame).await;
    }
    let (mut acked, mut limited) = (0, 0);
    while acked + limited < 60 {
        let frame = customer.socket.next().await.unwrap();
        match frame["type"].as_str() {
            Some("ack") => acked += 1,
            Some("error") => {
                assert_eq!(frame["code"], "rate_limited");
                assert!(frame["retry_after_ms"].as_u64().unwrap() > 0);
                limited += 1;
            }
            _ => {}
        }
    }
    assert!(acked >= 30 && limited >= 1, "{acked} acked, {limited} told to wait");
    let mut other = Customer::new(&server.address).await;
    assert_eq!(other.ask("提现多久到账").await["kind"], "answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_told_whether_its_origin_is_let_in() {
    let server = Server::start();
    let own = format!("http://{}", server.address);
    let refused = Some("forbidden_origin");
    let cases = [
        ("kefu's own page", Some(own.as_str()), 204, None),
        ("a page that is not on the list", Some("https://evil.example"), 403, refused),
        ("a page without an origin of its own", Some("null"), 403, refused),
        ("no page", None, 403, refused),
    ];
    for (shows, origin, status, code) in cases {
        let url = format!("{own}/v1/origin");
        let origin = origin.map(str::to_owned);
        let ask = move || {
            let agent = ureq::Agent::config_builder().http_status_as_error(false).build();
            let request = ureq::Agent::from(agent).post(url);
            let request = match origin {
                Some(origin) => request.header("origin", origin),
                None => request,
            };
            let mut response = request.send_empty().unwrap();
            let header =
                |name| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
            let headers = [header("access-control-allow-origin"), header("cache-control")];
            let body = response.body_mut().read_to_string().unwrap();
            (response.status().as_u16(), headers, body)
        };
        let (found, [readers, kept], body) = tokio::task::spawn_blocking(ask).await.unwrap();
        let body: serde_json::Value = serde_json::from_str(&body).unwrap_or_default();
        assert_eq!((found, body["error"]["code"].as_str()), (status, code), "{shows}");
        assert_eq!((readers.as_deref(), kept.as_deref()), (Some("*"), Some("no-store")), "{shows}");
    }
}
