//! Deadlines.

use jiff::{SignedDuration, Timestamp};

/// That many seconds later, or the end of time.
pub(super) fn later(from: Timestamp, seconds: u32) -> Timestamp {
    from.checked_add(SignedDuration::from_secs(seconds.into())).unwrap_or(Timestamp::MAX)
}
