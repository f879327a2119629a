//! Questions that a customer may be typing, from the first characters on.
//!
//! What is typed is normalised (`typed`) and fitted into the wordings of the knowledge base,
//! character by character: as it stands or by its sound (`readings`, `walk`). An index of
//! beginnings says where to look (`index`), and the best fits are shown (`search`).

mod glyph;
mod index;
mod readings;
mod search;
mod suggestion;
#[cfg(test)]
mod tests;
mod typed;
mod walk;

pub(super) use index::SuggestIndex;
pub use suggestion::Suggestion;
pub(super) use suggestion::suggest;
