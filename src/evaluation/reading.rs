//! The ways in which labels are read.

/// Whose word counts on what is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The labels alone.
    Strict,
    /// The labels, what second opinions accept besides, and without what they dispute.
    SecondOpinions,
}
