//! The questions into which a typed text fits best.

use std::{cmp::Reverse, collections::HashMap};

use super::{
    index::{SuffixArray, SuggestIndex, SuggestedQuestion},
    typed::Typed,
    walk::{Fit, Walk},
};
use crate::text::fnv1a;

/// So many questions are shown: what fits on a phone above its keyboard.
pub(super) const SHOWN_MAX: usize = 5;

/// With letters in it, what is typed stands apart by so many characters at most: two letters
/// are initials of something in nearly every long question.
pub(super) const GAPS_MAX: usize = 4;

/// A question, and which of its characters take up what is typed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Suggested {
    /// Index into the knowledge base's entries.
    pub(super) entry: u32,
    /// 0 for the standard question, else one more than the place of the similar one.
    pub(super) number: u32,
    /// A bit for each character of the normalised wording, the lowest for the first.
    pub(super) marks: u64,
}

/// Where what is typed stands in a question, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum FitPosition {
    /// At its beginning.
    Beginning,
    /// At the beginning of a word inside.
    Word,
    /// In order but apart, or inside of words.
    Apart,
    /// At the beginning of the question or a word, by seldom readings.
    Seldom,
}

/// The smallest is shown first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    standing: FitPosition,
    pieces: u8,
    cost: u16,
    gaps: usize,
    /// How often the same characters take it up: of two words that sound alike, the one that
    /// this knowledge base is about is more likely meant.
    commonness: Reverse<u32>,
    is_similar: bool,
    length: usize,
    /// Comes to the order of the files.
    question: usize,
}

impl SuggestIndex {
    /// At most [`SHOWN_MAX`] questions of different entries that are served.
    pub(super) fn search(&self, typed: &Typed, is_served: impl Fn(u32) -> bool) -> Vec<Suggested> {
        let mut search = SuggestSearch {
            index: self,
            typed,
            walk: Walk::new(typed, self),
            is_served,
            begun: Vec::new(),
            best: Vec::with_capacity(SHOWN_MAX + 1),
        };
        search.look(&[&self.beginnings], FitPosition::Beginning);
        // What stands worse cannot come before what is there.
        if search.best.len() < SHOWN_MAX {
            search.look(&[&self.words], FitPosition::Word);
        }
        if search.best.len() < SHOWN_MAX {
            search.look_apart();
        }
        if search.best.len() < SHOWN_MAX {
            search.look(&[&self.beginnings, &self.words], FitPosition::Seldom);
        }
        search.best.into_iter().map(|(_, found)| found).collect()
    }
}

struct SuggestSearch<'a, S> {
    index: &'a SuggestIndex,
    typed: &'a Typed,
    walk: Walk<'a>,
    is_served: S,
    /// Questions with a word that begins with a first piece of what is typed, and up to where
    /// in what is typed, as bits.
    begun: Vec<(usize, u32)>,
    /// Sorted, at most one of an entry.
    best: Vec<(Key, Suggested)>,
}

impl<S: Fn(u32) -> bool> SuggestSearch<'_, S> {
    /// From these places on, without a gap.
    fn look(&mut self, places: &[&SuffixArray], standing: FitPosition) {
        let with_rare = standing == FitPosition::Seldom;
        let mut fits = Vec::new();
        for first in self.index.first_glyphs(self.typed.first(), with_rare) {
            for places in places {
                self.walk.along(places.of(first), with_rare, |place, mile| {
                    if let Some(fit) = mile.fit {
                        fits.push((place.question(), fit.from(place.at())));
                    } else if mile.begun != 0 {
                        self.begun.push((place.question(), mile.begun));
                    }
                });
            }
        }
        self.offer_all(standing, &fits);
    }

    fn look_apart(&mut self) {
        // Letters begin words only, and those were all looked at; others may stand anywhere.
        let mut begun = std::mem::take(&mut self.begun);
        if !self.typed.is_letter(0) {
            begun = (0..self.index.questions.len()).map(|place| (place, 1)).collect();
        }
        begun.sort_unstable();
        begun.dedup_by(|(place, reached), (same, all)| {
            let is_same = place == same;
            *all |= if is_same { *reached } else { 0 };
            is_same
        });
        let needs = self.typed.needs(&self.index.syllables);
        let mut fits = Vec::new();
        for (place, reached) in begun {
            if needs.are_met_by(self.index.questions[place].traits, reached) {
                let fit = self.walk.apart(self.index.signs(place));
                let near = fit.filter(|fit| self.typed.is_literal() || fit.gaps() <= GAPS_MAX);
                fits.extend(near.map(|fit| (place, fit)));
            }
        }
        self.offer_all(FitPosition::Apart, &fits);
    }

    fn offer_all(&mut self, standing: FitPosition, fits: &[(usize, Fit)]) {
        let names: Vec<u64> = fits.iter().map(|(place, fit)| self.name(*place, fit)).collect();
        let mut counts: HashMap<u64, u32> = HashMap::new();
        for &name in &names {
            *counts.entry(name).or_default() += 1;
        }
        for (&(place, fit), name) in fits.iter().zip(names) {
            let question = &self.index.questions[place];
            let key = Key {
                standing,
                pieces: fit.pieces,
                cost: fit.cost,
                gaps: fit.gaps(),
                commonness: Reverse(counts.get(&name).copied().unwrap_or_default()),
                is_similar: question.number > 0,
                length: self.index.signs(place).len(),
                question: place,
            };
            let SuggestedQuestion { entry, number, .. } = *question;
            self.offer(key, Suggested { entry, number, marks: fit.marks });
        }
    }

    /// A number for the characters that take up what is typed; other characters have another
    /// (FNV-1a; if two ever share one, they only count as more common).
    fn name(&self, place: usize, fit: &Fit) -> u64 {
        let signs = self.index.signs(place).iter().zip(0..u64::BITS);
        let marked = signs.filter(|(_, at)| fit.marks & (1 << at) != 0);
        fnv1a(0, marked.map(|(sign, _)| sign.glyph() as u64))
    }

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
