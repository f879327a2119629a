//! An utterance gets the same answer everywhere: at the terminal, in the regression tests, as a
//! one-shot question, and over a socket.

use std::{
    collections::BTreeSet,
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use kefu::assembly::Assembly;
use kefu::authoring::{Talk, run_tests};
use kefu::config::TableChoice;
use kefu::dialogue::Answered;
use kefu::files::{Root, write_table};
use kefu::journal::{BotEvent, ConversationId, Event, Reply};
use kefu::knowledge::{Case, Entry, Expected, Facts, KnowledgeBase, Said, Split};
use kefu::matching::{Confirmation, Embeddings, Snapshot, refine_embeddings};
use kefu::parallel::Threads;
use kefu::storage::Store;
use serde_json::{Value, json};

use crate::harness::{Customer, Server, Socket, kefu};
use crate::server::reload::until_ready;

/// Time limit for a frame that must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// Numbers the messages, so that no client id is used twice.
static SAID: AtomicU32 = AtomicU32::new(0);

/// With fewer utterances, some kinds would be missing.
const UTTERANCES_MIN: usize = 200;

#[expect(clippy::disallowed_methods, reason = "what a server is asked now")]
fn now() -> Timestamp {
    Timestamp::now()
}

/// The knowledge that comes with the program.
static SHIPPED: LazyLock<KnowledgeBase> = LazyLock::new(|| {
    let (root, today) = (Root::embedded(), now().to_zoned(jiff::tz::TimeZone::UTC).date());
    root.loader().load(&root.read().unwrap(), today, Threads::all()).base.unwrap()
});

/// Spellings of Hong Kong and Taiwan.
fn traditional(text: &str) -> String {
    const PAIRS: [(char, char); 24] = [
        ('现', '現'),
        ('款', '款'),
        ('账', '賬'),
        ('还', '還'),
        ('银', '銀'),
        ('开', '開'),
        ('钱', '錢'),
        ('么', '麼'),
        ('时', '時'),
        ('号', '號'),
        ('额', '額'),
        ('贷', '貸'),
        ('费', '費'),
        ('转', '轉'),
        ('们', '們'),
        ('吗', '嗎'),
        ('问', '問'),
        ('请', '請'),
        ('续', '續'),
        ('录', '錄'),
        ('为', '為'),
        ('个', '個'),
        ('办', '辦'),
        ('没', '沒'),
    ];
    let other = |c| PAIRS.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to);
    text.chars().map(other).collect()
}

/// Spellings of a full-width input method.
fn full_width(text: &str) -> String {
    let wide = |c: char| match c {
        ' ' => '\u{3000}',
        '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap(),
        _ => c,
    };
    format!("２．{}　ＯＫ！", text.chars().map(wide).collect::<String>())
}

/// Every n-th item, so that about this many remain.
fn some<'t>(all: impl Iterator<Item = &'t str>, count: usize) -> Vec<&'t str> {
    let all: Vec<&str> = all.collect();
    let step = (all.len() / count).max(1);
    all.into_iter().step_by(step).take(count).collect()
}

/// Questions of this knowledge, tests of the shipped one, intents in several forms, and questions
/// without an answer. None is longer than customers may send.
fn utterances(base: &KnowledgeBase) -> Vec<String> {
    let questions = base.entries.iter().flat_map(Entry::questions);
    let tests = SHIPPED.tests.cases.iter().flat_map(|case| &case.say).map(|said| &*said.text);
    let short = tests.filter(|text| text.chars().count() <= 80);
    let intents = base.intents.iter().flat_map(|intent| &intent.examples).map(String::as_str);
    let plain = [some(questions, 12), some(short, 16), some(intents, 8)].concat();
    let shapes: [fn(&str) -> String; 7] = [
        str::to_owned,
        traditional,
        full_width,
        |text| format!("{text}，我的手机号是13800138000"),
        |text| format!("我的卡号6222021234567890128 {text}"),
        |text| format!("{text} 密码是abc123456"),
        |text| format!("你好，请问{text}？谢谢"),
    ];
    let in_shapes = plain.iter().flat_map(|text| shapes.iter().map(|shape| shape(text)));
    let nonsense =
        ["量子纠缠", "宇宙有多大", "？？？", "呵呵", "asdfghjkl", "。", "1", "第二个", "是的"];
    let all: BTreeSet<String> = in_shapes.chain(nonsense.map(str::to_owned)).collect();
    all.into_iter().collect()
}

/// The parts of a reply that every way shows.
#[derive(Debug, PartialEq)]
struct Told {
    text: String,
    kind: Value,
    entry: Option<String>,
    intent: Option<String>,
    choices: Value,
    confidence: Option<f32>,
    knowledge: String,
}

impl Told {
    fn of(reply: &Reply) -> Self {
        Self {
            text: reply.text.clone(),
            kind: json!(reply.kind),
            entry: reply.entry.as_ref().map(ToString::to_string),
            intent: reply.intent.as_ref().map(ToString::to_string),
            choices: json!(reply.choices),
            confidence: reply.candidates.first().map(|first| first.confidence),
            knowledge: reply.knowledge.clone(),
        }
    }

    /// The fields that a program reads, without the kind, which `/v1/ask` does not show.
    fn of_json(told: &Value, kind: &Value) -> Self {
        let word = |key: &str| told[key].as_str().map(str::to_owned);
        Self {
            text: word("text").unwrap(),
            kind: told.get("kind").unwrap_or(kind).clone(),
            entry: word("entry"),
            intent: word("intent"),
            choices: told["choices"].clone(),
            confidence: told["confidence"].as_f64().map(|number| number as f32),
            knowledge: word("knowledge").unwrap(),
        }
    }
}

/// One knowledge base, asked in every way.
struct Ways<'s> {
    server: &'s Server,
    snapshot: Snapshot,
    utterances: Vec<String>,
    answered: Vec<Answered>,
}

impl<'s> Ways<'s> {
    /// Assembles the server's snapshot, and asks it at the terminal.
    fn new(server: &'s Server, root: &Root, choice: TableChoice) -> Self {
        let files = root.read().unwrap();
        let today = kefu::knowledge::operators_day(&files, now());
        let base = root.loader().load(&files, today, Threads::all()).base.unwrap();
        let utterances = utterances(&base);
        assert!(utterances.len() >= UTTERANCES_MIN, "{}", utterances.len());
        let mut assembly = Assembly::of_command(choice, &server.data());
        let table = assembly.table().unwrap();
        assert_eq!(table.which, choice);
        let assembled = assembly.assemble(base, table, None, Threads::all()).unwrap();
        let snapshot = assembled.snapshot;
        let first =
            |text: &String| Talk::new(&snapshot, Facts::default(), false).say(text, now()).unwrap();
        let answered: Vec<Answered> = utterances.iter().map(first).collect();
        let kinds: BTreeSet<String> =
            answered.iter().map(|one| json!(one.reply.kind).to_string()).collect();
        assert_eq!(kinds.len(), 4, "every kind of reply is among them: {kinds:?}");
        Self { server, snapshot, utterances, answered }
    }

    fn each(&self) -> impl Iterator<Item = (&String, &Answered)> {
        self.utterances.iter().zip(&self.answered)
    }

    /// The regression tests' judge, as if each utterance were a test of its own.
    fn judge_agrees(&mut self) {
        let case = |text: &String| Case {
            expected: Expected::NoAnswer(String::new()),
            split: Split::Test,
            facts: Facts::default(),
            say: vec![Said { text: text.clone(), at: String::new() }],
        };
        self.snapshot.base.tests.cases = self.utterances.iter().map(case).collect();
        let today = self.snapshot.base.hours.date(now());
        let run = run_tests(&self.snapshot, today, None, &mut |_, _| {});
        assert_eq!(run.judged.len(), self.utterances.len());
        for (judged, (text, answered)) in run.judged.iter().zip(self.each()) {
            let mut told = Told::of(judged.reply.as_ref().unwrap());
            // Only notices may depend on the hour.
            if !answered.texts.contains(&answered.reply.text) {
                told.text.clone_from(&answered.reply.text);
            }
            assert_eq!(told, Told::of(&answered.reply), "{text}");
            let first = answered.outcome.as_ref().and_then(|outcome| outcome.ranked.first());
            assert_eq!(judged.confidence, first.map(|first| first.confidence), "{text}");
        }
    }

    async fn http_agrees(&self) {
        for (text, answered) in self.each() {
            let (status, told) = post(self.server, "/v1/ask", &json!({"text": text})).await;
            assert_eq!(status, 200, "{text}: {told}");
            let expected = Told::of(&answered.reply);
            assert_eq!(Told::of_json(&told, &expected.kind), expected, "{text}");
            assert_eq!(told["handoff"], answered.is_handoff, "{text}");
            assert_eq!(told["band"], answered.band().as_str(), "{text}");
        }
    }

    /// Each utterance as the first message of a customer. Hidden fields are read from the journal.
    async fn socket_agrees(&self) {
        let mut conversations = Vec::new();
        for (text, answered) in self.each() {
            let (status, created) = post(self.server, "/v1/customers", &json!({})).await;
            assert_eq!(status, 201, "{created}");
            let token = created["token"].as_str().unwrap();
            let mut socket = Customer::hello(&self.server.address, token, 0).await;
            let (texts, choices) = said_to(&mut socket, text, answered.texts.len()).await;
            assert_eq!(texts, answered.texts, "{text}");
            assert_eq!(choices, json!(answered.reply.choices), "{text}");
            conversations.push(ConversationId::new(created["conversation"].as_str().unwrap()));
        }
        let store = Store::open_shared(&self.server.data(), now()).unwrap();
        for (conversation, (text, answered)) in conversations.iter().zip(self.each()) {
            let records = store.records(conversation).await.unwrap();
            let said = records.into_iter().find_map(|record| {
                let Event::Bot(BotEvent::Said(reply)) = record.event else { return None };
                Some(reply)
            });
            match said {
                Some(reply) => assert_eq!(reply, answered.reply, "{text}"),
                None => assert!(!answered.texts.contains(&answered.reply.text), "{text}"),
            }
        }
        store.close().await;
    }

    /// Some of them by processes of their own.
    fn command_agrees(&self, args: &[&str], folder: &Path, count: usize) {
        let step = self.utterances.len() / count;
        for (text, answered) in self.each().step_by(step).take(count) {
            let asked = kefu(&[&["ask", "--json", text][..], args].concat(), folder);
            assert!(asked.status.success(), "{text}: {asked:?}");
            let told: Value = serde_json::from_slice(&asked.stdout).unwrap();
            assert_eq!(Told::of_json(&told, &Value::Null), Told::of(&answered.reply), "{text}");
            assert_eq!(told["texts"], json!(answered.texts), "{text}");
        }
    }
}

/// Posts again until the address limit admits it.
async fn post(server: &Server, path: &str, body: &Value) -> (u16, Value) {
    let taken = async {
        loop {
            let (status, told) = server.post(path, body.clone()).await;
            if status != 429 {
                return (status, told);
            }
        }
    };
    tokio::time::timeout(PATIENCE, taken).await.expect("the limit lets one more in")
}

/// Sends a message and reads this many texts. Returns them with the bot's choices.
async fn said_to(socket: &mut Socket, text: &str, count: usize) -> (Vec<String>, Value) {
    let id = format!("said-{}", SAID.fetch_add(1, Ordering::Relaxed));
    socket.send(json!({"type": "send", "client_id": id, "text": text})).await;
    let (mut texts, mut choices) = (Vec::new(), json!([]));
    while texts.len() < count {
        let frame = socket.next().await.expect("the socket stays open");
        assert_ne!(frame["type"], "error", "{text}: {frame}");
        let event = &frame["event"];
        if ["bot_said", "noticed"].contains(&event["type"].as_str().unwrap_or_default()) {
            texts.push(event["text"].as_str().unwrap().to_owned());
            choices = event.get("choices").cloned().unwrap_or(choices);
        }
    }
    (texts, choices)
}

#[tokio::test(flavor = "multi_thread")]
async fn all_ways_agree_with_the_shipped_table() {
    let log = tempfile::NamedTempFile::new().unwrap();
    let server = Server::start_with_shipped_knowledge(log.path());
    let mut ways = Ways::new(&server, &Root::embedded(), TableChoice::Shipped);
    ways.http_agrees().await;
    ways.socket_agrees().await;
    let data = server.data();
    let args = ["--data", data.to_str().unwrap()];
    ways.command_agrees(&args, &data, 2);
    ways.judge_agrees();
}

#[tokio::test(flavor = "multi_thread")]
async fn all_ways_agree_with_a_trained_table() {
    let server = Server::start();
    let root = Root::find(Some(server.root()), server.root()).unwrap();
    let base = root
        .loader()
        .load(&root.read().unwrap(), jiff::civil::date(2026, 11, 22), Threads::all())
        .base
        .unwrap();
    let confirmed = ["提现的钱呢", "钱取出来了吗"].map(|text| Confirmation {
        utterance: text.to_owned(),
        target: "payment.withdraw.fee".to_owned(),
        is_right: true,
    });
    let table = refine_embeddings(&base, &Embeddings::shipped(), &confirmed, |_, _| {}).unwrap();
    write_table(&server.data(), &table).unwrap();
    let untaught = Assembly::of_command(TableChoice::Shipped, &server.data()).table().unwrap();
    assert!(Arc::new(table) != untaught.vectors, "it has learnt something");
    let hash = base.hash.clone();
    until_ready(&server, |ready, _| ready["knowledge"] != json!(hash)).await;

    let mut ways = Ways::new(&server, &root, TableChoice::Trained);
    ways.http_agrees().await;
    ways.socket_agrees().await;
    let data = server.data();
    ways.command_agrees(&["--data", data.to_str().unwrap()], server.root(), 8);
    ways.judge_agrees();
}

#[tokio::test(flavor = "multi_thread")]
async fn all_ways_agree_without_a_table() {
    let server = Server::start_with(&[("KEFU_STATIC_TABLE", "off")]);
    let root = Root::find(Some(server.root()), server.root()).unwrap();
    let mut ways = Ways::new(&server, &root, TableChoice::Off);
    ways.http_agrees().await;
    ways.socket_agrees().await;
    ways.command_agrees(&["--static-table", "off"], server.root(), 8);
    ways.judge_agrees();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conversation_at_the_prompt_is_one_over_a_socket() {
    const LINES: [&str; 15] = [
        "提现",
        "第二个",
        "提现",
        "2",
        "提現　要手續費嗎？",
        "我的密码是abc123456，登录密码忘了怎么办",
        "谢谢",
        "我的密码是",
        "Wang3648",
        "我的卡号6222021234567890128，怎么注销账户",
        "量子纠缠",
        "黑洞里面是啥样",
        "提现多久到账",
        "找真人说话",
        "1",
    ];
    let server = Server::start();
    let mut prompt = Command::new(env!("CARGO_BIN_EXE_kefu"))
        .args(["ask", "--json"])
        .current_dir(server.root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    prompt.stdin.take().unwrap().write_all((LINES.join("\n") + "\n").as_bytes()).unwrap();
    let output = prompt.wait_with_output().unwrap();
    assert!(output.status.success());
    let at_prompt: Vec<Value> = String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(at_prompt.len(), LINES.len());

    let mut customer = server.customer().await;
    for (line, told) in LINES.iter().zip(&at_prompt) {
        let expected: Vec<String> = serde_json::from_value(told["texts"].clone()).unwrap();
        assert!(!expected.is_empty(), "{line}: {told}");
        let (texts, choices) = said_to(&mut customer.socket, line, expected.len()).await;
        assert_eq!(texts, expected, "{line}");
        assert_eq!(choices, told["choices"], "{line}");
    }
    let said = |at: usize| at_prompt[at]["texts"].to_string();
    let arrival = "提现一般在下一个工作日到账，热线95000。";
    assert!(said(1).contains(arrival) && said(3).contains(arrival), "choices by number");
    assert!(said(5).contains("密码没有保存"), "{}", said(5));
    assert!(said(8).contains("密码没有保存"), "of the line before: {}", said(8));
    assert!(said(10).contains("坐席都不在，请留言。"), "misses lead to a human: {}", said(10));
    // A masked value is nowhere in the data folder.
    for file in fs::read_dir(server.data()).unwrap() {
        let path = file.unwrap().path();
        let bytes = if path.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
        for secret in ["abc123456", "Wang3648", "6222021234567890128"] {
            let is_there = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!is_there, "{secret} in {}", path.display());
        }
    }
}
