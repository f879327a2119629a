//! The terms of a text.

use std::{collections::HashSet, sync::LazyLock};

use foldhash::fast::FixedState;

use super::{key::key, kinds::Kinds, sounds::sounds};
use crate::text::{Segmenter, char_grams};

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
    pub(crate) ngrams: Vec<&'a str>,
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
            ngrams: char_grams(core, 1..=2),
            sounds: Vec::new(),
        }
    }

    /// The keys of those that a lexicon is asked for.
    pub(crate) fn keys(&self) -> Kinds<Vec<u64>> {
        Kinds {
            words: self.content_words().map(key).collect(),
            ngrams: self.ngrams.iter().map(|run| key(run)).collect(),
            sounds: self.sounds.clone(),
        }
    }

    /// The words that say something about the matter.
    pub(crate) fn content_words(&self) -> impl Iterator<Item = &'a str> {
        self.words.iter().copied().filter(|word| !is_stop_word(word))
    }
}

fn is_stop_word(word: &str) -> bool {
    static STOPS: LazyLock<HashSet<&str, FixedState>> =
        LazyLock::new(|| STOP_WORDS.split_ascii_whitespace().collect());
    STOPS.contains(word)
}
