//! YAML text in, a checked [`KnowledgeBase`] or [`Diagnostic`]s with places out.

mod hours;
mod id;
mod model;
mod policy;

pub use hours::Hours;
pub use id::{EntryId, IntentId};
pub use model::{
    Compliance, DictionaryWord, Entry, EntryHandoff, Intent, IntentAction, KnowledgeBase, Status,
};
pub use policy::{Policy, Texts};
