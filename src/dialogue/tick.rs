//! What follows from time alone.

use jiff::Timestamp;

use super::{
    draft::Draft,
    input::{Step, World},
    phase::{Phase, Wait},
    state::State,
};
use crate::journal::{
    AgentId, CloseCause, DeskEvent, EpisodeEvent, Event, HandoffReason, Occasion,
};

/// Does what the deadline of the phase calls for; nothing when it has not come.
pub(super) fn tick(state: &State, world: &World<'_>) -> Step {
    let is_due = state.deadline(&world.base.policy).is_some_and(|deadline| deadline <= world.now);
    let mut draft = Draft::new(state, world);
    if is_due {
        act(&mut draft, state);
    }
    draft.finish()
}

fn act(draft: &mut Draft<'_>, state: &State) {
    match state.phase() {
        Phase::BotActive { .. } | Phase::Clarifying { .. } | Phase::LeavingMessage { .. } => {
            idle(draft, state);
        }
        Phase::AgentActive { agent, .. } => match state.waits_for_agent_since() {
            Some(since) => remind(draft, *agent, since),
            None => idle(draft, state),
        },
        Phase::Queued { .. } => {
            let epoch = draft.raise_epoch();
            draft.ask_for_message(epoch);
        }
        Phase::Offered { agent, .. } => {
            draft.push(Event::Desk(DeskEvent::OfferEnded { agent: *agent }))
        }
        Phase::AgentLost { wait, .. } => requeue(draft, *wait),
        Phase::MessageLeft | Phase::Rating { .. } => {
            draft.push(Event::Episode(EpisodeEvent::Closed))
        }
        Phase::Closed => {}
    }
}

fn idle(draft: &mut Draft<'_>, state: &State) {
    if state.is_warned() {
        draft.end(state, CloseCause::Idle);
    } else {
        draft.push(Event::Episode(EpisodeEvent::IdleWarned));
        draft.notice(Occasion::Idle);
    }
}

/// The customer has done all there is to do: it is the agent who is told.
fn remind(draft: &mut Draft<'_>, agent: AgentId, since: Timestamp) {
    let waited_s = draft.world.now.duration_since(since).as_secs();
    let waited_s = u32::try_from(waited_s).unwrap_or(u32::MAX);
    draft.push(Event::Desk(DeskEvent::AgentReminded { agent, waited_s }));
}

/// At the old place, whether or not somebody is on duty: the agent may yet come back, and
/// the time limit of the queue leads on if not.
fn requeue(draft: &mut Draft<'_>, wait: Wait) {
    draft.enqueue(HandoffReason::AgentLost, wait);
    draft.notice(Occasion::AgentLost);
}
