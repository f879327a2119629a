//! An agent's client: takes every conversation that is offered and answers each message.
//!
//! Start the service, sign in with `POST /v1/agents/login`, and name where it listens:
//!
//! ```sh
//! cargo run -- serve
//! TOKEN=$(curl -s -H 'Origin: http://127.0.0.1:8600' \
//!     -d '{"name": "admin", "password": "…"}' \
//!     http://127.0.0.1:8600/v1/agents/login | sed 's/.*"token":"\([0-9a-f]*\)".*/\1/')
//! cargo run --example agent -- 127.0.0.1:8600 "$TOKEN"
//! ```

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to a terminal")]

use std::time::Duration;

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
        bail!("usage: agent ADDRESS TOKEN");
    };
    let mut request = format!("ws://{address}/v1/agent").into_client_request()?;
    request.headers_mut().insert("origin", format!("http://{address}").parse()?);
    let (mut socket, _) = connect_async(request).await?;
    let hello = json!({"type": "hello", "protocol": 1, "token": token});
    socket.send(Message::text(hello.to_string())).await?;
    let ready = json!({"type": "status", "status": "ready"});
    socket.send(Message::text(ready.to_string())).await?;

    // An agent who is not heard of for 40 seconds is lost, and the customers queue again.
    let mut pings = tokio::time::interval(Duration::from_secs(15));
    loop {
        let answer = tokio::select! {
            _ = pings.tick() => Some(json!({"type": "ping"})),
            message = socket.next() => {
                let message = message.context("the server closed the connection")??;
                let Message::Text(text) = message else { continue };
                answer(&serde_json::from_str(&text)?)
            }
        };
        if let Some(answer) = answer {
            socket.send(Message::text(answer.to_string())).await?;
        }
    }
}

/// Takes what is offered, and answers what a customer says.
fn answer(frame: &Value) -> Option<Value> {
    match frame["type"].as_str()? {
        // The whole desk comes first, and then what changes; an offer is in either.
        "desk" | "desk_changed" => {
            let offered = frame["waiting"].as_array()?.iter();
            let item = offered.into_iter().find(|item| !item["offered_until"].is_null())?;
            let (conversation, epoch) = (&item["conversation"], &item["epoch"]);
            Some(json!({"type": "accept", "conversation": conversation, "epoch": epoch}))
        }
        "record" if frame["record"]["event"]["type"] == "customer_said" => {
            println!("客户：{}", frame["record"]["event"]["text"].as_str().unwrap_or_default());
            let (conversation, epoch) = (&frame["conversation"], &frame["epoch"]);
            let client_id = format!("reply-to-{}", frame["record"]["seq"]);
            Some(json!({"type": "send", "conversation": conversation, "epoch": epoch,
                "client_id": client_id, "text": "已收到，马上为您核实。"}))
        }
        "error" => {
            eprintln!("{}: {}", frame["code"], frame["message"]);
            None
        }
        _ => None,
    }
}
