//! What an evaluation found.

use super::{gain::EncoderGain, latency::Latency};
use crate::config::TableChoice;
use crate::evaluation::{Comparison, Prediction, Query, QueryReport};
use crate::matching::Snapshot;

/// All that is told.
pub(super) struct Evaluation {
    pub(super) queries: Vec<Query>,
    pub(super) predictions: Vec<Prediction>,
    pub(super) strict: QueryReport,
    /// `None` when the queries have no second opinions.
    pub(super) second: Option<QueryReport>,
    /// What an earlier run found, and the comparison with it.
    pub(super) baseline: Option<(Vec<Prediction>, Comparison)>,
    /// Places of queries whose label is not in the knowledge base.
    pub(super) unknown: Vec<usize>,
    /// `None` when there are no queries.
    pub(super) latency: Option<Latency>,
    pub(super) snapshot: Snapshot,
    /// The table that was asked with.
    pub(super) table: TableChoice,
    /// What the second encoder is worth here.
    pub(super) gain: EncoderGain,
}
