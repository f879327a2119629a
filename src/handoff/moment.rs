//! Moments on the clock that no step of the wall clock moves.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// A moment: whole microseconds since this process started, below zero before that.
///
/// Leases, pauses, offers and the order of the queue are measured in moments. The wall clock may
/// be set at any time, and moves none of them.
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
    /// Before all others.
    pub(super) const MIN: Self = Self(i64::MIN);

    /// When the process has run for so long.
    pub fn after_start(elapsed: Duration) -> Self {
        Self(micros(elapsed))
    }

    /// How long the process has run then; zero before its start.
    pub fn elapsed(self) -> Duration {
        Duration::from_micros(u64::try_from(self.0).unwrap_or(0))
    }

    /// Microseconds since the start, below zero before it.
    pub fn as_micros(self) -> i64 {
        self.0
    }

    /// So much later.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(micros(duration)))
    }

    /// So much earlier.
    #[must_use]
    pub(super) fn minus(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(micros(duration)))
    }

    /// How long after that moment this one is; zero if it is before.
    pub(super) fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// Both readings of the clock at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// By which the desk waits.
    pub moment: Moment,
    /// By which records are stamped.
    pub wall: Timestamp,
}

impl Reading {
    /// The moment that was stamped so before this process started: as long ago as the wall clock
    /// says, and never in the future.
    pub(super) fn moment_of(self, stamp: Timestamp) -> Moment {
        self.moment.minus(lasted(stamp, self.wall))
    }
}

/// The time from one stamp to another; zero where the second is not later.
pub(super) fn lasted(from: Timestamp, to: Timestamp) -> Duration {
    let lasted: SignedDuration = to.duration_since(from);
    Duration::try_from(lasted).unwrap_or(Duration::ZERO)
}
