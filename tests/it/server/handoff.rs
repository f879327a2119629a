//! Handoff from a customer through the queue to agents.

use std::fs;

use serde_json::{Value, json};

use crate::harness::{Agent, Customer, Server, Socket};

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_goes_to_an_agent_and_ends_with_a_rating() {
    let server = Server::start();
    let mut agent = server.agent("lin").await;
    let mut customer = server.customer().await;
    customer.ask("提现多久到账").await;

    customer.say("转人工").await;
    assert_eq!(customer.socket.until_type("queue").await["place"], 1);
    let opened = agent.accept().await;
    assert_eq!(opened["conversation"], customer.conversation.as_str());
    let records = opened["records"].as_array().unwrap();
    let answer = records.iter().find(|r| r["event"]["kind"] == "answer").unwrap();
    let candidate = &answer["event"]["candidates"][0];
    assert_eq!(candidate["entry"], "payment.withdraw.arrival", "the bot's candidates are shown");
    let joined = customer.socket.until_event("agent_joined").await;
    assert_eq!(joined["event"]["agent"], "lin");

    agent.say(&opened, "a-1", "您好，帮您看一下。").await;
    let said = customer.socket.until_event("agent_said").await;
    assert_eq!(said["event"]["text"], "您好，帮您看一下。");
    customer.say("提现多久到账").await;
    let heard = agent.socket.until(|f| f["record"]["event"]["type"] == "customer_said").await;
    assert_eq!(heard["record"]["event"]["text"], "提现多久到账");

    agent.act(&opened, "close").await;
    customer.socket.until_event("ended").await;
    let rate = json!({"type": "rate", "client_id": "r-1", "stars": 5, "comment": "很快"});
    customer.socket.send(rate).await;
    let rated = customer.socket.until_event("rated").await;
    assert_eq!(rated["event"]["stars"], 5);
    agent.socket.until_type("released").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_is_silent_while_an_agent_owns_and_speaks_when_it_is_given_back() {
    let server = Server::start();
    let mut agent = server.agent("lin").await;
    let mut customer = server.customer().await;
    customer.say("转人工").await;
    let opened = agent.accept().await;
    customer.socket.until_event("agent_joined").await;

    customer.say("提现多久到账").await;
    agent.act(&opened, "return_to_bot").await;
    // The next event after the customer's is the return, without a reply of the bot in between.
    let next = customer.socket.until(|f| f["event"]["type"] != "customer_said").await;
    let kind = next["event"]["type"].as_str().unwrap_or_default().to_owned();
    assert!(matches!(kind.as_str(), "returned_to_bot" | "noticed"), "{next}");
    let answer = customer.ask("怎么注销账户").await;
    assert_eq!(answer["kind"], "answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_agent_is_fenced() {
    let server = Server::start();
    server.add_agent("wang");
    let mut lin = server.agent("lin").await;
    let mut customer = server.customer().await;
    customer.say("转人工").await;
    let opened = lin.accept().await;
    let mut wang = server.agent("wang").await;

    wang.say(&opened, "w-1", "我来").await;
    let refused = wang.socket.until_type("error").await;
    assert_eq!(refused["code"], "not_owner");

    lin.act(&opened, "return_to_bot").await;
    lin.socket.until_type("released").await;
    lin.say(&opened, "a-1", "还在吗").await;
    let refused = lin.socket.until_type("error").await;
    assert_eq!(refused["code"], "fenced");
    assert_eq!(refused["client_id"], "a-1");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_that_is_declined_goes_to_the_next_agent() {
    let server = Server::start();
    server.add_agent("wang");
    let mut lin = server.agent("lin").await;
    let mut customer = server.customer().await;
    customer.say("转人工").await;
    let desk = lin.socket.until(|f| f["waiting"][0]["offered_until"].is_string()).await;
    let mut wang = server.agent("wang").await;
    let conversation = &desk["waiting"][0]["conversation"];
    lin.socket.send(json!({"type": "decline", "conversation": conversation})).await;
    let opened = wang.accept().await;
    assert_eq!(&opened["conversation"], conversation);
    assert_eq!(customer.socket.until_event("agent_joined").await["event"]["agent"], "wang");
}

#[tokio::test(flavor = "multi_thread")]
async fn with_no_agent_the_customer_leaves_a_message_that_an_agent_finds() {
    let server = Server::start();
    let mut customer = server.customer().await;
    customer.say("转人工").await;
    customer.socket.until_event("message_asked").await;
    let without_consent = json!({"type": "leave_message", "client_id": "m-0", "text": "请回电",
        "contact": "13900001234"});
    customer.socket.send(without_consent).await;
    assert_eq!(customer.socket.until_type("error").await["code"], "bad_value");
    let message = json!({"type": "leave_message", "client_id": "m-1",
        "text": "钱没到账，请回电13900001234", "contact": "13900001234", "consent": true});
    customer.socket.send(message).await;
    customer.acked("m-1").await;

    let mut agent = server.agent("lin").await;
    let mut socket = Agent::hello(&server.address, &agent.token).await;
    let desk = socket.until(|f| f["messages"][0].is_object()).await;
    let left = &desk["messages"][0];
    assert!(!left["text"].as_str().unwrap().contains("13900001234"), "masked in the transcript");
    let accept = json!({"type": "accept", "conversation": left["conversation"],
        "epoch": left["epoch"]});
    agent.socket.send(accept).await;
    let opened = agent.socket.until_type("opened").await;
    assert_eq!(opened["contacts"][0], "13900001234", "the contact is kept apart, whole");
    agent.say(&opened, "a-1", "查到了，已经处理。").await;
    customer.socket.until_event("agent_said").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_leaves_the_queue() {
    let server = Server::start();
    let mut agent = server.agent("lin").await;
    agent.socket.send(json!({"type": "status", "status": "ready"})).await;
    let mut first = server.customer().await;
    let id = first.id();
    first.socket.send(json!({"type": "ask_human", "client_id": id})).await;
    first.socket.until_type("queue").await;
    first.socket.send(json!({"type": "leave_queue"})).await;
    first.socket.until_event("returned_to_bot").await;
    assert_eq!(first.ask("怎么注销账户").await["kind"], "answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_that_comes_back_sees_its_conversations() {
    let server = Server::start();
    let mut agent = server.agent("lin").await;
    let mut customer = server.customer().await;
    customer.say("转人工").await;
    let opened = agent.accept().await;
    drop(agent.socket);
    customer.say("还在吗").await;

    let mut socket = Agent::hello(&server.address, &agent.token).await;
    let snapshot = socket.until_type("snapshot").await;
    let conversation = &snapshot["conversations"][0];
    assert_eq!(conversation["conversation"], opened["conversation"]);
    let last = conversation["records"].as_array().unwrap().last().unwrap();
    assert_eq!(last["event"]["text"], "还在吗");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disabled_agent_is_signed_out() {
    let server = Server::start();
    let mut agent = server.agent("lin").await;
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_kefu"))
        .args(["agent", "disable", "lin", "--data"])
        .arg(server.data())
        .stdout(std::process::Stdio::null())
        .status();
    assert!(status.unwrap().success(), "beside the running server");
    // All of its frames are refused at once.
    agent.socket.send(json!({"type": "status", "status": "ready"})).await;
    assert_eq!(agent.socket.until_closed().await, 4001);
    let credentials = json!({"name": "lin", "password": "a long enough password"});
    assert_eq!(server.post("/v1/agents/login", credentials).await.0, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_of_a_customer_see_the_same() {
    let server = Server::start();
    let mut customer = server.customer().await;
    let mut second = Customer::hello(&server.address, &customer.token, 0).await;
    second.until_type("caught_up").await;
    customer.say("提现多久到账").await;
    assert_eq!(second.until_event("bot_said").await["event"]["kind"], "answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transcript_of_any_length_reaches_the_agent() {
    let server = Server::start();
    let mut agent = server.agent("lin").await;
    let mut customer = server.customer().await;
    for n in 0..25 {
        customer.say(&format!("{n}{}", "很长的一句话".repeat(80))).await;
    }
    customer.say("转人工").await;
    let opened = agent.accept().await;
    let records = opened["records"].as_array().unwrap();
    let first = records[0]["seq"].as_u64().unwrap();
    assert!(first > 1, "the newest records come first, up to a size");
    let conversation = &opened["conversation"];
    let history = json!({"type": "history", "conversation": conversation, "before_seq": first});
    agent.socket.send(history).await;
    let older = agent.socket.until_type("history").await;
    assert_eq!(older["records"].as_array().unwrap().last().unwrap()["seq"], first - 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_who_signs_out_is_not_waited_for() {
    let server = Server::start();
    let agent = server.agent("lin").await;
    let token = agent.token.clone();
    let mut customer = server.customer().await;
    let (status, _) = server.post_as("/v1/agents/logout", json!({}), Some(&token)).await;
    assert_eq!(status, 204);
    customer.say("转人工").await;
    customer.socket.until_event("message_asked").await;
}

/// Waits for an offer on this socket.
async fn until_offered(socket: &mut Socket) -> Value {
    let offered = |item: &Value| item["offered_until"].is_string();
    let has_offer = |frame: &Value| {
        frame["waiting"].as_array().is_some_and(|waiting| waiting.iter().any(offered))
    };
    socket.until(has_offer).await
}

async fn asks_human(customer: &mut Customer) {
    let id = customer.id();
    customer.socket.send(json!({"type": "ask_human", "client_id": id})).await;
    customer.acked(&id).await;
}

async fn accept(socket: &mut Socket, item: &Value) {
    let (conversation, epoch) = (&item["conversation"], &item["epoch"]);
    socket.send(json!({"type": "accept", "conversation": conversation, "epoch": epoch})).await;
}

/// Reads until this occasion. Returns all occasions on the way.
async fn occasions_until(socket: &mut Socket, last: &str) -> Vec<String> {
    let mut occasions = Vec::new();
    loop {
        let noticed = socket.until_event("noticed").await;
        occasions.push(noticed["event"]["occasion"].as_str().unwrap().to_owned());
        if occasions.last().is_some_and(|occasion| occasion == last) {
            return occasions;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_break_passes_the_offer_on_at_once() {
    let server = Server::start();
    server.add_agent("wang");
    let mut lin = server.agent("lin").await;
    let mut customer = server.customer().await;
    customer.say("转人工").await;
    until_offered(&mut lin.socket).await;
    let mut wang = server.agent("wang").await;
    lin.socket.send(json!({"type": "status", "status": "break"})).await;
    wang.accept().await;
    assert_eq!(customer.socket.until_event("agent_joined").await["event"]["agent"], "wang");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_who_signs_out_or_closes_the_console_passes_the_offer_on() {
    let server = Server::start();
    server.add_agent("wang");
    let mut lin = server.agent("lin").await;
    let mut customer = server.customer().await;
    customer.say("转人工").await;
    until_offered(&mut lin.socket).await;
    let mut wang = server.agent("wang").await;
    server.post_as("/v1/agents/logout", json!({}), Some(&lin.token)).await;
    until_offered(&mut wang.socket).await;

    let mut lin = server.agent("lin").await;
    drop(wang.socket);
    lin.accept().await;
    assert_eq!(customer.socket.until_event("agent_joined").await["event"]["agent"], "lin");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_has_one_open_offer_and_the_next_after_answering() {
    let server = Server::start();
    let mut lin = server.agent("lin").await;
    let mut customers = Vec::new();
    for _ in 0..3 {
        let mut customer = server.customer().await;
        asks_human(&mut customer).await;
        customers.push(customer);
    }
    // All three wait, and one of them is offered.
    let desk =
        lin.socket.until(|f| f["waiting"].as_array().is_some_and(|all| all.len() == 3)).await;
    let offers = desk["waiting"].as_array().unwrap().iter();
    assert_eq!(offers.filter(|item| item["offered_until"].is_string()).count(), 1, "{desk}");
    // Each is offered when the one before is accepted.
    let mut frame = desk;
    let mut opened = 0;
    while opened < 3 {
        let offers = frame["waiting"].as_array().into_iter().flatten();
        let offers: Vec<_> = offers.filter(|item| item["offered_until"].is_string()).collect();
        assert!(offers.len() <= 1, "{frame}");
        // A conversation that was just accepted is refused by its phase or epoch.
        for item in offers {
            accept(&mut lin.socket, item).await;
        }
        frame = lin.socket.next().await.unwrap();
        opened += usize::from(frame["type"] == "opened");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limit_holds_over_several_sockets_and_however_it_is_taken() {
    let server = Server::start_with_policy("  agent_conversations_max: 2\n");
    let mut lin = server.agent("lin").await;
    let mut second = Agent::hello(&server.address, &lin.token).await;
    second.until_type("snapshot").await;
    let mut customers = Vec::new();
    for _ in 0..4 {
        let mut customer = server.customer().await;
        asks_human(&mut customer).await;
        customers.push(customer);
    }
    lin.socket.send(json!({"type": "status", "status": "break"})).await;
    let is_whole = |f: &Value| {
        f["status"] == "break" && f["waiting"].as_array().is_some_and(|all| all.len() == 4)
    };
    let desk = second.until(is_whole).await;
    let waiting = desk["waiting"].as_array().unwrap();
    for (at, item) in waiting.iter().enumerate() {
        accept(if at % 2 == 0 { &mut lin.socket } else { &mut second }, item).await;
    }
    // Each socket answers in order: with a refusal, or with the opened conversation.
    let mut refused = 0;
    for socket in [&mut lin.socket, &mut second] {
        socket.send(json!({"type": "ping"})).await;
        loop {
            let frame = socket.next().await.unwrap();
            match frame["type"].as_str() {
                Some("error") => {
                    assert_eq!(frame["code"], "at_limit", "{frame}");
                    refused += 1;
                }
                Some("pong") => break,
                _ => {}
            }
        }
    }
    assert_eq!(refused, 2, "two of four");
    let mut third = Agent::hello(&server.address, &lin.token).await;
    let snapshot = third.until_type("snapshot").await;
    assert_eq!(snapshot["conversations"].as_array().unwrap().len(), 2);

    // A reload raises it for the next.
    let path = server.root().join("intents/policy.yaml");
    let policy = fs::read_to_string(&path).unwrap();
    let raised = policy.replace("agent_conversations_max: 2", "agent_conversations_max: 3");
    fs::write(path, raised).unwrap();
    loop {
        third.send(json!({"type": "ping"})).await;
        let answer = third.until(|f| f["type"] == "pong" || f["type"] == "desk").await;
        if answer["conversations_max"] == 3 {
            let waiting = answer["waiting"].as_array().unwrap();
            accept(&mut third, &waiting[0]).await;
            break;
        }
    }
    third.until_type("opened").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_wait_hear_that_nobody_is_ready_and_that_somebody_is_again() {
    let mut server = Server::start();
    let mut lin = server.agent("lin").await;
    let mut first = server.customer().await;
    let mut second = server.customer().await;
    for customer in [&mut first, &mut second] {
        asks_human(customer).await;
    }
    until_offered(&mut lin.socket).await;
    lin.socket.send(json!({"type": "status", "status": "break"})).await;
    for customer in [&mut first, &mut second] {
        let heard = occasions_until(&mut customer.socket, "queue_unstaffed").await;
        assert_eq!(heard, ["queued", "queue_unstaffed"]);
    }
    lin.socket.send(json!({"type": "status", "status": "ready"})).await;
    let heard = occasions_until(&mut first.socket, "queue_staffed").await;
    assert_eq!(heard, ["queue_staffed"]);

    // The notices are known after a restart, and not repeated.
    server.kill_and_restart();
    let mut lin = server.agent("lin").await;
    let mut socket = Customer::hello(&server.address, &second.token, 0).await;
    let opened = lin.accept().await;
    lin.act(&opened, "close").await;
    let opened = lin.accept().await;
    assert_eq!(opened["conversation"], second.conversation.as_str(), "the place is kept");
    let heard = occasions_until(&mut socket, "agent_joined").await;
    assert_eq!(heard.iter().filter(|heard| *heard == "queue_unstaffed").count(), 1, "{heard:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_who_owes_an_answer_is_reminded_and_the_customer_stays() {
    let lines = "  timers: {agent_remind_s: 1, idle_warn_s: 1, idle_close_s: 1}\n";
    let server = Server::start_with_policy(lines);
    let mut lin = server.agent("lin").await;
    let mut customer = server.customer().await;
    asks_human(&mut customer).await;
    let opened = lin.accept().await;
    for times in 1..=2 {
        let is_reminder = |f: &Value| f["record"]["event"]["type"] == "agent_reminded";
        let reminded = lin.socket.until(is_reminder).await;
        assert!(reminded["record"]["event"]["waited_s"].as_u64() >= Some(times), "{reminded}");
    }
    lin.say(&opened, "a-1", "抱歉久等").await;
    // The customer sees neither the reminder nor a gap; now the customer must answer.
    let joined = customer.socket.until(|f| f["event"]["occasion"] == "agent_joined").await;
    let said = customer.socket.until_type("event").await;
    assert_eq!((&said["event"]["type"], &said["prev"]), (&json!("agent_said"), &joined["seq"]));
    let warned = customer.socket.until_type("event").await;
    assert_eq!(warned["event"]["occasion"], "idle");
    customer.socket.until_event("ended").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_queue_asks_for_a_message_until_somebody_is_served() {
    let server = Server::start_with_policy("  queue_max: 1\n");
    let mut lin = server.agent("lin").await;
    let mut first = server.customer().await;
    asks_human(&mut first).await;
    let offered = until_offered(&mut lin.socket).await;
    assert_eq!((&offered["waiting_total"], &offered["messages_total"]), (&json!(1), &json!(0)));
    let mut second = server.customer().await;
    asks_human(&mut second).await;
    second.socket.until_event("message_asked").await;
    let heard = occasions_until(&mut second.socket, "queue_full").await;
    assert_eq!(heard, ["queue_full"]);

    accept(&mut lin.socket, &offered["waiting"][0]).await;
    lin.socket.until(|frame| frame["waiting_total"] == 0).await;
    asks_human(&mut second).await;
    assert_eq!(second.socket.until_type("queue").await["place"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_gets_the_desk_once_and_then_what_changes() {
    let server = Server::start();
    let mut lin = server.agent("lin").await;
    let mut waiting = Vec::new();
    for _ in 0..20 {
        let mut customer = server.customer().await;
        asks_human(&mut customer).await;
        waiting.push(customer);
    }
    let (mut frames, mut total) = (0, json!(0));
    while total != json!(20) {
        let frame = lin.socket.next_as_sent().await.unwrap();
        if frame["type"] == "desk_changed" {
            frames += 1;
            total = frame["waiting_total"].clone();
            let rows = frame["waiting"].as_array().map_or(0, Vec::len);
            // All who come within a moment are in one frame.
            assert!(frame.to_string().len() <= 1024 * rows.max(1), "{frame}");
        }
        assert_ne!(frame["type"], "desk", "the whole comes but once");
    }
    assert!(frames >= 1);
    // A client that has missed a change requests the whole desk.
    lin.socket.send(json!({"type": "desk"})).await;
    let desk = lin.socket.until_type("desk").await;
    assert_eq!(desk["waiting"].as_array().unwrap().len(), 20);
    // A served customer moves the others up.
    let last = waiting.last_mut().unwrap();
    let place = last.socket.until_type("queue").await;
    waiting[0].socket.send(json!({"type": "leave_queue"})).await;
    let last = waiting.last_mut().unwrap();
    let moved = last.socket.until_type("queue").await;
    assert_eq!((&place["place"], &moved["place"]), (&json!(20), &json!(19)));
}
