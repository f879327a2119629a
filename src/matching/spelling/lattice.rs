//! The likeliest words for a text in which some letters are syllables, by dynamic programming.

use std::ops::Range;

use super::{
    spelled::SpelledChar,
    syllables::{LETTERS_MAX, SLIP, Syllables},
    vocabulary::{ROOT, START, UNKNOWN, Vocabulary, WORD_CHARS_MAX, WordNumber, syllables},
};

/// How many words of one sound are tried, the most frequent. Of “shi” there are forty.
const SAME_SOUND_MAX: usize = 12;

/// How many last words are kept at each place, the likeliest.
const KEPT_MAX: usize = 8;

/// What a character costs that is written in Han and is no word of the base.
const UNKNOWN_CHAR: f32 = 12.0;

/// What a syllable costs that no word of the base has. It stays as it was typed.
const UNKNOWN_SYLLABLE: f32 = 20.0;

/// What a letter costs that is no part of a syllable.
const UNKNOWN_LETTER: f32 = 30.0;

/// A part of the text and what it is read as.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ReadPart {
    /// The places of the characters.
    pub(super) typed: Range<usize>,
    pub(super) text: String,
    pub(super) word: WordNumber,
    /// Whether letters of it were read as syllables.
    pub(super) is_read: bool,
}

impl ReadPart {
    /// Whether it is a word of several characters.
    pub(super) fn is_long(&self) -> bool {
        self.word != UNKNOWN && self.text.chars().nth(1).is_some()
    }
}

/// The ways to read a text.
pub(super) struct Lattice<'t> {
    pub(super) vocabulary: &'t Vocabulary,
    pub(super) chars: &'t [SpelledChar],
    /// For each character, whether it is a letter that may be a part of a syllable.
    pub(super) is_readable: &'t [bool],
    /// Whether syllables with slips of the fingers count.
    pub(super) with_slips: bool,
}

/// A word that may stand for a part of the text.
#[derive(Clone, Copy, Debug)]
struct Edge {
    to: usize,
    word: WordNumber,
    /// Of the spelling, without the likelihood of the word.
    cost: f32,
    is_read: bool,
}

/// The best way to a place with this word last.
#[derive(Clone, Copy, Debug)]
struct WordPath {
    edge: Edge,
    cost: f32,
    from: usize,
    /// The index of the way before, among those of its place.
    previous: usize,
}

impl Lattice<'_> {
    /// The likeliest parts, in order; they make up the whole text.
    pub(super) fn best(&self) -> Vec<ReadPart> {
        let length = self.chars.len();
        let start = Edge { to: 0, word: START, cost: 0.0, is_read: false };
        let mut ways: Vec<Vec<WordPath>> = vec![Vec::new(); length + 1];
        ways[0].push(WordPath { edge: start, cost: 0.0, from: 0, previous: 0 });
        for from in 0..length {
            if ways[from].is_empty() {
                continue;
            }
            keep_likeliest(&mut ways[from]);
            for edge in self.edges(from) {
                let before = ways[from].iter().enumerate();
                let costs =
                    before.map(|(nth, way)| (nth, way.cost + self.cost(way.edge.word, edge)));
                let least = costs.min_by(|one, other| one.1.total_cmp(&other.1));
                if let Some((previous, cost)) = least {
                    add(&mut ways[edge.to], WordPath { edge, cost, from, previous });
                }
            }
        }
        self.trace(&ways)
    }

    fn cost(&self, previous: WordNumber, edge: Edge) -> f32 {
        let likelihood =
            if edge.word == UNKNOWN { 0.0 } else { self.vocabulary.cost(previous, edge.word) };
        edge.cost + likelihood
    }

    fn trace(&self, ways: &[Vec<WordPath>]) -> Vec<ReadPart> {
        let mut at = self.chars.len();
        let last = ways[at].iter().enumerate();
        let mut nth =
            last.min_by(|one, other| one.1.cost.total_cmp(&other.1.cost)).map(|one| one.0);
        let mut parts = Vec::new();
        while at > 0 {
            let Some(way) = nth.and_then(|nth| ways[at].get(nth)) else { return Vec::new() };
            parts.push(self.part(way));
            (at, nth) = (way.from, Some(way.previous));
        }
        parts.reverse();
        parts
    }

    fn part(&self, way: &WordPath) -> ReadPart {
        let typed = way.from..way.edge.to;
        let text = match way.edge.word {
            UNKNOWN => self.chars[typed.clone()].iter().map(|one| one.char).collect(),
            word => self.vocabulary.text(word).to_owned(),
        };
        ReadPart { typed, text, word: way.edge.word, is_read: way.edge.is_read }
    }

    /// The words that begin at a place.
    fn edges(&self, from: usize) -> Vec<Edge> {
        let mut edges = Vec::new();
        let mut places = Vec::with_capacity(WORD_CHARS_MAX);
        self.walk(ROOT, from, 0.0, &mut places, &mut edges);
        let unknown = |to, cost| Edge { to, word: UNKNOWN, cost, is_read: false };
        if self.is_readable[from] {
            for (to, _, cost) in self.syllables_from(from, self.with_slips) {
                if edges.iter().all(|edge| edge.to != to) {
                    edges.push(unknown(to, cost + UNKNOWN_SYLLABLE));
                }
            }
            edges.push(unknown(from + 1, UNKNOWN_LETTER));
            return edges;
        }
        let one = self.chars[from].char;
        let known = self.vocabulary.number(one.encode_utf8(&mut [0; 4]));
        edges.push(match known {
            Some(word) => Edge { to: from + 1, word, cost: 0.0, is_read: false },
            None if one.is_ascii() => unknown(from + 1, 0.0),
            None => unknown(from + 1, UNKNOWN_CHAR),
        });
        edges
    }

    /// Follows the tree of words along the syllables from `at` on.
    fn walk(
        &self,
        node: u32,
        at: usize,
        cost: f32,
        places: &mut Vec<usize>,
        edges: &mut Vec<Edge>,
    ) {
        let is_read = places.iter().any(|&place| self.is_readable[place]);
        // A single character in Han is itself.
        if is_read || places.len() > 1 {
            let words = self.vocabulary.ends(node).iter();
            let words = words.filter(|&&word| self.is_as_written(word, places));
            let edge = |&word| Edge { to: at, word, cost, is_read };
            edges.extend(words.take(SAME_SOUND_MAX).map(edge));
        }
        if at == self.chars.len() || places.len() == WORD_CHARS_MAX {
            return;
        }
        places.push(at);
        if self.is_readable[at] {
            // One slip in a word: with more, any letters would be some word.
            let with_slips = self.with_slips && cost < SLIP;
            for (to, syllable, more) in self.syllables_from(at, with_slips) {
                if let Some(child) = self.vocabulary.child(node, syllable) {
                    self.walk(child, to, cost + more, places, edges);
                }
            }
        } else {
            for syllable in syllables(self.chars[at].char) {
                if let Some(child) = self.vocabulary.child(node, syllable) {
                    self.walk(child, at + 1, cost, places, edges);
                }
            }
        }
        places.pop();
    }

    /// Whether a word has the characters that are written in Han.
    fn is_as_written(&self, word: WordNumber, places: &[usize]) -> bool {
        let mut chars = self.vocabulary.text(word).chars().zip(places);
        chars.all(|(c, &place)| self.is_readable[place] || self.chars[place].char == c)
    }

    /// The syllables that begin at a letter: the place after each, its number, and its cost.
    fn syllables_from(&self, from: usize, with_slips: bool) -> Vec<(usize, u16, f32)> {
        let mut letters = String::with_capacity(LETTERS_MAX);
        let mut found = Vec::new();
        for to in from..self.chars.len().min(from + LETTERS_MAX) {
            if !self.is_readable[to] || (to > from && self.chars[to].is_apart) {
                break;
            }
            letters.push(self.chars[to].char);
            let heard = Syllables::all().heard(&letters, with_slips);
            found.extend(heard.map(|one| (to + 1, one.syllable, one.cost)));
        }
        found
    }
}

/// Adds a way unless one with the same last word is as good.
fn add(ways: &mut Vec<WordPath>, way: WordPath) {
    match ways.iter_mut().find(|other| other.edge.word == way.edge.word) {
        Some(other) if way.cost < other.cost => *other = way,
        Some(_) => {}
        None => ways.push(way),
    }
}

fn keep_likeliest(ways: &mut Vec<WordPath>) {
    ways.sort_by(|one, other| one.cost.total_cmp(&other.cost));
    ways.truncate(KEPT_MAX);
}
