//! What masking finds, what it leaves, what reaches a file, and what a call costs.
//!
//! Measured, over messages generated with a fixed seed, which are the same on every machine:
//!
//! - **recall**: private values of 30 classes, in plain spelling and in evaded ones. A value is found
//!   when nothing of it is left in the stored text but the last four characters in a tag;
//! - **harmless**: sentences with numbers that are not private; those that masking changes. Numbers that
//!   nobody can tell from cards are counted apart;
//! - **files**: the real server with its log at `trace`, which gets 10,000 messages of all classes. Every
//!   byte of its data folder and of its log is searched for each value that was masked;
//! - **time**: one call for a text with a number, and for a question of the shipped knowledge without.
//!
//! Not measured: sentences of real customers. Nothing fails on a rate or a time; a value in a file does.
//!
//! Run: `cargo bench --bench masking`, a few minutes. `-- --part NAME` runs one part, `-- --misses 20`
//! shows as many misses of each kind, `-- --seed 7` draws other values. Without `--bench`, as in `cargo test`, it only checks itself at
//! a small size.
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a bench reports and may stop")]

#[expect(dead_code, reason = "other benches use the rest of it")]
mod corpus;
#[expect(unused_imports, reason = "the tests use the rest of it")]
#[path = "../tests/it/masking/measure/mod.rs"]
mod measure;
#[expect(dead_code, reason = "other benches use the rest of it")]
#[path = "costs/server.rs"]
mod server;

use std::hint::black_box;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

use corpus::{shipped, utterances};
use kefu::compliance::{MaskContext, Masker};
use measure::{
    Class, Dice, HarmlessKind, Recall, Recalls, Sample, Talk, conversations, count_touched,
    files_below,
};
use server::Server;

struct Sizes {
    /// Plain texts of each class, and as many evaded ones.
    values: usize,
    /// Harmless texts of each kind.
    harmless: usize,
    messages: usize,
    calls: usize,
}

const BENCH: Sizes = Sizes { values: 1_667, harmless: 5_883, messages: 10_000, calls: 20_000 };
const CHECK: Sizes = Sizes { values: 14, harmless: 10, messages: 120, calls: 100 };

/// Conversations that are held at once.
const AT_ONCE: usize = 8;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let after = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name);
        at.and_then(|at| arguments.get(at + 1)).cloned()
    };
    let is_bench = arguments.iter().any(|argument| argument == "--bench");
    let sizes = if is_bench { &BENCH } else { &CHECK };
    let part = after("--part");
    let is_wanted = |name: &str| part.as_deref().is_none_or(|part| part == name);
    let number = |name: &str| after(name).and_then(|number| number.parse::<usize>().ok());
    let (shown, seed) = (number("--misses").unwrap_or(0), number("--seed").unwrap_or(0) as u64);
    if is_wanted("recall") {
        recall(sizes.values, shown, seed);
    }
    if is_wanted("harmless") {
        harmless(sizes.harmless, shown, seed);
    }
    if is_wanted("files") {
        files(sizes.messages);
    }
    if is_wanted("time") {
        time(sizes.calls);
    }
}

fn mask(text: &str, context: &MaskContext) -> String {
    Masker::default().mask(text, context).into_text()
}

fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

fn recall(values: usize, shown: usize, seed: u64) {
    let recalls = Recalls::count(&mask, values, values, &mut Dice::new(11 + seed));
    println!("\n{:<44}{:>8}{:>12}{:>12}", "private values", "texts", "plain", "evaded");
    let line = |name: &str, plain: &Recall, evaded: &Recall| {
        let (plain_found, evaded_found) = (percent(plain.share()), percent(evaded.share()));
        let texts = plain.texts + evaded.texts;
        println!("{name:<44}{texts:>8}{plain_found:>12}{evaded_found:>12}");
    };
    for class in Class::ALL {
        line(class.name(), &recalls.plain[&class], &recalls.evaded[&class]);
    }
    line("all", &Recall::sum(recalls.plain.values()), &Recall::sum(recalls.evaded.values()));
    println!("\n{:<44}{:>8}{:>24}", "evaded spellings", "texts", "found");
    for (evasion, recall) in &recalls.by_evasion {
        let found = percent(recall.share());
        println!("{:<44}{:>8}{found:>24}", evasion.name(), recall.texts);
    }
    let (left, split) = (recalls.first_parts_left, recalls.split);
    println!("\napart: of {split} numbers over two messages, the first digits stay in {left}");
    for recall in recalls.plain.values().chain(recalls.evaded.values()) {
        show(&recall.misses, shown);
    }
}

fn harmless(texts: usize, shown: usize, seed: u64) {
    let by_kind = count_touched(&mask, texts, &mut Dice::new(12 + seed));
    println!("\n{:<44}{:>8}{:>12}{:>12}", "harmless numbers", "texts", "touched", "apart");
    let mut all = [0; 3];
    for (kind, touched) in &by_kind {
        let counts = [touched.texts, touched.wrongly.len(), touched.like_cards];
        println!("{:<44}{:>8}{:>12}{:>12}", kind.name(), counts[0], counts[1], counts[2]);
        all.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        show(&touched.wrongly, shown);
    }
    let [texts, touched, apart] = all;
    assert_eq!(by_kind.len(), HarmlessKind::ALL.len());
    println!("{:<44}{texts:>8}{:>12}{apart:>12}", "all", percent(touched as f64 / texts as f64));
}

fn show(wrong: &[String], shown: usize) {
    for one in wrong.iter().take(shown) {
        println!("    {one}");
    }
}

fn files(messages: usize) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut dice = Dice::new(13);
    let mut samples = Vec::new();
    let mut count = 0;
    for class in Class::ALL.into_iter().cycle() {
        if count >= messages {
            break;
        }
        let sample = if dice.one_in(2) {
            Sample::plain(class, &mut dice)
        } else {
            let evasions = class.evasions();
            Sample::evaded(class, evasions[dice.below(evasions.len())], &mut dice)
        };
        count += sample.messages.len();
        samples.push(sample);
    }
    let folder = tempfile::tempdir().expect("a folder");
    let [program, data, log] = ["kefu", "data", "log"].map(|name| folder.path().join(name));
    std::fs::create_dir(&data).expect("a folder");
    write_program(&program, &log);
    let server = Server::start(&program, &data);
    let mut parts = vec![Vec::new(); AT_ONCE];
    for (at, conversation) in conversations(samples).into_iter().enumerate() {
        parts[at % AT_ONCE].push(conversation);
    }
    let talk = runtime.block_on(hold_all(&server.address, parts));
    let running = search(&talk, &data, &log);
    server.stop();
    let stopped = search(&talk, &data, &log);
    println!(
        "\n{} messages, {} values or parts of them masked, {} not; found in the data folder and the log: \
         {running} while it ran, {stopped} after its end",
        talk.messages, talk.traces.values, talk.left,
    );
    assert_eq!((running, stopped), (0, 0), "nothing that was masked is in a file");
}

/// New customers are limited: the next is let in soon.
fn wait() {
    std::thread::sleep(std::time::Duration::from_millis(100));
}

async fn hold_all(address: &str, parts: Vec<Vec<Vec<Sample>>>) -> Talk {
    let masker = shipped().masker;
    let tasks: Vec<_> = parts
        .into_iter()
        .map(|part| {
            let (address, masker) = (address.to_owned(), masker.clone());
            tokio::spawn(async move { Talk::hold(&address, &masker, part, wait).await })
        })
        .collect();
    let mut all = Talk::default();
    for task in tasks {
        let talk = task.await.expect("no fault");
        all.messages += talk.messages;
        all.left += talk.left;
        all.traces.extend(talk.traces);
    }
    all
}

/// Writes a program that starts the server with all of its log in a file.
fn write_program(path: &Path, log: &Path) {
    let script = format!(
        "#!/bin/sh\nexport KEFU_LOG=trace\nexec {} \"$@\" 2>>{}\n",
        env!("CARGO_BIN_EXE_kefu"),
        log.display()
    );
    std::fs::write(path, script).expect("it is written");
    let all = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(path, all).expect("it may run");
}

/// The traces of masked values in the files. What cannot be missed is found: the search works.
fn search(talk: &Talk, data: &Path, log: &Path) -> usize {
    let mut files = files_below(data);
    files.push(log.to_owned());
    let has = |text: &str| {
        files.iter().any(|path| {
            let bytes = std::fs::read(path).expect("it is there");
            bytes.windows(text.len()).any(|window| window == text.as_bytes())
        })
    };
    assert!(has("INFO") && has("已删除"), "the log and the stored messages are searched");
    let found = talk.traces.search(&files);
    found.iter().take(20).for_each(|one| println!("    {one}"));
    found.len()
}

fn time(calls: usize) {
    let masker = Masker::default();
    let mut dice = Dice::new(14);
    let with: Vec<String> = (0..calls)
        .map(|at| HarmlessKind::ALL[at % HarmlessKind::ALL.len()].draw(&mut dice).text)
        .collect();
    let private: Vec<String> = (0..calls)
        .map(|at| Sample::plain(Class::ALL[at % Class::ALL.len()], &mut dice).messages[0].text())
        .collect();
    let without: Vec<String> = utterances(&shipped(), calls, 15)
        .into_iter()
        .filter(|text| !text.contains(|c: char| c.is_ascii_alphanumeric()))
        .collect();
    println!("\n{:<44}{:>12}", "one call", "µs");
    let names = ["without letters and digits", "with a harmless number", "with a private value"];
    for (name, texts) in names.into_iter().zip([without, with, private]) {
        let least = (0..5).map(|_| timed(&masker, &texts)).min().unwrap_or_default();
        println!("{name:<44}{:>12.2}", least.as_secs_f64() * 1e6 / texts.len() as f64);
    }
}

fn timed(masker: &Masker, texts: &[String]) -> Duration {
    let context = MaskContext::default();
    #[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
    let start = Instant::now();
    for text in texts {
        black_box(masker.mask(black_box(text), &context));
    }
    start.elapsed()
}
