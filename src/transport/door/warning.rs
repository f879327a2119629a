//! At most one warning a minute.

use std::time::Duration;

use tokio::time::Instant;

/// The time between two warnings.
const PAUSE: Duration = Duration::from_mins(1);

/// Tells when trouble may be told again, so that an attack makes a line a minute in the log and
/// not a flood.
#[derive(Debug, Default)]
pub(super) struct Warning {
    /// When trouble was last told.
    last: Option<Instant>,
}

impl Warning {
    /// Trouble, now; gives whether it is to be told.
    pub(super) fn is_due(&mut self, now: Instant) -> bool {
        let is_due = self.last.is_none_or(|last| now.duration_since(last) >= PAUSE);
        if is_due {
            self.last = Some(now);
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn trouble_that_goes_on_is_told_once_a_minute() {
        let mut warning = Warning::default();
        let begin = Instant::now();
        let at = |seconds| begin + Duration::from_secs(seconds);
        assert!(warning.is_due(at(0)));
        let told: Vec<u64> = (1..=150).filter(|seconds| warning.is_due(at(*seconds))).collect();
        assert_eq!(told, [60, 120]);
    }
}
