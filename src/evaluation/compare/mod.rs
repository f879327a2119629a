//! Two runs over the same queries, side by side.

mod bootstrap;
mod runs;

pub use bootstrap::{RESAMPLES, interval, resample};
pub use runs::{Compared, Comparison, Difference, Grade, Swing, compare};
