//! Nothing of a masked value is in any file of a running server, nor in its log.

use serde_json::json;

use super::measure::{
    Class, Dice, Sample, Talk, Traces, Typed, conversations, files_below, is_found,
};
use crate::harness::Server;
use kefu::compliance::{Masker, mask};

/// The plain values and the evaded ones of each class.
const VALUES: usize = 3;

/// The messages of the agent, and the ratings with a comment: an agent may send 60 frames at once.
const AGENT_SAYS: usize = 24;
const COMMENTS: usize = 12;

/// Harmless words that must be found, so that the search is known to work.
const MARKER: &str = "提现到账的小鸭子";

fn samples(dice: &mut Dice) -> Vec<Sample> {
    let mut samples = Vec::new();
    for class in Class::ALL {
        samples.extend((0..VALUES).map(|_| Sample::plain(class, dice)));
        let evasions = class.evasions();
        samples.extend((0..VALUES).map(|_| {
            let evasion = evasions[dice.below(evasions.len())];
            Sample::evaded(class, evasion, dice)
        }));
    }
    samples
}

/// Plain values of all classes that are masked where no message comes before.
fn plain_values(traces: &mut Traces, dice: &mut Dice) -> Vec<String> {
    let samples = Class::ALL.map(|class| Sample::plain(class, dice));
    let masked = samples.iter().filter(|sample| {
        let [typed] = &*sample.messages else { return false };
        let is_masked = is_found(typed, mask(&typed.text()).text(), sample.class.is_destroyed());
        if is_masked {
            traces.add(typed, &sample.characters);
        }
        is_masked
    });
    masked.map(|sample| sample.messages[0].text()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_nothing_that_was_masked_is_in_a_file_or_the_log() {
    let mut server = Server::start_logging("trace");
    let mut dice = Dice::new(5);
    let mut traces = Traces::default();
    let said = say_as_others(&server, &mut traces, &mut dice).await;
    assert!(said.iter().all(|texts| *texts >= COMMENTS), "{said:?}");
    // Last, as the bot may call an agent in them.
    let talks = conversations(samples(&mut dice));
    let Talk { messages, traces: more, left } =
        Talk::hold(&server.address, &Masker::default(), talks, || {
            panic!("a new customer is refused")
        })
        .await;
    traces.extend(more);
    assert!(messages >= Class::ALL.len() * 2 * VALUES, "{messages} messages");
    assert!(left * 4 <= messages, "{left} of {messages} were not masked");
    let (status, _, metrics) = server.get("/metrics").await;
    std::fs::write(server.log_folder().join("metrics"), metrics).unwrap();
    assert_eq!(status, 200);
    let mut marked = server.customer().await;
    marked.say(MARKER).await;

    // Searched twice: while it runs, with its write-ahead log, and after the end.
    for is_running in [true, false] {
        if !is_running {
            assert!(server.terminate().success());
        }
        let files =
            [server.data(), server.log_folder()].map(|folder| files_below(&folder)).concat();
        let mut known = Traces::default();
        known.add(&Typed { value: MARKER.to_owned(), ..Typed::default() }, MARKER);
        assert!(!known.search(&files).is_empty(), "what is not masked is found");
        let log = server.log();
        assert!(log.contains("INFO"), "the log was kept");
        let found = traces.search(&files);
        assert!(found.is_empty(), "{} of {}:\n{}", found.len(), traces.values, found.join("\n"));
    }
}

/// Private values in the messages of an agent, in a comment on a rating, in left messages, in
/// questions without a conversation and while typing. Returns how many of each.
async fn say_as_others(server: &Server, traces: &mut Traces, dice: &mut Dice) -> [usize; 4] {
    let mut said = [0; 4];
    // While nobody is there who could take the conversation.
    for text in plain_values(traces, dice) {
        let mut customer = server.customer().await;
        let frame = json!({"type": "leave_message", "client_id": "m-1", "text": text});
        customer.say("转人工").await;
        customer.socket.until_event("message_asked").await;
        customer.socket.send(frame).await;
        customer.acked("m-1").await;
        said[3] += 1;
    }
    let mut agent = server.agent("lin").await;
    let mut customer = server.customer().await;
    customer.say("转人工").await;
    let opened = agent.accept().await;
    for text in plain_values(traces, dice).into_iter().take(AGENT_SAYS) {
        said[0] += 1;
        agent.say(&opened, &format!("a-{}", said[0]), &text).await;
        customer.socket.until_event("agent_said").await;
    }
    agent.act(&opened, "close").await;
    agent.socket.until_type("released").await;
    for text in plain_values(traces, dice).into_iter().rev().take(COMMENTS) {
        let mut customer = server.customer().await;
        customer.say("转人工").await;
        let opened = agent.accept().await;
        agent.act(&opened, "close").await;
        agent.socket.until_type("released").await;
        customer.socket.until_event("ended").await;
        let rate = json!({"type": "rate", "client_id": "r-1", "stars": 1, "comment": text});
        customer.socket.send(rate).await;
        let came = customer.socket.until(|f| f["type"] == "error" || f["type"] == "ack").await;
        assert_eq!(came["type"], "ack", "{came}");
        said[1] += 1;
    }
    for text in plain_values(traces, dice) {
        let (status, answer) = server.post("/v1/ask", json!({"text": text})).await;
        assert_eq!(status, 200, "{answer}");
        let path = format!("/v1/suggestions?text={}", encoded(&text));
        let bearer = format!("Bearer {}", customer.token);
        server.get_with(&path, &[("authorization", &bearer)]).await;
        said[2] += 1;
    }
    said
}

/// The text, encoded for a query.
fn encoded(text: &str) -> String {
    let bytes: Vec<String> = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    bytes.concat()
}
