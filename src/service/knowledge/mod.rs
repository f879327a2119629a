//! The knowledge that answers: what it is now, and how newer files take its place.

mod builder;
mod live;
mod reload;

pub use builder::{Builder, ReloadError};
pub use live::LiveKnowledge;
pub(super) use reload::Reloading;
