//! The index of all wordings of the live entries, which is searched at every key press.

use std::collections::BTreeSet;

use super::{
    glyph::{Glyph, Traits},
    typed::TYPED_CHARS,
};
use crate::knowledge::{Entry, KnowledgeBase, Status};
use crate::matching::spelling::readings::readings;
use crate::text::{Segmenter, normalize};

/// How many characters of a wording are matched: one bit of a 64-bit number for each.
pub(super) const WORDING_CHARS_MAX: usize = 64;

/// All questions of the live entries, with suffix arrays over the beginnings of the questions and
/// of their words.
#[derive(Debug)]
pub(in crate::matching) struct SuggestIndex {
    /// Every character of the questions, sorted.
    pub(super) glyphs: Vec<Glyph>,
    /// For each letter, the glyph of the letter and the glyphs whose common sound begins with it.
    by_letter: [Vec<u32>; 26],
    /// For each letter, the glyphs with a rare sound that begins with it.
    by_rare_letter: [Vec<u32>; 26],
    /// The common syllables of all glyphs, sorted.
    pub(super) syllables: Vec<&'static str>,
    /// The characters of all questions, concatenated.
    signs: Vec<Sign>,
    /// In the order of the entries; the standard question of an entry comes first.
    pub(super) questions: Vec<SuggestedQuestion>,
    /// The beginnings of questions.
    pub(super) beginnings: SuffixArray,
    /// The beginnings of words inside questions.
    pub(super) words: SuffixArray,
}

/// One character of a question: its glyph, and whether a word begins with it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sign(u32);

impl Sign {
    const BEGINS_WORD: u32 = 1 << 31;

    fn new(glyph: u32, begins_word: bool) -> Self {
        Self(if begins_word { glyph | Self::BEGINS_WORD } else { glyph })
    }

    pub(super) fn glyph(self) -> usize {
        (self.0 & !Self::BEGINS_WORD) as usize
    }

    pub(super) fn begins_word(self) -> bool {
        self.0 & Self::BEGINS_WORD != 0
    }
}

/// A question of an entry.
#[derive(Debug)]
pub(super) struct SuggestedQuestion {
    /// Index into the knowledge base's entries.
    pub(super) entry: u32,
    /// 0 for the standard question, else one more than the index of the similar one.
    pub(super) number: u32,
    /// The end of its characters among those of all questions.
    end: u32,
    /// Its characters and sounds, by which most questions are ruled out quickly.
    pub(super) traits: Traits,
}

/// Suffixes of questions, sorted by their characters.
#[derive(Debug)]
pub(super) struct SuffixArray {
    /// For each glyph, the end of the suffixes that begin with it.
    ends: Vec<u32>,
    sorted: Vec<Suffix>,
    /// The length of the common prefix of each suffix and the previous one, at most
    /// [`TYPED_CHARS`].
    shared: Vec<u8>,
}

/// A question and the index of a character in it, as one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Suffix(u32);

impl Suffix {
    /// The largest number of questions that fits; the limits of a knowledge base are far below.
    const QUESTIONS_MAX: usize = 1 << 26;

    fn new(question: usize, at: usize) -> Self {
        Self((question * WORDING_CHARS_MAX + at) as u32)
    }

    pub(super) fn question(self) -> usize {
        self.0 as usize / WORDING_CHARS_MAX
    }

    pub(super) fn at(self) -> usize {
        self.0 as usize % WORDING_CHARS_MAX
    }
}

impl SuffixArray {
    fn new(
        mut suffixes: Vec<Suffix>,
        signs: &[Sign],
        questions: &[SuggestedQuestion],
        glyphs: usize,
    ) -> Self {
        let from = |suffix: Suffix| {
            let signs = &signs_of(signs, questions, suffix.question())[suffix.at()..];
            signs.iter().take(TYPED_CHARS).map(|sign| sign.glyph())
        };
        suffixes.sort_by(|&one, &other| from(one).cmp(from(other)).then(one.cmp(&other)));
        let first = |suffix: &Suffix| from(*suffix).next();
        let end_of = |glyph| suffixes.partition_point(|one| first(one) <= Some(glyph)) as u32;
        let ends = (0..glyphs).map(end_of).collect();
        let mut shared = vec![0; suffixes.len()];
        for (pair, shared) in suffixes.windows(2).zip(shared.iter_mut().skip(1)) {
            let both = from(pair[0]).zip(from(pair[1]));
            *shared = both.take_while(|(one, other)| one == other).count() as u8;
        }
        Self { ends, sorted: suffixes, shared }
    }

    /// The suffixes that begin with a glyph, each with the length of the prefix that it shares with
    /// the previous one.
    pub(super) fn of(&self, glyph: u32) -> impl Iterator<Item = (Suffix, usize)> {
        let glyph = glyph as usize;
        let start = glyph.checked_sub(1).map_or(0, |previous| self.ends[previous]);
        let range = start as usize..self.ends[glyph] as usize;
        let shared = self.shared[range.clone()].iter().map(|&shared| usize::from(shared));
        self.sorted[range].iter().copied().zip(shared)
    }
}

/// The characters of a question.
fn signs_of<'a>(signs: &'a [Sign], questions: &[SuggestedQuestion], question: usize) -> &'a [Sign] {
    let start = question.checked_sub(1).map_or(0, |previous| questions[previous].end);
    &signs[start as usize..questions[question].end as usize]
}

impl SuggestIndex {
    /// Builds the index. It takes some milliseconds per thousand questions on one core.
    pub(in crate::matching) fn build(base: &KnowledgeBase, segmenter: &Segmenter) -> Self {
        let wordings = wordings(base);
        let glyphs = glyphs(&wordings);
        let mut signs = Vec::new();
        let mut questions = Vec::with_capacity(wordings.len());
        let (mut beginnings, mut words) = (Vec::new(), Vec::new());
        for (Wording { entry, number, normalized }, place) in wordings.into_iter().zip(0..) {
            let cut = segmenter.cut_known(&normalized);
            let starts: BTreeSet<usize> = cut.iter().map(|token| token.start).collect();
            let mut traits = Traits::default();
            for (c, at) in normalized.chars().zip(0..) {
                let glyph = glyphs.binary_search_by_key(&c, |glyph| glyph.char);
                let glyph = glyph.expect("every character has a glyph") as u32;
                let begins_word = at == 0 || starts.contains(&at);
                signs.push(Sign::new(glyph, begins_word));
                if begins_word && at < WORDING_CHARS_MAX {
                    let suffixes = if at == 0 { &mut beginnings } else { &mut words };
                    suffixes.push(Suffix::new(place, at));
                }
                glyphs[glyph as usize].add_to(&mut traits);
            }
            questions.push(SuggestedQuestion { entry, number, end: signs.len() as u32, traits });
        }
        let beginnings = SuffixArray::new(beginnings, &signs, &questions, glyphs.len());
        let words = SuffixArray::new(words, &signs, &questions, glyphs.len());
        signs.shrink_to_fit();
        let sounds = glyphs.iter().flat_map(Glyph::common).map(|reading| reading.letters);
        let syllables: BTreeSet<&str> = sounds.collect();
        Self {
            by_letter: by_letter(&glyphs, false),
            by_rare_letter: by_letter(&glyphs, true),
            syllables: syllables.into_iter().collect(),
            glyphs,
            signs,
            questions,
            beginnings,
            words,
        }
    }

    /// A question's characters.
    pub(super) fn signs(&self, question: usize) -> &[Sign] {
        signs_of(&self.signs, &self.questions, question)
    }

    /// The glyphs that may match the first typed character.
    pub(super) fn first_glyphs(&self, typed: char, with_rare: bool) -> Vec<u32> {
        if !typed.is_ascii_lowercase() {
            let found = self.glyphs.binary_search_by_key(&typed, |glyph| glyph.char);
            return found.into_iter().map(|glyph| glyph as u32).collect();
        }
        let letter = letter_index(typed as u8);
        let mut glyphs = self.by_letter[letter].clone();
        if with_rare {
            glyphs.extend(&self.by_rare_letter[letter]);
            glyphs.sort_unstable();
            glyphs.dedup();
        }
        glyphs
    }

    /// The memory of the index in bytes, without the overhead of allocations.
    #[cfg(test)]
    pub(in crate::matching) fn bytes(&self) -> usize {
        let suffixes = |array: &SuffixArray| 4 * array.ends.len() + 5 * array.sorted.len();
        let letters = self.by_letter.iter().chain(&self.by_rare_letter);
        let readings = self.glyphs.iter().map(|glyph| size_of_val(&*glyph.readings));
        size_of_val(&*self.glyphs)
            + readings.sum::<usize>()
            + letters.map(|glyphs| 4 * glyphs.len()).sum::<usize>()
            + size_of_val(&*self.syllables)
            + size_of_val(&*self.signs)
            + size_of_val(&*self.questions)
            + suffixes(&self.beginnings)
            + suffixes(&self.words)
    }
}

/// The questions of a live entry. Its days of validity are checked at each search.
fn live_questions(entry: &Entry) -> impl Iterator<Item = &str> {
    let is_live = entry.status == Status::Live;
    is_live.then(|| entry.questions()).into_iter().flatten()
}

/// A normalised wording of a live entry.
struct Wording {
    entry: u32,
    number: u32,
    normalized: String,
}

fn wordings(base: &KnowledgeBase) -> Vec<Wording> {
    let mut wordings = Vec::new();
    for (entry, place) in base.entries.iter().zip(0..) {
        for (wording, number) in live_questions(entry).zip(0..) {
            let normalized = normalize(wording).into_string();
            if !normalized.is_empty() {
                wordings.push(Wording { entry: place, number, normalized });
            }
        }
    }
    wordings.truncate(Suffix::QUESTIONS_MAX);
    wordings
}

/// Every character of the wordings, sorted.
fn glyphs(wordings: &[Wording]) -> Vec<Glyph> {
    let chars: BTreeSet<char> =
        wordings.iter().flat_map(|wording| wording.normalized.chars()).collect();
    chars.into_iter().map(|char| Glyph { char, readings: readings(char).into() }).collect()
}

/// For each letter, the glyphs that may be typed by it first, by common or by rare readings.
fn by_letter(glyphs: &[Glyph], rare: bool) -> [Vec<u32>; 26] {
    let mut by_letter: [Vec<u32>; 26] = Default::default();
    for (glyph, place) in glyphs.iter().zip(0..) {
        for letter in glyph.initials(rare) {
            let glyphs = &mut by_letter[letter_index(letter)];
            if glyphs.last() != Some(&place) {
                glyphs.push(place);
            }
        }
    }
    by_letter
}

/// The index of a letter, 0 for `a`.
fn letter_index(letter: u8) -> usize {
    usize::from(letter - b'a')
}
