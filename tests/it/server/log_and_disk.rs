//! The log tells nothing of what people sent, whatever is logged, and the disk keeps no secret.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
};

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::{CloseFrame, frame::coding::CloseCode},
};

use crate::harness::{Agent, Customer, PASSWORD, Server, connect, post};

/// What is written and read back by agents: it is in the database and not in the log.
const KEPT: [&str; 6] =
    ["耳东陈的话", "留言里的话", "联系人zhangsan", "评价里的话", "坐席的话", "8000"];

/// What is written nowhere. Each stands for one way in.
const NOWHERE: [&str; 24] = [
    PASSWORD,
    "Qm7788990",
    "345671",
    "13800138000",
    "6222021234567890128",
    "planted-client-id",
    "planted-wrong-password",
    "planted-name-of-nobody",
    "planted.choice",
    "planted_fact_value",
    "planted_fact_of_hello",
    "planted-cut-off",
    "planted-unknown-type",
    "planted_field",
    "planted-not-a-text",
    "planted-oversized",
    "planted-question",
    "planted-suggestion",
    "planted-path",
    "planted-header",
    "planted-no-http",
    "planted-origin",
    "planted-bearer",
    "planted-reason",
];

/// Filters that ask for as much as can be asked for, each in another way.
const FILTERS: [&str; 4] = [
    "trace",
    "kefu=trace,tungstenite=trace,tokio_tungstenite=trace,axum=trace,hyper=trace,rusqlite=trace",
    "info,[span]=trace,[{message}]=trace,tungstenite::protocol::frame[{message}]=trace",
    "info,tungstenite::protocol::frame::frame=trace,axum::rejection=trace,hyper::proto::h1=trace",
];

#[tokio::test(flavor = "multi_thread")]
async fn no_filter_brings_what_people_sent_into_the_log() {
    for filter in FILTERS {
        let mut server = Server::start_logging(filter);
        let tokens = visit(&server).await;
        let status = server.terminate();
        assert!(status.success(), "{filter}: {status}");
        let log = server.log();
        for control in ["knowledge built", "signed in", "sign-in failed", "stopped"] {
            assert!(log.contains(control), "{filter}: {control} is not in:\n{log}");
        }
        for sent in KEPT.into_iter().chain(NOWHERE).chain(tokens.iter().map(String::as_str)) {
            let line = log.lines().find(|line| line.contains(sent));
            assert_eq!(line, None, "{filter}: {sent}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_destroyed_or_refused_is_in_no_file() {
    let mut server = Server::start_logging("trace");
    let tokens = visit(&server).await;
    // What is in the write-ahead log is searched as well as what was moved from it.
    let running = bytes_of(&server.data());
    server.terminate();
    let files = [running, bytes_of(&server.data())].concat();
    let has = |text: &str| files.windows(text.len()).any(|window| window == text.as_bytes());
    for kept in KEPT {
        assert!(has(kept), "{kept} is read by agents");
    }
    for sent in NOWHERE.into_iter().chain(tokens.iter().map(String::as_str)) {
        assert!(!has(sent), "{sent} is in a file");
    }
}

/// All files of a folder, one after the other.
fn bytes_of(folder: &Path) -> Vec<u8> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let bytes = |path: std::path::PathBuf| {
        if path.is_dir() {
            return bytes_of(&path);
        }
        // The control socket has no bytes.
        if path.is_file() { fs::read(path).unwrap() } else { Vec::new() }
    };
    paths.flat_map(bytes).collect()
}

/// Sends something through every way in. Returns the tokens.
async fn visit(server: &Server) -> Vec<String> {
    requests(server).await;
    let mut agent = server.agent("lin").await;
    let (_, created) =
        server.post("/v1/customers", json!({"facts": {"planted": "planted_fact_value"}})).await;
    let token = created["token"].as_str().unwrap().to_owned();
    let mut helped = server.customer().await;
    bad_frames(server, &token).await;
    messages(&mut helped).await;
    served_by_agent(&mut helped, &mut agent).await;
    let mut waiting = server.customer().await;
    let left = json!({"type": "leave_message", "client_id": "l-1", "text": "留言里的话",
        "contact": "联系人zhangsan", "consent": true});
    waiting.socket.send(left).await;
    waiting.acked("l-1").await;
    let bearer = format!("Bearer {token}");
    let path = "/v1/suggestions?text=planted-suggestion";
    assert_eq!(server.get_with(path, &[("authorization", &bearer)]).await.0, 200);
    vec![token, helped.token, waiting.token, agent.token]
}

/// Requests outside of a socket.
async fn requests(server: &Server) {
    for (name, password) in [("lin", "planted-wrong-password"), ("planted-name-of-nobody", "")] {
        let body = json!({"name": name, "password": password});
        assert_eq!(server.post("/v1/agents/login", body).await.0, 401);
    }
    let question = json!({"text": "planted-question 13800138000"});
    let (status, answer) = server.post("/v1/ask", question).await;
    assert_eq!((status, &answer["masked"]), (200, &json!(["phone"])), "{answer}");
    for body in ["{\"text\": \"planted-cut-off", "{\"text\": \"\", \"planted_field\": 1}"] {
        let (status, _) = post(&server.address, "/v1/ask", body.to_owned(), None).await;
        assert_eq!(status, 400);
    }
    let bearer = [("authorization", "Bearer planted-bearer"), ("x-planted", "planted-header")];
    assert_eq!(server.get_with("/planted-path?a=planted-path", &bearer).await.0, 404);
    assert_eq!(server.get_with("/v1/suggestions?text=planted-path", &bearer).await.0, 401);
    let origin = Some("https://planted-origin.example");
    assert!(connect(&server.address, "/v1/customer", origin).await.is_err());
    let address = server.address.clone();
    let no_http = move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"planted-no-http\r\n\r\n").unwrap();
        // The server may close at once.
        _ = stream.read_to_end(&mut Vec::new());
    };
    tokio::task::spawn_blocking(no_http).await.unwrap();
}

/// Frames that are refused, each on a socket of this customer.
async fn bad_frames(server: &Server, token: &str) {
    let mut socket = Customer::hello(&server.address, token, 0).await;
    let facts = json!({"type": "hello", "protocol": 1, "token": token, "last_seq": 0,
        "facts": {"planted": "planted_fact_of_hello"}});
    socket.until_type("caught_up").await;
    let frames = [
        facts.to_string(),
        r#"{"type":"send","client_id":"b-1","text":"planted-cut-off"#.to_owned(),
        r#"{"type":"planted-unknown-type"}"#.to_owned(),
        r#"{"type":"send","client_id":"b-2","text":"a","planted_field":"planted_field"}"#
            .to_owned(),
        r#"{"type":"send","client_id":"b-3","text":{"planted-not-a-text":1}}"#.to_owned(),
        r#"{"type":"send","client_id":"planted client id","text":"planted-question"}"#.to_owned(),
    ];
    for frame in frames {
        socket.send_message(Message::text(frame)).await;
        socket.until_type("error").await;
    }
    let reason = CloseFrame { code: CloseCode::Normal, reason: "planted-reason".into() };
    socket.send_message(Message::Close(Some(reason))).await;
    let mut socket = Customer::hello(&server.address, token, 0).await;
    let oversized = "planted-oversized".repeat(64 * 1_024 / 17 + 1);
    let frame = json!({"type": "send", "client_id": "b-4", "text": oversized});
    socket.try_send(&frame.to_string()).await;
    assert_eq!(socket.until_closed().await, 1009);
}

/// Messages with secrets, numbers and a choice.
async fn messages(customer: &mut Customer) {
    customer.say("耳东陈的话：密码是Qm7788990，验证码345671，卡号6222021234567890128").await;
    customer.say("我的手机13800138000").await;
    let send = |client_id: &str, text: &str, choice: Option<&str>| -> Value {
        json!({"type": "send", "client_id": client_id, "text": text, "choice": choice})
    };
    customer.socket.send(send("planted-client-id", "你好", Some("planted.choice"))).await;
    customer.acked("planted-client-id").await;
    customer.socket.send(send("planted-client-id", "planted-question", None)).await;
    assert_eq!(customer.socket.until_type("error").await["code"], "client_id_reused");
}

/// A conversation with an agent, and its rating.
async fn served_by_agent(customer: &mut Customer, agent: &mut Agent) {
    customer.say("转人工").await;
    let opened = agent.accept().await;
    agent.say(&opened, "planted-client-id-a", "坐席的话：手机13800138000").await;
    customer.socket.until_event("agent_said").await;
    agent.say(&opened, "a-2", "planted-question 保本").await;
    assert_eq!(agent.socket.until_type("error").await["code"], "refused_words");
    agent.act(&opened, "close").await;
    customer.socket.until_event("ended").await;
    let rate = json!({"type": "rate", "client_id": "r-1", "stars": 5,
        "comment": "评价里的话，密码Qm7788990"});
    customer.socket.send(rate).await;
    customer.acked("r-1").await;
}
