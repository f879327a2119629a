//! A rule as the operator writes it.

use regex::Regex;

use crate::text::Composition;

/// The speaker of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The bot: an answer or another text of the knowledge.
    Answer,
    /// A human agent.
    Agent,
    /// The customer.
    Customer,
}

/// A rule: something that must not be said, and how it is recognized.
#[derive(Clone, Debug)]
pub struct Rule {
    /// The code, such as `CP001`.
    pub code: String,
    /// The subject in a few words, Chinese.
    pub name: String,
    /// Words that violate the rule. They are found in any disguise: separators inside, characters
    /// that look or sound the same, pinyin.
    pub words: Vec<String>,
    /// Patterns over the normalized text, in which a line feed ends each sentence.
    pub patterns: Vec<Regex>,
    /// Concepts that violate the rule when they meet within one sentence. They name concepts of
    /// the rule book by their index.
    pub compositions: Vec<Composition>,
    /// Longer words in which a find is harmless.
    pub unless: Vec<String>,
    /// Whether it must not be said; otherwise it is a warning.
    pub is_forbidden: bool,
    /// The speakers to whom the rule applies.
    pub applies_to: Vec<Speaker>,
    /// The compliance classes of answers to which the rule applies; empty: all.
    pub classes: Vec<String>,
    /// The law behind the rule, Chinese.
    pub source: String,
    /// The advice for a better wording, Chinese.
    pub mend: String,
}

impl Rule {
    /// Whether the rule applies to this text.
    pub(super) fn judges(&self, speaker: Speaker, class: Option<&str>) -> bool {
        let is_of_class = || {
            self.classes.is_empty()
                || class.is_some_and(|class| self.classes.iter().any(|own| own == class))
        };
        self.applies_to.contains(&speaker) && is_of_class()
    }
}

/// Words around a find that reverse its meaning.
#[derive(Clone, Debug, Default)]
pub struct Denials {
    /// Before the find: 不, 没有, 谨防.
    pub before: Vec<String>,
    /// After the find: 都是骗局, 吗.
    pub after: Vec<String>,
    /// On either side, in questions: 有没有, 吗. They reverse the meaning for bots and agents only: a
    /// customer's question is a wish.
    pub asks: Vec<String>,
    /// Words that end the reach of a denial, because another subject follows: 而是, 别家.
    pub turns: Vec<String>,
}
