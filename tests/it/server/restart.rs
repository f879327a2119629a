//! R1: acknowledged messages survive the death of the process, once and in order.

use serde_json::json;

use crate::harness::{Customer, Server};

/// Fewer acknowledged messages than this would prove nothing.
const ACKED_MIN: usize = 120;

#[tokio::test(flavor = "multi_thread")]
async fn r1_nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let mut server = Server::start();
    let mut acked: Vec<(u64, String)> = Vec::new();
    let customer = server.customer().await;
    for round in 0..6 {
        let mut socket = Customer::hello(&server.address, &customer.token, 0).await;
        socket.until_type("caught_up").await;
        // The last few of these are in flight when the process dies.
        for n in 0..30 {
            let id = format!("r{round}-{n}");
            let text = format!("第{round}轮第{n}条");
            socket.send(json!({"type": "send", "client_id": id, "text": text})).await;
        }
        for _ in 0..25 {
            let ack = socket.until_type("ack").await;
            let id = customer.kept(ack["client_id"].as_str().unwrap());
            acked.push((ack["seq"].as_u64().unwrap(), id));
        }
        server.kill_and_restart();
    }

    assert!(acked.len() >= ACKED_MIN, "only {} were acknowledged", acked.len());
    let mut stored = Vec::new();
    let mut last = 0;
    let mut socket = Customer::hello(&server.address, &customer.token, 0).await;
    loop {
        let frame = socket.next().await.unwrap();
        if frame["type"] == "caught_up" && frame["more"] == true {
            socket.send(json!({"type": "resume", "last_seq": last})).await;
        } else if frame["type"] == "caught_up" {
            break;
        } else if frame["type"] == "event" {
            assert_eq!(frame["prev"], last, "no gap and no disorder");
            last = frame["seq"].as_u64().unwrap();
            if let Some(id) = frame["event"]["client_id"].as_str() {
                stored.push((last, id.to_owned()));
            }
        }
    }
    for message in &acked {
        let times = stored.iter().filter(|found| *found == message).count();
        assert_eq!(times, 1, "{message:?} was acknowledged");
    }
    let mut ids: Vec<&String> = stored.iter().map(|(_, id)| id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), stored.len(), "nothing stands twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_sent_again_after_a_crash_is_stored_once() {
    let mut server = Server::start();
    let mut customer = server.customer().await;
    let frame = json!({"type": "send", "client_id": "again", "text": "提现多久到账"});
    customer.socket.send(frame.clone()).await;
    let first = customer.acked("again").await;

    server.kill_and_restart();

    let mut socket = Customer::hello(&server.address, &customer.token, first).await;
    socket.send(frame).await;
    let ack = socket.until_type("ack").await;
    assert_eq!(ack["seq"], first);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_queue_survives_a_crash() {
    let mut server = Server::start();
    let agent = server.agent("lin").await;
    let mut customer = server.customer().await;
    customer.say("转人工").await;
    customer.socket.until_type("queue").await;

    server.kill_and_restart();

    drop(agent);
    let mut agent = server.agent("lin").await;
    let opened = agent.accept().await;
    assert_eq!(opened["conversation"], customer.conversation.as_str());
    let mut socket = Customer::hello(&server.address, &customer.token, 0).await;
    socket.until_event("agent_joined").await;
    agent.say(&opened, "a-1", "让您久等了").await;
    socket.until_event("agent_said").await;
}

/// R9: a file size limit simulates a full disk: the same write fails, without a mount, and the
/// limit can be lifted while the process runs.
#[tokio::test(flavor = "multi_thread")]
async fn r9_a_full_disk_refuses_what_it_cannot_keep_and_is_got_over() {
    let server = Server::start_with_file_limit(400);
    let mut customer = server.customer().await;
    let mut acked = Vec::new();
    let refused = loop {
        let id = customer.id();
        customer
            .socket
            .send(json!({"type": "send", "client_id": id, "text": "提现多久到账"}))
            .await;
        let answer = customer.socket.until(|frame| frame["client_id"] == id.as_str()).await;
        match answer["type"].as_str() {
            Some("ack") => acked.push(customer.kept(&id)),
            _ => break answer,
        }
        assert!(acked.len() < 29, "the limit is reached before the socket's own");
    };
    assert_eq!(refused["code"], "unavailable");
    let (status, _, ready) = server.get("/readyz").await;
    assert_eq!((status, ready.contains("storage")), (503, true), "{ready}");
    let stored = said_by_customer(&server, &customer.token).await;
    assert!(acked.len() >= 5 && stored == acked, "{stored:?} stored, {acked:?} acknowledged");

    server.lift_file_limit();
    let (status, _, ready) = server.get("/readyz").await;
    assert_eq!(status, 200, "{ready}");
    customer.say("提现要手续费吗").await;
}

/// The ids of a customer's messages, as a reconnecting client gets them.
async fn said_by_customer(server: &Server, token: &str) -> Vec<String> {
    let mut socket = Customer::hello(&server.address, token, 0).await;
    let mut ids = Vec::new();
    loop {
        let frame = socket.next().await.unwrap();
        if frame["type"] == "caught_up" {
            return ids;
        }
        if let Some(id) = frame["event"]["client_id"].as_str() {
            ids.push(id.to_owned());
        }
    }
}
