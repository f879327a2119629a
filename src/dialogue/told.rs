//! What a customer who waits was told of whether anybody is ready.

use jiff::Timestamp;

use crate::journal::{BotEvent, Event, Notice, Occasion, Record};

/// What the customer heard while nobody was ready: a fold over the records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// When last that nobody is.
    pub(super) unstaffed_at: Option<Timestamp>,
    /// Whether it still stands: neither taken back, nor has the customer left the queue.
    pub(super) stands: bool,
}

impl Told {
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
