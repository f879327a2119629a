//! Masking: removes personal data from a text before it is stored.
//!
//! [`Masker`] reads a text as `cells`, its visible characters in plain form. `numbers` joins digits
//! that belong together. `identifiers` finds cards, identity numbers and phones by their shape and
//! check digits. `secrets` finds passwords and codes by the words around them, which `words` keeps
//! in `lexicon`s. `context` remembers what earlier messages were about.

pub(super) mod cells;
mod context;
mod declared;
mod evidence;
mod hint;
mod identifiers;
mod label;
mod lexicon;
mod mask;
mod mixed_word;
mod number_words;
mod numbers;
mod open_number;
mod personal_data;
mod piece;
mod policy;
mod secrets;
mod spot;
mod tag;
mod words;

#[cfg(test)]
mod tests;

pub use context::MaskContext;
pub use declared::{DeclaredId, DeclaredIds};
pub use mask::{Masked, Masker, TypedText, mask};
pub use personal_data::{PersonalData, SecretKind, Treatment};
pub use policy::{MaskingPolicy, TreatmentError};
