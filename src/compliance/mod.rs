//! What a text must not carry into storage: personal data, and above all secrets; and what
//! may not be said: the [`RuleBook`].
//!
//! [`mask`] works on every text before the first write. It reads a text as `cells`: its
//! visible characters in plain form. `numbers` joins digits that belong together,
//! `identifiers` knows cards, identity numbers and phones by their own shape and check
//! digits, `secrets` knows passwords and codes by the words around them, and `words` holds
//! those words in `lexicon`s.

mod cells;
mod identifiers;
mod lexicon;
mod mask;
mod numbers;
mod personal_data;
mod rules;
mod secrets;
mod words;

#[cfg(test)]
mod rates;

pub use mask::{Masked, mask};
pub use personal_data::{PersonalData, SecretKind};
pub use rules::{Denials, Finding, Rule, RuleBook, Speaker};
