//! The one way in: mask, match, step.

use super::{
    agent,
    customer::{self, Said},
    draft::{Draft, Turn},
    due,
    input::{AgentAct, CustomerAct, DeskAct, Input, Refusal, World},
    staffing,
    state::State,
};
use crate::compliance::Masked;
use crate::journal::ClientIdHash;

/// Decides what follows from an input.
///
/// An input carries masked texts alone, the matcher is asked where the bot owns the
/// conversation, and the step is decided: nobody else puts the three together. Pure: the same
/// state, input and world give the same turn. An input is taken as the phase stands, also
/// after a deadline: time decides by [`Input::Due`] alone.
///
/// Rules that hold always: there is one owner; the epoch rises by one exactly when the owner
/// changes; the bot speaks only while it owns the conversation; a wish for a human leads to
/// the queue, or to leaving a message, in one step. An input with a client id is refused or
/// has an event with this id; that it was taken before is for the caller to know, see
/// [`is_repeat`](super::is_repeat).
pub fn turn(state: &State, input: Input, world: &World<'_>) -> Result<Turn, Refusal> {
    let mut draft = Draft::new(state, world);
    match input {
        Input::Customer(act) => customer_acts(&mut draft, state, act)?,
        Input::Agent { agent, epoch, act } => match act {
            AgentAct::Accepts => agent::accepts(&mut draft, state, agent, epoch)?,
            AgentAct::Declines => agent::offer_ends(&mut draft, state, agent),
            AgentAct::Says { client_id, text } => {
                agent::says(&mut draft, state, (agent, epoch), client_id, text)?;
            }
            AgentAct::ReturnsToBot => agent::returns_to_bot(&mut draft, state, agent, epoch)?,
            AgentAct::Closes => agent::closes(&mut draft, state, agent, epoch)?,
        },
        Input::Desk(act) => match act {
            DeskAct::Offers { agent, epoch } => agent::offer(&mut draft, state, agent, epoch)?,
            DeskAct::Withdraws { agent } => agent::offer_ends(&mut draft, state, agent),
            DeskAct::AgentLost { agent } => agent::lost(&mut draft, state, agent),
            DeskAct::AgentBack { agent } => agent::back(&mut draft, state, agent),
            DeskAct::Staffing { is_staffed } => staffing::tell(&mut draft, state, is_staffed),
        },
        Input::Due(timer) => due::ran_out(&mut draft, state, timer),
    }
    Ok(draft.finish())
}

/// What follows from an utterance that is a customer's first: what a question without a
/// conversation is answered with.
pub fn first_turn(text: Masked, world: &World<'_>) -> Result<Turn, Refusal> {
    let client_id = ClientIdHash::default();
    let says = CustomerAct::Says { client_id, text, choice: None };
    turn(&State::new(), Input::Customer(says), world)
}

fn customer_acts(draft: &mut Draft<'_>, state: &State, act: CustomerAct) -> Result<(), Refusal> {
    match act {
        CustomerAct::Says { client_id, text, choice } => {
            customer::says(draft, state, Said { client_id, text, choice })
        }
        CustomerAct::AsksHuman { client_id } => {
            customer::asks_human(draft, state, client_id);
            Ok(())
        }
        CustomerAct::LeavesQueue => customer::leaves_queue(draft, state),
        CustomerAct::LeavesMessage { client_id, text, has_contact } => {
            customer::leaves_message(draft, state, client_id, text, has_contact)
        }
        CustomerAct::Rates { client_id, stars, comment } => {
            customer::rates(draft, state, client_id, stars, comment)
        }
        CustomerAct::Ends => {
            customer::ends(draft, state);
            Ok(())
        }
    }
}
