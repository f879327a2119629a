//! The served knowledge, and its reload.

mod builder;
mod live;
mod reload;

pub use builder::{KnowledgeBuilder, ReloadError};
pub use live::LiveKnowledge;
pub(super) use reload::Reloading;
pub use reload::{ReloadOutcome, Reloader};
