//! The bot's reaction, as JSON.

use serde_json::{Value, json};

use crate::authoring::Reaction;

/// In the words of `tests.yaml`: `{"entry": …}`, `{"intent": …}` or `{"clarify": […]}`; null
/// for a fallback.
pub(super) fn reaction_json(reaction: &Reaction) -> Value {
    match reaction {
        Reaction::Answered(entry) => json!({"entry": entry}),
        Reaction::Acted { intent, .. } => json!({"intent": intent}),
        Reaction::Asked(choices) => json!({"clarify": choices}),
        Reaction::Nothing => Value::Null,
    }
}
