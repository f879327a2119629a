//! Finds the words of all rules in one pass, in any disguise.
//!
//! `text::WordFinder` compares characters. A letter here equals another by its shape, its sound
//! or its pinyin, and the choice at one letter decides whether the next may sound alike.

use std::collections::HashMap;

use super::letters::{Letter, LetterGap, Letters};
use crate::text::{Segmenter, readings};

/// Separators that may stand between two letters of one word.
const NOISE_MAX: usize = 6;

/// The shortest word that is recognized in pinyin alone, in letters; shorter ones are ambiguous.
const SPELT_MIN: usize = 6;

/// The shortest word that is recognized by its sound, in characters, where it contains a common
/// word.
const LONG_WORD: usize = 4;

/// Letters on either side of a homophone that are segmented with it.
const CONTEXT: usize = 6;

/// A word of a rule.
#[derive(Clone, Debug)]
struct RuleWord {
    rule: usize,
    letters: Vec<Letter>,
}

/// A find: the rule, and the range of letters, end excluded.
#[derive(Clone, Copy, Debug)]
pub(super) struct RuleMatch {
    pub(super) rule: usize,
    pub(super) from: usize,
    pub(super) to: usize,
}

impl RuleMatch {
    /// Whether both are finds of one rule with letters in common.
    pub(super) fn overlaps(self, other: Self) -> bool {
        self.rule == other.rule && self.from < other.to && other.from < self.to
    }
}

/// How the letters of a find were spelt.
#[derive(Clone, Copy, Debug, Default)]
struct Spelling {
    /// Characters of the word itself.
    exact: usize,
    /// Other characters with the same sound.
    homophones: usize,
    /// Letters of pinyin.
    spelt: usize,
}

/// The words of all rules, indexed by the possible first letters of a find.
#[derive(Clone, Debug, Default)]
pub(super) struct RuleWords {
    all: Vec<RuleWord>,
    by_shape: HashMap<char, Vec<usize>>,
    by_sound: HashMap<&'static str, Vec<usize>>,
    /// By the first letter of the pinyin.
    by_initial: HashMap<char, Vec<usize>>,
}

impl RuleWords {
    pub(super) fn add(&mut self, rule: usize, word: &str) {
        let letters = Letters::read(word).all;
        let Some(first) = letters.first() else { return };
        let index = self.all.len();
        self.by_shape.entry(first.shape).or_default().push(index);
        if let Some(sound) = first.sound.filter(|_| letters.len() > 1) {
            self.by_sound.entry(sound).or_default().push(index);
            let mut initials: Vec<char> =
                readings(first.c).filter_map(|reading| reading.chars().next()).collect();
            initials.sort_unstable();
            initials.dedup();
            for initial in initials {
                self.by_initial.entry(initial).or_default().push(index);
            }
        }
        self.all.push(RuleWord { rule, letters });
    }

    /// All finds of the rules that apply to the text.
    pub(super) fn find(
        &self,
        letters: &Letters,
        judges: impl Fn(usize) -> bool,
        segmenter: &Segmenter,
    ) -> Vec<RuleMatch> {
        let mut found = Vec::new();
        for (from, letter) in letters.all.iter().enumerate() {
            for word in self.beginning_with(letter).filter(|word| judges(word.rule)) {
                if let Some(to) = word.end(letters, from, segmenter) {
                    found.push(RuleMatch { rule: word.rule, from, to });
                }
            }
        }
        found
    }

    fn beginning_with(&self, letter: &Letter) -> impl Iterator<Item = &RuleWord> {
        let shape = letter.shape;
        let same = self.by_shape.get(&shape);
        let alike = letter.sound.and_then(|sound| self.by_sound.get(sound));
        let alike = alike.or_else(|| self.by_initial.get(&letter.c));
        let alike = alike.into_iter().flatten().filter_map(|index| self.all.get(*index));
        let is_other =
            move |word: &&RuleWord| word.letters.first().is_some_and(|l| l.shape != shape);
        same.into_iter()
            .flatten()
            .filter_map(|index| self.all.get(*index))
            .chain(alike.filter(is_other))
    }
}

impl RuleWord {
    /// The end of the word if it starts at this letter.
    fn end(&self, letters: &Letters, from: usize, segmenter: &Segmenter) -> Option<usize> {
        let mut spelling = Spelling::default();
        let mut to = from;
        for own in &self.letters {
            let letter = letters.get(to)?;
            if letter.shape == own.shape {
                spelling.exact += 1;
                to += 1;
            } else if letter.c.is_ascii_alphabetic() {
                let length =
                    readings(own.c).filter_map(|reading| spelt(letters, to, reading)).max()?;
                let starts_inside = letters.gap_before(to) == LetterGap::None
                    && to.checked_sub(1).and_then(|before| letters.get(before)).is_some_and(
                        |before| {
                            before.c.is_ascii_alphabetic() && (to == from || spelling.spelt == 0)
                        },
                    );
                if starts_inside {
                    return None;
                }
                spelling.spelt += length;
                to += length;
            } else if letter.sound.is_some() && letter.sound == own.sound {
                spelling.homophones += 1;
                to += 1;
            } else {
                return None;
            }
        }
        let fits = has_bearable_gaps(letters, from, to)
            && self.is_sure(spelling)
            && (spelling.spelt == 0 || ends_syllable(letters, to))
            && (spelling.homophones == 0 || stands_alone(letters, from, to, segmenter));
        fits.then_some(to)
    }

    /// Whether the spelling is unambiguous.
    fn is_sure(&self, spelling: Spelling) -> bool {
        let Spelling { exact, homophones, spelt } = spelling;
        match (homophones, spelt) {
            (0, 0) => true,
            (0, _) => exact > 0 || spelt >= SPELT_MIN,
            // Two characters that only sound alike are mostly another word.
            _ => self.letters.len() > 2 || exact > 0,
        }
    }
}

/// The number of letters that spell this reading from `at` on.
fn spelt(letters: &Letters, at: usize, reading: &str) -> Option<usize> {
    let fits = |(index, c): (usize, char)| {
        letters.get(at + index).is_some_and(|letter| {
            letter.c == c || (matches!(c, 'ü' | 'v') && matches!(letter.c, 'u' | 'v'))
        })
    };
    reading.chars().enumerate().all(fits).then(|| reading.chars().count())
}

/// Whether the pinyin that ends here cannot be the start of a longer syllable.
fn ends_syllable(letters: &Letters, to: usize) -> bool {
    letters.gap_before(to) != LetterGap::None
        || letters.get(to).is_none_or(|next| {
            !next.c.is_ascii_alphabetic()
                || !matches!(next.c, 'a' | 'e' | 'i' | 'o' | 'u' | 'v' | 'n' | 'g' | 'r')
        })
}

/// Whether the gaps inside a word only disguise it.
///
/// A mark divides words if one part stands alone: 保，本 is the word, but 担保，本公司 is not.
pub(super) fn has_bearable_gaps(letters: &Letters, from: usize, to: usize) -> bool {
    let mut breaks = Vec::new();
    for at in from + 1..to {
        let (Some(before), Some(letter)) = (letters.get(at - 1), letters.get(at)) else {
            return false;
        };
        if letter.from.saturating_sub(before.to) > NOISE_MAX {
            return false;
        }
        if letter.gap >= LetterGap::Mark {
            breaks.push(at);
        }
    }
    match breaks.as_slice() {
        [at] => {
            (*at == from + 1 && letters.gap_before(from) >= LetterGap::Mark)
                || (*at + 1 == to && letters.gap_before(to) >= LetterGap::Mark)
        }
        _ => true,
    }
}

/// Whether no common word crosses either end of a homophone, and none is inside it: 宝本 in 宝本子 is
/// not 保本.
fn stands_alone(letters: &Letters, from: usize, to: usize, segmenter: &Segmenter) -> bool {
    let mut start = from;
    while start > 0 && from - start < CONTEXT && letters.gap_before(start) < LetterGap::Mark {
        start -= 1;
    }
    let mut end = to;
    while end < letters.all.len() && end - to < CONTEXT && letters.gap_before(end) < LetterGap::Mark
    {
        end += 1;
    }
    let around: String =
        letters.all.get(start..end).unwrap_or_default().iter().map(|letter| letter.c).collect();
    let (from, to) = (from - start, to - start);
    segmenter.cut_known(&around).iter().all(|token| {
        let token_end = token.start + token.text.chars().count();
        let goes_over = |at: usize| token.start < at && at < token_end;
        let is_word_inside = token.start >= from
            && token_end <= to
            && token_end - token.start > 1
            && to - from < LONG_WORD;
        !goes_over(from) && !goes_over(to) && !is_word_inside
    })
}
