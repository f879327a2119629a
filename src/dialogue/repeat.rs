//! Tells a repeated message from a new one.

use super::input::{AgentAct, CustomerAct, Input};
use crate::compliance::{MaskContext, Masker, TypedText};
use crate::journal::{AgentEvent, CustomerEvent, Event};

/// No message that was taken is longer, in characters. A longer one is not masked, since that takes
/// time.
const LONGEST: usize = 8_000;

/// Whether the input repeats the message that was taken as `earlier`, which has the same client id:
/// the same sender and the same content, compared after masking. `context` is what the records
/// before `earlier` told masking.
///
/// Fields that the server adds, such as the epoch, are not compared. A repeat gets the answer of
/// the first. Any other message under the same id is a
/// [`ClientIdReused`](super::Refusal::ClientIdReused).
pub fn is_repeat(input: &Input, earlier: &Event, context: &MaskContext, masker: &Masker) -> bool {
    let is_same_text = |typed: &TypedText, stored: &str| {
        typed.chars() <= LONGEST && masker.mask_typed(typed, context).text() == stored
    };
    match (input, earlier) {
        (Input::Customer(act), Event::Customer(event)) => is_same(act, event, is_same_text),
        (
            Input::Agent { agent, epoch: _, act: AgentAct::Says { client_id: _, text } },
            Event::Agent(AgentEvent::Said { agent: before, client_id: _, text: said }),
        ) => agent == before && is_same_text(text, said),
        _ => false,
    }
}

fn is_same(
    act: &CustomerAct,
    event: &CustomerEvent,
    is_same_text: impl Fn(&TypedText, &str) -> bool,
) -> bool {
    match (act, event) {
        (
            CustomerAct::Says { client_id: _, text, choice },
            CustomerEvent::Said { client_id: _, text: said, choice: chosen },
            // The id of an entry that was not known is not stored.
        ) => is_same_text(text, said) && (chosen.is_none() || choice == chosen),
        (CustomerAct::AsksHuman { .. }, CustomerEvent::AskedHuman { .. }) => true,
        (
            CustomerAct::LeavesMessage { client_id: _, text, has_contact },
            CustomerEvent::LeftMessage { epoch: _, client_id: _, text: left, has_contact: had },
        ) => is_same_text(text, left) && has_contact == had,
        (
            CustomerAct::Rates { client_id: _, stars, comment },
            CustomerEvent::Rated { client_id: _, stars: given, comment: said },
        ) => stars == given && is_same_text(comment, said),
        _ => false,
    }
}
