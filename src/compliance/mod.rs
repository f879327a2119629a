//! Compliance: [`mask`] removes personal data from a text before it is stored, and the [`RuleBook`]
//! says what must not be said.
//!
//! [`mask`] runs on every text before the first write. It reads a text as `cells`, its visible
//! characters in plain form. `numbers` joins digits that belong together. `identifiers` finds
//! cards, identity numbers and phones by their shape and check digits. `secrets` finds passwords
//! and codes by the words around them, which `words` keeps in `lexicon`s.

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
pub(crate) use rules::plain_letters;
pub use rules::{
    Denials, LikelyBreach, Rule, RuleBook, RuleSentence, Speaker, Violation, fit_rules,
};
