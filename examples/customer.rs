//! A customer's client: gets a token, asks what is typed, and prints what is said.
//!
//! Start the service, then, naming where it listens and a token from `POST /v1/customers`:
//!
//! ```sh
//! cargo run -- serve
//! TOKEN=$(curl -s -X POST -H 'Origin: http://127.0.0.1:8600' -d '{}' \
//!     http://127.0.0.1:8600/v1/customers | sed 's/.*"token":"\([0-9a-f]*\)".*/\1/')
//! cargo run --example customer -- 127.0.0.1:8600 "$TOKEN"
//! ```

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to a terminal")]

use std::io::BufRead;

use anyhow::{Context, bail};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio_tungstenite::{
    connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut args = std::env::args().skip(1);
    let (Some(address), Some(token)) = (args.next(), args.next()) else {
        bail!("usage: customer ADDRESS TOKEN");
    };
    // A browser sends its page's origin; a client of one's own names one that is let in.
    let mut request = format!("ws://{address}/v1/customer").into_client_request()?;
    request.headers_mut().insert("origin", format!("http://{address}").parse()?);
    let (mut socket, _) = connect_async(request).await?;
    let hello = json!({"type": "hello", "protocol": 1, "token": token, "last_seq": 0});
    socket.send(Message::text(hello.to_string())).await?;

    // Lines are read on a thread of their own; the channel is small, as people type slowly.
    let (typed, mut lines) = tokio::sync::mpsc::channel(4);
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if typed.blocking_send(line).is_err() {
                return;
            }
        }
    });

    let mut sent = 0;
    loop {
        tokio::select! {
            line = lines.recv() => {
                let Some(line) = line else { return Ok(()) };
                // Sent again after a broken connection, the same id is stored once.
                sent += 1;
                let client_id = format!("example-{}-{sent}", std::process::id());
                let frame = json!({"type": "send", "client_id": client_id, "text": line});
                socket.send(Message::text(frame.to_string())).await?;
            }
            message = socket.next() => {
                let message = message.context("the server closed the connection")??;
                if let Message::Text(text) = message {
                    show(&serde_json::from_str(&text)?);
                }
            }
        }
    }
}

fn show(frame: &Value) {
    match (frame["type"].as_str(), frame["event"]["type"].as_str()) {
        (Some("welcome"), _) => println!("机器人：{}", text(frame)),
        (Some("event"), Some("bot_said")) => {
            println!("机器人：{}", text(&frame["event"]));
            for choice in frame["event"]["choices"].as_array().into_iter().flatten() {
                println!("  · {}", choice["label"].as_str().unwrap_or_default());
            }
        }
        (Some("event"), Some("agent_said")) => {
            let agent = frame["event"]["agent"].as_str().unwrap_or_default();
            println!("{agent}：{}", text(&frame["event"]));
        }
        (Some("event"), Some("noticed")) => println!("（{}）", text(&frame["event"])),
        (Some("queue"), _) => println!("（排队第 {} 位）", frame["place"]),
        (Some("error"), _) => eprintln!("{}: {}", frame["code"], frame["message"]),
        _ => {}
    }
}

fn text(value: &Value) -> &str {
    value["text"].as_str().unwrap_or_default()
}
