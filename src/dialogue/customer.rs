//! What follows from what the customer does.

use super::{
    bot,
    draft::Draft,
    input::{Refusal, Step, World},
    phase::{Owner, Phase, Wait},
    state::State,
};
use crate::journal::{
    ClientIdHash, CloseCause, CustomerEvent, EpisodeEvent, Event, HandoffReason, Occasion,
};
use crate::knowledge::EntryId;
use crate::matching::Outcome;

/// Masking may make a text longer, as its tags have more characters than what they stand
/// for. The caller checks what was typed; here only what masking cannot explain is refused.
const ROOM_FOR_MASKING: usize = 2;

/// Left messages and agents' words may be this many times as long as an utterance, 2,000
/// characters by default: nobody is there to ask back, or an agent pastes a long answer.
pub(crate) const LONG_TEXT_TIMES: usize = 4;

/// The customer's words with all that came with them.
#[derive(Debug)]
pub(super) struct Said<'a> {
    pub(super) client_id: ClientIdHash,
    pub(super) text: String,
    pub(super) secret: bool,
    pub(super) choice: Option<EntryId>,
    pub(super) outcome: Option<&'a Outcome>,
}

pub(super) fn says(state: &State, said: Said<'_>, world: &World<'_>) -> Result<Step, Refusal> {
    let Said { client_id, text, secret, choice, outcome } = said;
    let fits = check_utterance(&text, world);
    let mut draft = Draft::new(state, world);
    let phase = draft.wake(state);
    let meaning = bot::meaning(phase, &text, choice.as_ref(), outcome, world);
    let event = Event::Customer(CustomerEvent::Said { client_id, text, choice });
    if let Some(seq) = state.retry_of(&event)? {
        return Ok(Step::Duplicate { seq });
    }
    fits?;
    draft.push(event);
    if secret {
        draft.notice(Occasion::SecretDestroyed);
    }
    if phase.owner() == Owner::Bot {
        bot::respond(&mut draft, phase, meaning);
    }
    Ok(draft.finish())
}

/// Who waits or has an agent already has what the button is for.
pub(super) fn asks_human(
    state: &State,
    client_id: ClientIdHash,
    world: &World<'_>,
) -> Result<Step, Refusal> {
    let event = Event::Customer(CustomerEvent::AskedHuman { client_id });
    if let Some(seq) = state.retry_of(&event)? {
        return Ok(Step::Duplicate { seq });
    }
    let mut draft = Draft::new(state, world);
    match state.owner() {
        Owner::Queue | Owner::Agent(_) => {}
        Owner::Bot | Owner::Nobody => {
            draft.wake(state);
            draft.push(event);
            draft.hand_over(HandoffReason::Asked, Wait::NORMAL_PRIORITY);
        }
    }
    Ok(draft.finish())
}

/// Harmless when the customer no longer waits; refused when an agent was quicker. Where nobody is
/// ready, who leaves is asked for a message at once, as the notice of that promises.
pub(super) fn leaves_queue(state: &State, world: &World<'_>) -> Result<Step, Refusal> {
    let mut draft = Draft::new(state, world);
    match state.owner() {
        Owner::Queue => {
            let epoch = draft.raise_epoch();
            draft.push(Event::Episode(EpisodeEvent::ReturnedToBot { epoch }));
            draft.notice(Occasion::LeftQueue);
            if !world.duty.has_human() {
                draft.ask_for_message(epoch);
            }
            Ok(draft.finish())
        }
        Owner::Bot | Owner::Nobody => Ok(draft.finish()),
        Owner::Agent(_) => Err(Refusal::WrongPhase),
    }
}

/// Taken wherever no agent could answer at once, so that a form filled in slowly is not
/// lost: also while waiting, and after the episode ended, where it begins the next.
pub(super) fn leaves_message(
    state: &State,
    client_id: ClientIdHash,
    text: String,
    has_contact: bool,
    world: &World<'_>,
) -> Result<Step, Refusal> {
    let fits = check_long_text(&text, world);
    let mut draft = Draft::new(state, world);
    draft.wake(state);
    let epoch = draft.raise_epoch();
    let event = Event::Customer(CustomerEvent::LeftMessage { epoch, client_id, text, has_contact });
    if let Some(seq) = state.retry_of(&event)? {
        return Ok(Step::Duplicate { seq });
    }
    if matches!(state.owner(), Owner::Agent(_)) {
        return Err(Refusal::WrongPhase);
    }
    fits?;
    draft.push(event);
    draft.notice(Occasion::MessageKept);
    Ok(draft.finish())
}

/// Once per episode: the rating closes it.
pub(super) fn rates(
    state: &State,
    client_id: ClientIdHash,
    stars: u8,
    comment: String,
    world: &World<'_>,
) -> Result<Step, Refusal> {
    let fits = check_length(&comment, 1, world);
    let event = Event::Customer(CustomerEvent::Rated { client_id, stars, comment });
    if let Some(seq) = state.retry_of(&event)? {
        return Ok(Step::Duplicate { seq });
    }
    if !matches!(state.phase(), Phase::Rating { .. }) {
        return Err(Refusal::WrongPhase);
    }
    if !(1..=5).contains(&stars) {
        return Err(Refusal::StarsOutOfRange);
    }
    fits?;
    let mut draft = Draft::new(state, world);
    draft.push(event);
    draft.notice(Occasion::Rated);
    draft.push(Event::Episode(EpisodeEvent::Closed));
    Ok(draft.finish())
}

pub(super) fn ends(state: &State, world: &World<'_>) -> Step {
    let mut draft = Draft::new(state, world);
    match state.phase() {
        Phase::Closed => {}
        Phase::Rating { .. } | Phase::MessageLeft => {
            draft.push(Event::Episode(EpisodeEvent::Closed))
        }
        Phase::BotActive { .. }
        | Phase::Clarifying { .. }
        | Phase::LeavingMessage { .. }
        | Phase::Queued { .. }
        | Phase::Offered { .. }
        | Phase::AgentActive { .. }
        | Phase::AgentLost { .. } => draft.end(state, CloseCause::Customer),
    }
    draft.finish()
}

fn check_utterance(text: &str, world: &World<'_>) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::Empty);
    }
    check_length(text, 1, world)
}

/// Of a left message, or an agent's words.
pub(super) fn check_long_text(text: &str, world: &World<'_>) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        return Err(Refusal::Empty);
    }
    check_length(text, LONG_TEXT_TIMES, world)
}

fn check_length(text: &str, times: usize, world: &World<'_>) -> Result<(), Refusal> {
    let max = usize::from(world.base.policy.utterance_max_chars) * times * ROOM_FOR_MASKING;
    if text.chars().nth(max).is_some() { Err(Refusal::TooLong) } else { Ok(()) }
}
