//! Words of the domain that mean the same.

/// Words of the domain that mean the same. All are normalised; each is a `word` at most once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Synonyms {
    /// In both directions: `other` replaces `word` in utterances and in questions.
    pub same: Vec<Synonym>,
    /// In one direction: an utterance with `word` is also tried with `other`.
    pub says: Vec<Synonym>,
}

/// A word and its replacement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synonym {
    /// The word that customers say.
    pub word: String,
    /// The word that replaces it.
    pub other: String,
}
