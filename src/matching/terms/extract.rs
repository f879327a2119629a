//! The terms of a text.

use super::{key::key, kinds::Kinds, sounds::sounds};
use crate::text::{Segmenter, char_grams};

/// The terms of a core text.
#[derive(Clone, Debug)]
pub(crate) struct Terms<'a> {
    /// Search-mode cut: whole words and the shorter words in them.
    pub(crate) words: Vec<&'a str>,
    /// Those of the words that say something about the matter: all but stop words.
    pub(crate) content_words: Vec<&'a str>,
    /// Characters and pairs of them. Runs of three added nothing to finding or ranking.
    pub(crate) ngrams: Vec<&'a str>,
    /// How its Han characters sound, and pairs of them.
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

    /// Nobody is told how an answer sounds.
    pub(crate) fn of_answer(
        core: &'a str,
        segmenter: &Segmenter,
        is_stop_word: impl Fn(&str) -> bool,
    ) -> Self {
        let words: Vec<&str> = segmenter.cut(core).into_iter().map(|token| token.text).collect();
        Self {
            content_words: words.iter().copied().filter(|word| !is_stop_word(word)).collect(),
            words,
            ngrams: char_grams(core, 1..=2),
            sounds: Vec::new(),
        }
    }

    /// The keys of those that a lexicon is asked for.
    pub(crate) fn keys(&self) -> Kinds<Vec<u64>> {
        Kinds {
            words: self.content_words.iter().map(|word| key(word)).collect(),
            ngrams: self.ngrams.iter().map(|run| key(run)).collect(),
            sounds: self.sounds.clone(),
        }
    }
}
