//! What follows from what the desk and the agents do.

use super::{
    customer::check_long_text,
    draft::Draft,
    input::{Refusal, Step, World},
    phase::{Owner, Phase},
    state::{State, later},
};
use crate::journal::{
    AgentEvent, AgentId, ClientIdHash, CloseCause, DeskEvent, EpisodeEvent, Event, Occasion,
};

pub(super) fn offer(
    state: &State,
    agent: AgentId,
    epoch: u64,
    world: &World<'_>,
) -> Result<Step, Refusal> {
    check_epoch(state, epoch)?;
    if !matches!(state.phase(), Phase::Queued { .. }) {
        return Err(Refusal::WrongPhase);
    }
    let until = later(world.now, world.base.policy.offer_timeout_s);
    Ok(Step::Events(vec![Event::Desk(DeskEvent::Offered { agent, until })]))
}

/// Takes what is offered to this agent, or waits and is offered to nobody, or has a message
/// that nobody took up. The last works while the bot has the conversation, too: a customer
/// who comes back is best answered now.
pub(super) fn accept(
    state: &State,
    agent: AgentId,
    epoch: u64,
    world: &World<'_>,
) -> Result<Step, Refusal> {
    check_epoch(state, epoch)?;
    let mut draft = Draft::new(state, world);
    match state.phase() {
        Phase::Queued { .. } => {}
        Phase::Offered { agent: offered_to, .. } if *offered_to == agent => {}
        Phase::Offered { .. } | Phase::AgentActive { .. } | Phase::AgentLost { .. } => {
            return Err(Refusal::NotOwner);
        }
        Phase::MessageLeft
        | Phase::BotActive { .. }
        | Phase::Clarifying { .. }
        | Phase::LeavingMessage { .. }
            if state.has_open_message() => {}
        Phase::Rating { .. } | Phase::Closed if state.has_open_message() => {
            draft.wake(state);
        }
        Phase::MessageLeft
        | Phase::BotActive { .. }
        | Phase::Clarifying { .. }
        | Phase::LeavingMessage { .. }
        | Phase::Rating { .. }
        | Phase::Closed => return Err(Refusal::WrongPhase),
    }
    let epoch = draft.raise_epoch();
    draft.push(Event::Agent(AgentEvent::Joined { epoch, agent }));
    draft.notice(Occasion::AgentJoined);
    Ok(draft.finish())
}

/// Harmless when the offer is gone.
pub(super) fn decline(state: &State, agent: AgentId) -> Step {
    match state.phase() {
        Phase::Offered { agent: offered_to, .. } if *offered_to == agent => {
            Step::Events(vec![Event::Desk(DeskEvent::OfferEnded { agent })])
        }
        Phase::Offered { .. }
        | Phase::BotActive { .. }
        | Phase::Clarifying { .. }
        | Phase::LeavingMessage { .. }
        | Phase::Queued { .. }
        | Phase::AgentActive { .. }
        | Phase::AgentLost { .. }
        | Phase::MessageLeft
        | Phase::Rating { .. }
        | Phase::Closed => Step::Events(Vec::new()),
    }
}

/// A retry is known even when the conversation has gone on to somebody else. Words of an
/// agent who was taken for lost show that the agent is back.
pub(super) fn says(
    state: &State,
    agent: AgentId,
    epoch: u64,
    (client_id, text): (ClientIdHash, String),
    world: &World<'_>,
) -> Result<Step, Refusal> {
    let fits = check_long_text(&text, world);
    let event = Event::Agent(AgentEvent::Said { agent, client_id, text });
    if let Some(seq) = state.retry_of(&event)? {
        return Ok(Step::Duplicate { seq });
    }
    check_owner(state, agent, epoch)?;
    fits?;
    let mut draft = Draft::new(state, world);
    if matches!(state.phase(), Phase::AgentLost { .. }) {
        draft.push(Event::Desk(DeskEvent::AgentBack { agent }));
    }
    draft.push(event);
    Ok(draft.finish())
}

pub(super) fn returns_to_bot(
    state: &State,
    agent: AgentId,
    epoch: u64,
    world: &World<'_>,
) -> Result<Step, Refusal> {
    check_owner(state, agent, epoch)?;
    let mut draft = Draft::new(state, world);
    let epoch = draft.raise_epoch();
    draft.push(Event::Episode(EpisodeEvent::ReturnedToBot { epoch }));
    draft.notice(Occasion::BackToBot);
    Ok(draft.finish())
}

pub(super) fn closes(
    state: &State,
    agent: AgentId,
    epoch: u64,
    world: &World<'_>,
) -> Result<Step, Refusal> {
    check_owner(state, agent, epoch)?;
    let mut draft = Draft::new(state, world);
    draft.end(state, CloseCause::Agent);
    Ok(draft.finish())
}

/// An owner gets a time of grace; an offer is ended at once, so that the next agent has it.
pub(super) fn lost(state: &State, agent: AgentId, world: &World<'_>) -> Step {
    match state.phase() {
        Phase::AgentActive { agent: owner, .. } if *owner == agent => {
            let until = later(world.now, world.base.policy.agent_grace_s);
            Step::Events(vec![Event::Desk(DeskEvent::AgentLost { agent, until })])
        }
        Phase::AgentActive { .. }
        | Phase::Offered { .. }
        | Phase::BotActive { .. }
        | Phase::Clarifying { .. }
        | Phase::LeavingMessage { .. }
        | Phase::Queued { .. }
        | Phase::AgentLost { .. }
        | Phase::MessageLeft
        | Phase::Rating { .. }
        | Phase::Closed => decline(state, agent),
    }
}

pub(super) fn back(state: &State, agent: AgentId) -> Step {
    let is_lost = matches!(state.phase(), Phase::AgentLost { .. });
    let is_back = is_lost && state.owner() == Owner::Agent(agent);
    Step::Events(if is_back {
        vec![Event::Desk(DeskEvent::AgentBack { agent })]
    } else {
        Vec::new()
    })
}

fn check_epoch(state: &State, epoch: u64) -> Result<(), Refusal> {
    if epoch == state.epoch() { Ok(()) } else { Err(Refusal::Fenced) }
}

fn check_owner(state: &State, agent: AgentId, epoch: u64) -> Result<(), Refusal> {
    check_epoch(state, epoch)?;
    if state.owner() == Owner::Agent(agent) { Ok(()) } else { Err(Refusal::NotOwner) }
}
