//! Measures the compliance rules and the guard by sentences.
//!
//! `figures` holds what was counted, `run` counts it.

mod figures;
mod run;

pub use figures::{
    FalseFind, GuardMeasure, Measure, MeasuredFloor, MissedSentence, RuleMeasure, ShareOf,
};
pub use run::measure;
