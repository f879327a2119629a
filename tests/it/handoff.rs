//! A customer, a queue and human agents.

use serde_json::json;

use crate::harness::{Customer, Server};

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
    // The next event that follows the customer's is the return: no reply of the bot between.
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
    let mut socket = crate::harness::Agent::hello(&server.address, &agent.token).await;
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

    let mut socket = crate::harness::Agent::hello(&server.address, &agent.token).await;
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
    // Whatever it tries to do is refused at once.
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
