//! Extracts cores, with the common synonyms and those of the knowledge base.

use super::{core_text::CommonWording, needed_words::NeededWords};
use crate::knowledge::{Industry, Synonym, Synonyms};
use crate::text::WordFinder;

/// Extracts the core of texts, with the words of a trade and the synonyms of a knowledge base.
#[derive(Debug)]
pub(crate) struct Cores {
    wording: CommonWording,
    same: Replacer,
    says: Replacer,
}

impl Cores {
    pub(crate) fn new(synonyms: &Synonyms, industry: &Industry, needed: NeededWords) -> Self {
        let wording = CommonWording::of(industry, needed);
        let common_words = |text: &String| wording.common_words(text).into_owned();
        // They are applied after the common synonyms, so they are written with these replaced.
        let mut pairs = Vec::new();
        for Synonym { word, other } in &synonyms.same {
            let other = common_words(other);
            // Kept whole: another word may be a part of it.
            pairs.push((other.clone(), other.clone()));
            pairs.push((common_words(word), other));
        }
        let same = Replacer::of(pairs);
        let says = synonyms.says.iter().map(|Synonym { word, other }| {
            let other = common_words(other);
            (common_words(word), same.replace(&other).unwrap_or(other))
        });
        let says = Replacer::of(says.collect());
        Self { wording, same, says }
    }

    /// The core of a normalised text.
    pub(crate) fn core(&self, normalized: &str) -> String {
        let common = self.wording.core_text(normalized);
        self.same.replace(&common).unwrap_or_else(|| common.into_owned())
    }

    /// A core without the courtesies that questions need, and with its one-way synonyms replaced;
    /// `None` when it has neither.
    pub(crate) fn rewritten(&self, core: &str) -> Option<String> {
        let bare = self.wording.bare(core);
        let rewritten = self.says.replace(bare);
        rewritten.or_else(|| (bare != core).then(|| bare.to_owned()))
    }

    /// Whether a core has a courtesy at an end that questions need.
    pub(crate) fn has_needed_courtesy(&self, core: &str) -> bool {
        self.wording.bare(core) != core
    }

    /// What the questions need of the courtesies.
    pub(crate) fn needed(&self) -> &NeededWords {
        self.wording.needed()
    }
}

/// Replaces words in one pass from the left, at each position the longest; of equal words the
/// first counts.
#[derive(Debug)]
struct Replacer {
    finder: WordFinder<usize>,
    /// What the words become, in the order in which they were given.
    others: Vec<String>,
}

impl Replacer {
    fn of(pairs: Vec<(String, String)>) -> Self {
        let (words, others): (Vec<String>, Vec<String>) = pairs.into_iter().unzip();
        Self { finder: WordFinder::longest(words.iter().zip(0..)), others }
    }

    /// The text with its words replaced; `None` when it has none.
    fn replace(&self, text: &str) -> Option<String> {
        let mut words = self.finder.find(text).peekable();
        words.peek()?;
        let (mut replaced, mut from) = (String::with_capacity(text.len()), 0);
        for found in words {
            replaced.push_str(text.get(from..found.bytes.start).unwrap_or_default());
            replaced.push_str(&self.others[found.word]);
            from = found.bytes.end;
        }
        replaced.push_str(text.get(from..).unwrap_or_default());
        Some(replaced)
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
        let cores = Cores::new(&synonyms, &Industry::shipped(), NeededWords::default());
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
