//! A customer and the bot.

use serde_json::{Value, json};

use crate::harness::{Customer, Server, kefu};

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_answered_and_acknowledged() {
    let server = Server::start();
    let mut customer = server.customer().await;

    let answer = customer.ask("提現多久到賬？").await;

    assert_eq!(answer["kind"], "answer", "{answer}");
    assert_eq!(answer["text"], "提现一般在下一个工作日到账，热线95000。");
    assert_eq!(answer["choices"][0]["entry"], "payment.withdraw.fee");
    assert!(answer.get("candidates").is_none(), "what matching found is for agents only");
    assert!(answer.get("knowledge").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pressed_choice_answers_its_entry() {
    let server = Server::start();
    let mut customer = server.customer().await;
    let id = customer.id();
    let press = json!({"type": "send", "client_id": id, "text": "提现要手续费吗",
        "choice": "payment.withdraw.fee"});
    customer.socket.send(press).await;
    let answer = customer.socket.until_event("bot_said").await;
    assert_eq!(answer["event"]["text"], "提现费用以确认页为准。");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_customer_chose_is_trained_on() {
    let server = Server::start();
    let mut customer = server.customer().await;
    let asked_back = customer.ask("提现").await;
    assert_eq!(asked_back["choices"][1]["entry"], "payment.withdraw.arrival", "{asked_back}");
    let answer = customer.ask("2").await;
    assert_eq!(answer["text"], "提现一般在下一个工作日到账，热线95000。");

    let data = server.data();
    let train = |more: &[&str]| {
        let fixed = ["train", "--force", "--data", data.to_str().unwrap()];
        let trained = kefu(&[&fixed[..], more].concat(), server.root());
        assert_eq!(trained.status.code(), Some(0), "{trained:?}");
        String::from_utf8(trained.stdout).unwrap()
    };
    let said = train(&[]);
    assert!(said.contains("点过的 1 个选项"), "{said}");
    assert!(train(&["--no-conversations"]).contains("点过的 0 个选项"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_is_acknowledged_again_and_stored_once() {
    let server = Server::start();
    let mut customer = server.customer().await;
    let frame = json!({"type": "send", "client_id": "one", "text": "提现要手续费吗"});
    customer.socket.send(frame.clone()).await;
    let first = customer.acked("one").await;
    customer.socket.send(frame).await;
    assert_eq!(customer.acked("one").await, first);

    let other = json!({"type": "send", "client_id": "one", "text": "怎么注销账户"});
    customer.socket.send(other).await;
    let error = customer.socket.until_type("error").await;
    assert_eq!(error["code"], "client_id_reused");
    assert_eq!(error["client_id"], "one");

    let said = transcript(&server, &customer, 0).await;
    let messages = said.iter().filter(|event| event["event"]["type"] == "customer_said");
    let ids: Vec<_> = messages.map(|event| &event["event"]["client_id"]).collect();
    assert_eq!(ids, [&customer.kept("one")], "once, and by the hash of its id");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_that_comes_back_gets_the_rest_once_and_in_order() {
    let server = Server::start();
    let mut customer = server.customer().await;
    let first = customer.say("提现要手续费吗").await;
    customer.say("怎么注销账户").await;

    let all = transcript(&server, &customer, 0).await;
    let rest = transcript(&server, &customer, first).await;

    let seqs = |events: &[Value]| -> Vec<u64> {
        events.iter().map(|event| event["seq"].as_u64().unwrap()).collect()
    };
    let expected: Vec<u64> = seqs(&all).into_iter().filter(|seq| *seq > first).collect();
    assert_eq!(seqs(&rest), expected);
    assert!(expected.len() >= 2, "{expected:?}");
    let mut previous = 0;
    for event in &all {
        assert_eq!(event["prev"], previous, "each event names the one before it");
        previous = event["seq"].as_u64().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_transcript_comes_in_pages() {
    let mut server = Server::start();
    let mut customer = server.customer().await;
    // Each turn has two events. A customer may send thirty frames at once; a restarted server has
    // forgotten earlier ones.
    for round in 0..4 {
        server.kill_and_restart();
        customer.socket = Customer::hello(&server.address, &customer.token, 0).await;
        for turn in 0..28 {
            customer.say(&format!("提现要手续费吗{round}{turn}")).await;
        }
    }
    let mut other = Customer::hello(&server.address, &customer.token, 0).await;
    let first = other.until_type("caught_up").await;
    assert_eq!((&first["more"], first["seq"].as_u64().unwrap()), (&json!(true), 200));
    other.send(json!({"type": "resume", "last_seq": 200})).await;
    assert_eq!(other.until_type("event").await["prev"], 200);
    let second = other.until_type("caught_up").await;
    assert_eq!(second["more"], false);
    assert!(second["seq"].as_u64().unwrap() >= 224);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_client_may_not_smuggle_past_the_masking() {
    let server = Server::start();
    let mut customer = server.customer().await;
    let card = "6222021234567890128";
    let choice = json!({"type": "send", "client_id": "s-1", "text": "好", "choice": card});
    let contact = json!({"type": "leave_message", "client_id": "s-2", "text": "请回电",
        "contact": format!("卡号{card}"), "consent": true});
    for frame in [choice, contact] {
        customer.socket.send(frame).await;
        assert_eq!(customer.socket.until_type("error").await["code"], "bad_value");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_client_cannot_have_seen_makes_it_start_anew() {
    let server = Server::start();
    let mut customer = server.customer().await;
    customer.say("提现要手续费吗").await;
    let mut socket = Customer::hello(&server.address, &customer.token, 999).await;
    assert_eq!(socket.until_type("welcome").await["resync"], true);
    assert_eq!(socket.until_type("event").await["prev"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_destroyed_before_it_is_stored() {
    let server = Server::start();
    let mut customer = server.customer().await;
    customer.say("我的密码是Qm7788990，验证码345671，卡号6222021234567890128").await;
    customer.socket.until(|frame| frame["event"]["occasion"] == "secret_destroyed").await;

    let mut folders = vec![server.data()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for item in std::fs::read_dir(folder).unwrap() {
            let path = item.unwrap().path();
            if path.is_dir() { &mut folders } else { &mut files }.push(path);
        }
    }
    assert!(files.iter().any(|file| file.ends_with("kefu.sqlite3")), "{files:?}");
    for file in files {
        // The control socket has no bytes.
        if !file.is_file() {
            continue;
        }
        let bytes = std::fs::read(file).unwrap();
        for secret in ["Qm7788990", "345671", "6222021234567890128"] {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} is on disk");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_one_shot_question_stores_nothing() {
    let server = Server::start();
    let (status, answer) = server.post("/v1/ask", json!({"text": "怎么注销账户"})).await;
    assert_eq!(status, 200);
    assert_eq!(answer["band"], "answer", "{answer}");
    assert_eq!(answer["entry"], "account.close.how");
    assert_eq!(answer["offer_human"], true);
    let (status, _) = server.post("/v1/ask", json!({"text": ""})).await;
    assert_eq!(status, 400);
}

/// All events after a position, as a reconnecting socket gets them.
async fn transcript(server: &Server, customer: &Customer, after: u64) -> Vec<Value> {
    let mut socket = Customer::hello(&server.address, &customer.token, after).await;
    let mut events = Vec::new();
    loop {
        let frame = socket.next().await.unwrap();
        match frame["type"].as_str() {
            Some("event") => events.push(frame),
            Some("caught_up") => return events,
            _ => {}
        }
    }
}
