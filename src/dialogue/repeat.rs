//! Whether a message that comes again is the one that was taken.

use super::input::{AgentAct, CustomerAct, Input};
use crate::journal::{AgentEvent, CustomerEvent, Event};

/// Whether the input is the message that was taken as `earlier`, which has the same client id:
/// the same person says the same, compared after masking.
///
/// What the server adds, such as the epoch, does not count. A repeat is answered as the message
/// was; anything else under its id is a [`ClientIdReused`](super::Refusal::ClientIdReused).
pub fn is_repeat(input: &Input, earlier: &Event) -> bool {
    match (input, earlier) {
        (Input::Customer(act), Event::Customer(event)) => is_same(act, event),
        (
            Input::Agent { agent, epoch: _, act: AgentAct::Says { client_id: _, text } },
            Event::Agent(AgentEvent::Said { agent: before, client_id: _, text: said }),
        ) => agent == before && text.text() == said,
        _ => false,
    }
}

fn is_same(act: &CustomerAct, event: &CustomerEvent) -> bool {
    match (act, event) {
        (
            CustomerAct::Says { client_id: _, text, choice },
            CustomerEvent::Said { client_id: _, text: said, choice: chosen },
        ) => text.text() == said && choice == chosen,
        (CustomerAct::AsksHuman { .. }, CustomerEvent::AskedHuman { .. }) => true,
        (
            CustomerAct::LeavesMessage { client_id: _, text, has_contact },
            CustomerEvent::LeftMessage { epoch: _, client_id: _, text: left, has_contact: had },
        ) => text.text() == left && has_contact == had,
        (
            CustomerAct::Rates { client_id: _, stars, comment },
            CustomerEvent::Rated { client_id: _, stars: given, comment: said },
        ) => stars == given && comment.text() == said,
        _ => false,
    }
}
