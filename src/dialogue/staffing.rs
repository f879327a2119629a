//! What a customer who waits hears of whether anybody is ready.

use super::{draft::Draft, later::later, phase::Owner, state::State, told::Told};
use crate::journal::Occasion;

/// In one episode a customer hears that nobody is ready at most once in this time, in seconds:
/// it says the same each time, and an agent who comes and goes must not fill the page with it.
pub const UNSTAFFED_PAUSE_S: u32 = 300;

/// Tells a customer who waits, once. Both need to be true at this moment, too: the input may
/// have been on its way while somebody came or went.
pub(super) fn tell(draft: &mut Draft<'_>, state: &State, is_staffed: bool) {
    let Told { unstaffed_at, stands } = *state.told();
    let world = draft.world;
    let is_true = state.owner() == Owner::Queue && world.duty.agents_present == is_staffed;
    // A clock that was set back does not tell how long ago that was; the desk has paused, too.
    let has_paused = |at| world.clock < at || later(at, UNSTAFFED_PAUSE_S) <= world.clock;
    let has_paused = unstaffed_at.is_none_or(has_paused);
    match (is_true, is_staffed) {
        (true, true) if stands => draft.notice(Occasion::QueueStaffed),
        (true, false) if !stands && has_paused => draft.notice(Occasion::QueueUnstaffed),
        (true | false, true | false) => {}
    }
}
