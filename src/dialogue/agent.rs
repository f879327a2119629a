//! The rules for acts of agents and of the desk.

use super::{
    customer::check_long_text,
    draft::TurnDraft,
    input::Refusal,
    later::later,
    phase::{Owner, Phase},
    state::State,
};
use crate::compliance::TypedText;
use crate::journal::{
    AgentEvent, AgentId, ClientIdHash, CloseCause, DeskEvent, EpisodeEvent, Event, Occasion,
};

pub(super) fn offer(
    draft: &mut TurnDraft<'_>,
    state: &State,
    agent: AgentId,
    epoch: u64,
) -> Result<(), Refusal> {
    check_epoch(state, epoch)?;
    if !matches!(state.phase(), Phase::Queued { .. }) {
        return Err(Refusal::WrongPhase);
    }
    let until = later(draft.world.now, draft.world.base.policy.offer_timeout_s);
    draft.push(Event::Desk(DeskEvent::Offered { agent, until }));
    Ok(())
}

/// Takes a conversation that is offered to this agent, that waits and is offered to nobody, or
/// whose left message is open. An open message can be taken while the bot has the conversation,
/// too: a customer who comes back is best answered then.
pub(super) fn accepts(
    draft: &mut TurnDraft<'_>,
    state: &State,
    agent: AgentId,
    epoch: u64,
) -> Result<(), Refusal> {
    check_epoch(state, epoch)?;
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
    Ok(())
}

/// Ends an offer that the agent declined or the desk took back. An offer that is gone changes
/// nothing.
pub(super) fn offer_ends(draft: &mut TurnDraft<'_>, state: &State, agent: AgentId) {
    if matches!(state.phase(), Phase::Offered { agent: to, .. } if *to == agent) {
        draft.push(Event::Desk(DeskEvent::OfferEnded { agent }));
    }
}

/// An agent who was taken for lost and sends a message is back.
pub(super) fn says(
    draft: &mut TurnDraft<'_>,
    state: &State,
    (agent, epoch): (AgentId, u64),
    client_id: ClientIdHash,
    text: &TypedText,
) -> Result<(), Refusal> {
    check_owner(state, agent, epoch)?;
    check_long_text(text, draft.world)?;
    let text = draft.mask(text);
    if matches!(state.phase(), Phase::AgentLost { .. }) {
        draft.push(Event::Desk(DeskEvent::AgentBack { agent }));
    }
    let text = text.into();
    draft.push(Event::Agent(AgentEvent::Said { agent, client_id, text }));
    Ok(())
}

pub(super) fn returns_to_bot(
    draft: &mut TurnDraft<'_>,
    state: &State,
    agent: AgentId,
    epoch: u64,
) -> Result<(), Refusal> {
    check_owner(state, agent, epoch)?;
    let epoch = draft.raise_epoch();
    draft.push(Event::Episode(EpisodeEvent::ReturnedToBot { epoch }));
    draft.notice(Occasion::BackToBot);
    Ok(())
}

pub(super) fn closes(
    draft: &mut TurnDraft<'_>,
    state: &State,
    agent: AgentId,
    epoch: u64,
) -> Result<(), Refusal> {
    check_owner(state, agent, epoch)?;
    draft.end(state, CloseCause::Agent);
    Ok(())
}

/// The owner gets a grace time. An offer ends at once, so that the next agent gets it.
pub(super) fn lost(draft: &mut TurnDraft<'_>, state: &State, agent: AgentId) {
    if matches!(state.phase(), Phase::AgentActive { agent: owner, .. } if *owner == agent) {
        let until = later(draft.world.now, draft.world.base.policy.agent_grace_s);
        draft.push(Event::Desk(DeskEvent::AgentLost { agent, until }));
    } else {
        offer_ends(draft, state, agent);
    }
}

pub(super) fn back(draft: &mut TurnDraft<'_>, state: &State, agent: AgentId) {
    let is_lost = matches!(state.phase(), Phase::AgentLost { .. });
    if is_lost && state.owner() == Owner::Agent(agent) {
        draft.push(Event::Desk(DeskEvent::AgentBack { agent }));
    }
}

fn check_epoch(state: &State, epoch: u64) -> Result<(), Refusal> {
    if epoch == state.epoch() { Ok(()) } else { Err(Refusal::Fenced) }
}

fn check_owner(state: &State, agent: AgentId, epoch: u64) -> Result<(), Refusal> {
    check_epoch(state, epoch)?;
    if state.owner() == Owner::Agent(agent) { Ok(()) } else { Err(Refusal::NotOwner) }
}
