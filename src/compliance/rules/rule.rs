//! A rule as the operator writes it.

use regex::Regex;

/// Whose words a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The bot's: an answer or another text of the knowledge.
    Answer,
    /// A human agent's.
    Agent,
    /// The customer's.
    Customer,
}

/// One thing that must not be said, and how it is known.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Such as `CP001`.
    pub code: String,
    /// In a few words, Chinese.
    pub name: String,
    /// Found however they are spelt: with signs in between, in other characters that look or
    /// sound the same, in pinyin.
    pub words: Vec<String>,
    /// Found in the normalised text, in which the end of a sentence is a line feed.
    pub patterns: Vec<Regex>,
    /// Longer words in which a found one is harmless.
    pub unless: Vec<String>,
    /// Whether it may not be said at all; else somebody should look.
    pub is_forbidden: bool,
    /// Whose words are judged by it.
    pub applies_to: Vec<Speaker>,
    /// Of answers, only those of these compliance classes; all when there are none.
    pub classes: Vec<String>,
    /// The law that it follows from, Chinese.
    pub source: String,
    /// What to say instead, Chinese.
    pub mend: String,
}

impl Rule {
    /// Whether it judges such a text.
    pub(super) fn judges(&self, speaker: Speaker, class: Option<&str>) -> bool {
        let is_of_class = || {
            self.classes.is_empty()
                || class.is_some_and(|class| self.classes.iter().any(|own| own == class))
        };
        self.applies_to.contains(&speaker) && is_of_class()
    }
}

/// Words around a found one that turn it into its opposite.
#[derive(Clone, Debug, Default)]
pub struct Denials {
    /// Before it: 不, 没有, 谨防.
    pub before: Vec<String>,
    /// After it: 都是骗局, 吗.
    pub after: Vec<String>,
    /// On either side, where they make a question of what a bot or an agent says: 吗, 有没有.
    /// What a customer asks for is asked for.
    pub asks: Vec<String>,
    /// Where a denial ends, as another thing is spoken of: 而是, 别家.
    pub turns: Vec<String>,
}
