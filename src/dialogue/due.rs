//! The rules for timers that run out.

use super::{
    draft::TurnDraft,
    phase::{Phase, Wait},
    state::State,
    timer::Timer,
};
use crate::journal::{
    AgentId, CloseCause, DeskEvent, EpisodeEvent, Event, HandoffReason, Occasion,
};

/// Acts on the timer if it is set.
pub(super) fn ran_out(draft: &mut TurnDraft<'_>, state: &State, timer: Timer) {
    let set = state.timer(&draft.world.base.policy);
    if set.is_none_or(|(set, _)| set != timer) {
        return;
    }
    match (timer, state.phase()) {
        (Timer::IdleWarning, _) => {
            draft.push(Event::Episode(EpisodeEvent::IdleWarned));
            draft.notice(Occasion::Idle);
        }
        (Timer::IdleClose, _) => draft.end(state, CloseCause::Idle),
        (Timer::QueueWait, _) => draft.end_wait(),
        (Timer::Offer, Phase::Offered { agent, .. }) => {
            draft.push(Event::Desk(DeskEvent::OfferEnded { agent: *agent }));
        }
        (Timer::Grace, Phase::AgentLost { wait, .. }) => requeue(draft, *wait),
        (Timer::Reminder, Phase::AgentActive { agent, .. }) => remind(draft, state, *agent),
        (Timer::MessageClose | Timer::Rating, _) => {
            draft.push(Event::Episode(EpisodeEvent::Closed));
        }
        // These timers are set in one phase only.
        (Timer::Offer | Timer::Grace | Timer::Reminder, _) => {}
    }
}

/// The agent is reminded, not the customer: the customer has done all there is to do.
fn remind(draft: &mut TurnDraft<'_>, state: &State, agent: AgentId) {
    let now = draft.world.now;
    let since = state.waits_for_agent_since().unwrap_or(now);
    let waited_s = u32::try_from(now.duration_since(since).as_secs()).unwrap_or_default();
    draft.push(Event::Desk(DeskEvent::AgentReminded { agent, waited_s }));
}

/// Queues the customer at the old place, whether or not an agent is on duty: the agent may yet come
/// back, and otherwise the queue's own time limit applies.
fn requeue(draft: &mut TurnDraft<'_>, wait: Wait) {
    draft.enqueue(HandoffReason::AgentLost, wait);
    draft.notice(Occasion::AgentLost);
}
