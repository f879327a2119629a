//! Terms of the indexed questions with their weights, and texts as bags of such terms.

use std::{cmp::Ordering, collections::HashMap};

/// How fast a repeated term stops counting, and how much a long text pays; tantivy's values,
/// which are those of most BM25 engines.
const K1: f32 = 1.2;
const B: f32 = 0.75;

/// The id of every term that no question holds; sorts behind all others.
const UNKNOWN: u32 = u32::MAX;

/// All terms of one kind, words or character n-grams, and in how many questions each stands.
#[derive(Debug)]
pub(crate) struct Lexicon {
    rule: fn(&str) -> Rule,
    ids: HashMap<Box<str>, u32>,
    known: Vec<Known>,
    questions: u32,
    ranked_in_all: u64,
}

#[derive(Debug)]
struct Known {
    rule: Rule,
    /// In how many questions the term stands.
    spread: u32,
}

/// How a lexicon weighs one term of a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// Whether the term counts towards the overlap of meaning ([`Overlap::share`]).
    pub(crate) shared: bool,
    /// Whether it counts in BM25.
    pub(crate) ranked: bool,
}

impl Lexicon {
    /// An empty lexicon whose terms count as `rule` says.
    pub(crate) fn new(rule: fn(&str) -> Rule) -> Self {
        Self { rule, ids: HashMap::new(), known: Vec::new(), questions: 0, ranked_in_all: 0 }
    }

    /// Takes in the terms of one more question.
    pub(crate) fn add<'a>(&mut self, terms: impl IntoIterator<Item = &'a str>) {
        let mut seen = Vec::new();
        for term in terms {
            let id = if let Some(&id) = self.ids.get(term) {
                id
            } else {
                let id = self.known.len() as u32;
                self.ids.insert(term.into(), id);
                self.known.push(Known { rule: (self.rule)(term), spread: 0 });
                id
            };
            self.ranked_in_all += u64::from(self.known[id as usize].rule.ranked);
            seen.push(id);
        }
        seen.sort_unstable();
        seen.dedup();
        for id in seen {
            self.known[id as usize].spread += 1;
        }
        self.questions += 1;
    }

    /// In how many questions the term stands.
    pub(crate) fn spread(&self, term: &str) -> u32 {
        self.ids.get(term).map_or(0, |&id| self.known[id as usize].spread)
    }

    /// Counts a text's terms. The length counts ranked terms, unknown ones included.
    pub(crate) fn count<'a>(&self, terms: impl IntoIterator<Item = &'a str>) -> Counted {
        let mut all: Vec<Term> = terms
            .into_iter()
            .map(|term| match self.ids.get(term) {
                Some(&id) => Term { id, count: 1, rule: self.known[id as usize].rule },
                None => Term { id: UNKNOWN, count: 1, rule: (self.rule)(term) },
            })
            .collect();
        let length = all.iter().filter(|term| term.rule.ranked).count() as u32;
        all.sort_unstable_by_key(|term| term.id);
        all.dedup_by(|next, kept| {
            let same = next.id == kept.id && next.id != UNKNOWN;
            kept.count += u16::from(same);
            same
        });
        Counted { terms: all, length }
    }

    /// Weighs a counted text by how rare its terms are. `forget` says, by term, in how many
    /// of the questions it is to be thought absent, as when one of them is held out.
    pub(crate) fn weigh(&self, counted: &Counted, forget: impl Fn(u32) -> u32) -> Bag {
        let mean = self.ranked_in_all as f32 / self.questions.max(1) as f32;
        let long = 1.0 - B + B * counted.length as f32 / mean.max(1.0);
        let mut bag = Bag { terms: Vec::with_capacity(counted.terms.len()), ..Bag::default() };
        for term in &counted.terms {
            let spread = match term.id {
                UNKNOWN => 0,
                id => self.known[id as usize].spread.saturating_sub(forget(id)),
            };
            let count = f32::from(term.count);
            let mut weighed = Weighed { id: term.id, share: 0.0, gain: 0.0 };
            if term.rule.shared {
                weighed.share = (1.0 + libm::logf(count)) * self.rarity(spread);
            }
            if term.rule.ranked {
                weighed.gain = self.bm25_idf(spread) * count * (K1 + 1.0) / (count + K1 * long);
            }
            bag.share += weighed.share;
            bag.square += weighed.share * weighed.share;
            bag.gain += weighed.gain;
            if term.id != UNKNOWN {
                bag.terms.push(weighed);
            }
        }
        bag
    }

    /// 1 for a term in all questions, more for a rarer one.
    fn rarity(&self, spread: u32) -> f32 {
        1.0 + libm::logf((1 + self.questions) as f32 / (1 + spread) as f32)
    }

    fn bm25_idf(&self, spread: u32) -> f32 {
        let (all, with) = (self.questions.max(spread) as f32, spread as f32);
        libm::logf(1.0 + (all - with + 0.5) / (with + 0.5))
    }
}

/// A text's terms and how often each stands in it, sorted by id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counted {
    terms: Vec<Term>,
    length: u32,
}

#[derive(Clone, Copy, Debug)]
struct Term {
    id: u32,
    count: u16,
    rule: Rule,
}

/// A text as a sparse vector, sorted by term. Unknown terms are in the sums alone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bag {
    terms: Vec<Weighed>,
    share: f32,
    square: f32,
    gain: f32,
}

#[derive(Clone, Copy, Debug)]
struct Weighed {
    id: u32,
    share: f32,
    gain: f32,
}

/// How much of two texts is the same; each number from 0 to 1.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Overlap {
    /// Cosine of the TF-IDF vectors.
    pub(crate) cosine: f32,
    /// Shared rarity, of the rarity of both together (a weighted Jaccard).
    pub(crate) jaccard: f32,
    /// BM25 of the question for the utterance, over what the utterance would give itself.
    pub(crate) of_utterance: f32,
    /// The same, over what the question would give itself.
    pub(crate) of_question: f32,
}

impl Bag {
    /// Whether the bag has the term.
    pub(crate) fn has(&self, id: u32) -> bool {
        self.terms.binary_search_by_key(&id, |term| term.id).is_ok()
    }

    /// Compares an utterance (`self`) with a question.
    pub(crate) fn overlap(&self, question: &Self) -> Overlap {
        let (mut dot, mut shared_here, mut shared_there, mut gain) = (0.0, 0.0, 0.0, 0.0);
        let (mut here, mut there) =
            (self.terms.iter().peekable(), question.terms.iter().peekable());
        while let (Some(one), Some(other)) = (here.peek(), there.peek()) {
            match one.id.cmp(&other.id) {
                Ordering::Less => _ = here.next(),
                Ordering::Greater => _ = there.next(),
                Ordering::Equal => {
                    dot += one.share * other.share;
                    shared_here += one.share;
                    shared_there += other.share;
                    gain += other.gain;
                    here.next();
                    there.next();
                }
            }
        }
        let shared = f32::midpoint(shared_here, shared_there);
        Overlap {
            cosine: ratio(dot, (self.square * question.square).sqrt()),
            jaccard: ratio(shared, self.share + question.share - shared),
            of_utterance: ratio(gain, self.gain),
            of_question: ratio(gain, question.gain),
        }
    }
}

/// A part of a whole: 0 of nothing, and never above 1.
fn ratio(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { (part / whole).min(1.0) } else { 0.0 }
}
