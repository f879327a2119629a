//! The timers of a conversation, and what follows when one runs out.

use super::{
    draft::Draft,
    phase::{Phase, Wait},
    state::State,
};
use crate::journal::{
    AgentId, CloseCause, DeskEvent, EpisodeEvent, Event, HandoffReason, Occasion,
};

/// What a conversation waits for by time alone. [`State::timer`] tells which one is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Timer {
    /// The customer is silent, and is warned.
    IdleWarning,
    /// The customer stayed silent after the warning, and the episode ends.
    IdleClose,
    /// The customer has waited in the queue for as long as the policy bears, and is asked to
    /// leave a message.
    QueueWait,
    /// The offer was not answered, and goes on to the next agent.
    Offer,
    /// The lost agent did not come back, and the customer is queued again.
    Grace,
    /// The customer waits for the agent's answer, and the agent is reminded.
    Reminder,
    /// The customer left a message and is gone, and the episode closes.
    MessageClose,
    /// No rating came.
    Rating,
}

/// Does what the timer is for, if it is set.
pub(super) fn ran_out(draft: &mut Draft<'_>, state: &State, timer: Timer) {
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
        (Timer::QueueWait, _) => {
            let epoch = draft.raise_epoch();
            draft.ask_for_message(epoch);
        }
        (Timer::Offer, Phase::Offered { agent, .. }) => {
            draft.push(Event::Desk(DeskEvent::OfferEnded { agent: *agent }));
        }
        (Timer::Grace, Phase::AgentLost { wait, .. }) => requeue(draft, *wait),
        (Timer::Reminder, Phase::AgentActive { agent, .. }) => remind(draft, state, *agent),
        (Timer::MessageClose | Timer::Rating, _) => {
            draft.push(Event::Episode(EpisodeEvent::Closed));
        }
        // These timers are set in that phase alone.
        (Timer::Offer | Timer::Grace | Timer::Reminder, _) => {}
    }
}

/// The customer has done all there is to do: it is the agent who is told.
fn remind(draft: &mut Draft<'_>, state: &State, agent: AgentId) {
    let now = draft.world.now;
    let since = state.waits_for_agent_since().unwrap_or(now);
    let waited_s = u32::try_from(now.duration_since(since).as_secs()).unwrap_or_default();
    draft.push(Event::Desk(DeskEvent::AgentReminded { agent, waited_s }));
}

/// At the old place, whether or not somebody is on duty: the agent may yet come back, and
/// the time limit of the queue leads on if not.
fn requeue(draft: &mut Draft<'_>, wait: Wait) {
    draft.enqueue(HandoffReason::AgentLost, wait);
    draft.notice(Occasion::AgentLost);
}
