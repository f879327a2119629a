//! One warning for one time of trouble.

use std::time::Duration;

use tokio::time::Instant;

/// Trouble that begins again within this time is the same trouble.
const QUIET: Duration = Duration::from_mins(1);

/// Tells when trouble is new, so that an attack makes a line in the log and not a flood.
#[derive(Debug, Default)]
pub(super) struct Warning {
    last: Option<Instant>,
}

impl Warning {
    /// Trouble, now; gives whether it is to be told.
    pub(super) fn is_due(&mut self, now: Instant) -> bool {
        let is_new = self.last.is_none_or(|last| now.duration_since(last) >= QUIET);
        self.last = Some(now);
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn trouble_is_told_once_until_it_has_been_quiet() {
        let mut warning = Warning::default();
        let begin = Instant::now();
        let at = |seconds| begin + Duration::from_secs(seconds);
        assert!(warning.is_due(at(0)));
        for seconds in [0, 30, 80, 139] {
            assert!(!warning.is_due(at(seconds)), "{seconds}");
        }
        assert!(warning.is_due(at(199)), "a minute of quiet");
    }
}
