//! Changes the files of a root to what a sheet says.

mod apply;
mod outcome;
mod plan;
mod trace;

pub use apply::import;
pub(super) use apply::with_new;
pub use outcome::{Imported, Missing, Refusal};
pub(super) use plan::is_safe;
