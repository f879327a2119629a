//! How well matching does over labelled queries.
//!
//! [`measure`] compares what each query should find with what was found, in one of two
//! [`Reading`]s; the figures are defined at [`Report`]. [`compare`] puts two runs side by
//! side and says which differences are more than chance.

mod bootstrap;
mod compare;
mod confusion;
mod coverage;
mod error;
mod jsonl;
mod judged;
mod kinds;
mod prediction;
mod query;
mod reading;
mod reliability;
mod report;
#[cfg(test)]
mod tests;

pub use bootstrap::RESAMPLES;
pub use compare::{Compared, Comparison, Difference, Standing, Swing, compare};
pub use confusion::Confusion;
pub use coverage::Coverage;
pub use error::EvaluationError;
pub use kinds::KindFigures;
pub use prediction::{Place, Prediction, parse_predictions};
pub use query::{QUERIES_MAX, Qid, Query, parse_queries, resolve_labels};
pub use reading::Reading;
pub use reliability::{BINS, Bin, Measured, Reliability};
pub use report::{AtThreshold, Bands, Report, measure};
