//! Rules on what may be said: which words of a text they find.
//!
//! A [`RuleBook`] is built from the operator's rules, and [`RuleBook::review`] reads a text
//! by them. `letters` brings the text into plain form and keeps what stood between its
//! letters, `shapes` and `sounds` know how a word is disguised, `words` finds the words of
//! all rules in one pass, and `denials` tells a promise from a warning of it.

mod book;
mod denials;
mod letters;
mod patterns;
mod rule;
mod shapes;
mod sounds;
mod words;

#[cfg(test)]
mod tests;

pub use book::{Finding, RuleBook};
pub use rule::{Denials, Rule, Speaker};
