//! The time of the suggestions for one key press.
//!
//! Measured: `Snapshot::suggest`, from the text as typed to the wordings with what is matched,
//! for every beginning of sampled standard questions from two characters on, typed as they
//! stand, in pinyin and in its initials: one call for each key press. Also measured, once:
//! building the index. Not measured: the HTTP request around it, and a cold cache.
//!
//! Corpora: 1,000 and 10,000 questions, ten an entry, generated from the words of the shipped
//! knowledge with a fixed seed; of these every so many entries, 100 in all. Of each key press
//! the quickest of several rounds counts, and percentiles are over key presses. Every round
//! must suggest the same, and the whole question must suggest its own entry. Nothing fails on
//! a time.
//!
//! Run: `cargo bench --bench suggest`. Without `--bench`, as in `cargo test`, it only checks
//! itself over a small corpus.
#![expect(clippy::print_stdout, reason = "a bench reports")]

#[expect(dead_code, reason = "the other benches ask whole utterances")]
mod corpus;
mod generated_base;

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use corpus::TODAY;
use generated_base::{checked_snapshot, generated};
use kefu::knowledge::Entry;
use kefu::matching::Snapshot;
use kefu::text::normalize;
use pinyin::ToPinyin;

/// The ways in which a question is typed.
type Typing = fn(&str) -> String;

const TYPINGS: [(&str, Typing); 3] =
    [("as it stands", normalized), ("pinyin", pinyin), ("initials", initials)];

fn main() {
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let (sizes, sampled, rounds) =
        if is_bench { (&[1_000, 10_000][..], 100, 5) } else { (&[200][..], 10, 2) };
    for &questions in sizes {
        let snapshot = checked_snapshot(generated(questions, 7));
        let ((), time) = timed(|| snapshot.prepare_suggestions());
        println!("{questions} questions: index built in {:.1} ms", time.as_secs_f64() * 1e3);
        println!(
            "{:<16}{:>12}{:>10}{:>10}{:>10}{:>10}",
            "", "key presses", "p50 µs", "p95 µs", "p99 µs", "max µs"
        );
        let entries = &snapshot.base.entries;
        let sample: Vec<&Entry> =
            entries.iter().step_by((entries.len() / sampled).max(1)).take(sampled).collect();
        for (name, typing) in TYPINGS {
            let texts: Vec<String> =
                sample.iter().map(|entry| typing(&entry.standard_question)).collect();
            check(&snapshot, &sample, name, &texts);
            report(name, measure(&snapshot, &texts, rounds));
        }
    }
}

/// Typed to its end, a question suggests its entry first, and typed by sound at least something.
fn check(snapshot: &Snapshot, sample: &[&Entry], name: &str, texts: &[String]) {
    for (entry, text) in sample.iter().zip(texts) {
        let suggested = snapshot.suggest(text, TODAY);
        let first = suggested.first().map(|one| &one.entry);
        assert!(first.is_some(), "{text} suggests nothing");
        if name == TYPINGS[0].0 {
            let is_own = first == Some(&entry.id);
            // Two generated questions may start the same.
            let begins = |one: &str| normalized(one).starts_with(text.as_str());
            let is_only =
                snapshot.base.entries.iter().filter(|e| e.questions().any(begins)).count() == 1;
            assert!(is_own || !is_only, "{text} suggests another entry first");
        }
    }
}

/// The fastest of some rounds for each prefix of each text, from two characters on.
fn measure(snapshot: &Snapshot, texts: &[String], rounds: usize) -> Vec<Duration> {
    let beginnings: Vec<&str> = texts.iter().flat_map(|text| beginnings(text)).collect();
    let expected: Vec<_> = beginnings.iter().map(|typed| snapshot.suggest(typed, TODAY)).collect();
    let mut times = vec![Duration::MAX; beginnings.len()];
    for _ in 0..rounds {
        for ((typed, expected), best) in beginnings.iter().zip(&expected).zip(&mut times) {
            let (suggested, time) = timed(|| snapshot.suggest(black_box(typed), TODAY));
            assert_eq!(suggested, *expected, "every round suggests the same");
            *best = time.min(*best);
        }
    }
    times
}

fn beginnings(text: &str) -> impl Iterator<Item = &str> {
    let ends = text.char_indices().map(|(at, _)| at).skip(2).chain([text.len()]);
    ends.filter_map(|end| text.get(..end))
}

fn report(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |percent: usize| {
        let time = times[(times.len() * percent / 100).min(times.len() - 1)];
        time.as_secs_f64() * 1e6
    };
    println!(
        "{name:<16}{:>12}{:>10.1}{:>10.1}{:>10.1}{:>10.1}",
        times.len(),
        at(50),
        at(95),
        at(99),
        at(100)
    );
}

fn normalized(question: &str) -> String {
    normalize(question).into_string()
}

fn pinyin(question: &str) -> String {
    sounds(question, |sound| sound)
}

fn initials(question: &str) -> String {
    sounds(question, |sound| sound.get(..1).unwrap_or(sound))
}

/// The first reading of each character; a character without a reading stays.
fn sounds(question: &str, typed: fn(&'static str) -> &'static str) -> String {
    let sound = |c: char| match c.to_pinyin() {
        Some(sound) => typed(sound.plain()).replace('ü', "v"),
        None => c.to_string(),
    };
    normalized(question).chars().map(sound).collect()
}

fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    #[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
    let start = Instant::now();
    let result = run();
    (result, start.elapsed())
}
