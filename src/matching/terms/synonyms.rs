//! Extracts cores, with the common synonyms and those of the knowledge base.

use std::collections::HashMap;

use super::core_text::CommonWording;
use crate::knowledge::{Industry, Synonym, Synonyms};

/// Extracts the core of texts, with the words of a trade and the synonyms of a knowledge base.
#[derive(Debug)]
pub(crate) struct Cores {
    wording: CommonWording,
    same: Replacer,
    says: Replacer,
}

impl Cores {
    pub(crate) fn new(synonyms: &Synonyms, industry: &Industry) -> Self {
        let wording = CommonWording::of(industry);
        let common_words = |text: &String| wording.common_words(text.clone());
        // They are applied after the common synonyms, so they are written with these replaced.
        let mut same = Replacer::default();
        for Synonym { word, other } in &synonyms.same {
            let other = common_words(other);
            // Kept whole: another word may be a part of it.
            same.add(other.clone(), other.clone());
            same.add(common_words(word), other);
        }
        let mut says = Replacer::default();
        for Synonym { word, other } in &synonyms.says {
            let other = same.replace(&common_words(other)).0;
            says.add(common_words(word), other);
        }
        Self { wording, same, says }
    }

    /// The core of a normalised text.
    pub(crate) fn core(&self, normalized: &str) -> String {
        self.same.replace(&self.wording.core_text(normalized)).0
    }

    /// A core with its one-way synonyms replaced; `None` when it has none.
    pub(crate) fn rewritten(&self, core: &str) -> Option<String> {
        let (rewritten, is_changed) = self.says.replace(core);
        is_changed.then_some(rewritten)
    }
}

/// Replaces words in one pass from the left, at each position the longest.
#[derive(Debug, Default)]
struct Replacer {
    /// By first character, the longest word first.
    words: HashMap<char, Vec<(String, String)>>,
}

impl Replacer {
    /// Adds a word with its replacement; of equal words the first counts.
    fn add(&mut self, word: String, other: String) {
        let Some(first) = word.chars().next() else { return };
        let words = self.words.entry(first).or_default();
        if words.iter().all(|(known, _)| *known != word) {
            let place = words.partition_point(|(known, _)| known.len() >= word.len());
            words.insert(place, (word, other));
        }
    }

    /// The text with its words replaced, and whether there were any.
    fn replace(&self, text: &str) -> (String, bool) {
        let (mut replaced, mut rest, mut is_changed) = (String::new(), text, false);
        while let Some(first) = rest.chars().next() {
            let words = self.words.get(&first).map_or(&[][..], Vec::as_slice);
            let found = words
                .iter()
                .find_map(|(word, other)| Some((rest.strip_prefix(word.as_str())?, other)));
            if let Some((after, other)) = found {
                replaced.push_str(other);
                rest = after;
                is_changed = true;
            } else {
                replaced.push(first);
                rest = rest.strip_prefix(first).unwrap_or_default();
            }
        }
        (replaced, is_changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn synonyms(pairs: &[(&str, &str)]) -> Vec<Synonym> {
        let synonym = |(word, other): &(&str, &str)| Synonym {
            word: (*word).to_owned(),
            other: (*other).to_owned(),
        };
        pairs.iter().map(synonym).collect()
    }

    #[test]
    fn words_become_the_one_that_stands_for_them() {
        let synonyms = Synonyms {
            same: synonyms(&[
                ("货基", "货币基金"),
                ("货币", "货币基金"),
                ("提钱", "取现"),
                ("查询余额", "看余额"),
            ]),
            says: synonyms(&[("小金库", "货基"), ("小金库理财", "定期")]),
        };
        let cores = Cores::new(&synonyms, &Industry::shipped());
        let cases = [
            // (what it shows, normalised, core, rewritten)
            ("nothing to do", "怎么还款", "怎么还款", None),
            ("a synonym", "货基怎么买", "货币基金怎么买", None),
            ("what stands for others is kept whole", "货币基金怎么买", "货币基金怎么买", None),
            ("twice", "货基和货币", "货币基金和货币基金", None),
            ("after the common synonyms, also in the file's words", "提钱", "提现", None),
            ("a word with a common synonym in it", "查询余额", "看余额", None),
            ("one way, through the others", "小金库怎么买", "小金库怎么买", Some("货币基金怎么买")),
            ("the longest", "小金库理财", "小金库理财", Some("定期")),
        ];
        for (shows, normalized, core, rewritten) in cases {
            assert_eq!(cores.core(normalized), core, "{shows}");
            assert_eq!(cores.rewritten(core).as_deref(), rewritten, "{shows}");
        }
    }
}
