//! The staffing notices that waiting customers must get.

use std::time::Duration;

use super::{
    agent::{FLAP, Seat},
    desk::Desk,
    errand::StaffingNotice,
    moment::{ClockReading, Moment},
    queue::QueuePlace,
    staffing::Staffing,
};

/// Time in which the consoles reconnect by themselves after a restart.
const RETURN: Duration = Duration::from_secs(10);

/// A notice that could not be committed, as on a full disk, is tried again after this time.
const TELL_AGAIN: Duration = Duration::from_secs(5);

/// Staffing notices in flight at the same time. Each is a write, and those of a thousand waiting
/// customers must not delay all other writes.
pub(super) const TOLD_AT_ONCE: usize = 32;

impl Desk {
    /// Opens the desk, perhaps after a restart. Agents get a moment to come back before customers
    /// are told that they are gone. Records with an earlier stamp are older than this process.
    pub fn open(now: ClockReading) -> Self {
        let staffing = Staffing { is_staffed: false, since: now.moment.plus(RETURN) };
        let mut desk = Self::new();
        (desk.opened_at, desk.staffing) = (now.wall, Some(staffing));
        desk
    }

    /// Updates whether an agent is ready.
    pub(super) fn look(&mut self, now: Moment) {
        let is_staffed = self.agents.values().any(Seat::is_ready);
        if self.staffing.is_none_or(|staffing| staffing.is_staffed != is_staffed) {
            self.staffing = Some(Staffing { is_staffed, since: now });
        }
    }

    /// The notices to send now, earliest due first, [`TOLD_AT_ONCE`] at most in flight. Each stays
    /// marked until [`Desk::told`].
    ///
    /// A state that lasts for less than `FLAP` is not told.
    pub(super) fn tellings(&mut self, now: Moment) -> Vec<StaffingNotice> {
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
        due.into_iter().map(|conversation| StaffingNotice { conversation, is_staffed }).collect()
    }

    /// The conversation has answered, whatever the answer, and its records were taken.
    pub(super) fn told(&mut self, telling: &StaffingNotice, now: Moment) {
        self.being_told = self.being_told.saturating_sub(1);
        self.queue.change(&telling.conversation, |QueuePlace { heard, .. }| {
            heard.is_being_told = false;
            let has_heard = heard.stands != telling.is_staffed;
            heard.not_before = (!has_heard).then(|| now.plus(TELL_AGAIN));
        });
    }

    /// When [`Desk::tellings`] may give a notice by the passing of time alone.
    pub(super) fn telling_at(&self, now: Moment) -> Option<Moment> {
        let Staffing { is_staffed, since } = self.staffing?;
        if self.being_told >= TOLD_AT_ONCE {
            return None;
        }
        let (from, _) = self.queue.to_hear(is_staffed).first()?;
        Some(since.plus(FLAP).max(*from)).filter(|at| *at > now)
    }
}
