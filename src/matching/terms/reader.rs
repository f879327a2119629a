//! How texts are read: as one knowledge base says.

use super::synonyms::Cores;
use crate::knowledge::KnowledgeBase;
use crate::text::Segmenter;

/// What reads texts as a knowledge base says: with its synonyms and its words.
#[derive(Debug)]
pub(crate) struct Reader {
    pub(crate) cores: Cores,
    pub(crate) segmenter: Segmenter,
}

impl Reader {
    pub(crate) fn of(base: &KnowledgeBase) -> Self {
        let dictionary = base.dictionary.iter().map(|one| (one.word.as_str(), one.frequency));
        Self { cores: Cores::new(&base.synonyms), segmenter: Segmenter::new(dictionary) }
    }
}
