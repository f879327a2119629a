//! The lexicons of a knowledge base, one for each kind of terms.

use std::ops::Range;

use super::{
    lexicon::{Bag, Counted, Lexicon},
    rows::QuestionTexts,
};
use crate::matching::terms::{extract::Terms, kinds::Kinds};

/// The lexicons of a knowledge base.
pub(crate) type Lexicons = Kinds<Lexicon>;

impl Lexicons {
    /// Counts the terms of an utterance.
    pub(crate) fn count(&self, terms: &Terms<'_>) -> Kinds<Counted> {
        self.as_ref().zip(terms.keys()).map(|(lexicon, keys)| lexicon.count(keys))
    }

    /// Weighs an utterance as if the `forgotten` questions were not in the knowledge base.
    pub(crate) fn weigh(
        &self,
        counted: &Kinds<Counted>,
        texts: &QuestionTexts,
        forgotten: &Range<u32>,
    ) -> Kinds<Bag> {
        let of_kind = self.as_ref().zip(counted.as_ref()).zip(texts.rows.as_ref());
        of_kind.map(|((lexicon, counted), rows)| {
            let has = |term| forgotten.clone().filter(|&question| rows.has(question, term)).count();
            lexicon.weigh(counted, |term| has(term) as u32)
        })
    }
}
