//! Two runs over the same queries, side by side.

mod bootstrap;
mod runs;

pub use bootstrap::{QUERIES_FOR_CHANCE_MIN, RESAMPLES, interval, resample};
pub use runs::{Compared, Comparison, Difference, Grade, Swing, compare};
