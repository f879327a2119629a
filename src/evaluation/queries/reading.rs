//! Two ways to read labels.

/// Whose opinion says which entry is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabelReading {
    /// The labels alone.
    Strict,
    /// The labels, what second opinions accept besides, and without what they dispute.
    SecondOpinions,
}
