//! The typed text, and how one character of a wording matches a part of it.

use super::glyph::{Glyph, Traits, sound_bit};
use crate::text::normalize;

/// How many characters of the typed text count, after normalising.
pub(super) const TYPED_CHARS: usize = 30;

/// The costs of matching a character by its sound: the less of the sound is typed, the higher.
/// The character itself costs nothing.
const WHOLE_SYLLABLE: u16 = 1;
const UNFINISHED_SYLLABLE: u16 = 2;
const INITIAL: u16 = 3;
const RARE_READING: u16 = 4;

/// The normalised typed text; never empty.
#[derive(Debug)]
pub(super) struct Typed {
    chars: Vec<char>,
    /// The letters among the characters; 0 for other characters.
    letters: Vec<u8>,
    /// For each index, the end of the letters from there on; the index itself when there are none.
    ends: Vec<usize>,
}

/// One way in which a character of a wording matches the typed text from some index on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CharMatch {
    /// The index after the matching part of the typed text.
    pub(super) to: usize,
    pub(super) cost: u16,
}

impl Typed {
    /// `None` when the normalised text is empty.
    pub(super) fn new(text: &str) -> Option<Self> {
        // Normalising rarely makes a text much shorter, so this much of it is enough.
        let beginning: String = text.chars().take(8 * TYPED_CHARS).collect();
        let chars: Vec<char> = normalize(&beginning).as_str().chars().take(TYPED_CHARS).collect();
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

    /// Whether it has no letters, so that nothing in it can be a sound.
    pub(super) fn is_literal(&self) -> bool {
        self.letters.iter().all(|&letter| letter == 0)
    }

    /// Calls `take` for every way in which the character matches the typed text from `from` on.
    pub(super) fn steps(
        &self,
        from: usize,
        glyph: &Glyph,
        with_rare: bool,
        mut take: impl FnMut(CharMatch),
    ) {
        if self.chars[from] == glyph.char {
            take(CharMatch { to: from + 1, cost: 0 });
        }
        let letters = &self.letters[from..self.ends[from]];
        let is_last = self.ends[from] == self.len();
        for reading in glyph.readings.iter().filter(|one| with_rare || !one.is_rare) {
            let syllable = reading.letters.as_bytes();
            let same = letters.iter().zip(syllable).take_while(|(one, other)| one == other).count();
            let is_whole = same == syllable.len();
            if reading.is_rare {
                // A rare reading counts only as a whole syllable beside another character.
                if is_whole && same < self.len() {
                    take(CharMatch { to: from + same, cost: RARE_READING });
                }
                continue;
            }
            if is_whole {
                take(CharMatch { to: from + same, cost: WHOLE_SYLLABLE });
            } else if same > 0 && same == letters.len() && is_last {
                take(CharMatch { to: from + same, cost: UNFINISHED_SYLLABLE });
            }
            if same > 0 {
                take(CharMatch { to: from + 1, cost: INITIAL });
            }
            if same > 1 && syllable[1] == b'h' {
                take(CharMatch { to: from + 2, cost: INITIAL }); // zh, ch, sh
            }
        }
    }

    /// The requirements by which wordings that cannot match are ruled out quickly. `syllables` are
    /// all syllables of the wordings, sorted.
    pub(super) fn needs(&self, syllables: &[&str]) -> Needs {
        let mut needs = Needs { chars: Traits::default(), ways: Vec::with_capacity(self.len()) };
        for (from, &c) in self.chars.iter().enumerate() {
            let letters = &self.letters[from..self.ends[from]];
            let Some(&letter) = letters.first() else {
                needs.chars.add_char(c);
                needs.ways.push(Ways::default());
                continue;
            };
            let mut ways = Ways { letter: Some(letter), ..Ways::default() };
            if letters.get(1) == Some(&b'h') {
                ways.by_initial |= 1 << (from + 2);
            }
            ways.by_initial |= 1 << (from + 1);
            for length in 1..=letters.len().min(SYLLABLE_LETTERS_MAX) {
                let beginning = &letters[..length];
                let begins = |known: &str| known.as_bytes().get(..length) == Some(beginning);
                let at = syllables.partition_point(|known| known.as_bytes() < beginning);
                let longer = syllables[at..].iter().take_while(|known| begins(known));
                // The last syllable may be unfinished.
                let is_end = from + length == self.len();
                for known in longer.filter(|known| is_end || known.len() == length) {
                    ways.by_sound.push((1 << sound_bit(known.as_bytes()), 1 << (from + length)));
                }
            }
            needs.ways.push(ways);
        }
        needs
    }
}

/// The length of the longest syllables, such as “zhuang”.
const SYLLABLE_LETTERS_MAX: usize = 6;

/// The characters and sounds that a wording must have, in any order, to match a typed text.
#[derive(Debug)]
pub(super) struct Needs {
    /// The typed characters that are not letters.
    chars: Traits,
    /// For each index of the typed text, the ways to match from there on.
    ways: Vec<Ways>,
}

#[derive(Debug, Default)]
struct Ways {
    /// `None` for a character that is not a letter, which leads to the next index.
    letter: Option<u8>,
    /// The indexes, as bits, to which a character leads that begins with the letter.
    by_initial: u32,
    /// For each syllable its bit among the sounds, and the index, as a bit, to which it leads.
    by_sound: Vec<(u64, u32)>,
}

impl Needs {
    /// Whether a wording with these traits may match, when a first piece leads to the indexes
    /// `reached`, as bits.
    pub(super) fn are_met_by(&self, traits: Traits, mut reached: u32) -> bool {
        if traits.chars & self.chars.chars != self.chars.chars {
            return false;
        }
        for (place, ways) in self.ways.iter().enumerate() {
            if reached & (1 << place) == 0 {
                continue;
            }
            match ways.letter {
                None => reached |= 1 << (place + 1),
                Some(letter) if traits.has_letter(letter) => {
                    let by_sound = ways.by_sound.iter().filter(|(bit, _)| traits.sounds & bit != 0);
                    reached = by_sound.fold(reached | ways.by_initial, |all, (_, to)| all | to);
                }
                Some(_) => {}
            }
        }
        reached & (1 << self.ways.len()) != 0
    }
}
