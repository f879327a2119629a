//! The rules for timers that run out.

use super::{
    draft::TurnDraft,
    phase::{Phase, Wait},
    safety,
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
        (Timer::QueueWait, _) => end_wait(draft),
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

/// A person in danger who did not ask for a human gets no form over the help.
fn end_wait(draft: &mut TurnDraft<'_>) {
    let epoch = draft.raise_epoch();
    if draft.standing().is_some() && !draft.danger().has_asked_human() {
        draft.push(Event::Episode(EpisodeEvent::ReturnedToBot { epoch }));
        draft.tell_that_nobody_comes(&safety::helping_texts(draft));
    } else {
        draft.ask_for_message(epoch);
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
