//! Whether anybody is ready, and what those who wait have heard of it.

use std::time::Duration;

use super::moment::Moment;
use crate::dialogue::UNSTAFFED_PAUSE_S;
use crate::journal::Occasion;

/// Whether anybody is ready, and since when it is so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Staffing {
    pub(super) is_staffed: bool,
    pub(super) since: Moment,
}

/// What one who waits heard: a fold over the records, and what is on its way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Heard {
    /// When last that nobody is ready.
    unstaffed_at: Option<Moment>,
    /// Whether that still stands.
    pub(super) stands: bool,
    pub(super) is_being_told: bool,
    /// Not told before: it was tried and did not come to a record.
    pub(super) not_before: Option<Moment>,
}

impl Heard {
    pub(super) fn note(&mut self, occasion: Occasion, at: Moment) {
        if occasion == Occasion::QueueUnstaffed {
            (self.unstaffed_at, self.stands) = (Some(at), true);
        } else if occasion == Occasion::QueueStaffed {
            self.stands = false;
        }
    }

    /// Whether "nobody is ready" stands, and from when on the other may be told; `None` while
    /// something is on its way.
    pub(super) fn next_word(self) -> Option<(bool, Moment)> {
        if self.is_being_told {
            return None;
        }
        let pause = Duration::from_secs(UNSTAFFED_PAUSE_S.into());
        let paused = self.unstaffed_at.filter(|_| !self.stands).map(|at| at.plus(pause));
        Some((self.stands, paused.max(self.not_before).unwrap_or(Moment::MIN)))
    }
}
