//! What a customer who waits hears of whether anybody is ready.

use jiff::Timestamp;

use super::{
    draft::Draft,
    phase::Owner,
    state::{State, later},
};
use crate::journal::{BotEvent, Event, Notice, Occasion, Record};

/// A customer hears that nobody is ready at most once in so many seconds: it says the same
/// each time, and an agent who comes and goes must not fill the page with it.
pub const UNSTAFFED_PAUSE_S: u32 = 300;

/// What the customer heard while nobody was ready: a fold over the records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    /// When last that nobody is.
    unstaffed_at: Option<Timestamp>,
    /// Whether it still stands: neither taken back, nor has the customer left the queue.
    stands: bool,
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

/// Tells a customer who waits, once. Both need to be true at this moment, too: the input may
/// have been on its way while somebody came or went.
pub(super) fn tell(draft: &mut Draft<'_>, state: &State, is_staffed: bool) {
    let Told { unstaffed_at, stands } = *state.told();
    let world = draft.world;
    let is_true = state.owner() == Owner::Queue && world.duty.agents_present == is_staffed;
    let has_paused = unstaffed_at.is_none_or(|at| later(at, UNSTAFFED_PAUSE_S) <= world.now);
    match (is_true, is_staffed) {
        (true, true) if stands => draft.notice(Occasion::QueueStaffed),
        (true, false) if !stands && has_paused => draft.notice(Occasion::QueueUnstaffed),
        (true | false, true | false) => {}
    }
}
