//! What a customer has typed so far, and how one character of a wording takes it up.

use super::index::Glyph;
use crate::text::normalize;

/// So many characters of what is typed count, after normalising.
pub(super) const TYPED_CHARS: usize = 30;

/// What it costs to take a character by its sound: the less was left to guess, the better a
/// fit. The very character costs nothing.
const WHOLE: u16 = 1;
const UNFINISHED: u16 = 2;
const INITIAL: u16 = 3;
const RARE: u16 = 4;

/// Normalised text, never empty.
#[derive(Debug)]
pub(super) struct Typed {
    chars: Vec<char>,
    /// The same with 0 for what is no letter.
    letters: Vec<u8>,
    /// For each place, where its letters end; the place itself when it has none.
    ends: Vec<usize>,
}

/// One character of a wording takes up what is typed, up to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) to: usize,
    pub(super) cost: u16,
}

impl Typed {
    /// `None` when nothing is left of it.
    pub(super) fn new(text: &str) -> Option<Self> {
        // Normalising rarely makes a text longer: this much of it gives what counts.
        let beginning: String = text.chars().take(8 * TYPED_CHARS).collect();
        let chars: Vec<char> =
            normalize(&beginning).as_str().chars().take(TYPED_CHARS).collect();
        let letters: Vec<u8> = chars
            .iter()
            .map(|&c| u8::try_from(c).ok().filter(u8::is_ascii_lowercase).unwrap_or(0))
            .collect();
        let mut ends: Vec<usize> = (0..chars.len()).collect();
        for place in (0..chars.len()).rev().filter(|&place| letters[place] != 0) {
            ends[place] = ends.get(place + 1).copied().unwrap_or(place + 1);
        }
        (!chars.is_empty()).then_some(Self { chars, letters, ends })
    }

    pub(super) fn len(&self) -> usize {
        self.chars.len()
    }

    pub(super) fn first(&self) -> char {
        self.chars[0]
    }

    pub(super) fn is_letter(&self, place: usize) -> bool {
        self.letters[place] != 0
    }

    /// Gives every way in which the character takes up what is typed from that place on.
    pub(super) fn steps(
        &self,
        from: usize,
        glyph: &Glyph,
        with_rare: bool,
        mut take: impl FnMut(Step),
    ) {
        if self.chars[from] == glyph.char {
            take(Step { to: from + 1, cost: 0 });
        }
        let left = &self.letters[from..self.ends[from]];
        let is_last = self.ends[from] == self.len();
        for reading in glyph.readings.iter().filter(|one| with_rare || !one.is_rare) {
            let syllable = reading.letters.as_bytes();
            let same = left.iter().zip(syllable).take_while(|(one, other)| one == other).count();
            let is_whole = same == syllable.len();
            if reading.is_rare {
                // Told by the whole syllable, and by what stands beside it.
                if is_whole && same < self.len() {
                    take(Step { to: from + same, cost: RARE });
                }
                continue;
            }
            if is_whole {
                take(Step { to: from + same, cost: WHOLE });
            } else if same > 0 && same == left.len() && is_last {
                take(Step { to: from + same, cost: UNFINISHED });
            }
            if same > 0 {
                take(Step { to: from + 1, cost: INITIAL });
            }
            if same > 1 && syllable[1] == b'h' {
                take(Step { to: from + 2, cost: INITIAL }); // zh, ch, sh
            }
        }
    }

    /// What a wording must have if this is to fit into it, in any order.
    pub(super) fn needs(&self) -> Traits {
        let mut needs = Traits::default();
        for (place, &c) in self.chars.iter().enumerate() {
            if !self.is_letter(place) {
                needs.add_char(c);
            } else if !self.may_be_inside(place) {
                needs.add_letter(self.letters[place]);
            }
        }
        needs
    }

    /// Whether a letter may stand inside a syllable, after its first.
    fn may_be_inside(&self, place: usize) -> bool {
        let before = place.checked_sub(1).map_or(0, |before| self.letters[before]);
        match self.letters[place] {
            b'a' | b'e' | b'i' | b'o' | b'u' | b'v' => before != 0,
            b'n' => matches!(before, b'a' | b'e' | b'h' | b'i' | b'o' | b'u' | b'v'), // hng
            b'g' => before == b'n',
            b'h' => matches!(before, b'c' | b's' | b'z'),
            b'm' => before == b'h', // an interjection
            b'r' => before == b'e',
            _ => false,
        }
    }
}

/// A set of characters and of letters with which syllables begin, in a few bits. Two
/// characters may share a bit, so it may seem to have one that it has not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Traits {
    chars: u64,
    letters: u32,
}

impl Traits {
    pub(super) fn add_char(&mut self, c: char) {
        // Fibonacci hashing: neighbours in Unicode get bits far apart.
        let mixed = u64::from(u32::from(c)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.chars |= 1 << (mixed >> 58);
    }

    /// A letter from `a` to `z`.
    pub(super) fn add_letter(&mut self, letter: u8) {
        self.letters |= 1 << letter.wrapping_sub(b'a').min(31);
    }

    pub(super) fn has(self, needed: Self) -> bool {
        self.chars & needed.chars == needed.chars && self.letters & needed.letters == needed.letters
    }
}
