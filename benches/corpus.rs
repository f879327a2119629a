//! The shipped knowledge, and utterances generated from its words: the same on every machine.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use kefu::files::Root;
use kefu::knowledge::{Entry, KnowledgeBase, load};
use kefu::text::{Segmenter, normalize};

/// The day of the questions, so that every run serves the same entries.
pub(crate) const TODAY: Date = date(2026, 11, 22);

/// Frames around two or three words.
pub(crate) const FRAMES: [(&str, &str); 12] = [
    ("", "怎么办"),
    ("", "要多久"),
    ("为什么", ""),
    ("怎么", ""),
    ("", "失败了"),
    ("", "要手续费吗"),
    ("能不能", ""),
    ("", "在哪里看"),
    ("我的", "不见了"),
    ("", "有什么限制"),
    ("想问", "的条件"),
    ("", "多少钱"),
];

/// The knowledge base inside the program.
pub(crate) fn shipped() -> KnowledgeBase {
    let files = Root::embedded().read().expect("the copy inside the program");
    load(&files, TODAY).base.expect("the shipped files have no mistakes")
}

/// Utterances near to questions of the base, each with the wording that it was made from: with
/// courtesies, a frame, or a character left out.
pub(crate) fn utterances(base: &KnowledgeBase, count: usize, seed: u64) -> Vec<String> {
    let wordings: Vec<&str> = base.entries.iter().flat_map(Entry::questions).collect();
    let mut chance = Chance(seed);
    (0..count)
        .map(|_| {
            let wording = *chance.pick(&wordings);
            let lost = chance.below(wording.chars().count());
            match chance.below(3) {
                0 => format!("你好，请问{wording}？"),
                1 => format!("我昨天{wording}，现在想知道怎么处理"),
                _ => wording
                    .chars()
                    .enumerate()
                    .filter(|(at, _)| *at != lost)
                    .map(|(_, c)| c)
                    .collect(),
            }
        })
        .collect()
}

/// Its words of at least two characters, sorted.
pub(crate) fn content_words(base: &KnowledgeBase) -> Vec<String> {
    let dictionary = base.dictionary.iter().map(|one| (one.word.as_str(), one.frequency));
    let segmenter = Segmenter::new(dictionary);
    let mut words = BTreeSet::new();
    for question in base.entries.iter().flat_map(Entry::questions) {
        let normalized = normalize(question).into_string();
        let cut = segmenter.cut(&normalized);
        words.extend(cut.iter().map(|token| token.text.to_owned()));
    }
    words.into_iter().filter(|word| word.chars().count() >= 2).collect()
}

/// `SplitMix64`: the same numbers on every machine.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound.max(1) as u64) as usize
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}
