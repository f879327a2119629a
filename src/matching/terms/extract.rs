//! Extracts the terms of a text.

use super::{kinds::Kinds, sounds::sounds};
use crate::text::{Segmenter, char_ngrams, key};

/// The terms of a core.
#[derive(Clone, Debug)]
pub(crate) struct Terms<'a> {
    /// Words by jieba's search mode: whole words and the shorter words in them.
    pub(crate) words: Vec<&'a str>,
    /// The words without stop words.
    pub(crate) content_words: Vec<&'a str>,
    /// Characters and pairs of characters. N-grams of three improved neither search nor ranking.
    pub(crate) ngrams: Vec<&'a str>,
    /// The syllables of the Han characters, and pairs of syllables.
    pub(crate) sounds: Vec<u64>,
}

impl<'a> Terms<'a> {
    pub(crate) fn of(
        core: &'a str,
        segmenter: &Segmenter,
        is_stop_word: impl Fn(&str) -> bool,
    ) -> Self {
        Self { sounds: sounds(core), ..Self::of_answer(core, segmenter, is_stop_word) }
    }

    /// The terms of an answer, without sounds: only questions are compared by sound.
    pub(crate) fn of_answer(
        core: &'a str,
        segmenter: &Segmenter,
        is_stop_word: impl Fn(&str) -> bool,
    ) -> Self {
        let words: Vec<&str> = segmenter.cut(core).into_iter().map(|token| token.text).collect();
        let mut content_words = Vec::with_capacity(words.len());
        content_words.extend(words.iter().copied().filter(|word| !is_stop_word(word)));
        let mut ngrams = Vec::with_capacity(2 * core.chars().count());
        ngrams.extend(char_ngrams(core));
        Self { content_words, words, ngrams, sounds: Vec::new() }
    }

    /// The keys of the terms that lexicons contain.
    pub(crate) fn keys(&self) -> Kinds<Vec<u64>> {
        Kinds {
            words: self.content_words.iter().map(|word| key(word)).collect(),
            ngrams: self.ngrams.iter().map(|ngram| key(ngram)).collect(),
            sounds: self.sounds.clone(),
        }
    }
}
