//! Stub: the types that dialogue needs.

mod outcome;

pub use outcome::{Band, Candidate, Confidence, Outcome, Score};
