//! What all WebSocket sessions share: reading a frame, sending within a time, closing with
//! the right code.

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

/// The largest message a client may send: an agent's words of four utterances of 2,000
/// characters, as UTF-8.
const MESSAGE_MAX_BYTES: usize = 64 * 1024;

/// The buffer of a connection for what it reads, which it has for as long as it is open: enough for
/// a `hello` and for what people type at once. It grows for a longer message. The library's own
/// default is 128 KiB, which for ten thousand idle customers is more than a gigabyte.
const READ_BUFFER_BYTES: usize = 1024;

/// Of what is sent so much is gathered before it is written; this takes no memory in advance.
const WRITE_BUFFER_BYTES: usize = 4 * 1024;

/// A client that does not take a frame within this time is dropped; it resumes.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// A client has this long to answer a close; what it sends meanwhile is not looked at.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// The first frame must come within this time, whatever else comes before it.
const HELLO_TIMEOUT: Duration = Duration::from_secs(10);

/// A client may send this many pings and pongs of RFC 6455 before its first frame. A client
/// that knows the protocol sends none.
const CONTROLS_BEFORE_HELLO: usize = 16;

/// A client that sends nothing for this time is gone: it pings every 15 or 25 seconds.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(75);

/// Why a session is over.
#[derive(Debug)]
pub(crate) enum End {
    /// The client went, or the connection broke: nothing to say.
    Gone,
    /// The server closes it.
    Closed(Close),
}

/// One frame of a client: understood, or why not.
pub(crate) type Incoming<F> = Result<F, BadFrame>;

/// The largest frame that a customer is sent is one event.
pub(crate) const CUSTOMER_FRAME_MAX_BYTES: usize = 256 * 1024;

/// An agent is sent transcripts and the whole desk in one frame; agents are few.
pub(crate) const AGENT_FRAME_MAX_BYTES: usize = 8 * 1024 * 1024;

/// Sets the limits of a socket. `frame_max` bounds what is sent at once, in bytes.
pub(crate) fn limited(upgrade: WebSocketUpgrade, frame_max: usize) -> WebSocketUpgrade {
    upgrade
        .read_buffer_size(READ_BUFFER_BYTES)
        .write_buffer_size(WRITE_BUFFER_BYTES)
        .max_write_buffer_size(frame_max)
        .max_message_size(MESSAGE_MAX_BYTES)
        .max_frame_size(MESSAGE_MAX_BYTES)
}

/// Waits until the server goes away. Safe to cancel.
pub(crate) async fn drained(draining: &mut watch::Receiver<bool>) {
    // A sender that is gone means the same.
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

/// Waits for the next text frame. `control` is asked at each ping and pong of RFC 6455 whether
/// the session goes on: a limit counts them, since the library answers each ping by itself.
/// Safe to cancel.
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

/// Sends a frame, or gives the client up.
pub(crate) async fn send<F: Serialize>(socket: &mut WebSocket, frame: &F) -> Result<(), End> {
    feed(socket, frame).await?;
    flush(socket).await
}

/// Puts a frame before the next [`flush`], which sends several in one write.
pub(crate) async fn feed<F: Serialize>(socket: &mut WebSocket, frame: &F) -> Result<(), End> {
    let text = serde_json::to_string(frame).expect("frames have string keys and no failing part");
    sent(SinkExt::feed(socket, Message::Text(text.into()))).await
}

/// Sends what was fed, or gives the client up.
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

/// Says why, if there is anybody to say it to.
pub(crate) async fn close(mut socket: WebSocket, end: End, role: &'static str) {
    let End::Closed(close) = end else { return };
    tracing::info!(role, ?close, code = close.code(), "socket closed");
    let frame = CloseFrame { code: close.code(), reason: Utf8Bytes::from_static("") };
    let closing = async {
        let mut told = socket.send(Message::Close(Some(frame))).await.is_ok();
        // A connection that is dropped with something unread is reset, and the code with it.
        while told {
            told = matches!(socket.recv().await, Some(Ok(_)));
        }
    };
    // A client that is slow or gone does not hear it; there is nobody else to tell.
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
