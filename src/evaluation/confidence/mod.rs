//! Confidence against the share that is right.
//!
//! Two questions are asked of it: whether it tells right from wrong (AUROC, and the coverage at a
//! precision), and whether it means what it says (the expected calibration error).

mod by_confidence;
mod reliability;
mod wilson;

pub(super) use by_confidence::share_of;
pub use by_confidence::{BestCandidate, ByConfidence, Coverage};
pub(super) use reliability::reliability;
pub use reliability::{BINS, Bin, Measured, Reliability, calibration_error};
pub use wilson::wilson;
