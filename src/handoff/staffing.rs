//! Whether an agent is ready, and what a waiting customer has heard of it.

use std::time::Duration;

use super::moment::Moment;
use crate::dialogue::UNSTAFFED_PAUSE_S;
use crate::journal::Occasion;

/// Whether an agent is ready, and since when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Staffing {
    pub(super) is_staffed: bool,
    pub(super) since: Moment,
}

/// The staffing notices of a waiting customer: a fold over the records, and the notice on its way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Heard {
    /// When the last `QueueUnstaffed` notice was given.
    unstaffed_at: Option<Moment>,
    /// Whether that notice still holds.
    pub(super) stands: bool,
    pub(super) is_being_told: bool,
    /// Not to be told before this moment: the last notice could not be committed.
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

    /// Whether `QueueUnstaffed` holds, and from when on the other notice may be given; `None` while
    /// a notice is on its way.
    pub(super) fn next_word(self) -> Option<(bool, Moment)> {
        if self.is_being_told {
            return None;
        }
        let pause = Duration::from_secs(UNSTAFFED_PAUSE_S.into());
        let paused = self.unstaffed_at.filter(|_| !self.stands).map(|at| at.plus(pause));
        Some((self.stands, paused.max(self.not_before).unwrap_or(Moment::MIN)))
    }
}
