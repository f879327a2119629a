//! The wordings of the served entries, ready to be looked through at every key press.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    readings::{Reading, readings},
    typed::Traits,
    walk::SEEN_CHARS,
};
use crate::knowledge::{Entry, KnowledgeBase, Status};
use crate::text::{Segmenter, normalize};

/// All questions of the live entries, by the characters with which they and their words begin.
#[derive(Debug)]
pub(in crate::matching) struct SuggestIndex {
    /// Every character of the questions, sorted.
    pub(super) glyphs: Vec<Glyph>,
    /// For each letter, the characters that are it, or whose sound commonly begins with it.
    by_letter: [Vec<u32>; 26],
    /// The characters of all questions, one after the other.
    signs: Vec<Sign>,
    /// In the order of the entries; of each the standard question first.
    pub(super) questions: Vec<Question>,
    /// Where questions begin, by their first character.
    pub(super) beginnings: Places,
    /// Where words inside of questions begin, by their first character.
    pub(super) words: Places,
}

/// A character, and how it is typed.
#[derive(Debug)]
pub(super) struct Glyph {
    pub(super) char: char,
    pub(super) readings: Box<[Reading]>,
    /// How often it stands in the questions.
    pub(super) count: u32,
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
pub(super) struct Question {
    /// Index into the knowledge base's entries.
    pub(super) entry: u32,
    /// 0 for the standard question, else one more than the place of the similar one.
    pub(super) number: u32,
    /// Where its characters end among those of all questions.
    end: u32,
    /// What it has, so that most questions need no closer look.
    pub(super) traits: Traits,
}

/// Places in questions, gathered by the glyph there.
#[derive(Debug)]
pub(super) struct Places {
    /// For each glyph, where its places end.
    ends: Vec<u32>,
    places: Vec<Place>,
}

/// A question, and a character of it, in one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place(u32);

impl Place {
    /// More questions than this have no room; the limits of a knowledge base are far below.
    const QUESTIONS_MAX: usize = 1 << 26;

    fn new(question: usize, at: usize) -> Self {
        Self((question * SEEN_CHARS + at) as u32)
    }

    pub(super) fn question(self) -> usize {
        self.0 as usize / SEEN_CHARS
    }

    pub(super) fn at(self) -> usize {
        self.0 as usize % SEEN_CHARS
    }
}

impl Places {
    /// Of pairs of a glyph and a place.
    fn new(mut pairs: Vec<(u32, Place)>, glyphs: usize) -> Self {
        pairs.sort_unstable();
        let end_of = |glyph| pairs.partition_point(|&(other, _)| other <= glyph) as u32;
        let ends = (0..glyphs as u32).map(end_of).collect();
        Self { ends, places: pairs.into_iter().map(|(_, place)| place).collect() }
    }

    pub(super) fn of(&self, glyph: u32) -> &[Place] {
        let glyph = glyph as usize;
        let start = glyph.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.places[start as usize..self.ends[glyph] as usize]
    }
}

impl SuggestIndex {
    /// Takes a core for some milliseconds per thousand questions.
    pub(in crate::matching) fn build(base: &KnowledgeBase, segmenter: &Segmenter) -> Self {
        let wordings = wordings(base);
        let (glyphs, by_letter) = glyphs(&wordings);
        let mut signs = Vec::with_capacity(glyphs.iter().map(|glyph| glyph.count as usize).sum());
        let mut questions = Vec::with_capacity(wordings.len());
        let (mut beginnings, mut words) = (Vec::new(), Vec::new());
        for (Wording { entry, number, normalized }, place) in wordings.into_iter().zip(0..) {
            let cut = segmenter.cut_known(&normalized);
            let starts: BTreeSet<usize> = cut.iter().map(|token| token.start).collect();
            let mut traits = Traits::default();
            for (c, at) in normalized.chars().zip(0..) {
                let glyph = glyphs.binary_search_by_key(&c, |glyph| glyph.char);
                let glyph = glyph.expect("every character was counted") as u32;
                let begins_word = at == 0 || starts.contains(&at);
                signs.push(Sign::new(glyph, begins_word));
                if begins_word && at < SEEN_CHARS {
                    let places = if at == 0 { &mut beginnings } else { &mut words };
                    places.push((glyph, Place::new(place, at)));
                }
                glyphs[glyph as usize].add_to(&mut traits);
            }
            questions.push(Question { entry, number, end: signs.len() as u32, traits });
        }
        let beginnings = Places::new(beginnings, glyphs.len());
        let words = Places::new(words, glyphs.len());
        Self { glyphs, by_letter, signs, questions, beginnings, words }
    }

    /// A question's characters.
    pub(super) fn signs(&self, question: usize) -> &[Sign] {
        let start = question.checked_sub(1).map_or(0, |before| self.questions[before].end);
        &self.signs[start as usize..self.questions[question].end as usize]
    }

    /// The glyphs that may take up what is typed first.
    pub(super) fn first_glyphs(&self, typed: char) -> Vec<u32> {
        match typed {
            'a'..='z' => self.by_letter[letter_place(typed as u8)].clone(),
            _ => {
                let found = self.glyphs.binary_search_by_key(&typed, |glyph| glyph.char);
                found.into_iter().map(|glyph| glyph as u32).collect()
            }
        }
    }

    /// The memory that it takes, without what allocating adds.
    #[cfg(test)]
    pub(in crate::matching) fn bytes(&self) -> usize {
        let places = |places: &Places| 4 * (places.ends.len() + places.places.len());
        let readings = self.glyphs.iter().map(|glyph| size_of_val(&*glyph.readings));
        size_of_val(&*self.glyphs)
            + readings.sum::<usize>()
            + self.by_letter.iter().map(|glyphs| 4 * glyphs.len()).sum::<usize>()
            + size_of_val(&*self.signs)
            + size_of_val(&*self.questions)
            + places(&self.beginnings)
            + places(&self.words)
    }
}

/// The questions of an entry that is live, whatever the day: a day is known when it is asked.
fn live_questions(entry: &Entry) -> impl Iterator<Item = &str> {
    let is_live = entry.status == Status::Live;
    is_live.then(|| entry.questions()).into_iter().flatten()
}

/// The normalised wordings of the live entries, with what they are wordings of.
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
    wordings.truncate(Place::QUESTIONS_MAX);
    wordings
}

/// Every character of the wordings, sorted, and by letter which of them it may begin.
fn glyphs(wordings: &[Wording]) -> (Vec<Glyph>, [Vec<u32>; 26]) {
    let mut counts: BTreeMap<char, u32> = BTreeMap::new();
    for c in wordings.iter().flat_map(|wording| wording.normalized.chars()) {
        *counts.entry(c).or_default() += 1;
    }
    let mut by_letter: [Vec<u32>; 26] = Default::default();
    let mut glyphs = Vec::with_capacity(counts.len());
    for ((char, count), place) in counts.into_iter().zip(0..) {
        let glyph = Glyph { char, readings: readings(char).into(), count };
        for letter in glyph.initials(|reading| !reading.is_rare) {
            let glyphs = &mut by_letter[letter_place(letter)];
            if glyphs.last() != Some(&place) {
                glyphs.push(place);
            }
        }
        glyphs.push(glyph);
    }
    (glyphs, by_letter)
}

impl Glyph {
    fn add_to(&self, traits: &mut Traits) {
        traits.add_char(self.char);
        self.initials(|_| true).for_each(|letter| traits.add_letter(letter));
    }

    /// The letters with which it may be typed first.
    fn initials(&self, which: impl Fn(&Reading) -> bool) -> impl Iterator<Item = u8> {
        let itself = u8::try_from(self.char).ok().filter(u8::is_ascii_lowercase);
        let sounds = self.readings.iter().filter(move |reading| which(reading));
        itself.into_iter().chain(sounds.filter_map(|reading| reading.letters.bytes().next()))
    }
}

/// From 0 for `a`.
fn letter_place(letter: u8) -> usize {
    usize::from(letter - b'a')
}
