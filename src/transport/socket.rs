//! WebSocket functions that all sessions share: reading a frame, sending within a time limit,
//! closing with the right code.

use std::time::Duration;

use axum::{
    Error,
    extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade},
};
use futures_util::SinkExt;
use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::watch;
use tokio_tungstenite::tungstenite::{self, error::CapacityError};

use super::{
    json::{self, BadFrame},
    wire::Close,
};

/// The largest message from a client: an agent's message may have the length of four utterances of
/// 2,000 characters, as UTF-8.
const MESSAGE_MAX_BYTES: usize = 64 * 1024;

/// The read buffer of an open socket: enough for a `hello` and for typed messages. It grows for a
/// longer message. The library's default of 128 KiB would take more than a gigabyte for ten
/// thousand idle customers.
const READ_BUFFER_BYTES: usize = 1024;

/// Bytes that are collected before a write. It takes no memory in advance.
const WRITE_BUFFER_BYTES: usize = 4 * 1024;

/// A client that does not read a frame within this time is dropped, and may resume.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// The time that a client gets to answer a close. Frames in between are ignored.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// The first frame must come within this time, whatever comes before it.
const HELLO_TIMEOUT: Duration = Duration::from_secs(10);

/// Pings and pongs of RFC 6455 that a client may send before its first frame. A client of this
/// protocol sends none.
const CONTROLS_BEFORE_HELLO: usize = 16;

/// A client without a frame for this time is gone: clients ping every 15 or 25 seconds.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(75);

/// Why a session has ended.
#[derive(Debug)]
pub(crate) enum End {
    /// The client has left, or the connection broke.
    Gone,
    /// The server closes it.
    Closed(Close),
}

/// A client's frame, or why it cannot be parsed.
pub(crate) type Incoming<F> = Result<F, BadFrame>;

/// The largest frame to a customer, which is one event.
pub(crate) const CUSTOMER_FRAME_MAX_BYTES: usize = 256 * 1024;

/// The largest frame to an agent, which may hold transcripts and the whole desk. Agents are few.
pub(crate) const AGENT_FRAME_MAX_BYTES: usize = 8 * 1024 * 1024;

/// Sets the limits of a socket. `frame_max` bounds a frame to the client, in bytes.
pub(crate) fn limited(upgrade: WebSocketUpgrade, frame_max: usize) -> WebSocketUpgrade {
    upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_BUFFER_BYTES)
        .max_write_buffer_size(frame_max)
        .max_message_size(MESSAGE_MAX_BYTES)
        .max_frame_size(MESSAGE_MAX_BYTES)
}

/// Waits until the server stops. Cancel safe.
pub(crate) async fn drained(draining: &mut watch::Receiver<bool>) {
    // A dropped sender means stop, too.
    let _ = draining.wait_for(|draining| *draining).await;
}

/// Waits for the first text frame.
pub(crate) async fn first<F: DeserializeOwned>(socket: &mut WebSocket) -> Result<Incoming<F>, End> {
    let mut controls = 0;
    let count = || {
        controls += 1;
        if controls > CONTROLS_BEFORE_HELLO { Err(End::Closed(Close::Slow)) } else { Ok(()) }
    };
    let first = tokio::time::timeout(HELLO_TIMEOUT, next(socket, count)).await;
    first.map_err(|_| End::Closed(Close::Slow))?
}

/// Waits for the next text frame. `control` decides at each ping and pong of RFC 6455 whether the
/// session goes on: they need a limit, because the library answers each ping itself. Cancel safe.
pub(crate) async fn next<F: DeserializeOwned>(
    socket: &mut WebSocket,
    mut control: impl FnMut() -> Result<(), End>,
) -> Result<Incoming<F>, End> {
    loop {
        let message = tokio::time::timeout(SILENCE_TIMEOUT, socket.recv()).await;
        let message = message.map_err(|_| End::Closed(Close::Slow))?;
        match message {
            None | Some(Ok(Message::Close(_))) => return Err(End::Gone),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => control()?,
            Some(Ok(Message::Binary(_))) => return Err(End::Closed(Close::Binary)),
            Some(Ok(Message::Text(text))) => return Ok(json::frame(&text)),
            Some(Err(error)) => return Err(end_after(error)),
        }
    }
}

/// Sends a frame, or gives up on the client.
pub(crate) async fn send<F: Serialize>(socket: &mut WebSocket, frame: &F) -> Result<(), End> {
    feed(socket, frame).await?;
    flush(socket).await
}

/// Queues a frame for the next [`flush`], which sends several in one write.
pub(crate) async fn feed<F: Serialize>(socket: &mut WebSocket, frame: &F) -> Result<(), End> {
    let text = serde_json::to_string(frame).expect("frames have string keys and no failing part");
    sent(SinkExt::feed(socket, Message::Text(text.into()))).await
}

/// Sends the queued frames, or gives up on the client.
pub(crate) async fn flush(socket: &mut WebSocket) -> Result<(), End> {
    sent(SinkExt::flush(socket)).await
}

async fn sent(sending: impl Future<Output = Result<(), Error>>) -> Result<(), End> {
    match tokio::time::timeout(SEND_TIMEOUT, sending).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(end_after(error)),
        Err(_) => Err(End::Closed(Close::Slow)),
    }
}

/// Closes the socket with its code, if the client can still read it.
pub(crate) async fn close(mut socket: WebSocket, end: End, role: &'static str) {
    let End::Closed(close) = end else { return };
    tracing::info!(role, ?close, code = close.code(), "socket closed");
    let frame = CloseFrame { code: close.code(), reason: Utf8Bytes::from_static("") };
    let closing = async {
        let mut told = socket.send(Message::Close(Some(frame))).await.is_ok();
        // A connection that is dropped with unread bytes is reset, and the code would be lost.
        while told {
            told = matches!(socket.recv().await, Some(Ok(_)));
        }
    };
    // A slow or vanished client does not read it.
    let _ = tokio::time::timeout(CLOSE_TIMEOUT, closing).await;
}

#[expect(clippy::wildcard_enum_match_arm, reason = "a foreign enum; all else is a lost peer")]
fn end_after(error: Error) -> End {
    let Ok(error) = error.into_inner().downcast::<tungstenite::Error>() else { return End::Gone };
    match *error {
        tungstenite::Error::Utf8(_) => End::Closed(Close::NotUtf8),
        tungstenite::Error::Capacity(CapacityError::MessageTooLong { .. }) => {
            End::Closed(Close::TooBig)
        }
        tungstenite::Error::WriteBufferFull(_) => {
            tracing::error!("a frame is larger than the socket takes");
            End::Closed(Close::Fault)
        }
        tungstenite::Error::Protocol(
            tungstenite::error::ProtocolError::ResetWithoutClosingHandshake,
        ) => End::Gone,
        tungstenite::Error::Protocol(_) => End::Closed(Close::Protocol),
        _ => End::Gone,
    }
}
