//! Token buckets, and waiting lines for empty buckets. Both have bounded memory and take the time
//! as an argument.

use std::{collections::HashMap, hash::Hash, time::Duration};

/// How fast a bucket fills, and its capacity.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    /// The time in which one token is added.
    pub(crate) every: Duration,
    /// The capacity in tokens, at least 1.
    pub(crate) at_once: u32,
}

impl Pace {
    pub(crate) const fn new(every: Duration, at_once: u32) -> Self {
        Self { every, at_once }
    }

    /// When the next token can be taken from a bucket that will be full at `full_at`.
    fn next_token(self, full_at: Duration, now: Duration) -> Duration {
        let after = full_at.max(now) + self.every;
        after.saturating_sub(self.every * self.at_once).max(now)
    }
}

/// A token bucket for each key.
///
/// A bucket is one number: the time at which it will be full again. A full bucket need not be kept.
#[derive(Debug)]
pub(crate) struct Buckets<K> {
    pace: Pace,
    kept: usize,
    full_at: HashMap<K, Duration>,
}

impl<K: Hash + Eq + Clone> Buckets<K> {
    /// `kept` bounds the number of buckets in memory.
    pub(crate) fn new(pace: Pace, kept: usize) -> Self {
        Self { pace, kept, full_at: HashMap::new() }
    }

    /// Takes a token. Error: the time until the next token.
    pub(crate) fn take(&mut self, key: &K, now: Duration) -> Result<(), Duration> {
        let full_at = self.full_at.get(key).copied().unwrap_or_default();
        let due = self.pace.next_token(full_at, now);
        let wait = due.saturating_sub(now);
        if !wait.is_zero() {
            return Err(wait);
        }
        make_room(&mut self.full_at, self.kept, now, |full_at| *full_at);
        self.full_at.insert(key.clone(), full_at.max(now) + self.pace.every);
        Ok(())
    }
}

/// A place that is not claimed is given up after this time.
const PLACE_KEPT: Duration = Duration::from_mins(1);

/// Token buckets whose future tokens are reserved in order, one bucket for each key.
///
/// A caller that finds the bucket empty gets a place: the time of a token reserved for it. Asking
/// again earlier changes nothing. So a caller cannot be overtaken forever by callers that ask more
/// often.
#[derive(Debug)]
pub(crate) struct WaitingLines<K, W> {
    pace: Pace,
    kept: usize,
    /// The longest wait that is promised. A longer line takes no more callers.
    longest: Duration,
    by_key: HashMap<K, WaitingLine<W>>,
}

#[derive(Debug)]
struct WaitingLine<W> {
    full_at: Duration,
    /// The time of the token that is reserved for each caller.
    places: HashMap<W, Duration>,
}

impl<W> Default for WaitingLine<W> {
    fn default() -> Self {
        Self { full_at: Duration::ZERO, places: HashMap::new() }
    }
}

impl<K: Hash + Eq + Clone, W: Hash + Eq + Clone> WaitingLines<K, W> {
    /// `kept` bounds the number of lines in memory.
    pub(crate) fn new(pace: Pace, longest: Duration, kept: usize) -> Self {
        Self { pace, kept, longest, by_key: HashMap::new() }
    }

    /// When this caller's turn would come; reserves nothing. Error: the line is too long.
    pub(crate) fn turn(&self, key: &K, who: &W, now: Duration) -> Result<Duration, Duration> {
        if let Some(due) = self.place_of(key, who, now) {
            return Ok(due);
        }
        let full_at = self.by_key.get(key).map_or(Duration::ZERO, |line| line.full_at);
        let due = self.pace.next_token(full_at, now);
        if due > now + self.longest { Err(due) } else { Ok(due) }
    }

    /// Whether this caller has a place in the line.
    pub(crate) fn has_place(&self, key: &K, who: &W, now: Duration) -> bool {
        self.place_of(key, who, now).is_some()
    }

    /// Reserves the place that [`turn`](Self::turn) returned.
    pub(crate) fn wait(&mut self, key: &K, who: &W, now: Duration) {
        if self.has_place(key, who, now) {
            return;
        }
        make_room(&mut self.by_key, self.kept, now, |line| line.full_at);
        let line = self.by_key.entry(key.clone()).or_default();
        line.places.retain(|_, due| *due + PLACE_KEPT > now);
        line.places.insert(who.clone(), self.pace.next_token(line.full_at, now));
        line.full_at = line.full_at.max(now) + self.pace.every;
    }

    /// Gives up the place of a caller whose turn has come.
    pub(crate) fn leave(&mut self, key: &K, who: &W) {
        if let Some(line) = self.by_key.get_mut(key) {
            line.places.remove(who);
        }
    }

    fn place_of(&self, key: &K, who: &W, now: Duration) -> Option<Duration> {
        let due = *self.by_key.get(key)?.places.get(who)?;
        (due + PLACE_KEPT > now).then_some(due)
    }
}

/// Removes the values that are full. If that is not enough, removes a tenth of the values: those
/// that will be full first.
pub(crate) fn make_room<K: Hash + Eq + Clone, V>(
    map: &mut HashMap<K, V>,
    kept: usize,
    now: Duration,
    full_at: impl Fn(&V) -> Duration,
) {
    if map.len() < kept {
        return;
    }
    map.retain(|_, value| full_at(value) > now);
    if map.len() < kept {
        return;
    }
    let mut times: Vec<Duration> = map.values().map(&full_at).collect();
    let tenth = times.len() / 10;
    let (_, last, _) = times.select_nth_unstable(tenth);
    let last = *last;
    map.retain(|_, value| full_at(value) > last);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_bucket_tells_when_the_next_token_comes() {
        let mut buckets = Buckets::new(Pace::new(s(4), 3), 10);
        let cases = [
            // (at, key, expected)
            (0, "a", Ok(())),
            (1, "a", Ok(())),
            (2, "a", Ok(())),
            (2, "a", Err(s(2))),
            (2, "b", Ok(())),
            (3, "a", Err(s(1))),
            (4, "a", Ok(())),
            (4, "a", Err(s(4))),
            (100, "a", Ok(())),
            (100, "a", Ok(())),
            (100, "a", Ok(())),
            (100, "a", Err(s(4))),
        ];
        for (row, (at, key, expected)) in cases.into_iter().enumerate() {
            assert_eq!(buckets.take(&key, s(at)), expected, "row {row}");
        }
    }

    #[test]
    fn buckets_are_bounded_and_the_emptiest_are_remembered() {
        let mut buckets = Buckets::new(Pace::new(s(10), 5), 100);
        for _ in 0..5 {
            buckets.take(&0, s(0)).unwrap();
        }
        for key in 1..10_000 {
            buckets.take(&key, s(1)).unwrap();
            assert!(buckets.full_at.len() <= 100);
        }
        assert_eq!(buckets.take(&0, s(1)), Err(s(9)), "the one that was emptied is not forgotten");
    }

    #[test]
    fn a_place_in_line_is_kept_however_often_others_ask() {
        let mut lines = WaitingLines::new(Pace::new(s(4), 1), s(60), 10);
        lines.wait(&"lin", &"first", s(0));
        lines.leave(&"lin", &"first");
        assert_eq!(lines.turn(&"lin", &"true", s(0)), Ok(s(4)));
        lines.wait(&"lin", &"true", s(0));
        for n in 0..9 {
            let other = ["x", "y", "z"][n % 3];
            lines.turn(&"lin", &other, s(1)).unwrap();
            lines.wait(&"lin", &other, s(1));
        }
        assert_eq!(lines.turn(&"lin", &"true", s(3)), Ok(s(4)));
        assert_eq!(lines.turn(&"lin", &"new", s(3)), Ok(s(20)), "one place for each of three");
        assert_eq!(
            lines.turn(&"lin", &"true", s(64)),
            Ok(s(64)),
            "given up, and the line is empty"
        );
    }

    #[test]
    fn a_line_that_is_too_long_takes_nobody() {
        let mut lines = WaitingLines::new(Pace::new(s(1), 1), s(5), 10);
        for who in 0..6 {
            lines.turn(&(), &who, s(0)).unwrap();
            lines.wait(&(), &who, s(0));
        }
        assert_eq!(lines.turn(&(), &6, s(0)), Err(s(6)));
        assert_eq!(lines.turn(&(), &5, s(0)), Ok(s(5)), "who has a place keeps it");
    }
}
