//! The cost of the guard: a whole match with the shipped guard, beside one without rules.
//!
//! Measured: `Snapshot::find` over the shipped knowledge, and over the same knowledge with an empty
//! guard; both answer in turn in one process. Of each utterance the quickest of several rounds
//! counts, and the ratio is that of the sums. Utterances are generated from the questions with a
//! fixed seed. Where the guard finds nothing, both must give the same outcome. Nothing fails on a
//! time.
//!
//! Run: `cargo bench --bench guard`. Without `--bench`, as in `cargo test`, it only checks itself.
#![expect(clippy::print_stdout, clippy::expect_used, reason = "a bench reports and may stop")]

#[expect(dead_code, reason = "other benches use the rest of it")]
mod corpus;

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use corpus::{TODAY, shipped, utterances};
use kefu::matching::Snapshot;

fn main() {
    let is_bench = std::env::args().any(|argument| argument == "--bench");
    let (asked, rounds) = if is_bench { (2_000, 9) } else { (20, 2) };
    let guarded = Snapshot::build(shipped()).expect("the shipped knowledge");
    let mut base = shipped();
    base.guard = std::sync::Arc::default();
    let plain = Snapshot::build(base).expect("the shipped knowledge without a guard");
    let utterances = utterances(&guarded.base, asked, 11);
    let mut found = 0;
    for utterance in &utterances {
        let (one, other) = (guarded.find(utterance, TODAY), plain.find(utterance, TODAY));
        found += usize::from(one.guard.is_some());
        assert!(other.guard.is_none(), "an empty guard finds nothing");
        assert!(
            one.guard.is_some() || one.normalized == other.normalized,
            "both read the same text"
        );
    }
    let mut times = vec![[Duration::MAX; 2]; asked];
    for _ in 0..rounds {
        for (utterance, times) in utterances.iter().zip(&mut times) {
            for (snapshot, least) in [&guarded, &plain].into_iter().zip(times) {
                *least = timed(|| snapshot.find(black_box(utterance), TODAY)).min(*least);
            }
        }
    }
    let sum = |at: usize| times.iter().map(|times| times[at]).sum::<Duration>().as_secs_f64();
    let mut ratios: Vec<f64> =
        times.iter().map(|[one, other]| one.as_secs_f64() / other.as_secs_f64()).collect();
    ratios.sort_by(f64::total_cmp);
    println!(
        "with the guard {:.1} µs, without {:.1} µs: ratio of the sums {:.3}, median {:.3}; \
         {found} of {asked} found by the guard",
        sum(0) * 1e6 / asked as f64,
        sum(1) * 1e6 / asked as f64,
        sum(0) / sum(1),
        ratios[asked / 2],
    );
}

fn timed<T>(run: impl FnOnce() -> T) -> Duration {
    #[expect(clippy::disallowed_methods, reason = "a bench measures real time")]
    let start = Instant::now();
    black_box(run());
    start.elapsed()
}
