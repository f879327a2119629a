//! Tells a repeated message from a new one.

use super::input::{AgentAct, CustomerAct, Input};
use crate::journal::{AgentEvent, CustomerEvent, Event};

/// Whether the input repeats the message that was taken as `earlier`, which has the same client id:
/// the same sender and the same content, compared after masking.
///
/// Fields that the server adds, such as the epoch, are not compared. A repeat gets the answer of
/// the first. Any other message under the same id is a
/// [`ClientIdReused`](super::Refusal::ClientIdReused).
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
