//! Offline only: fits the shipped weights and curve, and refines the embeddings.

pub(super) mod fit;
pub(super) mod guard;
pub(super) mod refine;
pub(super) mod second;
