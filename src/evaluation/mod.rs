//! How well matching does over labelled queries.
//!
//! [`measure`] compares what each query should find with the outcome that it got; the
//! figures are defined at [`Report`].

mod coverage;
mod query;
mod report;

pub use coverage::Coverage;
pub use query::{Qid, Query, QueryError, parse_queries};
pub use report::{Bands, Report, measure};
