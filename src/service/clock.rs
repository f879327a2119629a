//! The only reader of the time: one clock with two readings.

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};

use super::lock::lock;

/// How often the wall clock is read.
const READ_AGAIN: Duration = Duration::from_mins(1);

/// A difference of the wall clock up to this is followed at once: it is drift, or its correction. A
/// larger difference is a step. It is followed only after it has stood for [`READ_AGAIN`], because
/// it may be taken back.
const STEP: SignedDuration = SignedDuration::from_secs(2);

/// A source of time.
pub trait TimeSource: fmt::Debug + Send + Sync {
    /// The time since this source started. It never goes back, and a step of the wall clock does
    /// not change it.
    fn elapsed(&self) -> Duration;

    /// The machine's wall clock, which may be set at any moment.
    fn wall(&self) -> Timestamp;
}

/// One clock with two readings. Clones share it.
///
/// [`Clock::elapsed`] drives every timer of this process: a step of the wall clock moves none of
/// them. [`Clock::now`] stamps events and decides opening hours, days and validity.
///
/// # Examples
///
/// ```
/// use kefu::service::Clock;
///
/// let clock = Clock::start();
/// let before = clock.elapsed();
/// assert!(clock.elapsed() >= before);
/// ```
#[derive(Clone, Debug)]
pub struct Clock {
    source: Arc<dyn TimeSource>,
    wall: Arc<Mutex<Wall>>,
}

impl Clock {
    /// A clock of the system's time.
    pub fn start() -> Self {
        Self::of(Arc::new(System::start()))
    }

    /// A clock of this source.
    pub fn of(source: Arc<dyn TimeSource>) -> Self {
        let wall = Wall::read(source.elapsed(), source.wall());
        Self { source, wall: Arc::new(Mutex::new(wall)) }
    }

    /// How long this clock has run. It never goes back.
    pub fn elapsed(&self) -> Duration {
        self.source.elapsed()
    }

    /// The wall time in whole microseconds, as it is stored. It goes back by drift, and a minute
    /// after the machine's clock was set back.
    pub fn now(&self) -> Timestamp {
        let elapsed = self.elapsed();
        let mut wall = lock(&self.wall);
        if let Some(step) = wall.follow(elapsed, || self.source.wall()) {
            tracing::warn!(seconds = step.as_secs(), "following a step of the machine's clock");
        }
        wall.at(elapsed)
    }

    /// Sleeps until the clock has run for `elapsed`. Cancel safe.
    pub async fn sleep_until(&self, elapsed: Duration) {
        while let Some(rest) = elapsed.checked_sub(self.elapsed()).filter(|rest| !rest.is_zero()) {
            tokio::time::sleep(rest).await;
        }
    }
}

/// The last reading of the wall clock, carried forward by the elapsed time.
#[derive(Debug)]
struct Wall {
    /// The wall time when the clock started.
    origin: Timestamp,
    /// When the wall clock was last read.
    read_at: Duration,
    /// The difference at the last reading, if it was a step.
    step: Option<SignedDuration>,
}

impl Wall {
    fn read(elapsed: Duration, wall: Timestamp) -> Self {
        let origin = add(wall, -signed(elapsed));
        Self { origin, read_at: elapsed, step: None }
    }

    fn at(&self, elapsed: Duration) -> Timestamp {
        let now = add(self.origin, signed(elapsed));
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// Reads the wall clock if a reading is due. Returns a step that is followed from now on.
    fn follow(
        &mut self,
        elapsed: Duration,
        wall: impl FnOnce() -> Timestamp,
    ) -> Option<SignedDuration> {
        if elapsed.saturating_sub(self.read_at) < READ_AGAIN {
            return None;
        }
        self.read_at = elapsed;
        let off = wall().duration_since(self.at(elapsed));
        let before = self.step.take();
        if off.abs() <= STEP {
            self.origin = add(self.origin, off);
            return None;
        }
        if before.is_some_and(|before| (off - before).abs() <= STEP) {
            self.origin = add(self.origin, off);
            return Some(off);
        }
        self.step = Some(off);
        None
    }
}

fn add(to: Timestamp, by: SignedDuration) -> Timestamp {
    let end = if by.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
    to.saturating_add(by).unwrap_or(end)
}

fn signed(duration: Duration) -> SignedDuration {
    SignedDuration::try_from(duration).unwrap_or(SignedDuration::MAX)
}

/// The time of the machine.
#[derive(Debug)]
struct System {
    started: Instant,
}

impl System {
    #[expect(clippy::disallowed_methods, reason = "this is where time comes in")]
    fn start() -> Self {
        Self { started: Instant::now() }
    }
}

impl TimeSource for System {
    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    #[expect(clippy::disallowed_methods, reason = "this is where time comes in")]
    fn wall(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Time for tests: it runs with tokio's time, which may be paused, and its wall clock can be set.
///
/// # Examples
///
/// ```
/// use std::{sync::Arc, time::Duration};
/// use jiff::{SignedDuration, Timestamp};
/// use kefu::service::{Clock, VirtualTime};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let time = Arc::new(VirtualTime::starting_at(Timestamp::UNIX_EPOCH));
/// let clock = Clock::of(time.clone());
/// time.set_wall(SignedDuration::from_hours(1));
/// assert!(clock.elapsed() < Duration::from_secs(60)); // no timer moves
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct VirtualTime {
    started: tokio::time::Instant,
    started_at: Timestamp,
    set_by: Mutex<SignedDuration>,
}

impl VirtualTime {
    /// Starts with this wall time. Must be called within a runtime.
    #[expect(clippy::disallowed_methods, reason = "this is where time comes in")]
    pub fn starting_at(wall: Timestamp) -> Self {
        let started = tokio::time::Instant::now();
        Self { started, started_at: wall, set_by: Mutex::default() }
    }

    /// Moves the wall clock by `by`, forward or back.
    pub fn set_wall(&self, by: SignedDuration) {
        let mut set_by = lock(&self.set_by);
        *set_by = set_by.checked_add(by).unwrap_or(*set_by);
    }
}

impl TimeSource for VirtualTime {
    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    fn wall(&self) -> Timestamp {
        add(add(self.started_at, signed(self.elapsed())), *lock(&self.set_by))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 24 * 60 * 60;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_772_000_000 + second).unwrap()
    }

    /// What `now` returns when the wall clock is read at these seconds and differs by these
    /// amounts.
    fn shown(readings: &[(u64, i64)]) -> Vec<i64> {
        let mut wall = Wall::read(Duration::ZERO, at(0));
        let read = |&(second, off): &(u64, i64)| {
            let elapsed = Duration::from_secs(second);
            wall.follow(elapsed, || at(second.cast_signed() + off));
            wall.at(elapsed).as_second() - at(0).as_second() - second.cast_signed()
        };
        readings.iter().map(read).collect()
    }

    #[test]
    fn drift_is_followed_at_once_and_a_step_once_it_has_stood() {
        type Case<'a> = (&'a str, &'a [(u64, i64)], &'a [i64]);
        let cases: [Case<'_>; 7] = [
            ("drift", &[(60, 1), (120, 2)], &[1, 2]),
            ("not read again so soon", &[(30, 1), (59, 1), (60, 1)], &[0, 0, 1]),
            ("an hour on", &[(60, 3600), (90, 3600), (120, 3600)], &[0, 0, 3600]),
            ("a day back", &[(60, -DAY), (120, -DAY)], &[0, -DAY]),
            ("taken back", &[(60, 3600), (120, 0), (180, 0)], &[0, 0, 0]),
            ("another step meanwhile", &[(60, 3600), (120, 60), (180, 60)], &[0, 0, 60]),
            ("nobody asked for an hour", &[(3600, DAY), (3660, DAY)], &[0, DAY]),
        ];
        for (shows, readings, expected) in cases {
            assert_eq!(shown(readings), expected, "{shows}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_step_of_the_wall_clock_moves_no_timer() {
        for hours in [-24, 1, 24] {
            let time = Arc::new(VirtualTime::starting_at(at(0)));
            let clock = Clock::of(time.clone());
            time.set_wall(SignedDuration::from_hours(hours));
            clock.sleep_until(Duration::from_secs(90)).await;
            assert_eq!(clock.elapsed(), Duration::from_secs(90), "{hours}");
            assert_eq!(clock.now(), at(90), "{hours}: not yet followed");
            clock.sleep_until(Duration::from_secs(150)).await;
            assert_eq!(clock.now(), at(150 + hours * 3600), "{hours}: it has stood");
        }
    }
}
