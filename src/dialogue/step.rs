//! The one way in: an input and the world give the events to write.

use super::{
    agent,
    customer::{self, Said},
    input::{Input, Refusal, Step, World},
    staffing,
    state::State,
    tick::tick,
};

/// Decides what follows from an input: the events to write, a known retry, or a refusal.
///
/// Pure: the same state, input and world give the same step. An input is taken as the phase
/// stands, also after its deadline: time decides by [`Input::Tick`] alone.
///
/// Rules that hold always: there is one owner; the epoch rises by one exactly when the owner
/// changes; the bot speaks only while it owns the conversation; a wish for a human leads to
/// the queue, or to leaving a message, in one step; a message is taken once.
pub fn step(state: &State, input: Input<'_>, world: &World<'_>) -> Result<Step, Refusal> {
    match input {
        Input::Says { client_id, text, secret, choice, outcome } => {
            customer::says(state, Said { client_id, text, secret, choice, outcome }, world)
        }
        Input::AsksHuman { client_id } => customer::asks_human(state, client_id, world),
        Input::LeavesQueue => customer::leaves_queue(state, world),
        Input::LeavesMessage { client_id, text, has_contact } => {
            customer::leaves_message(state, client_id, text, has_contact, world)
        }
        Input::Rates { client_id, stars, comment } => {
            customer::rates(state, client_id, stars, comment, world)
        }
        Input::Ends => Ok(customer::ends(state, world)),
        Input::Offer { agent, epoch } => agent::offer(state, agent, epoch, world),
        Input::Accept { agent, epoch } => agent::accept(state, agent, epoch, world),
        Input::Decline { agent } => Ok(agent::decline(state, agent)),
        Input::AgentSays { agent, epoch, client_id, text } => {
            agent::says(state, agent, epoch, (client_id, text), world)
        }
        Input::ReturnToBot { agent, epoch } => agent::returns_to_bot(state, agent, epoch, world),
        Input::AgentCloses { agent, epoch } => agent::closes(state, agent, epoch, world),
        Input::AgentLost { agent } => Ok(agent::lost(state, agent, world)),
        Input::AgentBack { agent } => Ok(agent::back(state, agent)),
        Input::Staffing { is_staffed } => Ok(staffing::tell(state, is_staffed, world)),
        Input::Tick => Ok(tick(state, world)),
    }
}
