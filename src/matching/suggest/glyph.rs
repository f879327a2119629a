//! A character with its pronunciations, and the set of characters and sounds of a wording.

use crate::matching::spelling::readings::Pronunciation;

/// A character with its pronunciations.
#[derive(Debug)]
pub(super) struct Glyph {
    pub(super) char: char,
    pub(super) readings: Box<[Pronunciation]>,
}

impl Glyph {
    /// Adds the character, its initials and its common sounds to a set.
    pub(super) fn add_to(&self, traits: &mut Traits) {
        traits.add_char(self.char);
        self.initials(false).for_each(|letter| traits.add_letter(letter));
        self.common().for_each(|reading| traits.add_sound(reading.letters));
    }

    /// The common pronunciations.
    pub(super) fn common(&self) -> impl Iterator<Item = &Pronunciation> {
        self.readings.iter().filter(|reading| !reading.is_rare)
    }

    /// The first letters by which it may be typed, of the common or of the rare pronunciations.
    pub(super) fn initials(&self, rare: bool) -> impl Iterator<Item = u8> {
        let itself = u8::try_from(self.char).ok().filter(|c| c.is_ascii_lowercase() && !rare);
        let sounds = self.readings.iter().filter(move |reading| reading.is_rare == rare);
        itself.into_iter().chain(sounds.filter_map(|reading| reading.letters.bytes().next()))
    }
}

/// A Bloom filter of the characters, letters and sounds of a wording. Several values share a bit,
/// so that it may report a value that the wording does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Traits {
    pub(super) chars: u64,
    /// Whole syllables.
    pub(super) sounds: u64,
    /// Latin letters, and the first letters of syllables.
    letters: u32,
}

impl Traits {
    pub(super) fn add_char(&mut self, c: char) {
        self.chars |= 1 << mixed_bit(u64::from(u32::from(c)));
    }

    pub(super) fn add_sound(&mut self, letters: &str) {
        self.sounds |= 1 << sound_bit(letters.as_bytes());
        letters.bytes().take(1).for_each(|letter| self.add_letter(letter));
    }

    /// A letter from `a` to `z`.
    pub(super) fn add_letter(&mut self, letter: u8) {
        self.letters |= 1 << letter.wrapping_sub(b'a').min(31);
    }

    pub(super) fn has_letter(self, letter: u8) -> bool {
        self.letters & (1 << letter.wrapping_sub(b'a').min(31)) != 0
    }
}

/// The index, from 0 to 63, of the bit of a syllable.
pub(super) fn sound_bit(letters: &[u8]) -> u32 {
    let sum = letters.iter().fold(0u64, |sum, &letter| sum * 31 + u64::from(letter));
    mixed_bit(sum)
}

/// Fibonacci hashing (Knuth, TAOCP 3, 6.4): consecutive numbers get bits far apart.
fn mixed_bit(number: u64) -> u32 {
    (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58) as u32
}
