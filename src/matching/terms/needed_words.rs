//! Finds the courtesies that questions need as words, so that none of them is cut off unseen.

use crate::knowledge::{Entry, Industry, KnowledgeBase};
use crate::text::{Segmenter, WordFinder, normalize};

/// Which courtesies the questions of a base need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct NeededWords {
    /// Courtesies that questions have as a word elsewhere than at their ends, such as 客服 where
    /// entries are about it, sorted.
    pub(crate) content: Vec<String>,
    /// Longer words of the questions that begin with a courtesy, such as 亲戚, sorted.
    pub(crate) beginnings: Vec<String>,
    /// Longer words of the questions that end with a courtesy, such as 干嘛, sorted.
    pub(crate) endings: Vec<String>,
}

impl NeededWords {
    /// Reads the questions of all entries. Intents are left out: their examples are mostly
    /// courtesies themselves.
    pub(crate) fn of(base: &KnowledgeBase, segmenter: &Segmenter) -> Self {
        let Industry { courtesies, stop_words, .. } = &*base.industry;
        let all = courtesies.before.iter().chain(&courtesies.after);
        let finder = WordFinder::every(all.map(|word| (word.as_str(), ())));
        let mut needed = Self::default();
        for question in base.entries.iter().flat_map(Entry::questions) {
            let question = normalize(question);
            let question = question.as_str();
            if finder.find(question).next().is_none() {
                continue;
            }
            let end = question.chars().count();
            for token in segmenter.cut(question) {
                needed.read(token.text, (token.start, end), segmenter, base);
            }
        }
        needed.content.retain(|word| !stop_words.contains(word));
        for words in [&mut needed.content, &mut needed.beginnings, &mut needed.endings] {
            words.sort_unstable();
            words.dedup();
        }
        needed
    }

    /// Reads one word of a question of `end` characters.
    fn read(
        &mut self,
        word: &str,
        (start, end): (usize, usize),
        segmenter: &Segmenter,
        base: &KnowledgeBase,
    ) {
        let courtesies = &base.industry.courtesies;
        let chars = word.chars().count();
        let is_inside = start > 0 && start + chars < end;
        if courtesies.before.iter().chain(&courtesies.after).any(|one| one == word) {
            // A courtesy of one character is a particle, or a part of a name elsewhere.
            if chars > 1 && is_inside {
                self.content.push(word.to_owned());
            }
            return;
        }
        if !segmenter.knows(word) {
            return;
        }
        let is_longer = |one: &String| one.len() < word.len();
        if courtesies.before.iter().filter(|one| is_longer(one)).any(|one| word.starts_with(&**one))
        {
            self.beginnings.push(word.to_owned());
        }
        if courtesies.after.iter().filter(|one| is_longer(one)).any(|one| word.ends_with(&**one)) {
            self.endings.push(word.to_owned());
        }
    }
}
