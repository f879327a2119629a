//! Changes the files of a root to what a sheet says.

mod apply;
mod outcome;
mod plan;
mod trace;

pub(super) use apply::with_new;
pub use apply::{import, import_new};
pub use outcome::{ImportRefusal, Imported, Missing};
pub(super) use plan::is_safe;
