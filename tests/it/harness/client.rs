//! A customer and an agent over tokio-tungstenite.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use kefu::journal::{ClientId, ClientIdHash, ConversationId};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{self, Message, client::IntoClientRequest},
};

use super::server::{PASSWORD, post};
use crate::documents::wire::mistake;

/// How long a test waits for something that must come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// One socket, frame by frame.
pub(crate) struct Socket {
    frames: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// The declaration of what the server sends here; each frame is held to it.
    sends: &'static str,
    /// The whole desk, as a console assembles it from its frames.
    desk: Value,
}

/// Connects like a page of the given origin.
pub(crate) async fn connect(
    address: &str,
    path: &str,
    origin: Option<&str>,
) -> Result<Socket, tungstenite::Error> {
    let mut request = format!("ws://{address}{path}").into_client_request()?;
    if let Some(origin) = origin {
        request.headers_mut().insert("origin", origin.parse().unwrap());
    }
    let sends = if path.ends_with("agent") { "FrameToAgent" } else { "FrameToCustomer" };
    connect_async(request).await.map(|(frames, _)| Socket { frames, sends, desk: Value::Null })
}

impl Socket {
    pub(crate) async fn send(&mut self, frame: Value) {
        self.send_message(Message::text(frame.to_string())).await;
    }

    pub(crate) async fn send_message(&mut self, message: Message) {
        self.frames.send(message).await.unwrap();
    }

    /// Sends to a server that may have closed. Returns whether it was sent.
    pub(crate) async fn try_send(&mut self, text: &str) -> bool {
        self.try_send_message(Message::text(text)).await
    }

    pub(crate) async fn try_send_message(&mut self, message: Message) -> bool {
        self.frames.send(message).await.is_ok()
    }

    /// The next frame; `Err` is the close code, 1006 for a broken connection. A change of the desk
    /// is returned as the whole resulting desk.
    pub(crate) async fn next(&mut self) -> Result<Value, u16> {
        let frame = self.next_as_sent().await?;
        match frame["type"].as_str() {
            Some("desk") => self.desk = frame.clone(),
            Some("desk_changed") => change(&mut self.desk, &frame),
            _ => return Ok(frame),
        }
        Ok(self.desk.clone())
    }

    /// The next frame, unchanged.
    pub(crate) async fn next_as_sent(&mut self) -> Result<Value, u16> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.frames.next());
            match message.await.expect("a frame comes in time") {
                Some(Ok(Message::Text(text))) => {
                    let frame = serde_json::from_str(&text).unwrap();
                    assert_eq!(mistake(self.sends, &frame), None, "{frame}");
                    return Ok(frame);
                }
                Some(Ok(Message::Close(frame))) => {
                    return Err(frame.map_or(1005, |frame| frame.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(1006),
            }
        }
    }

    /// The first matching frame; others are dropped.
    pub(crate) async fn until(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            let frame = self.next().await.expect("the socket stays open");
            if fits(&frame) {
                return frame;
            }
        }
    }

    /// The first frame of the type.
    pub(crate) async fn until_type(&mut self, name: &str) -> Value {
        self.until(|frame| frame["type"] == name).await
    }

    /// The first event of the kind.
    pub(crate) async fn until_event(&mut self, kind: &str) -> Value {
        self.until(|frame| frame["event"]["type"] == kind).await
    }

    /// Reads until the server closes. Returns the code.
    pub(crate) async fn until_closed(&mut self) -> u16 {
        loop {
            if let Err(code) = self.next().await {
                return code;
            }
        }
    }
}

/// Applies a `desk_changed` to the desk.
fn change(desk: &mut Value, change: &Value) {
    assert_eq!(change["prev"], desk["desk_seq"], "no change is missed: {change}");
    for (list, left) in [("waiting", "left"), ("messages", "messages_left")] {
        let empty = Vec::new();
        let new = change[list].as_array().unwrap_or(&empty);
        let left = change[left].as_array().unwrap_or(&empty);
        let rows = desk[list].as_array_mut().expect("a whole desk comes first");
        let is_old = |row: &Value| {
            let id = &row["conversation"];
            left.contains(id) || new.iter().any(|new| new["conversation"] == *id)
        };
        rows.retain(|row| !is_old(row));
        rows.extend(new.iter().cloned());
        let order = |row: &Value| {
            let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
            let number = |key: &str| row[key].as_i64().unwrap_or_default();
            (-number("priority"), number("order"), text("at"), text("conversation"))
        };
        rows.sort_by_key(order);
    }
    for key in ["desk_seq", "waiting_total", "messages_total", "status", "conversations_max"] {
        desk[key] = change[key].clone();
    }
}

/// A customer with a token.
pub(crate) struct Customer {
    pub(crate) token: String,
    pub(crate) conversation: String,
    pub(crate) socket: Socket,
    next_id: u32,
}

impl Customer {
    pub(crate) async fn new(address: &str) -> Self {
        let (status, created) = post(address, "/v1/customers", "{}".to_owned(), None).await;
        assert_eq!(status, 201, "{created}");
        let token = created["token"].as_str().unwrap().to_owned();
        let conversation = created["conversation"].as_str().unwrap().to_owned();
        let mut socket = Self::hello(address, &token, 0).await;
        socket.until_type("caught_up").await;
        Self { token, conversation, socket, next_id: 0 }
    }

    /// A socket after its hello, with nothing read yet.
    pub(crate) async fn hello(address: &str, token: &str, last_seq: u64) -> Socket {
        let origin = format!("http://{address}");
        let mut socket = connect(address, "/v1/customer", Some(&origin)).await.unwrap();
        let hello = json!({"type": "hello", "protocol": 1, "token": token, "last_seq": last_seq});
        socket.send(hello).await;
        socket
    }

    /// The stored hash of this id.
    pub(crate) fn kept(&self, id: &str) -> String {
        let conversation = ConversationId::new(&self.conversation);
        ClientIdHash::of(&conversation, &ClientId::new(id).unwrap()).to_string()
    }

    /// A new id for a message.
    pub(crate) fn id(&mut self) -> String {
        self.next_id += 1;
        format!("c-{}", self.next_id)
    }

    /// Sends a message and waits until it is on disk. Returns its `seq`.
    pub(crate) async fn say(&mut self, text: &str) -> u64 {
        let id = self.id();
        self.socket.send(json!({"type": "send", "client_id": id, "text": text})).await;
        self.acked(&id).await
    }

    /// Sends a message. Returns the bot's reply.
    pub(crate) async fn ask(&mut self, text: &str) -> Value {
        let id = self.id();
        self.socket.send(json!({"type": "send", "client_id": id, "text": text})).await;
        self.socket.until_event("bot_said").await["event"].take()
    }

    pub(crate) async fn acked(&mut self, id: &str) -> u64 {
        let ack = self.socket.until(|f| f["type"] == "ack" && f["client_id"] == id).await;
        ack["seq"].as_u64().unwrap()
    }
}

/// An agent at the console.
pub(crate) struct Agent {
    pub(crate) token: String,
    pub(crate) socket: Socket,
    /// The queue at sign-in.
    desk: Option<Value>,
}

impl Agent {
    pub(crate) async fn new(address: &str, name: &str) -> Self {
        let token = Self::sign_in(address, name).await;
        let mut socket = Self::hello(address, &token).await;
        let desk = Some(socket.until_type("desk").await);
        Self { token, socket, desk }
    }

    pub(crate) async fn sign_in(address: &str, name: &str) -> String {
        let credentials = json!({"name": name, "password": PASSWORD});
        let (status, body) = post(address, "/v1/agents/login", credentials.to_string(), None).await;
        assert_eq!(status, 200, "{body}");
        body["token"].as_str().unwrap().to_owned()
    }

    /// A socket after its hello, with nothing read yet.
    pub(crate) async fn hello(address: &str, token: &str) -> Socket {
        let origin = format!("http://{address}");
        let mut socket = connect(address, "/v1/agent", Some(&origin)).await.unwrap();
        socket.send(json!({"type": "hello", "protocol": 1, "token": token})).await;
        socket
    }

    /// Waits for an offer and takes it. Returns the opened conversation.
    pub(crate) async fn accept(&mut self) -> Value {
        let offered = |item: &Value| !item["offered_until"].is_null();
        let has_offer = |frame: &Value| {
            frame["waiting"].as_array().is_some_and(|waiting| waiting.iter().any(offered))
        };
        let desk = match self.desk.take().filter(has_offer) {
            Some(desk) => desk,
            None => self.socket.until(has_offer).await,
        };
        let item = desk["waiting"].as_array().unwrap().iter().find(|item| offered(item)).unwrap();
        let (conversation, epoch) = (&item["conversation"], &item["epoch"]);
        let accept = json!({"type": "accept", "conversation": conversation, "epoch": epoch});
        self.socket.send(accept).await;
        self.socket.until_type("opened").await
    }

    /// Sends a message in an opened conversation.
    pub(crate) async fn say(&mut self, opened: &Value, client_id: &str, text: &str) {
        let (conversation, epoch) = (&opened["conversation"], &opened["epoch"]);
        let frame = json!({"type": "send", "conversation": conversation, "epoch": epoch,
            "client_id": client_id, "text": text});
        self.socket.send(frame).await;
    }

    /// Sends another frame about an opened conversation.
    pub(crate) async fn act(&mut self, opened: &Value, kind: &str) {
        let (conversation, epoch) = (&opened["conversation"], &opened["epoch"]);
        let frame = json!({"type": kind, "conversation": conversation, "epoch": epoch});
        self.socket.send(frame).await;
    }
}
