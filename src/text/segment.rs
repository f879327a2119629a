//! Word segmentation.

use std::borrow::Cow;
use std::fmt;
use std::sync::LazyLock;

use jieba_rs::Jieba;

use super::normalize::normal_form::normalize;

/// Cuts normalized text into words, with jieba and the words of a knowledge base.
///
/// The dictionary of common words is parsed once per process. A segmenter without words of its own
/// shares it. Any other holds a copy of a few megabytes.
#[derive(Clone)]
pub struct Segmenter(Cow<'static, Jieba>);

/// A word and its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// The word, a slice of the text.
    pub text: &'a str,
    /// The index of its first character, in characters from 0.
    pub start: usize,
}

impl Token<'_> {
    fn moved_by(self, chars: usize) -> Self {
        Self { start: self.start + chars, ..self }
    }
}

impl Segmenter {
    /// A segmenter with `words` in addition to the common ones.
    ///
    /// Words are normalized first. The number of a word is its frequency: a higher one keeps it
    /// whole more often. `None` is just enough to keep it whole where its parts are common words.
    /// Later words see earlier ones, so the same words in the same order give the same segmenter.
    ///
    /// # Examples
    ///
    /// ```
    /// use kefu::text::Segmenter;
    ///
    /// let segmenter = Segmenter::new([("随心贷", None)]);
    /// let words: Vec<_> = segmenter.cut("随心贷怎么还款").iter().map(|token| token.text).collect();
    /// assert_eq!(words, ["随心", "随心贷", "怎么", "还款"]);
    /// ```
    pub fn new<'a>(words: impl IntoIterator<Item = (&'a str, Option<u32>)>) -> Self {
        let mut jieba = Cow::Borrowed(&*BASE);
        for (word, frequency) in words {
            let word = normalize(word).into_string();
            if !word.is_empty() {
                jieba.to_mut().add_word(&word, frequency.map(|n| n as usize), None);
            }
        }
        Segmenter(jieba)
    }

    /// Whether a normalized word is in the dictionary, not guessed.
    pub fn knows(&self, word: &str) -> bool {
        self.0.has_word(word)
    }

    /// Whether a normalized word may be the name of a thing: a noun of the dictionary, or a word that
    /// the dictionary does not have.
    pub(crate) fn may_name(&self, word: &str) -> bool {
        let is_noun = |tag: jieba_rs::Tag<'_>| tag.word == word && tag.tag.starts_with('n');
        !self.knows(word) || self.0.tag(word, false).into_iter().any(is_noun)
    }

    /// The words of a normalized text. Each word comes directly after the words of two or three
    /// characters inside it.
    ///
    /// Words outside the dictionary are guessed by jieba's hidden Markov model, but none that
    /// starts with a counted unit: 3天没到 is 3, 天, 没 and 到.
    pub fn cut<'a>(&self, normalized: &'a str) -> Vec<Token<'a>> {
        let (mut words, mut rest, mut offset) = (Vec::new(), normalized, 0);
        loop {
            let mut cut = tokens(self.0.cut_for_search(rest, true));
            let guess = cut.iter().position(|word| self.is_guess_over_unit(rest, *word));
            let Some((unit, after)) = guess.and_then(|at| split_unit(rest, cut[at].start)) else {
                if words.is_empty() {
                    return cut;
                }
                words.extend(cut.into_iter().map(|word| word.moved_by(offset)));
                return words;
            };
            cut.retain(|word| word.start < unit.start);
            words.extend(cut.into_iter().chain([unit]).map(|word| word.moved_by(offset)));
            offset += unit.start + 1;
            rest = after;
        }
    }

    fn is_guess_over_unit(&self, text: &str, word: Token<'_>) -> bool {
        let is_unit = word.text.starts_with(UNITS) && word.text.chars().nth(1).is_some();
        let before = || text.chars().nth(word.start.checked_sub(1)?);
        is_unit && before().is_some_and(|c| c.is_ascii_digit()) && !self.knows(word.text)
    }

    /// As [`Self::cut`] without guesses: unknown words fall apart into characters.
    pub(crate) fn cut_known<'a>(&self, normalized: &'a str) -> Vec<Token<'a>> {
        tokens(self.0.cut_for_search(normalized, false))
    }
}

/// The most common counted units, of one character each.
const UNITS: [char; 14] =
    ['天', '年', '月', '日', '号', '周', '元', '点', '个', '期', '次', '倍', '岁', '位'];

/// The character at this position as a word, and the rest of the text.
fn split_unit(text: &str, at: usize) -> Option<(Token<'_>, &str)> {
    let (from, unit) = text.char_indices().nth(at)?;
    let to = from + unit.len_utf8();
    Some((Token { text: text.get(from..to)?, start: at }, text.get(to..)?))
}

fn tokens(cut: Vec<jieba_rs::Token<'_>>) -> Vec<Token<'_>> {
    cut.into_iter()
        .filter(|token| token.word != "、")
        .map(|token| Token { text: token.word, start: token.start })
        .collect()
}

impl fmt::Debug for Segmenter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Segmenter").field(&*self.0).finish()
    }
}

static BASE: LazyLock<Jieba> = LazyLock::new(|| {
    Jieba::with_dict(&mut include_str!("../../assets/dict/jieba.txt").as_bytes())
        .expect("the dictionary in the binary is well formed; the tests load it")
});

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Segmenter, Token};
    use crate::text::normalize;

    fn words(segmenter: &Segmenter, text: &str) -> String {
        let normalized = normalize(text);
        let tokens = segmenter.cut(normalized.as_str());
        tokens.iter().map(|token| token.text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn cuts_into_whole_words_and_the_words_inside() {
        let own = Segmenter::new([("随心贷", None), ("實名 認證", None), ("！", None)]);
        let base = Segmenter::new([]);
        let cases = [
            // (what it shows, segmenter, text, expected)
            ("nothing", &base, "？", ""),
            ("common words", &base, "怎么提现到银行卡", "怎么 提现 到 银行 银行卡"),
            ("unknown word falls apart", &base, "随心贷利率", "随心 贷 利率"),
            ("own word stays whole", &own, "随心贷利率", "随心 随心贷 利率"),
            ("own word is normalised", &own, "实名认证", "实名 认证 实名认证"),
            (
                "no word over a unit",
                &base,
                "充了三天没到，等两天能到吗",
                "充了 3 天 没到 等 2 天 能 到 吗",
            ),
            ("numbers and letters", &base, "P2P年化3.5%", "p2p 年化 3.5%"),
        ];
        for (shows, segmenter, text, expected) in cases {
            assert_eq!(words(segmenter, text), expected, "{shows}");
        }
    }

    #[test]
    fn places_count_characters() {
        let tokens = Segmenter::new([]);
        let tokens = tokens.cut("还款app");
        assert_eq!(tokens, [Token { text: "还款", start: 0 }, Token { text: "app", start: 2 }]);
    }

    proptest! {
        #[test]
        fn a_word_stands_where_its_place_says(text in any::<String>()) {
            let normalized = normalize(&text);
            for Token { text, start } in Segmenter::new([]).cut(normalized.as_str()) {
                let there: String =
                    normalized.as_str().chars().skip(start).take(text.chars().count()).collect();
                prop_assert_eq!(text, there);
            }
        }
    }
}
