//! How well matching does over labelled queries.
//!
//! [`measure`] compares the entry that each query should find with the entries that were found, in
//! one of two [`LabelReading`]s; the figures are defined at [`QueryReport`]. [`compare`] puts two
//! runs side by side and tells which differences are more than chance.

mod compare;
mod confidence;
mod queries;
mod report;
#[cfg(test)]
mod tests;

pub use compare::{
    Compared, Comparison, Difference, Grade, QUERIES_FOR_CHANCE_MIN, RESAMPLES, Swing, compare,
    interval, resample,
};
pub use confidence::{
    BINS, BestCandidate, Bin, ByConfidence, Coverage, Measured, Reliability, calibration_error,
    wilson,
};
pub use queries::{
    EvaluationError, LabelReading, Prediction, QUERIES_MAX, Qid, Query, RankedId,
    parse_predictions, parse_queries, resolve_labels,
};
pub use report::{AtThreshold, Bands, Confusion, KindFigures, QueryReport, measure};
