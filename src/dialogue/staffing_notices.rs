//! The staffing notices that a waiting customer has seen.

use jiff::Timestamp;

use crate::journal::{BotEvent, Event, Notice, Occasion, Record};

/// The staffing notices that a waiting customer has seen: a fold over the records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct StaffingNotices {
    /// When the last `QueueUnstaffed` notice was given.
    pub(super) unstaffed_at: Option<Timestamp>,
    /// Whether it still holds: no `QueueStaffed` notice followed, and the customer still waits.
    pub(super) stands: bool,
}

impl StaffingNotices {
    pub(super) fn note(&mut self, record: &Record) {
        if let Event::Bot(BotEvent::Noticed(Notice { occasion, .. })) = &record.event {
            if *occasion == Occasion::QueueUnstaffed {
                *self = Self { unstaffed_at: Some(record.at), stands: true };
            } else if *occasion == Occasion::QueueStaffed {
                self.stands = false;
            }
        } else if record.event.epoch().is_some() {
            self.stands = false;
        }
    }
}
