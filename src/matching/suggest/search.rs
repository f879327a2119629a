//! Finds the questions that match a typed text best.

use std::{cmp::Reverse, collections::HashMap};

use super::{
    index::{SuffixArray, SuggestIndex, SuggestedQuestion},
    typed::Typed,
    walk::{Fit, Walk},
};
use crate::text::fnv1a;

/// How many questions are shown: as many as fit on a phone above its keyboard.
pub(super) const SHOWN_MAX: usize = 5;

/// The largest total gap between the pieces of a match, in characters, when the typed text has
/// letters: nearly every long question has words with any two given initials.
pub(super) const GAPS_MAX: usize = 4;

/// A question with the characters that match the typed text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Suggested {
    /// Index into the knowledge base's entries.
    pub(super) entry: u32,
    /// 0 for the standard question, else one more than the index of the similar one.
    pub(super) number: u32,
    /// A bit for each matching character of the normalised wording, the lowest for the first.
    pub(super) marks: u64,
}

/// The position of a match in a question, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum FitPosition {
    /// At the beginning of the question.
    Beginning,
    /// At the beginning of a word inside the question.
    Word,
    /// In several pieces, or inside words.
    Apart,
    /// At the beginning of the question or of a word, by rare readings.
    Rare,
}

/// The sort key of a match; the smallest is shown first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    position: FitPosition,
    pieces: u8,
    cost: u16,
    gaps: usize,
    /// How many matches have the same characters. Of two words that sound alike, the one that more
    /// questions have is more likely wanted.
    commonness: Reverse<u32>,
    is_similar: bool,
    length: usize,
    /// In the order of the files.
    question: usize,
}

impl SuggestIndex {
    /// The best questions, at most [`SHOWN_MAX`], each of a different served entry.
    pub(super) fn search(&self, typed: &Typed, is_served: impl Fn(u32) -> bool) -> Vec<Suggested> {
        let mut search = SuggestSearch {
            index: self,
            typed,
            walk: Walk::new(typed, self),
            is_served,
            partial: Vec::new(),
            best: Vec::with_capacity(SHOWN_MAX + 1),
        };
        search.look(&[&self.beginnings], FitPosition::Beginning);
        // A match at a worse position cannot rank before those already found.
        if search.best.len() < SHOWN_MAX {
            search.look(&[&self.words], FitPosition::Word);
        }
        if search.best.len() < SHOWN_MAX {
            search.look_apart();
        }
        if search.best.len() < SHOWN_MAX {
            search.look(&[&self.beginnings, &self.words], FitPosition::Rare);
        }
        search.best.into_iter().map(|(_, found)| found).collect()
    }
}

struct SuggestSearch<'a, S> {
    index: &'a SuggestIndex,
    typed: &'a Typed,
    walk: Walk<'a>,
    is_served: S,
    /// Questions with a word that matches a first piece of the typed text, and the ends of these
    /// pieces in the typed text, as bits.
    partial: Vec<(usize, u32)>,
    /// The best matches so far, sorted; at most one of an entry.
    best: Vec<(Key, Suggested)>,
}

impl<S: Fn(u32) -> bool> SuggestSearch<'_, S> {
    /// Finds matches in one piece from the beginnings in these arrays.
    fn look(&mut self, arrays: &[&SuffixArray], position: FitPosition) {
        let with_rare = position == FitPosition::Rare;
        let mut fits = Vec::new();
        for first in self.index.first_glyphs(self.typed.first(), with_rare) {
            for array in arrays {
                self.walk.along(array.of(first), with_rare, |suffix, step| {
                    if let Some(fit) = step.fit {
                        fits.push((suffix.question(), fit.shifted(suffix.at())));
                    } else if step.partial != 0 {
                        self.partial.push((suffix.question(), step.partial));
                    }
                });
            }
        }
        self.offer_all(position, &fits);
    }

    /// Finds matches in several pieces.
    fn look_apart(&mut self) {
        // A piece in letters begins a word, and all words were tried; others may be anywhere.
        let mut partial = std::mem::take(&mut self.partial);
        if !self.typed.is_letter(0) {
            partial = (0..self.index.questions.len()).map(|place| (place, 1)).collect();
        }
        partial.sort_unstable();
        partial.dedup_by(|(place, reached), (same, all)| {
            let is_same = place == same;
            *all |= if is_same { *reached } else { 0 };
            is_same
        });
        let needs = self.typed.needs(&self.index.syllables);
        let mut fits = Vec::new();
        for (place, reached) in partial {
            if needs.are_met_by(self.index.questions[place].traits, reached) {
                let fit = self.walk.apart(self.index.signs(place));
                let near = fit.filter(|fit| self.typed.is_literal() || fit.gaps() <= GAPS_MAX);
                fits.extend(near.map(|fit| (place, fit)));
            }
        }
        self.offer_all(FitPosition::Apart, &fits);
    }

    fn offer_all(&mut self, position: FitPosition, fits: &[(usize, Fit)]) {
        let hashes: Vec<u64> = fits.iter().map(|(place, fit)| self.hash(*place, fit)).collect();
        let mut counts: HashMap<u64, u32> = HashMap::new();
        for &hash in &hashes {
            *counts.entry(hash).or_default() += 1;
        }
        for (&(place, fit), hash) in fits.iter().zip(hashes) {
            let question = &self.index.questions[place];
            let key = Key {
                position,
                pieces: fit.pieces,
                cost: fit.cost,
                gaps: fit.gaps(),
                commonness: Reverse(counts.get(&hash).copied().unwrap_or_default()),
                is_similar: question.number > 0,
                length: self.index.signs(place).len(),
                question: place,
            };
            let SuggestedQuestion { entry, number, .. } = *question;
            self.offer(key, Suggested { entry, number, marks: fit.marks });
        }
    }

    /// An FNV-1a hash of the matching characters. A collision only makes two matches count as
    /// more common.
    fn hash(&self, place: usize, fit: &Fit) -> u64 {
        let signs = self.index.signs(place).iter().zip(0..u64::BITS);
        let marked = signs.filter(|(_, at)| fit.marks & (1 << at) != 0);
        fnv1a(0, marked.map(|(sign, _)| sign.glyph() as u64))
    }

    /// Keeps a match if it is among the best.
    fn offer(&mut self, key: Key, found: Suggested) {
        if self.best.len() == SHOWN_MAX && self.best.last().is_some_and(|(worst, _)| *worst < key) {
            return;
        }
        match self.best.iter().position(|(_, other)| other.entry == found.entry) {
            Some(known) if self.best[known].0 < key => return,
            Some(known) => _ = self.best.remove(known),
            None if !(self.is_served)(found.entry) => return,
            None => {}
        }
        let at = self.best.partition_point(|(other, _)| *other < key);
        self.best.insert(at, (key, found));
        self.best.truncate(SHOWN_MAX);
    }
}
