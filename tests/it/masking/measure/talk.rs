//! Conversations with a running server, full of private values.

use futures_util::{SinkExt, StreamExt};
use kefu::compliance::{MaskContext, Masker};
use serde_json::{Value, json};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest};

use super::samples::Sample;
use super::tally::is_found;
use super::traces::Traces;

/// The most messages of a conversation, fewer than a customer may send at once.
const MESSAGES: usize = 20;

/// What conversations left behind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Talk {
    pub(crate) messages: usize,
    /// What was masked.
    pub(crate) traces: Traces,
    /// Parts of values that were not masked, so that they are stored as they were typed.
    pub(crate) left: usize,
}

/// The samples in conversations of a few messages each.
pub(crate) fn conversations(samples: Vec<Sample>) -> Vec<Vec<Sample>> {
    let mut conversations = vec![Vec::new()];
    let mut length = 0;
    for sample in samples {
        let more = sample.messages.len();
        if length + more > MESSAGES {
            conversations.push(Vec::new());
            length = 0;
        }
        length += more;
        conversations.last_mut().expect("there is one").push(sample);
    }
    conversations
}

impl Talk {
    /// Has the conversations with the server, each as another customer. `masker` is the server's.
    /// `refused` is called each time that the server wants no further customer yet.
    pub(crate) async fn hold(
        address: &str,
        masker: &Masker,
        conversations: Vec<Vec<Sample>>,
        refused: fn(),
    ) -> Talk {
        let mut talk = Talk::default();
        for samples in conversations {
            let texts = talk.expect(masker, &samples);
            say_all(address, texts, refused).await;
        }
        talk
    }

    /// The texts of a conversation; notes what must not be stored of it.
    fn expect(&mut self, masker: &Masker, samples: &[Sample]) -> Vec<String> {
        let mut context = MaskContext::default();
        let mut texts = Vec::new();
        for sample in samples {
            for typed in &sample.messages {
                let stored = masker.mask(&typed.text(), &context);
                context.customer_said(stored.text());
                texts.push(typed.text());
                self.messages += 1;
                if typed.value.is_empty() {
                    continue;
                }
                if is_found(typed, stored.text(), sample.class.is_destroyed()) {
                    let is_whole =
                        sample.messages.iter().filter(|m| !m.value.is_empty()).count() == 1;
                    let characters = if is_whole { &sample.characters } else { &typed.value };
                    self.traces.add(typed, characters);
                } else {
                    self.left += 1;
                }
            }
        }
        texts
    }
}

/// Sends the texts as one new customer, each after the one before is on disk.
async fn say_all(address: &str, texts: Vec<String>, refused: fn()) {
    let origin = format!("http://{address}");
    let token = new_customer(origin.clone(), refused).await;
    let mut request =
        format!("ws://{address}/v1/customer").into_client_request().expect("an address");
    request.headers_mut().insert("origin", origin.parse().expect("an origin"));
    let (mut socket, _) = connect_async(request).await.expect("it is let in");
    let hello = json!({"type": "hello", "protocol": 1, "token": token, "last_seq": 0});
    let mut frames = vec![(hello, "caught_up")];
    frames.extend(texts.into_iter().enumerate().map(|(at, text)| {
        (json!({"type": "send", "client_id": format!("m-{at}"), "text": text}), "ack")
    }));
    for (frame, answer) in frames {
        socket.send(Message::text(frame.to_string())).await.expect("the socket is open");
        loop {
            let message = socket.next().await.expect("it is open").expect("a frame comes");
            let Message::Text(text) = message else { continue };
            let came: Value = serde_json::from_str(&text).expect("frames are JSON");
            assert_ne!(came["type"], "error", "{came} for {frame}");
            if came["type"] == answer {
                break;
            }
        }
    }
    socket.close(None).await.expect("it closes");
}

/// The token of a new customer.
async fn new_customer(origin: String, refused: fn()) -> String {
    let ask = move || loop {
        let url = format!("{origin}/v1/customers");
        let agent: ureq::Agent =
            ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let request = agent.post(url).header("origin", &origin);
        let mut answer = request.send_json(json!({})).expect("it answers");
        if answer.status() == 429 {
            refused();
            continue;
        }
        let body = answer.body_mut().read_json::<Value>().expect("the answer is JSON");
        return body["token"].as_str().expect("a token").to_owned();
    };
    tokio::task::spawn_blocking(ask).await.expect("no fault")
}
