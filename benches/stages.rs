//! The time of each stage of a match.
//!
//! Measured, one after the other over the same utterances: normalising, cutting into words,
//! finding candidates (with all before it but the normalising), and the whole match; ranking
//! is what the last has over the one before it. Not measured: the service, loading, and a
//! cold cache.
//!
//! Corpora: the shipped knowledge, and 10,000 questions generated from its words with a
//! fixed seed. Run: `cargo bench --bench stages`.

mod corpus;
mod generated_base;

use std::hint::black_box;

use corpus::{TODAY, shipped, utterances};
use criterion::{Criterion, criterion_group, criterion_main};
use generated_base::{checked_snapshot, generated};
use kefu::matching::Snapshot;
use kefu::text::{Segmenter, normalize};

fn stages(c: &mut Criterion) {
    // Under `cargo test` every function runs once, in an unoptimised build.
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let questions = if is_bench { 10_000 } else { 200 };
    one_corpus(c, "shipped", &checked_snapshot(shipped()));
    one_corpus(c, &questions.to_string(), &checked_snapshot(generated(questions, 7)));
}

fn one_corpus(c: &mut Criterion, name: &str, snapshot: &Snapshot) {
    let utterances = utterances(&snapshot.base, 64, 13);
    let normalized: Vec<String> =
        utterances.iter().map(|text| normalize(text).into_string()).collect();
    let dictionary = snapshot.base.dictionary.iter().map(|one| (one.word.as_str(), one.frequency));
    let segmenter = Segmenter::new(dictionary);
    let mut typed = utterances.iter().cycle();
    let mut turn = normalized.iter().cycle();
    let mut next = || turn.next().map_or("", String::as_str);

    c.bench_function(&format!("normalise/{name}"), |b| {
        b.iter(|| {
            let normalized = normalize(black_box(typed.next().map_or("", String::as_str)));
            assert!(!normalized.as_str().is_empty());
        });
    });
    c.bench_function(&format!("cut/{name}"), |b| {
        b.iter(|| assert!(!segmenter.cut(black_box(next())).is_empty()));
    });
    c.bench_function(&format!("candidates/{name}"), |b| {
        b.iter(|| {
            assert!(!snapshot.matcher.candidates(&snapshot.base, black_box(next())).is_empty());
        });
    });
    c.bench_function(&format!("match/{name}"), |b| {
        b.iter(|| assert!(!snapshot.find(black_box(next()), TODAY).ranked.is_empty()));
    });
}

criterion_group!(benches, stages);
criterion_main!(benches);
