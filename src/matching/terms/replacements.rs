//! An ordered list of replacements.

use std::borrow::Cow;

use crate::text::WordFinder;

/// The longest text, in bytes, in which another replacement is made: ten times the longest answer.
/// Without this limit, a list in which each word becomes several of the next would fill the memory.
const TEXT_BYTES_MAX: usize = 64 * 1024;

/// Words with their replacements, applied in the order of the list.
///
/// A replacement may produce a part of a later word. A longer word must come before a word inside
/// it.
#[derive(Debug)]
pub(crate) struct Replacements {
    words: Vec<(String, String)>,
    /// Finds the words in one pass, by their index in the list.
    finder: WordFinder<usize>,
}

impl Replacements {
    pub(crate) fn new(words: impl IntoIterator<Item = (String, String)>) -> Self {
        let words: Vec<(String, String)> = words.into_iter().collect();
        let finder = WordFinder::every(words.iter().map(|(word, _)| word.as_str()).zip(0..));
        Self { words, finder }
    }

    /// The text with its words replaced.
    pub(crate) fn replace<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let (mut text, mut from) = (Cow::Borrowed(text), 0);
        while let Some(place) = self.first(&text, from).filter(|_| text.len() <= TEXT_BYTES_MAX) {
            let (word, other) = &self.words[place];
            text = text.replace(word, other).into();
            from = place + 1;
        }
        text
    }

    /// The index of the first word of the list, from `from` on, that the text contains.
    fn first(&self, text: &str, from: usize) -> Option<usize> {
        self.finder.find(text).map(|found| found.word).filter(|&place| place >= from).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(words: &[(&str, &str)], text: &str) -> String {
        let words = words.iter().map(|(word, other)| ((*word).to_owned(), (*other).to_owned()));
        Replacements::new(words).replace(text).into_owned()
    }

    #[test]
    fn words_are_replaced_in_their_order() {
        type Case =
            (&'static str, &'static [(&'static str, &'static str)], &'static str, &'static str);
        let cases: [Case; 5] = [
            // (what it shows, words, text, expected)
            ("none", &[], "怎么还款", "怎么还款"),
            ("everywhere", &[("咋", "怎么")], "咋还咋借", "怎么还怎么借"),
            ("the longer first", &[("乜嘢", "什么"), ("乜", "什么")], "乜嘢同乜", "什么同什么"),
            ("into a later word", &[("帐", "账"), ("账号", "账户")], "帐号", "账户"),
            ("never back to an earlier one", &[("甲", "乙"), ("乙", "甲")], "甲乙", "甲甲"),
        ];
        for (shows, words, text, expected) in cases {
            assert_eq!(replaced(words, text), expected, "{shows}");
        }
    }

    #[test]
    fn a_text_that_grows_at_every_word_ends() {
        let word = |place: u32| char::from_u32(0x4e00 + place).unwrap().to_string();
        let words: Vec<(String, String)> =
            (0..100).map(|place| (word(place), word(place + 1).repeat(20))).collect();
        let grown = Replacements::new(words).replace(&word(0).repeat(120)).into_owned();
        assert!(grown.len() <= 20 * TEXT_BYTES_MAX, "{}", grown.len());
    }
}
