//! `kefu eval`: how well matching does over labelled queries.

mod chart;
mod clip;
mod difference;
mod drawing;
mod evaluation;
mod files;
mod gain;
mod json;
mod latency;
mod lists;
mod run;
mod table;

pub(super) use run::{EvalArgs, run};
