//! Moments on the monotonic clock, which a step of the wall clock does not move.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// A moment on the monotonic clock: whole microseconds since this process started, negative before
/// that.
///
/// Leases, pauses, offers and the order of the queue are measured in moments, because the wall
/// clock may be set at any time.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use kefu::handoff::Moment;
///
/// let start = Moment::after_start(Duration::ZERO);
/// assert!(start < start.plus(Duration::from_secs(1)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

impl Moment {
    /// Before all other moments.
    pub(super) const MIN: Self = Self(i64::MIN);

    /// The moment at which the process has run for `elapsed`.
    pub fn after_start(elapsed: Duration) -> Self {
        Self(micros(elapsed))
    }

    /// How long the process has run at this moment; zero before its start.
    pub fn elapsed(self) -> Duration {
        Duration::from_micros(u64::try_from(self.0).unwrap_or(0))
    }

    /// Microseconds since the start, negative before it.
    pub fn as_micros(self) -> i64 {
        self.0
    }

    /// The moment `duration` later.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(micros(duration)))
    }

    /// The moment `duration` earlier.
    #[must_use]
    pub(super) fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(micros(duration)))
    }

    /// The time since the earlier moment; zero if that moment is later.
    pub(super) fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// Both readings of the clock at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClockReading {
    /// The monotonic reading, which drives leases, pauses and offers.
    pub moment: Moment,
    /// The wall clock's reading, which stamps records.
    pub wall: Timestamp,
}

impl ClockReading {
    /// The moment of a stamp that is older than this process: as long ago as the wall clock says,
    /// and never in the future.
    pub(super) fn moment_of(self, stamp: Timestamp) -> Moment {
        self.moment.minus(lasted(stamp, self.wall))
    }
}

/// The time from one stamp to another; zero where the second is not later.
pub(super) fn lasted(from: Timestamp, to: Timestamp) -> Duration {
    let lasted: SignedDuration = to.duration_since(from);
    Duration::try_from(lasted).unwrap_or(Duration::ZERO)
}
