//! Deadlines.

use jiff::{SignedDuration, Timestamp};

/// The time this many seconds later, or the last timestamp there is.
pub(super) fn later(from: Timestamp, seconds: u32) -> Timestamp {
    from.checked_add(SignedDuration::from_secs(seconds.into())).unwrap_or(Timestamp::MAX)
}
