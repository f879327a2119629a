//! What can go wrong while an index is built.

/// Why a knowledge base could not be made ready for matching.
#[derive(Debug, thiserror::Error)]
pub enum MatchingError {
    /// tantivy could not write or open its index in memory.
    #[error("build the search index: {0}")]
    Index(#[from] tantivy::TantivyError),
    /// More questions than a 32-bit number can name.
    #[error("index {0} questions: too many")]
    TooManyQuestions(usize),
    /// More terms or characters than a 32-bit number can count.
    #[error("index the questions: too much text")]
    TooMuchText,
}
