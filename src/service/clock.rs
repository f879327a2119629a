//! The one place that reads the time.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

/// Wall time at the start plus what has passed since on the monotonic clock.
///
/// A jump of the machine's clock while the server runs moves no timer and orders nothing
/// anew; it is taken up at the next start.
#[derive(Clone, Debug)]
pub struct Clock {
    started_at: Timestamp,
    started: Instant,
}

impl Clock {
    /// Reads both clocks.
    #[expect(clippy::disallowed_methods, reason = "this is where time comes in")]
    pub fn start() -> Self {
        Self { started_at: Timestamp::now(), started: Instant::now() }
    }

    /// The time now, in whole microseconds as it is stored. Never goes back.
    pub fn now(&self) -> Timestamp {
        let passed =
            SignedDuration::try_from(self.started.elapsed()).unwrap_or(SignedDuration::MAX);
        let now = self.started_at.saturating_add(passed).unwrap_or(Timestamp::MAX);
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    /// How long this clock has run. Never goes back.
    pub fn running(&self) -> Duration {
        self.started.elapsed()
    }

    /// How long from now until then; zero when it is past.
    pub fn until(&self, then: Timestamp) -> Duration {
        Duration::try_from(then.duration_since(self.now())).unwrap_or(Duration::ZERO)
    }
}
