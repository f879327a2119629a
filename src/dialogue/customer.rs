//! The rules for acts of the customer.

use super::{
    bot,
    draft::TurnDraft,
    input::{Refusal, World},
    phase::{Owner, Phase, Wait},
    safety,
    state::State,
};
use crate::compliance::TypedText;
use crate::journal::{
    ClientIdHash, CloseCause, CustomerEvent, EpisodeEvent, Event, HandoffReason, Occasion,
};
use crate::knowledge::EntryId;

/// Left messages and agents' messages may be this many times as long as an utterance: 2,000
/// characters by default. Nobody asks back about a left message, and agents paste long answers.
const LONG_TEXT_TIMES: usize = 4;

/// An utterance of the customer with all that came with it.
#[derive(Debug)]
pub(super) struct SaidUtterance {
    pub(super) client_id: ClientIdHash,
    pub(super) text: TypedText,
    pub(super) choice: Option<EntryId>,
}

pub(super) fn says(
    draft: &mut TurnDraft<'_>,
    state: &State,
    said: SaidUtterance,
) -> Result<(), Refusal> {
    let SaidUtterance { client_id, text, choice } = said;
    check_utterance(&text, draft.world)?;
    let phase = draft.wake(state);
    let text = draft.mask(&text);
    // Any other id has no effect, and may be a text that nobody has masked.
    let choice = choice.filter(|id| draft.world.base.entry(id).is_some());
    let event = CustomerEvent::Said { client_id, text: (&text).into(), choice: choice.clone() };
    draft.push(Event::Customer(event));
    if text.has_secret() {
        draft.notice(Occasion::SecretDestroyed);
    }
    match phase.owner() {
        Owner::Bot => bot::respond(draft, phase, &text, choice.as_ref()),
        owner @ (Owner::Queue | Owner::Agent(_)) => {
            safety::watch(draft, owner, &text, choice.as_ref());
        }
        Owner::Nobody => {}
    }
    Ok(())
}

/// A customer who waits or has an agent needs no other handoff: the press is recorded, no more.
pub(super) fn asks_human(draft: &mut TurnDraft<'_>, state: &State, client_id: ClientIdHash) {
    let event = Event::Customer(CustomerEvent::AskedHuman { client_id });
    match state.owner() {
        Owner::Queue | Owner::Agent(_) => draft.push(event),
        Owner::Bot | Owner::Nobody => {
            draft.wake(state);
            draft.push(event);
            draft.hand_over(HandoffReason::Asked, Wait::NORMAL_PRIORITY);
        }
    }
}

/// Changes nothing when the customer no longer waits. Refused when an agent was quicker. If nobody
/// is ready, the customer is asked for a message at once, as the `QueueUnstaffed` notice promises,
/// unless a danger stands.
pub(super) fn leaves_queue(draft: &mut TurnDraft<'_>, state: &State) -> Result<(), Refusal> {
    match state.owner() {
        Owner::Queue => {
            let epoch = draft.raise_epoch();
            draft.push(Event::Episode(EpisodeEvent::ReturnedToBot { epoch }));
            draft.notice(Occasion::LeftQueue);
            // No form covers the help for a person in danger.
            if !draft.world.duty.has_human() && draft.standing().is_none() {
                draft.ask_for_message(epoch);
            }
            Ok(())
        }
        Owner::Bot | Owner::Nobody => Ok(()),
        Owner::Agent(_) => Err(Refusal::WrongPhase),
    }
}

/// A message is taken in every phase without an agent, so that a form that was filled in slowly is
/// not lost: also in the queue, and after the end of an episode, where it starts the next one.
pub(super) fn leaves_message(
    draft: &mut TurnDraft<'_>,
    state: &State,
    client_id: ClientIdHash,
    text: &TypedText,
    has_contact: bool,
) -> Result<(), Refusal> {
    if matches!(state.owner(), Owner::Agent(_)) {
        return Err(Refusal::WrongPhase);
    }
    check_long_text(text, draft.world)?;
    draft.wake(state);
    let text = draft.mask(text);
    let (epoch, text) = (draft.raise_epoch(), text.into());
    let event = CustomerEvent::LeftMessage { epoch, client_id, text, has_contact };
    draft.push(Event::Customer(event));
    draft.notice(Occasion::MessageKept);
    Ok(())
}

/// One rating per episode: it closes the episode.
pub(super) fn rates(
    draft: &mut TurnDraft<'_>,
    state: &State,
    client_id: ClientIdHash,
    stars: u8,
    comment: &TypedText,
) -> Result<(), Refusal> {
    if !matches!(state.phase(), Phase::Rating { .. }) {
        return Err(Refusal::WrongPhase);
    }
    if !(1..=5).contains(&stars) {
        return Err(Refusal::StarsOutOfRange);
    }
    check_length(comment, 1, draft.world)?;
    let comment = draft.mask(comment);
    let comment = comment.into();
    draft.push(Event::Customer(CustomerEvent::Rated { client_id, stars, comment }));
    draft.notice(Occasion::Rated);
    draft.push(Event::Episode(EpisodeEvent::Closed));
    Ok(())
}

pub(super) fn ends(draft: &mut TurnDraft<'_>, state: &State) {
    match state.phase() {
        Phase::Closed => {}
        Phase::Rating { .. } | Phase::MessageLeft => {
            draft.push(Event::Episode(EpisodeEvent::Closed));
        }
        Phase::BotActive { .. }
        | Phase::Clarifying { .. }
        | Phase::LeavingMessage { .. }
        | Phase::Queued { .. }
        | Phase::Offered { .. }
        | Phase::AgentActive { .. }
        | Phase::AgentLost { .. } => draft.end(state, CloseCause::Customer),
    }
}

fn check_utterance(text: &TypedText, world: &World<'_>) -> Result<(), Refusal> {
    if text.is_blank() {
        return Err(Refusal::Empty);
    }
    check_length(text, 1, world)
}

/// Checks a left message or an agent's message.
pub(super) fn check_long_text(text: &TypedText, world: &World<'_>) -> Result<(), Refusal> {
    if text.is_blank() {
        return Err(Refusal::Empty);
    }
    check_length(text, LONG_TEXT_TIMES, world)
}

/// Counts the characters as typed: a mask tag may be longer than the text that it replaces. Masking
/// comes after it, so that nobody can have long texts masked.
fn check_length(text: &TypedText, times: usize, world: &World<'_>) -> Result<(), Refusal> {
    let max = usize::from(world.base.policy.utterance_max_chars) * times;
    if text.chars() > max { Err(Refusal::TooLong) } else { Ok(()) }
}
