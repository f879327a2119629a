//! The models that texts are compared with.

use std::sync::Arc;

use super::{encoder::Encoder, terms::embeddings::Embeddings};

/// The models of a snapshot: the embeddings, and the second encoder if there is one.
#[derive(Clone, Debug)]
pub struct TextModels {
    /// The embeddings of terms, for every utterance.
    pub embeddings: Arc<Embeddings>,
    /// Asked only where the first ranking is not sure, in knowledge bases with few wordings.
    pub encoder: Option<Arc<Encoder>>,
}

impl From<Arc<Embeddings>> for TextModels {
    fn from(embeddings: Arc<Embeddings>) -> Self {
        Self { embeddings, encoder: None }
    }
}
