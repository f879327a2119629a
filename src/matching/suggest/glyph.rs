//! A character and how it is typed, and what a wording has of such characters.

use super::readings::Pronunciation;

/// A character, and how it is typed.
#[derive(Debug)]
pub(super) struct Glyph {
    pub(super) char: char,
    pub(super) readings: Box<[Pronunciation]>,
}

impl Glyph {
    pub(super) fn add_to(&self, traits: &mut Traits) {
        traits.add_char(self.char);
        self.initials(false).for_each(|letter| traits.add_letter(letter));
        self.common().for_each(|reading| traits.add_sound(reading.letters));
    }

    pub(super) fn common(&self) -> impl Iterator<Item = &Pronunciation> {
        self.readings.iter().filter(|reading| !reading.is_rare)
    }

    /// The letters with which it may be typed first, by common or by rare readings.
    pub(super) fn initials(&self, rare: bool) -> impl Iterator<Item = u8> {
        let itself = u8::try_from(self.char).ok().filter(|c| c.is_ascii_lowercase() && !rare);
        let sounds = self.readings.iter().filter(move |reading| reading.is_rare == rare);
        itself.into_iter().chain(sounds.filter_map(|reading| reading.letters.bytes().next()))
    }
}

/// Which characters, letters and sounds a wording has, in a few bits. Several share a bit, so
/// it may seem to have one that it has not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Traits {
    pub(super) chars: u64,
    /// Whole syllables.
    pub(super) sounds: u64,
    /// Letters themselves, and those with which syllables begin.
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

/// Which of 64 bits stands for a syllable.
pub(super) fn sound_bit(letters: &[u8]) -> u32 {
    let sum = letters.iter().fold(0u64, |sum, &letter| sum * 31 + u64::from(letter));
    mixed_bit(sum)
}

/// Fibonacci hashing: neighbours get bits far apart.
fn mixed_bit(number: u64) -> u32 {
    (number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58) as u32
}
