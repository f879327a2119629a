//! Rules on what may be said.
//!
//! A [`RuleBook`] is built from the operator's rules, and [`RuleBook::review`] finds their
//! violations in a text. `letters` brings the text into plain form and keeps the gaps between its
//! letters. `shapes` knows which characters look alike; sounds come from `text`. `words` finds the words of all
//! rules in one pass, `compositions` the concepts that meet. `denials` tells a promise from a warning, and `likely`
//! weighs the whole sentence.

mod book;
mod compositions;
mod denials;
mod letters;
mod likely;
mod patterns;
mod rule;
mod shapes;
mod words;

#[cfg(test)]
mod tests;

pub use book::{RuleBook, Violation};
pub(crate) use letters::plain_letters;
pub use likely::{LikelyBreach, RuleSentence, fit_rules};
pub use rule::{Denials, Rule, Speaker};
