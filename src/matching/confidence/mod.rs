//! From a score to the probability that it is right, and the thresholds of a promised precision.

pub(super) mod calibrate;
pub(super) mod choices;
pub(super) mod curve;
pub(super) mod hold_outs;
pub(super) mod lead;
pub(super) mod learnt;
pub(super) mod logistic;
pub(super) mod second;
pub(super) mod threshold;
