//! Offline only: fits the weights that ship and refines the embeddings.

pub(super) mod fit;
pub(super) mod refine;
