//! How what is typed fits into one wording.

use std::cmp::Reverse;

use super::{
    glyph::Glyph,
    index::{SEEN_CHARS, Sign, Suffix, SuggestIndex},
    typed::{TYPED_CHARS, Taken, Typed},
};

/// A lone letter at the end may follow after so many characters: 提现s means 提现要手续费吗, and
/// not whatever a long question has at its end.
const LONE_GAP_MAX: usize = 3;

/// Which characters of a wording take up what is typed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Fit {
    /// How many runs of neighbours they are.
    pub(super) pieces: u8,
    /// What was left to guess.
    pub(super) cost: u16,
    /// A bit for each of the characters, the lowest for the first of the wording.
    pub(super) marks: u64,
}

impl Fit {
    fn with(self, place: usize, step: Taken) -> Self {
        Self { cost: self.cost + step.cost, marks: self.marks | 1 << place, ..self }
    }

    /// The same, so many characters further on.
    pub(super) fn from(self, at: usize) -> Self {
        Self { marks: self.marks << at, ..self }
    }

    /// The place after the last of its characters.
    fn end(&self) -> usize {
        (u64::BITS - self.marks.leading_zeros()) as usize
    }

    /// How many characters stand between the first and the last of its own.
    pub(super) fn gaps(&self) -> usize {
        let start = self.marks.trailing_zeros() as usize;
        self.end().saturating_sub(start + self.marks.count_ones() as usize)
    }

    /// Whether it is the better one to go on from: as good, but nearer to what may follow.
    fn goes_before(&self, other: &Self) -> bool {
        let start = |fit: &Self| fit.marks.trailing_zeros();
        let rank = |fit: &Self| (fit.pieces, fit.cost, Reverse(start(fit)), Reverse(fit.end()));
        rank(self) < rank(other)
    }

    fn is_better_than(&self, other: &Self) -> bool {
        let rank = |fit: &Self| (fit.pieces, fit.cost, fit.gaps());
        rank(self) < rank(other)
    }
}

/// Walks through wordings with one typed text.
///
/// A row holds, for each place in the typed text, the best way in which the characters so
/// far take it up to there. Rows are kept from one wording to the next for their memory.
pub(super) struct Walk<'a> {
    typed: &'a Typed,
    index: &'a SuggestIndex,
    /// After so many neighbours, from a place on.
    path: Vec<Mile>,
    /// With the last character as the last one taken, and the same for the next one, in turn.
    taken: [WalkRow; 2],
    /// The same, where the last piece is a lone letter so far.
    lone: [WalkRow; 2],
    /// Where another piece may begin.
    open: WalkRow,
}

/// What a walk along neighbours has come to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mile {
    row: WalkRow,
    /// The best fit so far; its marks count from the place where the walk began.
    pub(super) fit: Option<Fit>,
    /// Up to where they may be the first piece of a fit that is apart: a bit for each place in
    /// what is typed.
    pub(super) begun: u32,
}

impl<'a> Walk<'a> {
    pub(super) fn new(typed: &'a Typed, index: &'a SuggestIndex) -> Self {
        let row = WalkRow { live: 0, fits: [Fit::default(); TYPED_CHARS + 1] };
        let mut path = vec![Mile { row, fit: None, begun: 0 }; typed.len() + 1];
        path[0].row.put(0, Fit { pieces: 1, ..Fit::default() });
        Self { typed, index, path, taken: [row; 2], lone: [row; 2], open: row }
    }

    /// Gives for each of these places how neighbours from there on take up what is typed.
    ///
    /// Places that go on alike follow one another, so that each step is gone once for all
    /// that share it, and a place is not looked at where the one before came to an end.
    pub(super) fn along(
        &mut self,
        places: impl Iterator<Item = (Suffix, usize)>,
        with_rare: bool,
        mut found: impl FnMut(Suffix, &Mile),
    ) {
        let (mut come, mut is_end) = (0, false);
        for (place, shared) in places {
            if !is_end || shared < come {
                come = come.min(shared);
                is_end = false;
                let signs = self.index.signs(place.question());
                let seen = signs.get(place.at()..signs.len().min(SEEN_CHARS)).unwrap_or_default();
                for sign in seen.iter().skip(come) {
                    is_end = self.step(come, &self.index.glyphs[sign.glyph()], with_rare);
                    come += 1;
                    if is_end {
                        break;
                    }
                }
            }
            found(place, &self.path[come]);
        }
    }

    /// One neighbour more; tells whether none can follow.
    fn step(&mut self, come: usize, glyph: &Glyph, with_rare: bool) -> bool {
        let [before, after, ..] = &mut self.path[come..] else { return true };
        after.row.clear();
        for (from, fit) in before.row.iter() {
            self.typed.steps(from, glyph, with_rare, |step| {
                after.row.put(step.to, fit.with(come, step));
            });
        }
        after.fit = before.fit;
        after.row.finish(self.typed.len(), &mut after.fit);
        let lone = if self.typed.is_letter(0) { 1 << 1 } else { 0 };
        after.begun = before.begun | after.row.live & !lone;
        after.row.live == 0
    }

    /// The best fit whose characters are in order.
    ///
    /// So that letters mean something, a piece that begins with one begins a word and has two
    /// at least; only the last piece, which is still being typed, may be a lone letter, near
    /// the piece before.
    pub(super) fn apart(&mut self, signs: &[Sign]) -> Option<Fit> {
        let mut done = None;
        let [mut now, mut next] = self.taken.each_mut();
        let [mut now_lone, mut next_lone] = self.lone.each_mut();
        now.clear();
        now_lone.clear();
        self.open.clear();
        self.open.put(0, Fit::default());
        for (sign, place) in signs.iter().zip(0..SEEN_CHARS) {
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
                    let is_far = from > 0 && gap > LONE_GAP_MAX;
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

#[derive(Clone, Copy, Debug)]
struct WalkRow {
    /// A bit for each place that is reached.
    live: u32,
    fits: [Fit; TYPED_CHARS + 1],
}

impl WalkRow {
    fn clear(&mut self) {
        self.live = 0;
    }

    /// Keeps the better fit for a place; of equals the first.
    fn put(&mut self, place: usize, fit: Fit) {
        let is_new = self.live & (1 << place) == 0;
        if is_new || fit.goes_before(&self.fits[place]) {
            self.live |= 1 << place;
            self.fits[place] = fit;
        }
    }

    /// Takes out what has reached the end; of equals the first stays.
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
