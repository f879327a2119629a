//! The indexed questions: what each one stands for, and its weighed terms.

use std::{collections::HashSet, sync::LazyLock};

use super::{
    lexicon::{Bag, Counted, Lexicon},
    signals::Signals,
    sounds::sounds,
    synonyms::Cores,
    table::Vector,
};
use crate::knowledge::Entry;
use crate::text::{Segmenter, char_grams, normalize};

/// What a question leads to, by its place in the knowledge base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Target {
    /// Index into the knowledge base's entries.
    Entry(usize),
    /// Index into its intents.
    Intent(usize),
}

/// Why a question stands in the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// An entry's standard question.
    Standard,
    /// Another wording of it, or an intent's example: what may be held out.
    Similar,
    /// A look-alike that must not find its entry.
    Not,
}

/// One indexed question.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) target: Target,
    pub(crate) role: Role,
    /// As written in the files.
    pub(crate) wording: String,
    /// What its terms were taken from.
    pub(crate) core: String,
    pub(crate) weighed: WeighedTerms,
    pub(crate) vector: Vector,
}

/// Words that hold a question together and say nothing about its matter.
const STOP_WORDS: &str = "的 了 吗 呢 啊 呀 吧 嘛 么 我 你 您 他 它 我们 你们 是 在 有 就 都 也 还 和 与 \
    跟 把 被 给 让 对 从 到 要 想 能 可以 会 请 一下 一个 这个 那个 这 那 个 怎么 如何 怎样 怎么样 咋 什么 \
    为什么 为何 啥 多少 几 哪里 哪个 哪 如果 但是 因为 所以 然后 现在 一直 已经 时候 需要 办 怎么办 请问";

/// The terms of a core text.
#[derive(Clone, Debug)]
pub(crate) struct Terms<'a> {
    /// Search-mode cut: whole words and the shorter words in them.
    pub(crate) words: Vec<&'a str>,
    /// Characters and pairs of them. Runs of three added nothing to finding or ranking.
    pub(crate) runs: Vec<&'a str>,
    /// How its Han characters sound, and pairs of them.
    pub(crate) sounds: Vec<u64>,
    signals: Signals,
    chars: u32,
}

impl<'a> Terms<'a> {
    pub(crate) fn of(core: &'a str, segmenter: &Segmenter) -> Self {
        Self { sounds: sounds(core), ..Self::of_answer(core, segmenter) }
    }

    /// Nobody is told how an answer sounds.
    pub(crate) fn of_answer(core: &'a str, segmenter: &Segmenter) -> Self {
        Self {
            words: segmenter.cut(core).into_iter().map(|token| token.text).collect(),
            runs: char_grams(core, 1..=2),
            sounds: Vec::new(),
            signals: Signals::of(core),
            chars: core.chars().count() as u32,
        }
    }

    /// The words that say something about the matter.
    pub(crate) fn content_words(&self) -> impl Iterator<Item = &'a str> {
        self.words.iter().copied().filter(|word| !is_stop_word(word))
    }
}

/// The lexicons of a knowledge base.
#[derive(Debug, Default)]
pub(crate) struct Lexicons {
    /// Without stop words.
    pub(crate) words: Lexicon<String>,
    pub(crate) runs: Lexicon<String>,
    pub(crate) sounds: Lexicon<u64>,
}

impl Lexicons {
    /// Takes in one more question, and counts its terms.
    pub(crate) fn add(&mut self, terms: &Terms<'_>) -> CountedTerms {
        CountedTerms {
            words: self.words.add(terms.content_words()),
            runs: self.runs.add(terms.runs.iter().copied()),
            sounds: self.sounds.add(&terms.sounds),
            signals: terms.signals,
            chars: terms.chars,
        }
    }

    /// Takes in the terms of an entry's answer, which may speak for the entry but is no
    /// question, and counts them.
    pub(crate) fn add_answer(&mut self, terms: &Terms<'_>) -> CountedTerms {
        CountedTerms {
            words: self.words.intern_all(terms.content_words()),
            runs: self.runs.intern_all(terms.runs.iter().copied()),
            sounds: Counted::default(),
            signals: terms.signals,
            chars: terms.chars,
        }
    }

    /// Counts the terms of an utterance.
    pub(crate) fn count(&self, terms: &Terms<'_>) -> CountedTerms {
        CountedTerms {
            words: self.words.count(terms.content_words()),
            runs: self.runs.count(terms.runs.iter().copied()),
            sounds: self.sounds.count(&terms.sounds),
            signals: terms.signals,
            chars: terms.chars,
        }
    }

    /// Weighs a text as if the `forgotten` questions were not in the knowledge base.
    pub(crate) fn weigh(&self, counted: &CountedTerms, forgotten: &[&Question]) -> WeighedTerms {
        let gone = |has: &dyn Fn(&WeighedTerms) -> bool| {
            forgotten.iter().filter(|gone| has(&gone.weighed)).count() as u32
        };
        WeighedTerms {
            words: self.words.weigh(&counted.words, |id| gone(&|gone| gone.words.has(id))),
            runs: self.runs.weigh(&counted.runs, |id| gone(&|gone| gone.runs.has(id))),
            sounds: self.sounds.weigh(&counted.sounds, |id| gone(&|gone| gone.sounds.has(id))),
            signals: counted.signals,
            chars: counted.chars,
        }
    }
}

/// What the terms of an entry's answer are taken from. An answer that only repeats the
/// question has nothing more to say.
pub(crate) fn answer_core(entry: &Entry, cores: &Cores) -> Option<String> {
    let is_own = entry.answer != entry.standard_question;
    is_own.then(|| cores.core(normalize(&entry.answer).as_str()))
}

/// A text with its terms counted, not yet weighed.
#[derive(Clone, Debug)]
pub(crate) struct CountedTerms {
    pub(crate) words: Counted,
    pub(crate) runs: Counted,
    pub(crate) sounds: Counted,
    signals: Signals,
    chars: u32,
}

/// A text ready to be compared.
#[derive(Clone, Debug)]
pub(crate) struct WeighedTerms {
    pub(crate) words: Bag,
    pub(crate) runs: Bag,
    pub(crate) sounds: Bag,
    pub(crate) signals: Signals,
    pub(crate) chars: u32,
}

fn is_stop_word(word: &str) -> bool {
    static STOPS: LazyLock<HashSet<&str>> =
        LazyLock::new(|| STOP_WORDS.split_ascii_whitespace().collect());
    STOPS.contains(word)
}
