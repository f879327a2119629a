//! The figures of one run.

mod confusion;
mod judged;
mod kinds;
mod measure;

pub use confusion::Confusion;
pub(super) use judged::{JudgedQuery, judge};
pub use kinds::KindFigures;
pub use measure::{AtThreshold, Bands, QueryReport, measure};
