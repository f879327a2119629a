//! A client that sends too much is told so, then closed, and harms no other client.

use std::time::Instant;

use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use crate::harness::{Agent, Customer, Server, Socket, connect};

/// Sends this many messages on each socket. Returns how many were acknowledged. All others must be
/// refused with their ids.
async fn send_on_all(sockets: &mut [Socket], round: &str, each: usize) -> usize {
    for (k, socket) in sockets.iter_mut().enumerate() {
        for n in 0..each {
            let id = format!("{round}-{k}-{n}");
            socket.send(json!({"type": "send", "client_id": id, "text": "提现多久到账"})).await;
        }
    }
    let mut acked = 0;
    for socket in sockets {
        for _ in 0..each {
            let answer = socket.until(|f| f["type"] == "ack" || f["type"] == "error").await;
            assert!(answer["client_id"].as_str().unwrap().starts_with(round), "{answer}");
            if answer["type"] == "ack" {
                acked += 1;
                continue;
            }
            assert_eq!(answer["code"], "rate_limited");
            assert!((1..=200).contains(&answer["retry_after_ms"].as_u64().unwrap()), "{answer}");
        }
    }
    acked
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::disallowed_methods, reason = "bounds what the bucket may have got back")]
async fn a_customer_has_one_bucket_over_all_sockets_and_reconnects() {
    let server = Server::start();
    let customer = server.customer().await;
    let started = Instant::now();
    let mut acked = 0;
    for round in ["first", "again"] {
        let mut sockets = Vec::new();
        for _ in 0..4 {
            let mut socket = Customer::hello(&server.address, &customer.token, 0).await;
            socket.until_type("caught_up").await;
            sockets.push(socket);
        }
        acked += send_on_all(&mut sockets, round, 25).await;
    }
    let most = 31 + 5 * (started.elapsed().as_secs() as usize + 1);
    assert!((30..=most).contains(&acked), "{acked} acknowledged, at most {most}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_socket_more_than_eight_closes_the_oldest() {
    let server = Server::start();
    let mut customer = server.customer().await;
    let mut others = Vec::new();
    for _ in 0..8 {
        let mut socket = Customer::hello(&server.address, &customer.token, 0).await;
        socket.until_type("caught_up").await;
        others.push(socket);
    }
    assert_eq!(customer.socket.until_closed().await, 4009);
    for socket in &mut others {
        socket.send(json!({"type": "ping"})).await;
        socket.until_type("pong").await;
    }
    // A freed place closes no socket.
    drop(others.pop());
    server.customer().await.ask("提现多久到账").await;
    customer.socket = Customer::hello(&server.address, &customer.token, 0).await;
    customer.socket.until_type("caught_up").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_who_floods_is_told_and_then_closed() {
    let server = Server::start();
    let conversation = "0123456789abcdef0123456789abcdef";
    let cases = [
        ("pings", json!({"type": "ping"}).to_string()),
        ("status", json!({"type": "status", "status": "ready"}).to_string()),
        (
            "history",
            json!({"type": "history", "conversation": conversation, "before_seq": 9}).to_string(),
        ),
        ("bad frames", "{".to_owned()),
    ];
    for (n, (shows, frame)) in cases.into_iter().enumerate() {
        let name = format!("flood{n}");
        server.add_agent(&name);
        let mut agent = server.agent(&name).await;
        for _ in 0..2_000 {
            if !agent.socket.try_send(&frame).await {
                break;
            }
        }
        let mut told = 0;
        let code = loop {
            match agent.socket.next().await {
                Ok(frame) if frame["code"] == "rate_limited" => {
                    assert!(frame["retry_after_ms"].as_u64().unwrap() > 0, "{shows}");
                    told += 1;
                }
                Ok(_) => {}
                Err(code) => break code,
            }
        };
        assert_eq!(code, 4008, "{shows}");
        assert!(told >= 300, "{shows}: told {told} times first");
    }
    server.customer().await.ask("提现多久到账").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_who_floods_with_small_frames_is_told_and_then_closed() {
    let server = Server::start();
    for frame in [r#"{"type":"ping"}"#, r#"{"type":"resume","last_seq":0}"#, "[]"] {
        let mut customer = server.customer().await;
        for _ in 0..2_000 {
            if !customer.socket.try_send(frame).await {
                break;
            }
        }
        assert_eq!(customer.socket.until_closed().await, 4008, "{frame}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pings_of_the_websocket_itself_are_counted_too() {
    let server = Server::start();
    let mut customer = server.customer().await;
    let mut agent = server.agent("lin").await;
    for socket in [&mut customer.socket, &mut agent.socket] {
        for ping in [Message::Ping("x".into()), Message::Pong("x".into())] {
            for _ in 0..1_000 {
                if !socket.try_send_message(ping.clone()).await {
                    break;
                }
            }
        }
        assert_eq!(socket.until_closed().await, 4008);
    }
    server.customer().await.ask("提现多久到账").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn coming_back_again_and_again_is_slowed_down() {
    let server = Server::start();
    let customer = server.customer().await;
    let agent = Agent::sign_in(&server.address, "lin").await;
    for (path, token) in [("/v1/customer", &customer.token), ("/v1/agent", &agent)] {
        let origin = format!("http://{}", server.address);
        let mut hello = json!({"type": "hello", "protocol": 1, "token": token});
        if path == "/v1/customer" {
            hello["last_seq"] = json!(0);
        }
        let mut times = 0;
        let told = loop {
            let mut socket = connect(&server.address, path, Some(&origin)).await.unwrap();
            socket.send(hello.clone()).await;
            let first = socket.next().await.unwrap();
            if first["type"] == "error" {
                assert_eq!(socket.until_closed().await, 4008);
                break first;
            }
            times += 1;
            assert!(times < 1_000, "{path}: a loop goes on");
        };
        assert!(times >= 60, "{path}: {times} pages may open");
        assert_eq!(told["code"], "rate_limited");
        assert!((1..=1_000).contains(&told["retry_after_ms"].as_u64().unwrap()), "{told}");
    }
}
