//! The questions that the benches ask, and the knowledge bases that they ask them of.

use std::collections::BTreeSet;

use jiff::civil::{Date, date};
use kefu::files::Root;
use kefu::knowledge::{Entry, KnowledgeBase, load};
use kefu::matching::Snapshot;
use kefu::text::{Segmenter, normalize};

/// The day of the questions, so that every run serves the same entries.
pub(crate) const TODAY: Date = date(2026, 11, 22);

/// Wordings of one generated entry.
const WORDINGS: usize = 10;

/// Around a matter of two or three words.
const FRAMES: [(&str, &str); 12] = [
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

/// The shipped knowledge base, its entries replaced by generated ones: so many questions of
/// two or three words of the shipped questions each, in common frames.
pub(crate) fn generated(questions: usize, seed: u64) -> KnowledgeBase {
    let mut base = shipped();
    let (words, model) = (content_words(&base), base.entries[0].clone());
    let mut chance = Chance(seed);
    base.entries = (0..questions / WORDINGS)
        .map(|number| {
            let matter: Vec<&str> = (0..3).map(|_| chance.pick(&words).as_str()).collect();
            let mut wordings: Vec<String> = (0..WORDINGS)
                .map(|_| {
                    let (before, after) = *chance.pick(&FRAMES);
                    let left_out = chance.below(4);
                    let kept = matter.iter().enumerate().filter(|(at, _)| *at != left_out);
                    let kept: String = kept.map(|(_, word)| *word).collect();
                    let extra = chance.pick(&words);
                    format!("{before}{kept}{extra}{after}")
                })
                .collect();
            Entry {
                id: format!("generated.n{number}").as_str().into(),
                standard_question: wordings.remove(0),
                similar_questions: wordings,
                not: Vec::new(),
                ..model.clone()
            }
        })
        .collect();
    base
}

/// Utterances near to questions of the base, each with the wording that it was made from:
/// courtesies around it, a frame, or a character lost.
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

/// A snapshot, with the share of the base's own standard questions that find their entry
/// first: a fast wrong answer is not a result.
pub(crate) fn checked_snapshot(base: KnowledgeBase) -> Snapshot {
    let snapshot = Snapshot::build(base).expect("the index is in memory");
    for entry in snapshot.base.entries.iter().filter(|entry| entry.is_served_on(TODAY)).take(50) {
        let outcome = snapshot.find(&entry.standard_question, TODAY);
        let first = outcome.ranked.first().map(|candidate| &candidate.question);
        assert_eq!(first, Some(&entry.standard_question), "a question finds itself");
    }
    snapshot
}

fn content_words(base: &KnowledgeBase) -> Vec<String> {
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
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound.max(1) as u64) as usize
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}
