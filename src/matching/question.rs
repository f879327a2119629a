//! The indexed questions: what each one stands for, and texts with their terms.

use std::{collections::HashSet, ops::Range, sync::LazyLock};

use foldhash::fast::FixedState;

use super::{
    kinds::Kinds,
    lexicon::{Bag, Counted, Lexicon, key},
    rows::{Shape, Texts},
    signals::Signals,
    sounds::sounds,
    synonyms::Cores,
};
use crate::knowledge::{Entry, KnowledgeBase};
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

/// One indexed question: where it stands in the files.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question {
    pub(crate) target: Target,
    pub(crate) role: Role,
    /// Which one of its target and role, from 0.
    pub(crate) number: u32,
}

impl Question {
    /// As written in the files.
    pub(crate) fn wording<'b>(&self, base: &'b KnowledgeBase) -> &'b str {
        let number = self.number as usize;
        match (self.target, self.role) {
            (Target::Entry(place), Role::Standard) => &base.entries[place].standard_question,
            (Target::Entry(place), Role::Similar) => &base.entries[place].similar_questions[number],
            (Target::Entry(place), Role::Not) => &base.entries[place].not[number],
            (Target::Intent(place), _) => &base.intents[place].examples[number],
        }
    }
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
        }
    }

    /// The keys of those that a lexicon is asked for.
    pub(crate) fn keys(&self) -> Kinds<Vec<u64>> {
        Kinds {
            words: self.content_words().map(key).collect(),
            runs: self.runs.iter().map(|run| key(run)).collect(),
            sounds: self.sounds.clone(),
        }
    }

    /// The words that say something about the matter.
    pub(crate) fn content_words(&self) -> impl Iterator<Item = &'a str> {
        self.words.iter().copied().filter(|word| !is_stop_word(word))
    }
}

impl Shape {
    pub(crate) fn of(core: &str) -> Self {
        Self { signals: Signals::of(core), chars: core.chars().count() as u32 }
    }
}

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
        texts: &Texts,
        forgotten: &Range<u32>,
    ) -> Kinds<Bag> {
        let of_kind = self.as_ref().zip(counted.as_ref()).zip(texts.rows.as_ref());
        of_kind.map(|((lexicon, counted), rows)| {
            let has = |term| forgotten.clone().filter(|&question| rows.has(question, term)).count();
            lexicon.weigh(counted, |term| has(term) as u32)
        })
    }
}

/// What the terms of an entry's answer are taken from. An answer that only repeats the
/// question has nothing more to say.
pub(crate) fn answer_core(entry: &Entry, cores: &Cores) -> Option<String> {
    let is_own = entry.answer != entry.standard_question;
    is_own.then(|| cores.core(normalize(&entry.answer).as_str()))
}

fn is_stop_word(word: &str) -> bool {
    static STOPS: LazyLock<HashSet<&str, FixedState>> =
        LazyLock::new(|| STOP_WORDS.split_ascii_whitespace().collect());
    STOPS.contains(word)
}
