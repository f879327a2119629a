//! Sockets of customers and agents. Every frame is read at once and counted.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::{
    SinkExt, StreamExt,
    stream::{SplitSink, SplitStream},
};
use serde_json::{Value, json};
use tokio::{net::TcpStream, sync::watch};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest},
};

use crate::server::PASSWORD;

type Stream = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Time limit for a frame that must come.
const PATIENCE: Duration = Duration::from_mins(5);

/// The interval of an agent's pings.
const PING_EVERY: Duration = Duration::from_secs(10);

/// Counts of received frames.
#[derive(Clone, Debug, Default)]
pub(crate) struct Came {
    pub(crate) frames: usize,
    pub(crate) bytes: usize,
    pub(crate) acks: usize,
    pub(crate) replies: usize,
    /// Frames with the place in the queue.
    pub(crate) places: usize,
    pub(crate) caught_up: usize,
    /// The length of the queue, as the desk sent it.
    pub(crate) waiting: usize,
    /// Events `returned_to_bot`.
    pub(crate) returned: usize,
    /// Whether the server refused a frame or closed the socket.
    pub(crate) trouble: Option<String>,
}

/// A customer's socket after its hello.
pub(crate) struct Customer {
    sink: SplitSink<Stream, Message>,
    came: watch::Receiver<Came>,
    said: usize,
}

impl Customer {
    /// Connects like a page that has seen this many events.
    pub(crate) async fn connect(address: &str, token: &str, seen: usize) -> Self {
        let (sink, stream) = connect(address, "/v1/customer").await.split();
        let (sender, came) = watch::channel(Came::default());
        tokio::spawn(read(stream, sender, |_| {}));
        let mut customer = Self { sink, came, said: 0 };
        let hello = json!({"type": "hello", "protocol": 1, "token": token, "last_seq": seen});
        customer.send(hello).await;
        customer.until(|came| came.caught_up > 0).await;
        customer
    }

    pub(crate) async fn send(&mut self, frame: Value) {
        self.sink.send(Message::text(frame.to_string())).await.expect("the socket is open");
    }

    /// Sends a message, and waits until it is on disk and answered.
    pub(crate) async fn say(&mut self, text: &str) {
        let before = self.came();
        self.said += 1;
        let id = format!("new-{}", self.said);
        self.send(json!({"type": "send", "client_id": id, "text": text})).await;
        self.until(|came| came.acks > before.acks && came.replies > before.replies).await;
    }

    /// Asks for a human, and waits for the place in the queue.
    pub(crate) async fn join(&mut self) {
        let before = self.came();
        self.send(json!({"type": "ask_human", "client_id": "human"})).await;
        self.until(|came| came.acks > before.acks && came.places > before.places).await;
    }

    pub(crate) async fn leave_queue(&mut self) {
        self.send(json!({"type": "leave_queue"})).await;
        self.until(|came| came.returned > 0).await;
    }

    pub(crate) fn came(&self) -> Came {
        self.came.borrow().clone()
    }

    async fn until(&mut self, fits: impl Fn(&Came) -> bool) {
        wait(&mut self.came, fits).await;
    }
}

/// An agent's console at its limit of conversations: it watches the queue and gets no more offers.
pub(crate) struct Console {
    pub(crate) came: watch::Receiver<Came>,
    /// Every conversation that a frame mentioned.
    known: Arc<Mutex<HashSet<String>>>,
}

impl Console {
    /// Signs in, and takes this many offers.
    pub(crate) async fn connect(address: &str, name: &str, offers: usize) -> Self {
        let token = sign_in(address, name).await;
        let mut socket = connect(address, "/v1/agent").await;
        let hello = json!({"type": "hello", "protocol": 1, "token": token});
        socket.send(Message::text(hello.to_string())).await.expect("the socket is open");
        let (mut opened, mut accepted) = (0, HashSet::new());
        while opened < offers {
            let frame = tokio::time::timeout(PATIENCE, socket.next()).await;
            let frame = frame.expect("an offer comes").expect("the socket is open");
            let Message::Text(text) = frame.expect("a frame") else { continue };
            let frame: Value = serde_json::from_str(&text).expect("frames are JSON");
            opened += usize::from(frame["type"] == "opened");
            for (conversation, epoch) in offered(&frame) {
                // An offer is in each frame until it is taken.
                if !accepted.insert((conversation.to_owned(), epoch)) {
                    continue;
                }
                let accept =
                    json!({"type": "accept", "conversation": conversation, "epoch": epoch});
                socket.send(Message::text(accept.to_string())).await.expect("it is open");
            }
        }
        let (mut sink, stream) = socket.split();
        let (sender, came) = watch::channel(Came::default());
        let known = Arc::new(Mutex::new(HashSet::new()));
        let noted = known.clone();
        tokio::spawn(read(stream, sender, move |text| {
            let ids = text.split("\"conversation\":\"").skip(1).filter_map(|rest| rest.get(..32));
            let mut noted = noted.lock().unwrap_or_else(PoisonError::into_inner);
            for id in ids {
                if !noted.contains(id) {
                    noted.insert(id.to_owned());
                }
            }
        }));
        tokio::spawn(async move {
            // Until the server is gone.
            while sink.send(Message::text(r#"{"type":"ping"}"#)).await.is_ok() {
                tokio::time::sleep(PING_EVERY).await;
            }
        });
        Self { came, known }
    }

    /// Waits until this many conversations were mentioned, or the queue has this length: a frame
    /// may show only the start of a long queue.
    pub(crate) async fn until_known(&mut self, conversations: usize) {
        let known = self.known.clone();
        let count = || known.lock().unwrap_or_else(PoisonError::into_inner).len();
        wait(&mut self.came, |came| came.waiting.max(count()) >= conversations).await;
    }
}

/// The conversations that a frame offers to this agent.
fn offered(frame: &Value) -> Vec<(&str, u64)> {
    let own = frame.as_object().and_then(|item| {
        item.get("offered_until").filter(|until| !until.is_null())?;
        Some((item.get("conversation")?.as_str()?, item.get("epoch")?.as_u64()?))
    });
    let parts: Vec<&Value> = match frame {
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) => fields.values().collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    own.into_iter().chain(parts.into_iter().flat_map(offered)).collect()
}

async fn read(
    mut stream: SplitStream<Stream>,
    came: watch::Sender<Came>,
    note: impl Fn(&str) + Send,
) {
    while let Some(Ok(message)) = stream.next().await {
        let Message::Text(text) = message else { continue };
        note(&text);
        came.send_modify(|came| {
            came.frames += 1;
            came.bytes += text.len();
            let is = |kind: &str| text.starts_with(&format!(r#"{{"type":"{kind}""#));
            let has = |event: &str| text.contains(&format!(r#""event":{{"type":"{event}""#));
            came.acks += usize::from(is("ack"));
            came.places += usize::from(is("queue"));
            came.caught_up += usize::from(is("caught_up"));
            came.replies += usize::from(is("event") && has("bot_said"));
            came.waiting = waiting_total(&text).unwrap_or(came.waiting);
            came.returned += usize::from(is("event") && has("returned_to_bot"));
            if is("error") {
                came.trouble = Some(text.to_string());
            }
        });
    }
    came.send_modify(|came| {
        came.trouble.get_or_insert_with(|| "the server closed the socket".to_owned());
    });
}

fn waiting_total(frame: &str) -> Option<usize> {
    let (_, rest) = frame.split_once(r#""waiting_total":"#)?;
    rest.split(|sign: char| !sign.is_ascii_digit()).next()?.parse().ok()
}

async fn wait(came: &mut watch::Receiver<Came>, fits: impl Fn(&Came) -> bool) {
    let fits = |came: &Came| {
        assert!(came.trouble.is_none(), "{came:?}");
        fits(came)
    };
    let waited = tokio::time::timeout(PATIENCE, came.wait_for(fits)).await;
    waited.expect("it comes in time").expect("the socket is read");
}

async fn connect(address: &str, path: &str) -> Stream {
    let mut request = format!("ws://{address}{path}").into_client_request().expect("an address");
    let origin = format!("http://{address}").parse().expect("an origin");
    request.headers_mut().insert("origin", origin);
    connect_async(request).await.expect("it is let in").0
}

async fn sign_in(address: &str, name: &str) -> String {
    let origin = format!("http://{address}");
    let credentials = json!({"name": name, "password": PASSWORD});
    let ask = move || {
        let url = format!("{origin}/v1/agents/login");
        let request = ureq::post(url).header("origin", origin);
        let mut answer = request.send_json(credentials).expect("it is let in");
        answer.body_mut().read_json::<Value>().expect("the answer is JSON")
    };
    let answer = tokio::task::spawn_blocking(ask).await.expect("no fault");
    answer["token"].as_str().expect("a token").to_owned()
}
