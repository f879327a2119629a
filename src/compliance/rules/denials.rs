//! Tells a promise from its denial, and from a warning about it.
//!
//! Not by `text::WordFinder`: letters are compared by their shapes, and only the few beside a
//! find are looked at.

use std::{collections::HashMap, ops::Range};

use super::{
    letters::{LetterGap, Letters, shapes},
    rule::{Denials, Speaker},
};

/// The longest distance of a denial before a word, in letters. A comma ends it.
const BEFORE: usize = 16;

/// The longest distance of a denial after a word, across commas up to the end of the sentence.
const AFTER: usize = 20;

/// The denials, indexed by the letter next to the word.
#[derive(Clone, Debug, Default)]
pub(super) struct Denied {
    before: ByLetter,
    after: ByLetter,
    /// Of `before`, what denies a part of a composition: 吗 before it ends another question.
    before_parts: ByLetter,
    /// Of `after`, what denies between the parts of a composition: 有没有 there asks about a part.
    among_parts: ByLetter,
    turns_by_last: ByLetter,
    turns_by_first: ByLetter,
}

impl Denied {
    pub(super) fn new(denials: &Denials, speaker: Speaker) -> Self {
        let Denials { before, after, asks, turns } = denials;
        // A customer's question is a wish: 有没有 then is not a 没有 either.
        let [asks, turns_too]: [&[String]; 2] =
            if speaker == Speaker::Customer { [&[], asks] } else { [asks, &[]] };
        let turns = [turns, turns_too].concat();
        let long_asks: Vec<String> =
            asks.iter().filter(|ask| ask.chars().count() > 1).cloned().collect();
        Self {
            before_parts: by(&[before, long_asks.as_slice()].concat(), <[char]>::last),
            among_parts: by(after, <[char]>::first),
            before: by(&[before, asks].concat(), <[char]>::last),
            after: by(&[after, asks].concat(), <[char]>::first),
            turns_by_last: by(&turns, <[char]>::last),
            turns_by_first: by(&turns, <[char]>::first),
        }
    }

    /// Whether a denial stands beside or among these letters, or in the line before their list.
    pub(super) fn covers(&self, letters: &Letters, from: usize, to: usize) -> bool {
        self.is_denied_at(&self.before, letters, from, letters.gap_before(from), &[])
            || (from + 1..to).any(|at| beginning(&self.after, letters, at) > 1)
            || self.is_denied_after(letters, to)
            || letters.head_of(from).is_some_and(|head| self.is_denied_by_head(letters, head))
    }

    /// Whether a denial stands beside these parts of a composition, or among them.
    ///
    /// Each part is denied by what stands before it in its own clause: 我们不会要您的验证码, 验证码别发给我.
    /// So the 不用 of 不用担心，验证码给我 denies nothing. A denial that is itself a part, such as 不会亏,
    /// is what the rule looks for; one that ends inside of a part denies it, as 不需要 does 要您提供.
    pub(super) fn covers_parts(&self, letters: &Letters, parts: &[Range<usize>]) -> bool {
        let (Some(first), Some(last)) = (parts.first(), parts.last()) else { return false };
        let reaches_into = |part: &Range<usize>| {
            (part.start + 1..part.end).any(|at| {
                let length = ending(&self.before_parts, letters, at);
                at < part.start + length && letters.gap_before(part.start) < LetterGap::Comma
            })
        };
        let is_denied = |part: &Range<usize>| {
            let gap = letters.gap_before(part.start);
            self.is_denied_at(&self.before_parts, letters, part.start, gap, parts)
        };
        let is_among = |at: usize| {
            let length = beginning(&self.among_parts, letters, at);
            length > 1 && !overlaps(at..at + length, parts)
        };
        parts.iter().any(|part| is_denied(part) || reaches_into(part))
            || (first.end..last.start).any(is_among)
            || self.is_denied_after(letters, last.end)
            || letters
                .head_of(first.start)
                .is_some_and(|head| self.is_denied_by_head(letters, head))
    }

    /// Whether the line before a list denies its items.
    fn is_denied_by_head(&self, letters: &Letters, head: &Range<usize>) -> bool {
        self.is_denied_at(&self.before, letters, head.end, LetterGap::None, &[])
            || head.clone().any(|at| beginning(&self.after, letters, at) > 1)
    }

    /// `gap` is the gap before `from`. Words that overlap one of `parts` are no denials.
    fn is_denied_at(
        &self,
        denials: &ByLetter,
        letters: &Letters,
        from: usize,
        mut gap: LetterGap,
        parts: &[Range<usize>],
    ) -> bool {
        for at in (1..=from).rev().take(BEFORE) {
            if gap >= LetterGap::Comma {
                return false;
            }
            let length = ending(denials, letters, at);
            if ending(&self.turns_by_last, letters, at) > length {
                return false;
            }
            // A single character such as 不 only denies what follows directly: 不保本, but not 不怕亏保本.
            let is_denial = length > 1 || (length == 1 && at == from);
            if is_denial && !overlaps(at - length..at, parts) {
                return !(at == from && self.is_undone(letters, at - length));
            }
            gap = letters.gap_before(at - 1);
        }
        false
    }

    /// Whether the denial at `at` is itself denied: 不是不, 没有不.
    fn is_undone(&self, letters: &Letters, at: usize) -> bool {
        let begins_with_no = letters
            .get(at)
            .and_then(|letter| self.before.get(&letter.shape))
            .is_some_and(|words| words.iter().any(|word| word.len() == 1));
        begins_with_no
            && letters.gap_before(at) == LetterGap::None
            && ending(&self.before, letters, at) > 1
    }

    fn is_denied_after(&self, letters: &Letters, to: usize) -> bool {
        for at in (to..letters.all.len()).take(AFTER) {
            if letters.gap_before(at) == LetterGap::Stop {
                return false;
            }
            let length = beginning(&self.after, letters, at);
            if beginning(&self.turns_by_first, letters, at) > length {
                return false;
            }
            if length > 1 || (length == 1 && at == to) {
                return true;
            }
        }
        false
    }
}

fn overlaps(range: Range<usize>, parts: &[Range<usize>]) -> bool {
    parts.iter().any(|part| range.start < part.end && part.start < range.end)
}

type ByLetter = HashMap<char, Vec<Vec<char>>>;

fn by(words: &[String], key: fn(&[char]) -> Option<&char>) -> ByLetter {
    let mut by_key = ByLetter::new();
    for word in words.iter().map(|word| shapes(word)) {
        if let Some(&key) = key(&word) {
            by_key.entry(key).or_default().push(word);
        }
    }
    by_key
}

/// The length of the longest word that starts at this letter; 0 without one.
fn beginning(words: &ByLetter, letters: &Letters, at: usize) -> usize {
    let near = letters.get(at).and_then(|first| words.get(&first.shape));
    let fitting = near.into_iter().flatten().filter(|word| letters.has_word_at(at, word));
    fitting.map(Vec::len).max().unwrap_or_default()
}

/// The length of the longest word that ends before this letter; 0 without one.
fn ending(words: &ByLetter, letters: &Letters, at: usize) -> usize {
    let last = at.checked_sub(1).and_then(|before| letters.get(before));
    let near = last.and_then(|last| words.get(&last.shape));
    let fitting = near.into_iter().flatten().filter(|word| {
        at.checked_sub(word.len()).is_some_and(|start| letters.has_word_at(start, word))
    });
    fitting.map(Vec::len).max().unwrap_or_default()
}
