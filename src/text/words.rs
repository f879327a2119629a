//! The word finder: finds lists of words in texts.

use std::ops::Range;

use aho_corasick::{AhoCorasick, MatchKind};

/// Finds many words in one pass over a text.
///
/// Each word has a value: a number, a bit, an index. Texts and words are compared as they are, so
/// both must be normalized. An empty word is never found.
///
/// Built on `aho-corasick`: the time grows with the text and the hits, not with the words.
#[derive(Clone, Debug)]
pub(crate) struct WordFinder<T> {
    automaton: AhoCorasick,
    /// The values by the number of the pattern in the automaton.
    stands_for: Vec<T>,
    kind: MatchKind,
}

/// A word found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WordHit<T> {
    /// The value of the word.
    pub(crate) word: T,
    /// Its range in bytes of the text.
    pub(crate) bytes: Range<usize>,
}

impl<T: Copy> WordFinder<T> {
    /// Finds every occurrence of every word, also inside other words, and twice for a word that is
    /// given twice. Hits come in the order of their ends.
    pub(crate) fn every<W: AsRef<str>>(words: impl IntoIterator<Item = (W, T)>) -> Self {
        Self::new(words, MatchKind::Standard)
    }

    /// Finds disjoint words from the left: at each position the longest, and among equals the first
    /// given.
    pub(crate) fn longest<W: AsRef<str>>(words: impl IntoIterator<Item = (W, T)>) -> Self {
        Self::new(words, MatchKind::LeftmostLongest)
    }

    fn new<W: AsRef<str>>(words: impl IntoIterator<Item = (W, T)>, kind: MatchKind) -> Self {
        let words = words.into_iter().filter(|(word, _)| !word.as_ref().is_empty());
        let (words, stands_for): (Vec<W>, Vec<T>) = words.unzip();
        let automaton = AhoCorasick::builder()
            .match_kind(kind)
            .build(words.iter().map(AsRef::as_ref))
            .expect("two thousand million bytes of words are more than any knowledge has");
        Self { automaton, stands_for, kind }
    }

    /// The hits in a text.
    pub(crate) fn find<'a>(&'a self, text: &'a str) -> impl Iterator<Item = WordHit<T>> + 'a {
        let is_every = self.kind == MatchKind::Standard;
        let every = is_every.then(|| self.automaton.find_overlapping_iter(text));
        let longest = (!is_every).then(|| self.automaton.find_iter(text));
        let found = every.into_iter().flatten().chain(longest.into_iter().flatten());
        found.map(|found| WordHit {
            word: self.stands_for[found.pattern().as_usize()],
            bytes: found.range(),
        })
    }
}

impl<T: Copy> Default for WordFinder<T> {
    fn default() -> Self {
        Self::every(std::iter::empty::<(&str, T)>())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::WordFinder;

    /// Each hit, with its first byte.
    fn found(finder: &WordFinder<usize>, text: &str) -> Vec<(usize, usize)> {
        finder.find(text).map(|found| (found.bytes.start, found.word)).collect()
    }

    fn numbered<'a>(words: &[&'a str]) -> Vec<(&'a str, usize)> {
        words.iter().copied().zip(0..).collect()
    }

    #[test]
    fn every_word_or_the_longest() {
        let words = ["提现", "提现手续费", "手续费", "", "提现", "费"];
        let text = "提现手续费和提现";
        let every = WordFinder::every(numbered(&words));
        assert_eq!(
            found(&every, text),
            [(0, 0), (0, 4), (0, 1), (6, 2), (12, 5), (18, 0), (18, 4)]
        );
        let longest = WordFinder::longest(numbered(&words));
        assert_eq!(found(&longest, text), [(0, 1), (18, 0)], "the first of equals");
        for finder in [WordFinder::default(), WordFinder::every([("", 0)])] {
            assert!(found(&finder, text).is_empty(), "no word");
        }
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_stands_there(
            words in prop::collection::vec("[甲乙ab]{0,4}", 0..9),
            text in "[甲乙丙abc]{0,16}",
        ) {
            let begins = |at: usize| {
                let rest = text.get(at..).unwrap_or_default();
                let begins = move |&(_, word): &(usize, &String)| {
                    !word.is_empty() && rest.starts_with(word.as_str())
                };
                words.iter().enumerate().filter(begins)
            };
            let places = || text.char_indices().map(|(at, _)| at);
            let numbered = || words.iter().zip(0..);

            let mut every: Vec<_> =
                places().flat_map(|at| begins(at).map(move |(word, _)| (at, word))).collect();
            every.sort_unstable();
            let mut seen = found(&WordFinder::every(numbered()), &text);
            seen.sort_unstable();
            prop_assert_eq!(seen, every);

            let (mut longest, mut from) = (Vec::new(), 0);
            for at in places() {
                let word = begins(at).min_by_key(|(_, word)| std::cmp::Reverse(word.len()));
                if let Some((number, word)) = word.filter(|_| at >= from) {
                    longest.push((at, number));
                    from = at + word.len();
                }
            }
            prop_assert_eq!(found(&WordFinder::longest(numbered()), &text), longest);
        }
    }
}
