//! Completes a question while the customer types it.
//!
//! The typed text is normalised (`typed`) and aligned with the wordings of the knowledge base,
//! character by character: by the character itself or by its pronunciation (`spelling/readings`,
//! `glyph`, `walk`). Suffix arrays give the wordings to align with (`index`), and the best alignments are
//! shown (`search`, `suggestion`).

mod glyph;
mod index;
mod search;
mod suggestion;
#[cfg(test)]
mod tests;
mod typed;
mod walk;

pub(super) use index::SuggestIndex;
pub use suggestion::Suggestion;
pub(super) use suggestion::suggest;
