//! Who of those that wait is to hear that nobody is ready any more, or somebody again.

use std::time::Duration;

use super::{
    agent::{FLAP, Seat},
    desk::Desk,
    errand::Telling,
    moment::{Moment, Reading},
    queue::Place,
    staffing::Staffing,
};

/// After a restart the consoles come back by themselves in this time.
const RETURN: Duration = Duration::from_secs(10);

/// A customer who could not be told, as on a full disk, is told after this time.
const TELL_AGAIN: Duration = Duration::from_secs(5);

/// Customers who are told at the same time that nobody is ready, or somebody again: each is
/// a write, and those of a thousand who wait must not stand before everybody else's.
pub(super) const TOLD_AT_ONCE: usize = 32;

impl Desk {
    /// The desk opens, perhaps after a restart: agents have a moment to come back before
    /// anybody is told that they are gone. Records that are stamped earlier are of the past.
    pub fn open(now: Reading) -> Self {
        let staffing = Staffing { is_staffed: false, since: now.moment.plus(RETURN) };
        let mut desk = Self::new();
        (desk.opened_at, desk.staffing) = (now.wall, Some(staffing));
        desk
    }

    /// Looks whether anybody is ready.
    pub(super) fn look(&mut self, now: Moment) {
        let is_staffed = self.agents.values().any(Seat::is_ready);
        if self.staffing.is_none_or(|staffing| staffing.is_staffed != is_staffed) {
            self.staffing = Some(Staffing { is_staffed, since: now });
        }
    }

    /// Those who are to be told now, first come first, [`TOLD_AT_ONCE`] at most. Each is marked
    /// as being told until [`Desk::told`].
    ///
    /// What holds only for a moment is not told.
    pub(super) fn tellings(&mut self, now: Moment) -> Vec<Telling> {
        let Some(Staffing { is_staffed, since }) = self.staffing else { return Vec::new() };
        if now < since.plus(FLAP) {
            return Vec::new();
        }
        let due = self.queue.to_hear(is_staffed).iter().take_while(|(from, _)| *from <= now);
        let due = due.take(TOLD_AT_ONCE.saturating_sub(self.being_told));
        let due: Vec<_> = due.map(|(_, order)| order.conversation.clone()).collect();
        self.being_told += due.len();
        for conversation in &due {
            self.queue.change(conversation, |place| place.heard.is_being_told = true);
        }
        due.into_iter().map(|conversation| Telling { conversation, is_staffed }).collect()
    }

    /// The conversation has answered, whatever it said, and its records are taken in.
    pub(super) fn told(&mut self, telling: &Telling, now: Moment) {
        self.being_told = self.being_told.saturating_sub(1);
        self.queue.change(&telling.conversation, |Place { heard, .. }| {
            heard.is_being_told = false;
            let has_heard = heard.stands != telling.is_staffed;
            heard.not_before = (!has_heard).then(|| now.plus(TELL_AGAIN));
        });
    }

    /// When [`Desk::tellings`] may give something though nothing else has happened.
    pub(super) fn telling_at(&self, now: Moment) -> Option<Moment> {
        let Staffing { is_staffed, since } = self.staffing?;
        if self.being_told >= TOLD_AT_ONCE {
            return None;
        }
        let (from, _) = self.queue.to_hear(is_staffed).first()?;
        Some(since.plus(FLAP).max(*from)).filter(|at| *at > now)
    }
}
