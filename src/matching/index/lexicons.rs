//! The lexicons of a knowledge base, one for each kind of term.

use std::ops::Range;

use super::{
    lexicon::{Bag, Lexicon, TermCounts},
    rows::QuestionTexts,
};
use crate::matching::terms::{extract::Terms, kinds::Kinds};
use crate::text::key;

/// The lexicons of a knowledge base.
pub(crate) type Lexicons = Kinds<Lexicon>;

impl Lexicons {
    /// Counts the terms of an utterance.
    pub(crate) fn count(&self, terms: &Terms<'_>) -> Kinds<TermCounts> {
        Kinds {
            words: self.words.count(terms.content_words.iter().map(|word| key(word))),
            ngrams: self.ngrams.count(terms.ngrams.iter().map(|ngram| key(ngram))),
            sounds: self.sounds.count(terms.sounds.iter().copied()),
        }
    }

    /// Weighs the terms of an utterance as if the `excluded` questions were not in the base.
    pub(crate) fn weigh(
        &self,
        counts: &Kinds<TermCounts>,
        texts: &QuestionTexts,
        excluded: &Range<u32>,
    ) -> Kinds<Bag> {
        let kinds = self.as_ref().zip(counts.as_ref()).zip(texts.rows.as_ref());
        kinds.map(|((lexicon, counts), rows)| {
            let count = |term| excluded.clone().filter(|&id| rows.has(id, term)).count();
            lexicon.weigh(counts, |term| count(term) as u32)
        })
    }
}
