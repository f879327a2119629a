//! Tells a waiting customer whether an agent is ready.

use super::{
    draft::TurnDraft, later::later, phase::Owner, staffing_notices::StaffingNotices, state::State,
};
use crate::journal::Occasion;

/// Pause in seconds between two `QueueUnstaffed` notices in one episode. Each says the same, and an
/// agent who comes and goes must not fill the page with it.
pub const UNSTAFFED_PAUSE_S: u32 = 300;

/// Tells a waiting customer once. The input may be late, so the present state is checked again.
pub(super) fn tell(draft: &mut TurnDraft<'_>, state: &State, is_staffed: bool) {
    let StaffingNotices { unstaffed_at, stands } = *state.told();
    let world = draft.world;
    let is_true = state.owner() == Owner::Queue && world.duty.agents_present == is_staffed;
    // After the clock was set back the pause cannot be measured, and the desk has kept it, too.
    let has_paused = |at| world.clock < at || later(at, UNSTAFFED_PAUSE_S) <= world.clock;
    let has_paused = unstaffed_at.is_none_or(has_paused);
    match (is_true, is_staffed) {
        (true, true) if stands => draft.notice(Occasion::QueueStaffed),
        (true, false) if !stands && has_paused => draft.notice(Occasion::QueueUnstaffed),
        (true | false, true | false) => {}
    }
}
