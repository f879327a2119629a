//! Words of the domain that mean the same.

/// Words of the domain that mean the same; all normalised, and each is a `word` once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Synonyms {
    /// Both ways: the other stands for the word in utterances and in questions.
    pub same: Vec<Synonym>,
    /// One way: an utterance with the word is also asked as if it had the other.
    pub says: Vec<Synonym>,
}

/// A word and the one that goes in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Synonym {
    /// What is said.
    pub word: String,
    /// What stands for it.
    pub other: String,
}
