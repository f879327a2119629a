//! Decides which letters are pinyin, and reads them.

use std::ops::Range;

use super::{
    english::is_english,
    lattice::{Lattice, ReadPart},
    spelled::Spelled,
    syllables::Syllables,
    vocabulary::{UNKNOWN, Vocabulary},
};
use crate::knowledge::KnowledgeBase;
use crate::text::{Normalized, Segmenter, normalize};

/// How many characters of an utterance are read: of pinyin, some 130 syllables. What follows stays as it
/// was typed.
const READ_CHARS: usize = 400;

/// The share of the letters of a passage that may belong to words that are neither pinyin nor known, and to those
/// that may be English and are not covered.
const FOREIGN_MAX: f32 = 0.25;

/// The least share of letters in words that are surely no English, compared with those that may be.
const SURE_MIN: f32 = 0.5;

/// The least share of letters that words of the base cover, ...
const COVERED_MIN: f32 = 0.4;

/// ... and of a word in which a slip of the fingers must be assumed; of it, words of several characters
/// cover the second share at least.
const COVERED_WITH_SLIPS_MIN: f32 = 0.8;
const COVERED_LONG_MIN: f32 = 0.5;

/// A single character is covered when it is this likely among all words of the base, as 我 and 了 are; as
/// a negative log-likelihood.
const COMMON: f32 = 6.5;

/// The shortest word, in letters, in which a slip is looked for, ...
const SLIPPED_MIN: usize = 4;

/// ... and where nothing else is pinyin.
const SLIPPED_ALONE_MIN: usize = 8;

/// The longest passage, in letters, in which slips are looked for. It takes several times as long as reading
/// without them.
const SLIPPED_MAX: usize = 60;

/// Reads pinyin with the words of one knowledge base.
#[derive(Debug)]
pub(in crate::matching) struct PinyinReader {
    vocabulary: Vocabulary,
}

/// What a word of letters may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Latin {
    /// A row of syllables, and no other word that is known.
    Pinyin,
    /// A row of syllables, and a word of English or of the base.
    Either,
    /// A Latin word of the base.
    Known,
    Other,
}

/// Words of letters that follow each other directly or after spaces.
#[derive(Clone, Debug)]
struct Passage {
    words: Vec<(Range<usize>, Latin)>,
    with_slips: bool,
}

impl Passage {
    fn letters(&self, of: Latin) -> f32 {
        let words = self.words.iter().filter(|(_, latin)| *latin == of);
        words.map(|(word, _)| word.len()).sum::<usize>() as f32
    }

    /// Whether its words look like pinyin, before any word of the base is compared.
    fn is_likely(&self) -> bool {
        let [sure, either, other] =
            [Latin::Pinyin, Latin::Either, Latin::Other].map(|of| self.letters(of));
        if self.with_slips {
            let is_long = |(word, latin): &(Range<usize>, Latin)| {
                *latin != Latin::Other || word.len() >= SLIPPED_MIN
            };
            let is_alone = self.words.len() == 1 && other >= SLIPPED_ALONE_MIN as f32;
            let is_beside_pinyin = sure > 0.0 && sure >= SURE_MIN * either && sure >= other;
            let letters: usize = self.words.iter().map(|(word, _)| word.len()).sum();
            let is_tried = letters <= SLIPPED_MAX && self.words.iter().all(is_long);
            return is_tried && (is_alone || is_beside_pinyin);
        }
        sure > 0.0 && sure >= SURE_MIN * either && other <= FOREIGN_MAX * (sure + either + other)
    }

    fn is_read(&self, latin: Latin) -> bool {
        match latin {
            Latin::Pinyin | Latin::Either => true,
            Latin::Known => false,
            Latin::Other => self.with_slips,
        }
    }
}

impl PinyinReader {
    pub(in crate::matching) fn of(base: &KnowledgeBase, segmenter: &Segmenter) -> Self {
        Self { vocabulary: Vocabulary::of(base, segmenter) }
    }

    /// The text in Han, normalised, where letters of it are pinyin; else `None`.
    pub(in crate::matching) fn read(&self, normalized: &Normalized) -> Option<String> {
        let spelled = Spelled::of(normalized, READ_CHARS);
        let mut passages = self.passages(&spelled);
        // A passage whose words the base does not have stays as it was typed.
        while !passages.is_empty() {
            let parts = self.parts(&spelled, &passages);
            let before = passages.len();
            passages.retain(|passage| self.is_covered(passage, &parts));
            if passages.len() == before {
                let rest = normalized.as_str().chars().skip(READ_CHARS);
                let read: String =
                    parts.iter().flat_map(|part| part.text.chars()).chain(rest).collect();
                return Some(normalize(&read).into_string());
            }
        }
        None
    }

    /// The passages that may be pinyin.
    fn passages(&self, spelled: &Spelled) -> Vec<Passage> {
        let mut passages: Vec<Passage> = Vec::new();
        for word in &spelled.words {
            let of = (word.clone(), self.latin(&spelled.letters(word)));
            let ends = |passage: &Passage| passage.words.last().map(|(word, _)| word.end);
            match passages.last_mut().filter(|passage| ends(passage) == Some(word.start)) {
                Some(passage) => passage.words.push(of),
                None => passages.push(Passage { words: vec![of], with_slips: false }),
            }
        }
        let likely = passages.into_iter().filter_map(|mut passage| {
            if !passage.is_likely() {
                passage.with_slips = true;
            }
            passage.is_likely().then_some(passage)
        });
        likely.collect()
    }

    fn latin(&self, letters: &str) -> Latin {
        let is_pinyin = Syllables::all().make_up(letters);
        match is_pinyin {
            true if is_english(letters) || self.vocabulary.has_latin(letters) => Latin::Either,
            true => Latin::Pinyin,
            false if self.vocabulary.has_latin(letters) => Latin::Known,
            false => Latin::Other,
        }
    }

    fn parts(&self, spelled: &Spelled, passages: &[Passage]) -> Vec<ReadPart> {
        let mut is_readable = vec![false; spelled.chars.len()];
        for passage in passages {
            for (word, latin) in &passage.words {
                is_readable[word.clone()].fill(passage.is_read(*latin));
            }
        }
        let lattice = Lattice {
            vocabulary: &self.vocabulary,
            chars: &spelled.chars,
            is_readable: &is_readable,
            with_slips: passages.iter().any(|passage| passage.with_slips),
        };
        lattice.best()
    }

    /// Whether words of the base cover enough of a passage.
    fn is_covered(&self, passage: &Passage, parts: &[ReadPart]) -> bool {
        let (mut covered, mut doubtful, mut all) = (0, 0, 0);
        for (word, latin) in passage.words.iter().filter(|(_, latin)| passage.is_read(*latin)) {
            let (mut own, mut by_long) = (0, 0);
            for part in parts {
                let shared = part.typed.start.max(word.start)..part.typed.end.min(word.end);
                let letters = shared.len();
                if part.is_read && (part.is_long() || self.is_common(part)) {
                    own += letters;
                    by_long += if part.is_long() { letters } else { 0 };
                }
            }
            let is_most = |letters: usize, least| letters as f32 >= least * word.len() as f32;
            let is_covered =
                is_most(own, COVERED_WITH_SLIPS_MIN) && is_most(by_long, COVERED_LONG_MIN);
            if *latin == Latin::Other && !is_covered {
                return false;
            }
            // Half of “mate” is 吗, so it is English.
            let is_doubtful = *latin == Latin::Either && own < word.len();
            doubtful += if is_doubtful { word.len() } else { 0 };
            covered += own;
            all += word.len();
        }
        let all = all as f32;
        covered as f32 >= COVERED_MIN * all && doubtful as f32 <= FOREIGN_MAX * all
    }

    fn is_common(&self, part: &ReadPart) -> bool {
        part.is_read
            && self
                .vocabulary
                .number(&part.text)
                .is_some_and(|word| self.vocabulary.cost(UNKNOWN, word) <= COMMON)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::questions_only;

    const QUESTIONS: &str = r#"
{"id": "withdraw.arrival", "question": "提现多久到账", "similar": ["提现要等几天", "我的提现怎么还没到账"]}
{"id": "transfer.fail", "question": "转账失败怎么办", "similar": ["为什么转账失败了", "app转账不了"]}
{"id": "repay.how", "question": "怎么还款", "similar": ["我要还款", "在哪里还钱", "网商贷怎么还款"]}
{"id": "refund.how", "question": "怎么申请退款", "similar": ["我要退款", "退款流程"]}
"#;

    fn reader() -> PinyinReader {
        let base = questions_only(QUESTIONS.as_bytes()).base.unwrap();
        PinyinReader::of(&base, &Segmenter::new([]))
    }

    #[test]
    fn pinyin_is_read_with_the_words_of_the_base() {
        let reader = reader();
        let cases = [
            // (what it shows, typed, expected)
            ("spaces between words", "tixian duojiu daozhang", "提现多久到账"),
            ("spaces between syllables", "wo yao tui kuan", "我要退款"),
            ("no spaces", "zenmehuankuan", "怎么还款"),
            ("capitals", "TIXIAN DUOJIU", "提现多久"),
            ("tones as digits", "ti2 xian4 duo1 jiu3", "提现多久"),
            ("tones as marks", "tí xiàn duō jiǔ", "提现多久"),
            ("in a word with Han", "转zhang失败", "转账失败"),
            ("beside Han", "zenme还款", "怎么还款"),
            ("beside a Latin word of the base", "app zhuanzhang buliao", "app转账不了"),
            ("an accent", "zuanzang sibai", "转账失败"),
            ("two letters swapped", "tuikaun liucheng", "退款流程"),
            ("a letter left out", "tixan duojiu daozhang", "提现多久到账"),
            ("numbers of the reading are numbers", "huankuan san tian", "还款3天"),
            ("numbers stay", "tixian 500 yuan", "提现500元"),
        ];
        for (shows, typed, expected) in cases {
            assert_eq!(reader.read(&normalize(typed)).as_deref(), Some(expected), "{shows}");
        }
    }

    #[test]
    fn what_is_no_pinyin_stays_as_it_was_typed() {
        let reader = reader();
        let cases = [
            // (what it shows, typed)
            ("English", "how to cancel my card"),
            ("English that is made of syllables", "change name"),
            ("an English word beside Han", "我要change密码"),
            ("a Latin word of the base", "app打不开"),
            ("a name beside Han that the base does not have", "huawei打不开"),
            ("an order number", "AB12345678"),
            ("an address of the web", "https://www.example.com/pay?id=9"),
            ("initials", "tx多久到账"),
            ("one syllable alone", "pin"),
            ("no letters", "提现多久到账"),
        ];
        for (shows, typed) in cases {
            assert_eq!(reader.read(&normalize(typed)), None, "{shows}");
        }
    }

    #[test]
    fn a_long_text_is_read_up_to_its_limit() {
        let reader = reader();
        let read = reader.read(&normalize(&"tixian ".repeat(2_000))).unwrap();
        let whole = READ_CHARS / "tixian".len();
        assert!(read.starts_with(&"提现".repeat(whole)), "{read}");
        assert!(read.ends_with(&"tixian".repeat(1_000)), "the rest stays");
    }
}
