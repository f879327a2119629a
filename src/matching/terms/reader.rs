//! The reader: extracts cores, terms and signals with the words of one knowledge base.

use std::collections::HashSet;

use foldhash::fast::FixedState;

use super::{
    extract::Terms,
    needed_words::NeededWords,
    signals::{SignalReader, Signals},
    synonyms::Cores,
};
use crate::knowledge::KnowledgeBase;
use crate::text::Segmenter;

/// Reads texts with the synonyms and the dictionary of a knowledge base and the words of its trade.
#[derive(Debug)]
pub(crate) struct Reader {
    pub(crate) cores: Cores,
    pub(crate) segmenter: Segmenter,
    pub(crate) signals: SignalReader,
    /// The names of the brands of the trade.
    pub(crate) brands: HashSet<String, FixedState>,
    /// By kind of question, the words that ask for it.
    asking: Vec<Vec<String>>,
    stop_words: HashSet<String, FixedState>,
}

impl Reader {
    pub(crate) fn of(base: &KnowledgeBase) -> Self {
        let dictionary = base.dictionary.iter().map(|one| (one.word.as_str(), one.frequency));
        let segmenter = Segmenter::new(dictionary);
        let needed = NeededWords::of(base, &segmenter);
        Self {
            cores: Cores::new(&base.synonyms, &base.industry, needed),
            segmenter,
            signals: SignalReader::of(&base.industry),
            brands: base.industry.brands.iter().flatten().cloned().collect(),
            asking: base.industry.question_kinds.iter().map(|kind| kind.words.clone()).collect(),
            stop_words: base.industry.stop_words.iter().cloned().collect(),
        }
    }

    /// The words that ask for the kinds of answer that a text asks for.
    pub(crate) fn asking_words(&self, signals: Signals) -> impl Iterator<Item = &str> {
        let asked = self.asking.iter().zip(0..).filter(move |(_, kind)| signals.asks(*kind));
        asked.flat_map(|(words, _)| words.iter().map(String::as_str))
    }

    /// The terms of a core.
    pub(crate) fn terms<'t>(&self, core: &'t str) -> Terms<'t> {
        Terms::of(core, &self.segmenter, |word| self.stop_words.contains(word))
    }

    /// The terms of the core of an answer.
    pub(crate) fn terms_of_answer<'t>(&self, core: &'t str) -> Terms<'t> {
        Terms::of_answer(core, &self.segmenter, |word| self.stop_words.contains(word))
    }
}
