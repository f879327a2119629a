//! The one way into the dialogue: mask, match, step.

use super::{
    agent,
    customer::{self, SaidUtterance},
    draft::{Turn, TurnDraft},
    due,
    input::{AgentAct, CustomerAct, DeskAct, Input, Refusal, World},
    staffing,
    state::State,
};
use crate::compliance::TypedText;
use crate::journal::ClientIdHash;

/// Decides on one input.
///
/// This is the only place that puts the three parts of a turn together: the texts of the input are
/// masked, the matcher is asked about an utterance, and the step is decided. It is pure: the same
/// state, input and world give the same turn. A deadline has no effect by itself: only
/// [`Input::Due`] ends a phase by time.
///
/// Rules that always hold: there is one owner. The epoch rises by one exactly when the owner
/// changes. The bot speaks only while it is the owner. A wish for a human leads in one step to the
/// queue, or to leaving a message. An input with a client id is refused, or gives an event with
/// this id. The caller recognizes repeats, see [`is_repeat`](super::is_repeat).
pub fn turn(state: &State, input: Input, world: &World<'_>) -> Result<Turn, Refusal> {
    let mut draft = TurnDraft::new(state, world);
    match input {
        Input::Customer(act) => customer_acts(&mut draft, state, act)?,
        Input::Agent { agent, epoch, act } => match act {
            AgentAct::Accepts => agent::accepts(&mut draft, state, agent, epoch)?,
            AgentAct::Declines => agent::offer_ends(&mut draft, state, agent),
            AgentAct::Says { client_id, text } => {
                agent::says(&mut draft, state, (agent, epoch), client_id, &text)?;
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

/// Decides on the first utterance of a customer. Used for a question outside of a conversation.
pub fn first_turn(text: TypedText, world: &World<'_>) -> Result<Turn, Refusal> {
    let client_id = ClientIdHash::default();
    let says = CustomerAct::Says { client_id, text, choice: None };
    turn(&State::new(), Input::Customer(says), world)
}

fn customer_acts(
    draft: &mut TurnDraft<'_>,
    state: &State,
    act: CustomerAct,
) -> Result<(), Refusal> {
    match act {
        CustomerAct::Says { client_id, text, choice } => {
            customer::says(draft, state, SaidUtterance { client_id, text, choice })
        }
        CustomerAct::AsksHuman { client_id } => {
            customer::asks_human(draft, state, client_id);
            Ok(())
        }
        CustomerAct::LeavesQueue => customer::leaves_queue(draft, state),
        CustomerAct::LeavesMessage { client_id, text, has_contact } => {
            customer::leaves_message(draft, state, client_id, &text, has_contact)
        }
        CustomerAct::Rates { client_id, stars, comment } => {
            customer::rates(draft, state, client_id, stars, &comment)
        }
        CustomerAct::Ends => {
            customer::ends(draft, state);
            Ok(())
        }
    }
}
