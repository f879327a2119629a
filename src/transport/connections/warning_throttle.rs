//! Limits a warning to one a minute.

use std::time::Duration;

/// The time between two warnings.
const PAUSE: Duration = Duration::from_mins(1);

/// Tells when a warning may be logged again, so that an attack makes one line a minute.
#[derive(Debug, Default)]
pub(super) struct WarningThrottle {
    /// When the last warning was logged.
    last: Option<Duration>,
}

impl WarningThrottle {
    /// Returns whether a warning at this elapsed time may be logged.
    pub(super) fn is_due(&mut self, now: Duration) -> bool {
        let is_due = self.last.is_none_or(|last| now.saturating_sub(last) >= PAUSE);
        if is_due {
            self.last = Some(now);
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trouble_that_goes_on_is_told_once_a_minute() {
        let mut warning = WarningThrottle::default();
        let at = |seconds| Duration::from_secs(1_000 + seconds);
        assert!(warning.is_due(at(0)));
        let told: Vec<u64> = (1..=150).filter(|seconds| warning.is_due(at(*seconds))).collect();
        assert_eq!(told, [60, 120]);
    }
}
