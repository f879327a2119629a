//! The time limits of connections, in virtual time.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    Extension, Router,
    body::Bytes,
    extract::ws::{Message, WebSocket, WebSocketUpgrade},
    middleware,
    routing::{get, post},
};
use jiff::Timestamp;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
    sync::watch,
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::{
    connection::{Site, serve},
    slots::{ConnectionSlot, ConnectionSlots},
};
use crate::service::{Clock, VirtualTime};
use crate::transport::{body, socket};

/// The buffer of one end of the pipe.
const LINE_BYTES: usize = 64 * 1024;

/// Bytes that have not come after this time will not come.
const NEVER: Duration = Duration::from_hours(1);

struct Line {
    client: DuplexStream,
    ended: JoinHandle<()>,
    slots: Arc<ConnectionSlots>,
    stop: watch::Sender<bool>,
    began: Clock,
}

fn router() -> Router {
    Router::new()
        .route("/", get(async || "hello"))
        .route("/long", get(async || vec![b'x'; 4 * LINE_BYTES]))
        .route(
            "/socket",
            get(
                async |Extension(slot): Extension<Arc<ConnectionSlot>>,
                       upgrade: WebSocketUpgrade| {
                    upgrade.on_upgrade(async move |socket| echo(socket, slot).await)
                },
            ),
        )
        .route("/hello", get(async |upgrade: WebSocketUpgrade| upgrade.on_upgrade(wait_for_hello)))
        .route("/slow", get(async || sleep(Duration::from_secs(3)).await))
        .route("/count", post(async |body: Bytes| body.len().to_string()))
        .layer(middleware::from_fn(body::whole))
}

/// A session that takes any text as a sign-in.
async fn echo(mut socket: WebSocket, slot: Arc<ConnectionSlot>) {
    while let Some(Ok(message)) = socket.recv().await {
        if matches!(message, Message::Text(_)) {
            slot.signed_in();
            if socket.send(message).await.is_err() {
                return;
            }
        }
    }
}

async fn wait_for_hello(mut socket: WebSocket) {
    if let Err(end) = socket::first::<serde_json::Value>(&mut socket).await {
        socket::close(socket, end, "test").await;
    }
}

const UPGRADE: &str = "GET /socket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n\
    Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
    Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";

/// The first bytes of frames, RFC 6455, 5.2.
const TEXT: u8 = 0x81;
const PING: u8 = 0x89;

/// A frame of this kind with this many letters, under a zero mask.
fn frame(kind: u8, length: u8) -> Vec<u8> {
    let mut frame = vec![kind, 0x80 | length, 0, 0, 0, 0];
    frame.extend(std::iter::repeat_n(b'x', length.into()));
    frame
}

/// A clock that runs with the time of the test.
fn clock() -> Clock {
    Clock::of(Arc::new(VirtualTime::starting_at(Timestamp::UNIX_EPOCH)))
}

impl Line {
    fn new() -> Self {
        Self::within(&ConnectionSlots::new(10, clock()))
    }

    fn within(slots: &Arc<ConnectionSlots>) -> Self {
        let (client, server) = duplex(LINE_BYTES);
        let peer = SocketAddr::from(([127, 0, 0, 1], 1));
        let (stop, stopped) = watch::channel(false);
        let slot = slots.enter(Some(peer.ip()));
        let site = Site { router: router(), error_body: |status| status.to_string() };
        let ended = tokio::spawn(serve(server, peer, slot, site, stopped));
        Self { client, ended, slots: slots.clone(), stop, began: clock() }
    }

    async fn send(&mut self, text: &str) {
        self.client.write_all(text.as_bytes()).await.unwrap();
    }

    /// Reads an answer whose body ends with these bytes.
    async fn answered(&mut self, end: &str) -> String {
        let mut answer = Vec::new();
        while !answer.ends_with(end.as_bytes()) {
            let read = timeout(NEVER, self.client.read_buf(&mut answer)).await;
            assert_ne!(read.expect("an answer comes").unwrap(), 0, "{answer:?}");
        }
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Reads until the server closes. Returns the bytes, and the seconds since the start.
    async fn until_closed(mut self) -> (String, u64) {
        let mut answer = String::new();
        let read = timeout(NEVER, self.client.read_to_string(&mut answer)).await;
        read.expect("it is closed").unwrap();
        self.ended.await.unwrap();
        (answer, self.began.elapsed().as_secs())
    }
}

#[tokio::test(start_paused = true)]
async fn who_sends_no_whole_head_is_closed_after_ten_seconds() {
    for sent in ["", "G", "GET / HTTP/1.1\r\nHost: a\r\n", "\r\n\r\n"] {
        let mut line = Line::new();
        line.send(sent).await;
        assert_eq!(line.until_closed().await, (String::new(), 10), "{sent:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_head_that_drips_in_is_closed_all_the_same() {
    let line = Line::new();
    let (mut from_server, mut to_server) = tokio::io::split(line.client);
    let dripping = tokio::spawn(async move {
        let head = "GET / HTTP/1.1\r\nX-Padding: ".bytes().chain(std::iter::repeat(b'x'));
        for byte in head {
            if to_server.write_all(&[byte]).await.is_err() {
                return;
            }
            sleep(Duration::from_secs(1)).await;
        }
    });
    let mut answer = String::new();
    from_server.read_to_string(&mut answer).await.unwrap();
    assert_eq!((answer.as_str(), line.began.elapsed().as_secs()), ("", 10));
    dripping.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn the_next_head_has_the_same_time() {
    for sent in ["", "GET / HT"] {
        let mut line = Line::new();
        sleep(Duration::from_secs(5)).await;
        line.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
        line.answered("hello").await;
        sleep(Duration::from_secs(9)).await;
        line.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
        line.answered("hello").await;
        line.send(sent).await;
        assert_eq!(line.until_closed().await, (String::new(), 24), "{sent:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_come_is_told_and_closed() {
    let cases = [
        ("nothing", "Content-Length: 5\r\n\r\n"),
        ("a part", "Content-Length: 5\r\n\r\nab"),
        ("a part of a part", "Transfer-Encoding: chunked\r\n\r\n5\r\nab"),
        ("no end", "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"),
    ];
    for (shows, sent) in cases {
        for path in ["/count", "/nowhere"] {
            let mut line = Line::new();
            line.send(&format!("POST {path} HTTP/1.1\r\nHost: a\r\n{sent}")).await;
            let (answer, seconds) = line.until_closed().await;
            assert!(answer.starts_with("HTTP/1.1 408 "), "{shows}: {answer}");
            assert!(answer.contains(r#"{"error":{"code":"too_slow","#), "{shows}: {answer}");
            assert!(answer.contains("connection: close"), "{shows}: {answer}");
            assert_eq!(seconds, 10, "{shows}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_may_come_in_parts_but_not_be_too_large() {
    let mut line = Line::new();
    line.send("POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab").await;
    sleep(Duration::from_secs(9)).await;
    line.send("cde").await;
    assert!(line.answered("5").await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test(start_paused = true)]
async fn a_body_that_cannot_be_taken_is_refused_at_once_and_by_name() {
    let large = "x".repeat(16 * 1024 + 1);
    let chunked = "Transfer-Encoding: chunked\r\n\r\n";
    let cases = [
        ("sent", format!("Content-Length: {}\r\n\r\n{large}", large.len()), 413, "too_large"),
        ("announced", "Content-Length: 99999999999\r\n\r\n".to_owned(), 413, "too_large"),
        ("in a part", format!("{chunked}{:x}\r\n{large}\r\n", large.len()), 413, "too_large"),
        ("not a length", format!("{chunked}zz\r\nab\r\n"), 400, "bad_frame"),
    ];
    for (shows, sent, status, code) in cases {
        let mut line = Line::new();
        line.send(&format!("POST /count HTTP/1.1\r\nHost: a\r\n{sent}")).await;
        let (answer, seconds) = line.until_closed().await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{shows}: {answer}");
        assert!(answer.contains(&format!(r#"{{"error":{{"code":"{code}","#)), "{shows}: {answer}");
        assert!(answer.contains("connection: close"), "{shows}: {answer}");
        assert_eq!(seconds, 0, "{shows}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_head_that_is_too_large_is_refused() {
    let mut line = Line::new();
    line.send(&format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(40 * 1024))).await;
    let (answer, seconds) = line.until_closed().await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    assert_eq!(seconds, 0);
}

#[tokio::test(start_paused = true)]
async fn who_does_not_read_the_answer_is_closed() {
    let mut line = Line::new();
    line.send("GET /long HTTP/1.1\r\nHost: a\r\n\r\n").await;
    line.ended.await.unwrap();
    assert_eq!(line.began.elapsed().as_secs(), 60);
}

#[tokio::test(start_paused = true)]
async fn who_goes_for_others_loses_no_request() {
    let slots = ConnectionSlots::new(3, clock());
    let mut slow = Line::within(&slots);
    slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let mut idle = Line::within(&slots);
    idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    idle.answered("hello").await;
    let mut unfinished = Line::within(&slots);
    unfinished.send("GET / HT").await;
    sleep(Duration::from_secs(1)).await;

    let late = [Line::within(&slots), Line::within(&slots)];
    // The first late connection closed the unfinished one, and the second closed the first.
    assert_eq!(unfinished.until_closed().await, (String::new(), 1));
    let [first, mut second] = late;
    assert_eq!(first.until_closed().await, (String::new(), 0));
    second.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    second.answered("hello").await;
    let third = Line::within(&slots);
    assert_eq!(idle.until_closed().await, (String::new(), 1), "it was idle for longest");
    let answer = slow.answered("\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && slow.began.elapsed().as_secs() == 3);
    drop((second, third));
}

#[tokio::test(start_paused = true)]
async fn in_a_burst_from_one_address_all_who_asked_are_answered() {
    let slots = ConnectionSlots::new(1_000, clock());
    let mut lines = Vec::new();
    // More than a crowd may be, before anybody had the time to read.
    for _ in 0..100 {
        let mut line = Line::within(&slots);
        line.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
        lines.push(line);
    }
    for mut line in lines {
        line.answered("hello").await;
        line.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
        line.answered("hello").await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_websocket_without_a_sign_in_goes_for_others_and_one_with_it_stays() {
    let slots = ConnectionSlots::new(2, clock());
    let mut silent = Line::within(&slots);
    let mut speaking = Line::within(&slots);
    for line in [&mut silent, &mut speaking] {
        line.send(UPGRADE).await;
        line.answered("\r\n\r\n").await;
    }
    let hello = frame(TEXT, 100);
    speaking.client.write_all(&hello).await.unwrap();
    speaking.answered(&"x".repeat(100)).await;
    // Bytes that are not a hello do not sign in.
    silent.client.write_all(&frame(PING, 100)).await.unwrap();
    silent.answered(&"x".repeat(100)).await;
    silent.client.write_all(&hello[..10]).await.unwrap();
    sleep(Duration::from_secs(1)).await;

    let mut other = Line::within(&slots);
    other.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await;
    assert_eq!(silent.until_closed().await.1, 1, "nobody else could go");
    other.answered("\r\n\r\n").await;
    let last = Line::within(&slots);
    assert_eq!(other.until_closed().await.1, 3, "the idle one");
    speaking.client.write_all(&hello).await.unwrap();
    speaking.answered(&"x".repeat(100)).await;
    drop(last);
}

#[tokio::test(start_paused = true)]
async fn pings_do_not_put_off_the_hello() {
    // (how often a ping is sent, in milliseconds, and after how many seconds it is closed)
    for (every, closed_after) in [(4_000, 10), (100, 1)] {
        let mut line = Line::new();
        line.send(&UPGRADE.replace("/socket", "/hello")).await;
        line.answered("\r\n\r\n").await;
        let (mut from_server, mut to_server) = tokio::io::split(line.client);
        let pinging = tokio::spawn(async move {
            while to_server.write_all(&frame(PING, 1)).await.is_ok() {
                sleep(Duration::from_millis(every)).await;
            }
        });
        let mut answer = Vec::new();
        let mut closed = None;
        // The server's close frame, 4008, comes before the end of the connection.
        while timeout(NEVER, from_server.read_buf(&mut answer)).await.unwrap().unwrap() > 0 {
            if closed.is_none() && answer.windows(4).any(|bytes| bytes == [0x88, 2, 0x0f, 0xa8]) {
                closed = Some(line.began.elapsed().as_secs());
            }
        }
        assert_eq!(closed, Some(closed_after), "a ping each {every} ms");
        pinging.await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn when_the_server_stops_what_was_asked_is_answered() {
    let mut slow = Line::new();
    slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let mut idle = Line::new();
    idle.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").await;
    idle.answered("hello").await;
    let mut unfinished = Line::new();
    unfinished.send("GET / HT").await;
    sleep(Duration::from_secs(1)).await;
    for line in [&slow, &idle, &unfinished] {
        line.stop.send_replace(true);
    }
    assert_eq!(idle.until_closed().await, (String::new(), 1));
    assert_eq!(unfinished.until_closed().await, (String::new(), 1));
    let (answer, seconds) = slow.until_closed().await;
    assert!(answer.starts_with("HTTP/1.1 200 ") && seconds == 3, "{answer} after {seconds}");
}

#[tokio::test(start_paused = true)]
async fn a_place_is_free_when_its_connection_is_gone() {
    let slots = ConnectionSlots::new(1, clock());
    let mut busy = Line::within(&slots);
    busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await;
    sleep(Duration::from_secs(1)).await;
    slots.wait_for_room().await;
    assert_eq!(busy.began.elapsed().as_secs(), 3, "it is idle from then on");
    drop(busy.slots);
}
