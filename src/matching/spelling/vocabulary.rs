//! The words of a knowledge base by their sounds, and how often each follows another.

use std::collections::{HashMap, HashSet};

use foldhash::fast::FixedState;

use super::{readings::readings, syllables::Syllables};
use crate::knowledge::{Entry, KnowledgeBase};
use crate::text::{Segmenter, Token, normalize};

/// How many wordings are read, the first of the files. A base that has more repeats its words.
const WORDINGS_MAX: usize = 100_000;

/// The longest word, in characters. Longer ones are found by their parts.
pub(super) const WORD_CHARS_MAX: usize = 6;

/// How many ways of pronouncing one word are kept.
const SPELLINGS_MAX: usize = 8;

/// What an occurrence counts: customers type what questions say rather than what answers say.
const IN_QUESTION: u32 = 3;
const IN_ANSWER: u32 = 1;

/// Every so many occurrences inside words, a character counts as a word of its own.
const INSIDE: u32 = 20;

/// Numerals, which normalised texts have as digits, so that no text has them as words; and units, which may
/// stand alone after a number.
const NUMERALS: &str = "一二两三四五六七八九十百千万元块天";

/// Each of them counts as one of so many words.
const NUMERAL_SHARE: u32 = 500;

/// The share of the likelihood that comes from the word before, where that word is known.
const BY_PREVIOUS: f32 = 0.7;

/// A word of the base.
#[derive(Debug)]
pub(super) struct SpelledWord {
    pub(super) text: Box<str>,
    /// How often it occurs, weighted.
    count: u32,
    /// How often another word follows it, of questions.
    followed: u32,
}

/// The number of a word.
pub(super) type WordNumber = u32;

/// What stands before the first word, ...
pub(super) const START: WordNumber = WordNumber::MAX;

/// ... and for what is no word of the base.
pub(super) const UNKNOWN: WordNumber = WordNumber::MAX - 1;

/// The node of the tree at which every word begins.
pub(super) const ROOT: u32 = 0;

/// The words of a knowledge base, in a tree by their syllables.
#[derive(Debug)]
pub(super) struct Vocabulary {
    children: HashMap<(u32, u16), u32, FixedState>,
    /// The words that end at each node, the most frequent first.
    ends: Vec<Vec<WordNumber>>,
    words: Vec<SpelledWord>,
    numbers: HashMap<Box<str>, WordNumber, FixedState>,
    pairs: HashMap<(WordNumber, WordNumber), u32, FixedState>,
    starts: u32,
    total: u32,
    /// The Latin words of the base, such as “app”.
    latin: HashSet<String, FixedState>,
}

impl Vocabulary {
    pub(super) fn of(base: &KnowledgeBase, segmenter: &Segmenter) -> Self {
        let mut builder = VocabularyBuilder::new(segmenter);
        let examples = base.intents.iter().flat_map(|intent| &intent.examples);
        let examples = examples.map(String::as_str);
        let questions = base.entries.iter().flat_map(Entry::questions);
        for question in examples.chain(questions).take(WORDINGS_MAX) {
            builder.add_text(question, IN_QUESTION, true);
        }
        for entry in base.entries.iter().take(WORDINGS_MAX) {
            builder.add_text(&entry.answer.searched().whole(), IN_ANSWER, false);
        }
        let industry = &base.industry;
        let pairs = industry.dialect.iter().chain(&industry.same);
        let pairs = pairs.chain(&base.synonyms.same).chain(&base.synonyms.says);
        let pairs = pairs.flat_map(|pair| [&pair.word, &pair.other]);
        let courtesies = industry.courtesies.before.iter().chain(&industry.courtesies.after);
        let kinds = industry.question_kinds.iter().flat_map(|kind| &kind.words);
        let lists = pairs.chain(courtesies).chain(kinds).chain(&industry.stop_words);
        for words in lists {
            builder.add_text(words, IN_ANSWER, false);
        }
        for word in &base.dictionary {
            builder.add_text(&word.word, IN_ANSWER, false);
        }
        builder.finish()
    }

    pub(super) fn child(&self, node: u32, syllable: u16) -> Option<u32> {
        self.children.get(&(node, syllable)).copied()
    }

    /// The words that end at a node, the most frequent first.
    pub(super) fn ends(&self, node: u32) -> &[WordNumber] {
        &self.ends[node as usize]
    }

    pub(super) fn text(&self, word: WordNumber) -> &str {
        &self.words[word as usize].text
    }

    pub(super) fn number(&self, text: &str) -> Option<WordNumber> {
        self.numbers.get(text).copied()
    }

    /// Whether the base has this Latin word.
    pub(super) fn has_latin(&self, word: &str) -> bool {
        self.latin.contains(word)
    }

    /// The negative log-likelihood of a word after another.
    pub(super) fn cost(&self, previous: WordNumber, word: WordNumber) -> f32 {
        let alone = self.words[word as usize].count.max(1) as f32 / self.total.max(1) as f32;
        let followed = match previous {
            START => self.starts,
            UNKNOWN => 0,
            known => self.words[known as usize].followed,
        };
        if followed == 0 {
            return -alone.ln();
        }
        let pair = self.pairs.get(&(previous, word)).copied().unwrap_or(0);
        let after = pair as f32 / followed as f32;
        -(BY_PREVIOUS * after + (1.0 - BY_PREVIOUS) * alone).ln()
    }
}

/// Counts the words of texts.
struct VocabularyBuilder<'s> {
    segmenter: &'s Segmenter,
    words: Vec<SpelledWord>,
    numbers: HashMap<Box<str>, WordNumber, FixedState>,
    pairs: HashMap<(WordNumber, WordNumber), u32, FixedState>,
    chars: HashMap<char, u32, FixedState>,
    starts: u32,
    latin: HashSet<String, FixedState>,
}

impl<'s> VocabularyBuilder<'s> {
    fn new(segmenter: &'s Segmenter) -> Self {
        Self {
            segmenter,
            words: Vec::new(),
            numbers: HashMap::default(),
            pairs: HashMap::default(),
            chars: HashMap::default(),
            starts: 0,
            latin: HashSet::default(),
        }
    }

    fn add_text(&mut self, text: &str, weight: u32, with_pairs: bool) {
        let latin = text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() > 1);
        for word in latin {
            self.latin.insert(word.to_ascii_lowercase());
        }
        let normalized = normalize(text).into_string();
        let cut = self.segmenter.cut(&normalized);
        let mut previous = Some(START);
        for (nth, token) in cut.iter().enumerate() {
            if !is_han(token.text) {
                previous = None;
                continue;
            }
            let number = self.add(token.text, weight);
            // A word comes after those inside it, which follow nothing.
            if is_inside(*token, &cut[nth + 1..]) {
                continue;
            }
            if let Some(previous) = previous.filter(|_| with_pairs) {
                *self.pairs.entry((previous, number)).or_default() += 1;
                match self.words.get_mut(previous as usize) {
                    Some(word) => word.followed += 1,
                    None => self.starts += 1,
                }
            }
            previous = Some(number);
        }
    }

    fn add(&mut self, text: &str, weight: u32) -> WordNumber {
        for c in text.chars() {
            *self.chars.entry(c).or_default() += weight;
        }
        let number = self.number(text);
        self.words[number as usize].count += weight;
        number
    }

    fn number(&mut self, text: &str) -> WordNumber {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let number = self.words.len() as WordNumber;
        self.words.push(SpelledWord { text: text.into(), count: 0, followed: 0 });
        self.numbers.insert(text.into(), number);
        number
    }

    fn finish(mut self) -> Vocabulary {
        // Sorted, so that the numbers of words do not hang on the order of a hash map.
        let mut chars: Vec<(char, u32)> = self.chars.drain().collect();
        chars.sort_unstable();
        for (c, count) in chars {
            let number = self.number(c.encode_utf8(&mut [0; 4]));
            self.words[number as usize].count += count / INSIDE;
        }
        let all = self.words.iter().fold(0, |sum, word| word.count.saturating_add(sum));
        for numeral in NUMERALS.chars() {
            let number = self.number(numeral.encode_utf8(&mut [0; 4]));
            self.words[number as usize].count += 1 + all / NUMERAL_SHARE;
        }
        let mut tree = SyllableTree { children: HashMap::default(), ends: vec![Vec::new()] };
        for (word, number) in self.words.iter().zip(0..) {
            for spelling in spellings(&word.text) {
                tree.insert(&spelling, number);
            }
        }
        for ends in &mut tree.ends {
            ends.sort_by_key(|&word| std::cmp::Reverse(self.words[word as usize].count));
            ends.dedup();
        }
        Vocabulary {
            total: self.words.iter().fold(0, |sum, word| word.count.saturating_add(sum)),
            children: tree.children,
            ends: tree.ends,
            words: self.words,
            numbers: self.numbers,
            pairs: self.pairs,
            starts: self.starts,
            latin: self.latin,
        }
    }
}

struct SyllableTree {
    children: HashMap<(u32, u16), u32, FixedState>,
    ends: Vec<Vec<WordNumber>>,
}

impl SyllableTree {
    fn insert(&mut self, spelling: &[u16], word: WordNumber) {
        let mut node = ROOT;
        for &syllable in spelling {
            let next = self.ends.len() as u32;
            node = *self.children.entry((node, syllable)).or_insert(next);
            if node == next {
                self.ends.push(Vec::new());
            }
        }
        self.ends[node as usize].push(word);
    }
}

/// The syllables of a word, by the common readings of its characters. None of a word that is too long or
/// that has a character without a reading.
fn spellings(word: &str) -> Vec<Vec<u16>> {
    if word.chars().nth(WORD_CHARS_MAX).is_some() {
        return Vec::new();
    }
    let mut spellings: Vec<Vec<u16>> = vec![Vec::new()];
    for c in word.chars() {
        let syllables: Vec<u16> = syllables(c).collect();
        let longer = spellings.iter().flat_map(|spelling| {
            syllables.iter().map(move |&syllable| [spelling.as_slice(), &[syllable]].concat())
        });
        spellings = longer.take(SPELLINGS_MAX).collect();
    }
    spellings
}

/// The syllables of a character, by its common readings.
pub(super) fn syllables(c: char) -> impl Iterator<Item = u16> {
    let common = readings(c).into_iter().filter(|reading| !reading.is_rare);
    common.filter_map(|reading| Syllables::all().number(reading.letters))
}

pub(super) fn is_han(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '\u{4e00}'..='\u{9fff}'))
}

/// Whether one of the next words contains a word.
fn is_inside(token: Token<'_>, next: &[Token<'_>]) -> bool {
    let end = token.start + token.text.chars().count();
    let contains = |other: &Token<'_>| {
        other.start <= token.start && end <= other.start + other.text.chars().count()
    };
    next.iter().take_while(|other| other.start < end).any(contains)
}
