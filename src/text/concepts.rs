//! Concepts and their compositions: who, does what, to what.
//!
//! A concept is a list of words that stand for the same thing. A composition names concepts that
//! must meet in one text, in an order or in any, with other words between them. So a rule finds
//! sentences that nobody wrote down.

use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
    ops::Range,
};

use foldhash::fast::FixedState;

use super::{
    sounds::sound_of,
    words::{WordFinder, WordHit},
};

/// The longest gap between two parts of a composition that follow each other, in characters.
/// People put a subject, a time and a sum between what was done and to whom.
const GAP_MAX: usize = 10;

/// The longest stretch of text that a composition may cover, in characters: about two clauses.
const SPAN_MAX: usize = 40;

/// How far from a composition an excluded concept still counts, in characters.
const WITHOUT_REACH: usize = 12;

/// How many places of parts are tried for one composition. Real texts need a few dozen.
const TRIES_MAX: usize = 2_000;

/// The shortest pinyin of a word that is searched for, in letters. Shorter ones stand in English
/// words and in abbreviations.
const SPELT_MIN: usize = 5;

/// A thing that can be said in several words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concept {
    /// The name by which compositions call it.
    pub name: String,
    /// Words that mean it, normalised.
    pub words: Vec<String>,
    /// Words that mean it also when only their sound is written, by other characters or in
    /// pinyin; normalised.
    pub alike: Vec<String>,
}

/// Concepts that must meet in a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Composition {
    /// The concepts that must be there.
    pub terms: Vec<CompositionTerm>,
    /// Concepts that must not stand in or near it, by their index.
    pub without: Vec<usize>,
}

/// One concept of a composition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CompositionTerm {
    /// The index of the concept.
    pub concept: usize,
    /// Whether it must follow the term before, at most ten characters later. Otherwise it may
    /// stand on either side.
    pub follows: bool,
}

/// A part of a text that means a concept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ConceptHit {
    /// The index of the concept.
    pub(crate) concept: usize,
    /// Its range in bytes of the text.
    pub(crate) bytes: Range<usize>,
}

/// Finds the words of many concepts in a text.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConceptFinder {
    /// Each word once, with its part of `meant`. Short words mean many concepts.
    words: WordFinder<(u32, u32)>,
    meant: Vec<usize>,
    /// Over texts in which a character stands for each sound.
    sounds: WordFinder<usize>,
    /// The character for each sound of `sounds`.
    codes: HashMap<&'static str, char, FixedState>,
    /// Over texts with Latin letters.
    spelt: WordFinder<usize>,
    /// A concept inside one of these words is none.
    harmless: WordFinder<()>,
    count: usize,
}

/// The concepts of a text.
#[derive(Clone, Debug)]
pub(crate) struct ConceptsSeen<'t> {
    text: &'t str,
    /// Ranges in bytes, those of one concept together and in order.
    ranges: Vec<Range<usize>>,
    /// The concepts that are there, in order, each with its part of `ranges`. A text has few of
    /// many concepts.
    parts: Vec<(usize, Range<usize>)>,
    /// For each concept a bit: whether it is there.
    present: Box<[u64]>,
}

impl ConceptFinder {
    pub(crate) fn new<'c>(concepts: &'c [Concept], harmless: &[String]) -> Self {
        let mut finder = Self { count: concepts.len(), ..Self::default() };
        let concepts = concepts.iter().enumerate();
        let words = |(index, concept): (usize, &'c Concept)| {
            let words = concept.words.iter().chain(&concept.alike);
            words.map(move |word| (word.as_str(), index))
        };
        let alike = |(index, concept): (usize, &'c Concept)| {
            concept.alike.iter().map(move |word| (word.as_str(), index))
        };
        let mut meant: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (word, index) in concepts.clone().flat_map(words) {
            meant.entry(word).or_default().push(index);
        }
        let part = |(word, concepts): (&'c str, Vec<usize>)| {
            let from = finder.meant.len() as u32;
            finder.meant.extend(concepts);
            (word, (from, finder.meant.len() as u32))
        };
        let words: Vec<(&str, (u32, u32))> = meant.into_iter().map(part).collect();
        finder.words = WordFinder::every(words);
        let mut sounding = Vec::new();
        let mut spelt = Vec::new();
        for (word, index) in concepts.flat_map(alike) {
            let sounds: Option<Vec<&'static str>> = word.chars().map(sound_of).collect();
            let Some(sounds) = sounds.filter(|sounds| sounds.len() > 1) else { continue };
            let letters = sounds.concat();
            if letters.len() >= SPELT_MIN {
                spelt.push((letters, index));
            }
            sounding.push((finder.encoded(&sounds), index));
        }
        finder.sounds = WordFinder::every(sounding);
        finder.spelt = WordFinder::every(spelt);
        finder.harmless = WordFinder::every(harmless.iter().map(|word| (word, ())));
        finder
    }

    /// The number of concepts.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    fn encoded(&mut self, sounds: &[&'static str]) -> String {
        let mut encoded = String::new();
        for sound in sounds {
            let next = code(self.codes.len());
            encoded.push(*self.codes.entry(sound).or_insert(next));
        }
        encoded
    }

    /// A normalised text without its harmless words.
    pub(crate) fn without_harmless<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut harmless: Vec<Range<usize>> =
            self.harmless.find(text).map(|hit| hit.bytes).collect();
        if harmless.is_empty() {
            return Cow::Borrowed(text);
        }
        harmless.sort_unstable_by_key(|range| (range.start, range.end));
        let (mut rest, mut from) = (String::with_capacity(text.len()), 0);
        for Range { start, end } in harmless {
            rest.push_str(text.get(from..start).unwrap_or_default());
            from = from.max(end);
        }
        rest.push_str(text.get(from..).unwrap_or_default());
        Cow::Owned(rest)
    }

    /// The concepts of a normalised text.
    pub(crate) fn see<'t>(&self, text: &'t str) -> ConceptsSeen<'t> {
        let mut present: Box<[u64]> = vec![0; self.count.div_ceil(64)].into();
        let mut hits: Vec<(usize, usize, usize)> = Vec::with_capacity(text.len());
        let harmless: Vec<Range<usize>> = self.harmless.find(text).map(|hit| hit.bytes).collect();
        let mut add = |concept: usize, bytes: Range<usize>| {
            let is_inside =
                |word: &Range<usize>| word.start <= bytes.start && bytes.end <= word.end;
            if !harmless.iter().any(is_inside) {
                present[concept / 64] |= 1 << (concept % 64);
                hits.push((concept, bytes.start, bytes.end));
            }
        };
        for WordHit { word: (from, to), bytes } in self.words.find(text) {
            for &concept in &self.meant[from as usize..to as usize] {
                add(concept, bytes.clone());
            }
        }
        if !self.codes.is_empty() {
            self.sounding(text, &mut add);
            if text.bytes().any(|byte| byte.is_ascii_lowercase()) {
                for hit in self.spelt.find(text) {
                    add(hit.word, hit.bytes);
                }
            }
        }
        hits.sort_unstable();
        // Written as the word is, and found by its sound again.
        hits.dedup();
        let (mut parts, mut from) = (Vec::with_capacity(hits.len()), 0);
        for same in hits.chunk_by(|one, next| one.0 == next.0) {
            parts.push((same[0].0, from..from + same.len()));
            from += same.len();
        }
        let ranges = hits.into_iter().map(|(_, start, end)| start..end).collect();
        ConceptsSeen { text, ranges, parts, present }
    }

    /// Finds words by their sound.
    fn sounding(&self, text: &str, add: &mut impl FnMut(usize, Range<usize>)) {
        let mut encoded = String::with_capacity(text.len());
        // The place in the text of each byte of `encoded` at which a character starts.
        let mut starts = Vec::with_capacity(text.len() + 1);
        for (at, c) in text.char_indices() {
            let code = sound_of(c).and_then(|sound| self.codes.get(sound)).copied().unwrap_or(' ');
            starts.resize(encoded.len(), 0);
            starts.push(at);
            encoded.push(code);
        }
        starts.resize(encoded.len(), 0);
        starts.push(text.len());
        for hit in self.sounds.find(&encoded) {
            add(hit.word, starts[hit.bytes.start]..starts[hit.bytes.end]);
        }
    }
}

/// A character of the private use area for each number. There are about 400 sounds.
fn code(number: usize) -> char {
    u32::try_from(number).ok().and_then(|number| char::from_u32(0xe000 + number)).unwrap_or(' ')
}

impl<'t> ConceptsSeen<'t> {
    pub(crate) fn text(&self) -> &'t str {
        self.text
    }

    /// The concepts that are there, in order, each with its ranges in bytes.
    pub(crate) fn all(&self) -> impl Iterator<Item = (usize, &[Range<usize>])> + Clone {
        self.parts.iter().map(|(concept, part)| (*concept, &self.ranges[part.clone()]))
    }

    /// The ranges in bytes that mean a concept, in order.
    pub(crate) fn ranges(&self, concept: usize) -> &[Range<usize>] {
        let found = self.parts.binary_search_by_key(&concept, |(concept, _)| *concept);
        let part = found.ok().map(|at| self.parts[at].1.clone());
        part.and_then(|part| self.ranges.get(part)).unwrap_or_default()
    }

    /// Whether all concepts that must be there are there. Nothing is composed of none.
    pub(crate) fn has_all(&self, composition: &Composition) -> bool {
        let is_there = |concept: usize| {
            self.present.get(concept / 64).is_some_and(|bits| bits >> (concept % 64) & 1 == 1)
        };
        !composition.terms.is_empty() && composition.terms.iter().all(|term| is_there(term.concept))
    }

    /// The parts of the text that make up a composition, in the order of its terms. `None` when a
    /// term is missing or an excluded concept is near.
    pub(crate) fn compose(&self, composition: &Composition) -> Option<Vec<ConceptHit>> {
        if !self.has_all(composition) {
            return None;
        }
        let mut parts = Vec::with_capacity(composition.terms.len());
        let mut tries = TRIES_MAX;
        self.place(composition, &mut parts, &mut tries).then_some(parts)
    }

    /// Places the next term, and all after it. `tries` is how many places may still be tried, so that
    /// a text of repeated words ends, too.
    fn place(
        &self,
        composition: &Composition,
        parts: &mut Vec<ConceptHit>,
        tries: &mut usize,
    ) -> bool {
        let Some(term) = composition.terms.get(parts.len()) else {
            return !self.is_excluded(composition, parts);
        };
        for bytes in self.ranges(term.concept) {
            *tries = tries.saturating_sub(1);
            if *tries == 0 {
                return false;
            }
            if self.fits(parts, bytes, term.follows) {
                parts.push(ConceptHit { concept: term.concept, bytes: bytes.clone() });
                if self.place(composition, parts, tries) {
                    return true;
                }
                parts.pop();
            }
        }
        false
    }

    fn fits(&self, parts: &[ConceptHit], bytes: &Range<usize>, follows: bool) -> bool {
        let Some(before) = parts.last() else { return true };
        let is_apart =
            |part: &ConceptHit| part.bytes.end <= bytes.start || bytes.end <= part.bytes.start;
        let is_near = || {
            before.bytes.end <= bytes.start && self.chars(before.bytes.end..bytes.start) <= GAP_MAX
        };
        let span = span(parts);
        let span = span.start.min(bytes.start)..span.end.max(bytes.end);
        parts.iter().all(is_apart) && (!follows || is_near()) && self.chars(span) <= SPAN_MAX
    }

    fn is_excluded(&self, composition: &Composition, parts: &[ConceptHit]) -> bool {
        let span = span(parts);
        let is_near = |bytes: &Range<usize>| {
            (bytes.start < span.end || self.chars(span.end..bytes.start) <= WITHOUT_REACH)
                && (span.start < bytes.end || self.chars(bytes.end..span.start) <= WITHOUT_REACH)
        };
        composition.without.iter().flat_map(|&concept| self.ranges(concept)).any(is_near)
    }

    fn chars(&self, bytes: Range<usize>) -> usize {
        self.text.get(bytes).map_or(0, |text| text.chars().count())
    }
}

fn span(parts: &[ConceptHit]) -> Range<usize> {
    let start = parts.iter().map(|part| part.bytes.start).min().unwrap_or_default();
    start..parts.iter().map(|part| part.bytes.end).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::normalize;

    fn concept(name: &str, words: &[&str], alike: &[&str]) -> Concept {
        let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        Concept { name: name.to_owned(), words: owned(words), alike: owned(alike) }
    }

    fn finder() -> ConceptFinder {
        let concepts = [
            concept("对方", &["对方", "他", "客服"], &[]),
            concept("要求", &["让", "叫", "要"], &[]),
            concept("给钱", &["转账", "汇钱", "转钱"], &[]),
            concept("死", &["死"], &["自杀"]),
            concept("问", &["怎么防"], &[]),
        ];
        ConceptFinder::new(&concepts, &["笑死".to_owned()])
    }

    fn composition(terms: &[(usize, bool)], without: &[usize]) -> Composition {
        let term = |&(concept, follows): &(usize, bool)| CompositionTerm { concept, follows };
        Composition { terms: terms.iter().map(term).collect(), without: without.to_vec() }
    }

    #[test]
    fn concepts_meet_with_other_words_between_them() {
        let in_order = composition(&[(0, false), (1, true), (2, true)], &[4]);
        let in_any = composition(&[(2, false), (0, false)], &[]);
        let cases = [
            // (what it shows, composition, text, the parts)
            ("in order", &in_order, "那个客服一直叫我现在就转钱", Some(vec!["客服", "叫", "转钱"])),
            ("another order", &in_order, "转钱给客服，他叫什么", None),
            ("in any order", &in_any, "转钱给了对方", Some(vec!["转钱", "对方"])),
            ("a word is missing", &in_order, "客服叫我等", None),
            (
                "too far apart",
                &in_order,
                "客服叫我先把家里老房子拆迁款的存折本子都拿出来再转钱",
                None,
            ),
            ("excluded", &in_order, "怎么防客服叫我转钱", None),
            ("a second try", &in_order, "客服要我听他叫我转账", Some(vec!["客服", "要", "转账"])),
        ];
        let finder = finder();
        for (shows, composition, text, expected) in cases {
            let text = normalize(text).into_string();
            let seen = finder.see(&text);
            let parts = seen.compose(composition).map(|parts| {
                parts.into_iter().map(|part| text.get(part.bytes).unwrap_or_default()).collect()
            });
            let parts: Option<Vec<&str>> = parts;
            assert_eq!(parts, expected, "{shows}");
        }
    }

    #[test]
    fn words_are_found_by_sound_and_not_inside_harmless_ones() {
        let finder = finder();
        let alone = composition(&[(3, false)], &[]);
        let cases = [
            ("as written", "我想自杀", true),
            ("Traditional", "我想自殺", true),
            ("another character", "我想字杀", true),
            ("pinyin", "wo xiang zi sha", true),
            ("harmless", "笑死我了", false),
            ("harmless and not", "别笑死我了，我真想死", true),
            ("nothing", "我想提现", false),
        ];
        for (shows, text, expected) in cases {
            let text = normalize(text).into_string();
            assert_eq!(finder.see(&text).compose(&alone).is_some(), expected, "{shows}");
        }
        assert!(finder.see("我").compose(&composition(&[], &[])).is_none(), "no term");
    }
}
