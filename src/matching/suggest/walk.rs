//! Aligns the typed text with one wording, by dynamic programming.

use std::cmp::Reverse;

use super::{
    glyph::Glyph,
    index::{Sign, Suffix, SuggestIndex, WORDING_CHARS_MAX},
    typed::{CharMatch, TYPED_CHARS, Typed},
};

/// The largest gap, in characters, before a lone letter at the end: 提现s means 提现要手续费吗,
/// and not any word near the end of a long question.
const LONE_LETTER_GAP_MAX: usize = 3;

/// An alignment: the characters of a wording that match the typed text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Fit {
    /// The number of pieces: runs of adjacent characters.
    pub(super) pieces: u8,
    /// The sum of the costs of the characters.
    pub(super) cost: u16,
    /// A bit for each matching character, the lowest for the first of the wording.
    pub(super) marks: u64,
}

impl Fit {
    fn with(self, place: usize, step: CharMatch) -> Self {
        Self { cost: self.cost + step.cost, marks: self.marks | 1 << place, ..self }
    }

    /// The alignment in a wording in which it begins `at` characters later.
    pub(super) fn shifted(self, at: usize) -> Self {
        Self { marks: self.marks << at, ..self }
    }

    /// The index after its last character.
    fn end(&self) -> usize {
        (u64::BITS - self.marks.leading_zeros()) as usize
    }

    /// How many characters between its first and last one do not match.
    pub(super) fn gaps(&self) -> usize {
        let start = self.marks.trailing_zeros() as usize;
        self.end().saturating_sub(start + self.marks.count_ones() as usize)
    }

    /// Whether it is better to continue from this alignment: fewer pieces, lower cost, or closer
    /// to the characters that follow.
    fn goes_before(&self, other: &Self) -> bool {
        let start = |fit: &Self| fit.marks.trailing_zeros();
        let rank = |fit: &Self| (fit.pieces, fit.cost, Reverse(start(fit)), Reverse(fit.end()));
        rank(self) < rank(other)
    }

    /// Whether this complete alignment is better.
    fn is_better_than(&self, other: &Self) -> bool {
        let rank = |fit: &Self| (fit.pieces, fit.cost, fit.gaps());
        rank(self) < rank(other)
    }
}

/// Aligns one typed text with many wordings.
///
/// A row holds, for each index of the typed text, the best alignment of the text before that
/// index with the characters of the wording so far. Rows are reused from one wording to the next.
pub(super) struct Walk<'a> {
    typed: &'a Typed,
    index: &'a SuggestIndex,
    /// The results of [`Walk::along`], by the number of adjacent characters.
    path: Vec<WalkStep>,
    /// Alignments that end at the current character, and at the next one, in turn.
    ending: [WalkRow; 2],
    /// The same, for alignments whose last piece is a lone letter so far.
    lone: [WalkRow; 2],
    /// Alignments after which another piece may begin.
    open: WalkRow,
}

/// The result of aligning adjacent characters.
#[derive(Clone, Copy, Debug)]
pub(super) struct WalkStep {
    row: WalkRow,
    /// The best complete alignment so far; its marks count from the first of the characters.
    pub(super) fit: Option<Fit>,
    /// The ends in the typed text, as bits, of pieces that may be the first of several.
    pub(super) partial: u32,
}

impl<'a> Walk<'a> {
    pub(super) fn new(typed: &'a Typed, index: &'a SuggestIndex) -> Self {
        let row = WalkRow { live: 0, fits: [Fit::default(); TYPED_CHARS + 1] };
        let mut path = vec![WalkStep { row, fit: None, partial: 0 }; typed.len() + 1];
        path[0].row.put(0, Fit { pieces: 1, ..Fit::default() });
        Self { typed, index, path, ending: [row; 2], lone: [row; 2], open: row }
    }

    /// Calls `found` for each suffix with the alignment of its adjacent characters.
    ///
    /// Suffixes with a common prefix follow one another. Each step is computed once for all that
    /// share it. A suffix is skipped when no alignment remained within the prefix that it shares
    /// with the previous one.
    pub(super) fn along(
        &mut self,
        suffixes: impl Iterator<Item = (Suffix, usize)>,
        with_rare: bool,
        mut found: impl FnMut(Suffix, &WalkStep),
    ) {
        let (mut steps, mut is_end) = (0, false);
        for (suffix, shared) in suffixes {
            if !is_end || shared < steps {
                steps = steps.min(shared);
                is_end = false;
                let signs = self.index.signs(suffix.question());
                let seen =
                    signs.get(suffix.at()..signs.len().min(WORDING_CHARS_MAX)).unwrap_or_default();
                for sign in seen.iter().skip(steps) {
                    is_end = self.step(steps, &self.index.glyphs[sign.glyph()], with_rare);
                    steps += 1;
                    if is_end {
                        break;
                    }
                }
            }
            found(suffix, &self.path[steps]);
        }
    }

    /// Aligns one more adjacent character; whether no alignment remains.
    fn step(&mut self, steps: usize, glyph: &Glyph, with_rare: bool) -> bool {
        let [previous, next, ..] = &mut self.path[steps..] else { return true };
        next.row.clear();
        for (from, fit) in previous.row.iter() {
            self.typed.steps(from, glyph, with_rare, |step| {
                next.row.put(step.to, fit.with(steps, step));
            });
        }
        next.fit = previous.fit;
        next.row.finish(self.typed.len(), &mut next.fit);
        let lone = if self.typed.is_letter(0) { 1 << 1 } else { 0 };
        next.partial = previous.partial | next.row.live & !lone;
        next.row.live == 0
    }

    /// The best alignment with the characters in order, in any number of pieces.
    ///
    /// A piece that begins with a letter must begin a word and have at least two letters, because
    /// a single letter matches nearly anything. Only the last piece, which is still being typed,
    /// may be a lone letter close to the previous piece.
    pub(super) fn apart(&mut self, signs: &[Sign]) -> Option<Fit> {
        let mut done = None;
        let [mut now, mut next] = self.ending.each_mut();
        let [mut now_lone, mut next_lone] = self.lone.each_mut();
        now.clear();
        now_lone.clear();
        self.open.clear();
        self.open.put(0, Fit::default());
        for (sign, place) in signs.iter().zip(0..WORDING_CHARS_MAX) {
            let glyph = &self.index.glyphs[sign.glyph()];
            next.clear();
            next_lone.clear();
            for (from, fit) in now.iter().chain(now_lone.iter()) {
                self.typed.steps(from, glyph, false, |step| {
                    next.put(step.to, fit.with(place, step));
                });
            }
            for (from, fit) in self.open.iter() {
                let is_letter = self.typed.is_letter(from);
                if is_letter && !sign.begins_word() {
                    continue;
                }
                let gap = place - fit.end();
                self.typed.steps(from, glyph, false, |step| {
                    let is_lone = is_letter && step.to == from + 1;
                    let is_far = from > 0 && gap > LONE_LETTER_GAP_MAX;
                    let fit = Fit { pieces: fit.pieces + 1, ..fit }.with(place, step);
                    if !is_lone {
                        next.put(step.to, fit);
                    } else if step.to < self.typed.len() || !is_far {
                        next_lone.put(step.to, fit);
                    }
                });
            }
            next.finish(self.typed.len(), &mut done);
            next_lone.finish(self.typed.len(), &mut done);
            for (place, fit) in next.iter() {
                self.open.put(place, fit);
            }
            std::mem::swap(&mut now, &mut next);
            std::mem::swap(&mut now_lone, &mut next_lone);
        }
        done
    }
}

/// The best alignments by the index of the typed text.
#[derive(Clone, Copy, Debug)]
struct WalkRow {
    /// A bit for each index that has an alignment.
    live: u32,
    fits: [Fit; TYPED_CHARS + 1],
}

impl WalkRow {
    fn clear(&mut self) {
        self.live = 0;
    }

    /// Keeps the better alignment for an index; of equal ones the first.
    fn put(&mut self, place: usize, fit: Fit) {
        let is_new = self.live & (1 << place) == 0;
        if is_new || fit.goes_before(&self.fits[place]) {
            self.live |= 1 << place;
            self.fits[place] = fit;
        }
    }

    /// Moves an alignment of the whole typed text to `done` if it is better; of equal ones the
    /// first stays.
    fn finish(&mut self, end: usize, done: &mut Option<Fit>) {
        if self.live & (1 << end) != 0 {
            self.live &= !(1 << end);
            let fit = self.fits[end];
            if done.is_none_or(|best| fit.is_better_than(&best)) {
                *done = Some(fit);
            }
        }
    }

    fn iter(&self) -> impl Iterator<Item = (usize, Fit)> {
        let mut left = self.live;
        std::iter::from_fn(move || {
            let place = left.trailing_zeros() as usize;
            left &= left.checked_sub(1)?;
            Some((place, self.fits[place]))
        })
    }
}
