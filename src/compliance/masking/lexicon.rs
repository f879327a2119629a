//! Word lists that are matched at either end of a sequence of cells.
//!
//! `text::WordFinder` is of no use here: it runs over a text, and cells have tags in them, hide
//! separators between the characters of a word, and are asked for at one end alone.

use std::collections::BTreeMap;

use super::cells::Cell;

/// Words with a meaning each, indexed by their first and last character.
#[derive(Debug)]
pub(super) struct LabelLexicon<T> {
    by_first: WordIndex<T>,
    /// Each word from its end to its start.
    by_last: WordIndex<T>,
}

/// The characters of a word, and its meaning.
type Word<T> = (Vec<char>, T);

/// Words by their first character.
#[derive(Debug)]
struct WordIndex<T> {
    /// In the order of the characters.
    words: Vec<(char, Vec<Word<T>>)>,
    firsts: CharFilter,
}

impl<T: Copy> WordIndex<T> {
    fn new(words: impl Iterator<Item = Word<T>>) -> WordIndex<T> {
        let mut by_first: BTreeMap<char, Vec<Word<T>>> = BTreeMap::new();
        let mut firsts = CharFilter::default();
        for (word, meaning) in words {
            if let Some(&first) = word.first() {
                firsts.insert(first);
                by_first.entry(first).or_default().push((word, meaning));
            }
        }
        WordIndex { words: by_first.into_iter().collect(), firsts }
    }

    /// The words that begin with a character.
    fn with(&self, c: char) -> &[Word<T>] {
        if !self.firsts.may_have(c) {
            return &[];
        }
        let found = self.words.binary_search_by_key(&c, |(first, _)| *first);
        found.ok().and_then(|at| self.words.get(at)).map_or(&[], |(_, words)| words)
    }
}

impl LabelLexicon<()> {
    /// Takes one list of words, separated by white space.
    pub(super) fn of_words(words: &'static str) -> LabelLexicon<()> {
        LabelLexicon::new(&[((), words)])
    }
}

impl<T: Copy> LabelLexicon<T> {
    /// Takes lists of words, separated by white space, with the meaning of each list.
    pub(super) fn new(lists: &[(T, &'static str)]) -> LabelLexicon<T> {
        let words = || {
            lists.iter().flat_map(|&(meaning, words)| {
                words.split_whitespace().map(move |word| (word.chars(), meaning))
            })
        };
        LabelLexicon {
            by_first: WordIndex::new(words().map(|(word, meaning)| (word.collect(), meaning))),
            by_last: WordIndex::new(words().map(|(word, meaning)| (word.rev().collect(), meaning))),
        }
    }

    /// The meaning of the longest word at the end, with the cells before it.
    pub(super) fn at_end<'a>(&self, cells: &'a [Cell]) -> Option<(T, &'a [Cell])> {
        let words = self.by_last.with(cells.last()?.c);
        words
            .iter()
            .filter_map(|(word, meaning)| Some((*meaning, strip_end(cells, word)?)))
            .min_by_key(|(_, left)| left.len())
    }

    /// The meaning of the longest word at the start, with the cells after it.
    pub(super) fn at_start<'a>(&self, cells: &'a [Cell]) -> Option<(T, &'a [Cell])> {
        let words = self.by_first.with(cells.first()?.c);
        words
            .iter()
            .filter_map(|(word, meaning)| Some((*meaning, strip_start(cells, word)?)))
            .min_by_key(|(_, left)| left.len())
    }

    /// Whether a word comes next, after optional spaces.
    pub(super) fn comes_next(&self, cells: &[Cell]) -> bool {
        let spaces = cells.iter().take_while(|cell| cell.is_white_space()).count();
        cells.get(spaces..).is_some_and(|cells| self.at_start(cells).is_some())
    }

    /// Whether a word occurs in the cells.
    pub(super) fn is_in(&self, cells: &[Cell]) -> bool {
        (0..cells.len())
            .any(|at| cells.get(at..).is_some_and(|cells| self.at_start(cells).is_some()))
    }
}

/// Tells quickly that a character is none of a set, which holds for most.
#[derive(Debug)]
struct CharFilter([u64; CharFilter::WORDS]);

impl CharFilter {
    const WORDS: usize = 64;

    fn place(c: char) -> (usize, u64) {
        let at = c as usize % (Self::WORDS * 64);
        (at / 64, 1 << (at % 64))
    }

    fn insert(&mut self, c: char) {
        let (word, bit) = Self::place(c);
        if let Some(word) = self.0.get_mut(word) {
            *word |= bit;
        }
    }

    fn may_have(&self, c: char) -> bool {
        let (word, bit) = Self::place(c);
        self.0.get(word).is_some_and(|word| word & bit != 0)
    }
}

impl Default for CharFilter {
    fn default() -> Self {
        Self([0; Self::WORDS])
    }
}

/// The cells before a word, if they end with it; `word` is written from its end. Up to two
/// separators may stand between its characters. A word of letters must not be part of a longer one.
fn strip_end<'a>(cells: &'a [Cell], word: &[char]) -> Option<&'a [Cell]> {
    let mut left = cells;
    for (i, &c) in word.iter().enumerate() {
        let mut hiding = 0;
        loop {
            let (last, before) = left.split_last()?;
            if last.c == c && last.is_char() {
                left = before;
                break;
            }
            if i == 0 || hiding == 2 || !last.is_separator() {
                return None;
            }
            left = before;
            hiding += 1;
        }
    }
    let goes_on = word.last().is_some_and(char::is_ascii_alphabetic)
        && left.last().is_some_and(Cell::is_ascii_letter);
    (!goes_on).then_some(left)
}

/// The cells after `word`, if the cells start with it. A word of letters must not be part of a
/// longer one.
fn strip_start<'a>(cells: &'a [Cell], word: &[char]) -> Option<&'a [Cell]> {
    let (start, left) = cells.split_at_checked(word.len())?;
    if start.iter().zip(word).any(|(cell, c)| cell.c != *c || !cell.is_char()) {
        return None;
    }
    let goes_on = word.last().is_some_and(char::is_ascii_alphabetic)
        && left.first().is_some_and(Cell::is_ascii_letter);
    (!goes_on).then_some(left)
}

#[cfg(test)]
mod tests {
    use super::super::cells::read;
    use super::LabelLexicon;

    #[test]
    fn words_are_seen_through_separators() {
        let lexicon = LabelLexicon::new(&[(1, "密码 pin"), (2, "动态密码")]);
        let cases = [
            ("plain", "我的密码", Some(1)),
            ("the longest", "动态密码", Some(2)),
            ("Traditional", "我的密碼", Some(1)),
            ("two separators", "密--码", Some(1)),
            ("three are too many", "密 - 码", None),
            ("zero-width", "密\u{200b}码", Some(1)),
            ("not at the end", "密码是", None),
            ("letters", "我的PIN", Some(1)),
            ("the end of a word", "shoppin", None),
            ("over a tag", "密[密码已删除]码", None),
        ];
        for (shows, text, expected) in cases {
            assert_eq!(
                lexicon.at_end(&read(text)).map(|(meaning, _)| meaning),
                expected,
                "{shows}"
            );
        }
        assert!(lexicon.comes_next(&read(" 密码是")));
        assert!(!lexicon.comes_next(&read("pink")));
        assert!(lexicon.is_in(&read("忘记密码了")));
    }
}
