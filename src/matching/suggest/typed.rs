//! What a customer has typed so far, and how one character of a wording takes it up.

use super::glyph::{Glyph, Traits, sound_bit};
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
pub(super) struct Taken {
    pub(super) to: usize,
    pub(super) cost: u16,
}

impl Typed {
    /// `None` when nothing is left of it.
    pub(super) fn new(text: &str) -> Option<Self> {
        // Normalising rarely makes a text longer: this much of it gives what counts.
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

    /// Whether no character of it can be a sound.
    pub(super) fn is_literal(&self) -> bool {
        self.letters.iter().all(|&letter| letter == 0)
    }

    /// Gives every way in which the character takes up what is typed from that place on.
    pub(super) fn steps(
        &self,
        from: usize,
        glyph: &Glyph,
        with_rare: bool,
        mut take: impl FnMut(Taken),
    ) {
        if self.chars[from] == glyph.char {
            take(Taken { to: from + 1, cost: 0 });
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
                    take(Taken { to: from + same, cost: RARE });
                }
                continue;
            }
            if is_whole {
                take(Taken { to: from + same, cost: WHOLE });
            } else if same > 0 && same == left.len() && is_last {
                take(Taken { to: from + same, cost: UNFINISHED });
            }
            if same > 0 {
                take(Taken { to: from + 1, cost: INITIAL });
            }
            if same > 1 && syllable[1] == b'h' {
                take(Taken { to: from + 2, cost: INITIAL }); // zh, ch, sh
            }
        }
    }

    /// What tells quickly that this fits into no order of a wording's characters; `syllables`
    /// are all that the wordings have, sorted.
    pub(super) fn needs(&self, syllables: &[&str]) -> Needs {
        let mut needs = Needs { chars: Traits::default(), ways: Vec::with_capacity(self.len()) };
        for (from, &c) in self.chars.iter().enumerate() {
            let left = &self.letters[from..self.ends[from]];
            let Some(&letter) = left.first() else {
                needs.chars.add_char(c);
                needs.ways.push(Ways::default());
                continue;
            };
            let mut ways = Ways { letter: Some(letter), ..Ways::default() };
            if left.get(1) == Some(&b'h') {
                ways.by_initial |= 1 << (from + 2);
            }
            ways.by_initial |= 1 << (from + 1);
            for length in 1..=left.len().min(SYLLABLE_LETTERS) {
                let begins = |known: &str| known.as_bytes().get(..length) == Some(&left[..length]);
                let at = syllables.partition_point(|known| known.as_bytes() < &left[..length]);
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

/// The longest syllables are such as “zhuang”.
const SYLLABLE_LETTERS: usize = 6;

/// What a wording must have if a typed text is to fit into it, in any order.
#[derive(Debug)]
pub(super) struct Needs {
    /// What is no letter.
    chars: Traits,
    /// For each place in the typed text, how it may be left. Places are bits.
    ways: Vec<Ways>,
}

#[derive(Debug, Default)]
struct Ways {
    /// `None` for what is no letter and leads to the next place.
    letter: Option<u8>,
    /// To where a character leads that begins with the letter.
    by_initial: u32,
    /// For syllables: their bit among the sounds, and to where they lead.
    by_sound: Vec<(u64, u32)>,
}

impl Needs {
    /// Whether a wording with such traits needs a closer look, when a first piece leads to the
    /// places `reached`, as bits.
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
