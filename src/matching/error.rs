//! The errors of building a snapshot.

/// Why a snapshot could not be built.
#[derive(Debug, thiserror::Error)]
pub enum MatchingError {
    /// tantivy failed to write or to open its index in memory.
    #[error("build the search index: {0}")]
    Index(#[from] tantivy::TantivyError),
    /// More questions than a 32-bit id can number.
    #[error("build the search index: {0} questions, at most 4294967295 fit")]
    TooManyQuestions(usize),
    /// More terms or bytes of text than a 32-bit offset can address.
    #[error("build the search index: the questions have more than 4 GiB of text")]
    TooMuchText,
}
