//! Who of those that wait is to hear that nobody is ready any more, or somebody again.

use jiff::Timestamp;

use super::{
    agent::{Seat, flapped},
    desk::Desk,
    queue::Place,
};
use crate::dialogue::{UNSTAFFED_PAUSE_S, later};
use crate::journal::{ConversationId, Occasion};

/// After a restart the consoles come back by themselves in this many seconds.
const RETURN_S: u32 = 10;

/// A customer who could not be told, as on a full disk, is told after this many seconds.
const TELL_AGAIN_S: u32 = 5;

/// A customer for the shell to tell, as
/// [`Input::Staffing`](crate::dialogue::Input::Staffing).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Whether somebody is ready.
    pub is_staffed: bool,
}

/// Whether anybody is ready, and since when it is so.
#[derive(Clone, Copy, Debug)]
pub(super) struct Staffing {
    is_staffed: bool,
    since: Timestamp,
}

/// What one who waits heard: a fold over the records, and what is on its way.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Heard {
    /// When last that nobody is ready.
    unstaffed_at: Option<Timestamp>,
    /// Whether that still stands.
    stands: bool,
    is_being_told: bool,
    /// Not told before: it was tried and did not come to a record.
    not_before: Option<Timestamp>,
}

impl Heard {
    pub(super) fn note(&mut self, occasion: Occasion, at: Timestamp) {
        if occasion == Occasion::QueueUnstaffed {
            (self.unstaffed_at, self.stands) = (Some(at), true);
        } else if occasion == Occasion::QueueStaffed {
            self.stands = false;
        }
    }
}

impl Desk {
    /// The desk opens, perhaps after a restart: agents have a moment to come back before
    /// anybody is told that they are gone.
    pub fn open(now: Timestamp) -> Self {
        let mut desk = Self::new();
        desk.staffing = Some(Staffing { is_staffed: false, since: later(now, RETURN_S) });
        desk
    }

    /// Looks whether anybody is ready. To be called after each change, before
    /// [`Desk::tellings`].
    pub fn look(&mut self, now: Timestamp) {
        let is_staffed = self.agents.values().any(Seat::is_ready);
        if self.staffing.is_none_or(|staffing| staffing.is_staffed != is_staffed) {
            self.staffing = Some(Staffing { is_staffed, since: now });
        }
    }

    /// Those who are to be told now, first come first, at most so many. Each is marked as
    /// being told until [`Desk::told`].
    ///
    /// What holds only for a moment is not told.
    pub fn tellings(&mut self, now: Timestamp, at_most: usize) -> Vec<Telling> {
        let Some(staffing) = self.staffing else { return Vec::new() };
        let is_due = |place: &&mut Place| staffing.due(place).is_some_and(|due| due <= now);
        self.queue
            .iter_mut()
            .filter(is_due)
            .take(at_most)
            .map(|place| {
                place.heard.is_being_told = true;
                let conversation = place.waiting.conversation.clone();
                Telling { conversation, is_staffed: staffing.is_staffed }
            })
            .collect()
    }

    /// The conversation has answered, whatever it said, and its records are taken in.
    pub fn told(&mut self, telling: &Telling, now: Timestamp) {
        if let Some(Place { heard, .. }) = self.queue.get_mut(&telling.conversation) {
            heard.is_being_told = false;
            let has_heard = heard.stands != telling.is_staffed;
            heard.not_before = (!has_heard).then(|| later(now, TELL_AGAIN_S));
        }
    }

    /// When [`Desk::tellings`] may give something though nothing else has happened.
    pub(super) fn telling_at(&self, now: Timestamp) -> Option<Timestamp> {
        let staffing = self.staffing?;
        self.queue.iter().filter_map(|place| staffing.due(place)).filter(|due| *due > now).min()
    }
}

impl Staffing {
    /// From when this one is to be told; `None`: there is nothing to tell.
    fn due(self, place: &Place) -> Option<Timestamp> {
        let Heard { unstaffed_at, stands, is_being_told, not_before } = place.heard;
        if is_being_told || stands != self.is_staffed {
            return None;
        }
        let paused =
            unstaffed_at.filter(|_| !self.is_staffed).map(|at| later(at, UNSTAFFED_PAUSE_S));
        Some(flapped(self.since)).max(paused).max(not_before)
    }
}
