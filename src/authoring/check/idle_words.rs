//! Finds words of the dictionary that change nothing.

use std::collections::BTreeSet;

use crate::knowledge::{Code, Finding, KnowledgeBase, Part};
use crate::text::{Segmenter, WordFinder, WordHit, normalize};

/// Words of the dictionary without which texts are cut the same: the word itself, and every
/// question, example and `not` line that holds it.
pub fn find_idle_words(base: &KnowledgeBase) -> Vec<Finding> {
    let words = base.dictionary.iter().map(|one| (one.word.as_str(), one.frequency));
    let cutters = Cutters { with: Segmenter::new(words), without: Segmenter::new([]) };
    let mut idle: BTreeSet<usize> = (0..base.dictionary.len())
        .filter(|&word| {
            let text = &base.dictionary[word].word;
            cutters.cut_the_same(text, text) && !cutters.is_guessed(text)
        })
        .collect();
    let finder = WordFinder::every(idle.iter().map(|&word| (&base.dictionary[word].word, word)));
    let questions = base.entries.iter().flat_map(|entry| entry.questions().chain(not(entry)));
    let examples = base.intents.iter().flat_map(|intent| &intent.examples).map(String::as_str);
    for question in questions.chain(examples) {
        let question = normalize(question).into_string();
        for WordHit { word, .. } in finder.find(&question) {
            let text = &base.dictionary[word].word;
            if idle.contains(&word) && !cutters.cut_the_same(&question, text) {
                idle.remove(&word);
            }
        }
    }
    idle.into_iter().map(|word| finding(word, &base.dictionary[word].word)).collect()
}

fn not(entry: &crate::knowledge::Entry) -> impl Iterator<Item = &str> {
    entry.not.iter().map(String::as_str)
}

fn finding(word: usize, text: &str) -> Finding {
    Finding {
        code: Code::IdleWord,
        part: Part::Word { word },
        message: format!("有没有“{text}”，分词都一样"),
        reason: "单独切和在全部问法里切，结果都不变".to_owned(),
        mend: "删掉它；它该是一个词却被切开，就在后面写更大的词频，例如 20000".to_owned(),
    }
}

/// Cuts with the whole dictionary and without any of it: a copy of the common dictionary for
/// each word would take seconds.
struct Cutters {
    with: Segmenter,
    without: Segmenter,
}

impl Cutters {
    /// Whether a word is whole without the dictionary by a guess, which another neighbour
    /// would undo.
    fn is_guessed(&self, word: &str) -> bool {
        let is_whole = self.without.cut(word).iter().any(|token| token.text == word);
        is_whole && !self.without.knows(word)
    }

    /// Whether both cut a text alike, where a word stands in it.
    fn cut_the_same(&self, text: &str, word: &str) -> bool {
        let length = word.chars().count();
        let places: Vec<usize> =
            text.match_indices(word).map(|(at, _)| text.split_at(at).0.chars().count()).collect();
        let tokens = |segmenter: &Segmenter| -> Vec<(usize, usize)> {
            let tokens = segmenter.cut(text).into_iter();
            let spans = tokens.map(|token| (token.start, token.start + token.text.chars().count()));
            spans
                .filter(|&(start, end)| places.iter().any(|&at| start < at + length && at < end))
                .collect()
        };
        tokens(&self.with) == tokens(&self.without)
    }
}
