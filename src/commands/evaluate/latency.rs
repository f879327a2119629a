//! How long a match takes.

use std::{hint::black_box, time::Duration};

use jiff::civil::Date;

use crate::evaluation::Query;
use crate::matching::Snapshot;
use crate::service::Clock;

/// How many queries are timed, the first ones: enough for a 99th percentile, and soon done.
const TIMED_MAX: usize = 2_000;
/// How often each is matched; its quickest time counts.
const ROUNDS: usize = 3;

/// Times of whole matches in one thread, from the text as typed to the outcome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Latency {
    pub(super) queries: usize,
    /// In microseconds.
    pub(super) p50: f64,
    /// In microseconds.
    pub(super) p99: f64,
}

/// `None` without queries.
pub(super) fn measure_latency(
    snapshot: &Snapshot,
    queries: &[Query],
    today: Date,
) -> Option<Latency> {
    let queries = queries.get(..TIMED_MAX).unwrap_or(queries);
    let clock = Clock::start();
    let mut quickest = vec![Duration::MAX; queries.len()];
    for _ in 0..ROUNDS {
        for (query, quickest) in queries.iter().zip(&mut quickest) {
            let started = clock.elapsed();
            black_box(snapshot.find(black_box(&query.text), today));
            *quickest = clock.elapsed().saturating_sub(started).min(*quickest);
        }
    }
    latency(quickest)
}

fn latency(mut times: Vec<Duration>) -> Option<Latency> {
    times.sort_unstable();
    // The smallest time that so many per cent of all do not exceed.
    let percentile = |percent: usize| {
        let rank = (times.len() * percent).div_ceil(100);
        let time = times.get(rank.checked_sub(1)?)?;
        Some(time.as_secs_f64() * 1e6)
    };
    Some(Latency { queries: times.len(), p50: percentile(50)?, p99: percentile(99)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let micros = |numbers: Vec<u64>| numbers.into_iter().map(Duration::from_micros).collect();
        let cases = [
            // (what it shows, microseconds, p50 and p99)
            ("nothing was timed", vec![], None),
            ("one is both", vec![7], Some((7.0, 7.0))),
            ("in any order", vec![30, 10, 20], Some((20.0, 30.0))),
            ("the 99th of 200", (1..=200).rev().collect(), Some((100.0, 198.0))),
        ];
        for (shows, numbers, expected) in cases {
            let queries = numbers.len();
            let found = latency(micros(numbers));
            let expected = expected.map(|(p50, p99)| Latency { queries, p50, p99 });
            // A millionth of a second has no exact double.
            let rounded =
                found.map(|one| Latency { p50: one.p50.round(), p99: one.p99.round(), ..one });
            assert_eq!(rounded, expected, "{shows}");
        }
    }
}
