//! Labelled queries, the predictions for them, and the files of both.

mod error;
mod jsonl;
mod prediction;
mod query;
mod reading;

pub use error::EvaluationError;
pub use prediction::{Prediction, RankedId, parse_predictions};
pub use query::{QUERIES_MAX, Qid, Query, parse_queries, resolve_labels};
pub use reading::LabelReading;
