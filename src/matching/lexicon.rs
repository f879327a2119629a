//! Terms of the indexed questions with their weights, and texts as bags of such terms.

use std::{borrow::Borrow, cmp::Ordering, collections::HashMap, hash::Hash};

use foldhash::fast::FixedState;

/// How fast a repeated term stops counting, and how much a long text pays; tantivy's values,
/// which are those of most BM25 engines.
pub(crate) const K1: f32 = 1.2;
pub(crate) const B: f32 = 0.75;

/// All terms of one kind, and in how many questions each stands. Words and character runs are
/// texts; sounds are numbers.
#[derive(Debug)]
pub(crate) struct Lexicon<K> {
    /// Nothing that a customer types gets into it, so its hash needs no secret.
    ids: HashMap<K, u32, FixedState>,
    /// By id: in how many questions the term stands.
    spread: Vec<u32>,
    questions: u32,
    terms_in_all: u64,
}

impl<K> Default for Lexicon<K> {
    fn default() -> Self {
        Self { ids: HashMap::default(), spread: Vec::new(), questions: 0, terms_in_all: 0 }
    }
}

impl<K: Eq + Hash> Lexicon<K> {
    /// Takes in the terms of one more question, and counts them.
    pub(crate) fn add<'a, Q>(&mut self, terms: impl IntoIterator<Item = &'a Q>) -> Counted
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized + 'a,
    {
        let counted = self.intern_all(terms);
        self.terms_in_all += u64::from(counted.length);
        self.questions += 1;
        for term in &counted.known {
            self.spread[term.id as usize] += 1;
        }
        counted
    }

    /// Gives all terms of a text ids without saying that a question holds them, and counts them.
    pub(crate) fn intern_all<'a, Q>(&mut self, terms: impl IntoIterator<Item = &'a Q>) -> Counted
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized + 'a,
    {
        Counted::of(terms.into_iter().map(|term| Some(self.intern(term))))
    }

    fn intern<Q>(&mut self, term: &Q) -> u32
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ToOwned<Owned = K> + ?Sized,
    {
        if let Some(&id) = self.ids.get(term) {
            return id;
        }
        let id = self.spread.len() as u32;
        self.ids.insert(term.to_owned(), id);
        self.spread.push(0);
        id
    }

    /// How many terms there are.
    pub(crate) fn len(&self) -> u32 {
        self.spread.len() as u32
    }

    /// The terms in the order of their ids.
    pub(crate) fn terms(&self) -> Vec<&K> {
        let mut terms: Vec<(&K, u32)> = self.ids.iter().map(|(term, &id)| (term, id)).collect();
        terms.sort_unstable_by_key(|&(_, id)| id);
        terms.into_iter().map(|(term, _)| term).collect()
    }

    /// In how many questions the term of that id stands.
    pub(crate) fn spread(&self, id: u32) -> u32 {
        self.spread[id as usize]
    }

    /// The id of a term, if it has one.
    pub(crate) fn id<Q>(&self, term: &Q) -> Option<u32>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.ids.get(term).copied()
    }

    /// What the term adds, by BM25, to the score of a question that has it.
    pub(crate) fn rarity(&self, id: u32) -> f32 {
        rarity(self.questions, self.spread(id))
    }

    /// How many terms a question has on average, at least one.
    pub(crate) fn mean_length(&self) -> f32 {
        (self.terms_in_all as f32 / self.questions.max(1) as f32).max(1.0)
    }

    /// Counts a text's terms.
    pub(crate) fn count<'a, Q>(&self, terms: impl IntoIterator<Item = &'a Q>) -> Counted
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized + 'a,
    {
        Counted::of(terms.into_iter().map(|term| self.ids.get(term).copied()))
    }

    /// Weighs a counted text by BM25. `forget` says, by term, in how many of the questions
    /// it is to be thought absent, as when one of them is held out.
    pub(crate) fn weigh(&self, counted: &Counted, forget: impl Fn(u32) -> u32) -> Bag {
        let long = 1.0 - B + B * counted.length as f32 / self.mean_length();
        let saturated = |count: f32| count * (K1 + 1.0) / (count + K1 * long);
        let mut bag = Bag { terms: Vec::with_capacity(counted.known.len()), total: 0.0 };
        bag.terms.extend(counted.known.iter().map(|&Known { id, count }| {
            let spread = self.spread[id as usize].saturating_sub(forget(id));
            Weighed { id, weight: rarity(self.questions, spread) * saturated(f32::from(count)) }
        }));
        bag.total = bag.terms.iter().map(|term| term.weight).sum::<f32>()
            + rarity(self.questions, 0) * saturated(1.0) * counted.unknown as f32;
        bag
    }
}

/// BM25's weight of a term that stands in `spread` of `all` texts: the rarer, the more.
pub(crate) fn rarity(all: u32, spread: u32) -> f32 {
    let (all, with) = (all.max(spread) as f32, spread as f32);
    libm::logf(1.0 + (all - with + 0.5) / (with + 0.5))
}

/// A text's terms and how often each stands in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counted {
    /// Sorted by id.
    pub(crate) known: Vec<Known>,
    /// How many terms the lexicon does not have.
    pub(crate) unknown: u32,
    length: u32,
}

impl Counted {
    /// Counts ids; `None` stands for an unknown term.
    fn of(ids: impl Iterator<Item = Option<u32>>) -> Self {
        let mut counted = Self::default();
        counted.known.reserve(ids.size_hint().1.unwrap_or(0));
        for id in ids {
            match id {
                Some(id) => counted.known.push(Known { id, count: 1 }),
                None => counted.unknown += 1,
            }
        }
        counted.length = counted.known.len() as u32 + counted.unknown;
        counted.known.sort_unstable_by_key(|term| term.id);
        counted.known.dedup_by(|next, kept| {
            kept.count += u16::from(next.id == kept.id);
            next.id == kept.id
        });
        counted
    }
}

/// A term of the lexicon in a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Known {
    pub(crate) id: u32,
    pub(crate) count: u16,
}

/// A text as a sparse vector, sorted by term. Unknown terms are in the total alone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bag {
    terms: Vec<Weighed>,
    total: f32,
}

#[derive(Clone, Copy, Debug)]
struct Weighed {
    id: u32,
    weight: f32,
}

/// How much of two texts is the same; each number from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Overlap {
    /// BM25 of the question for the utterance, over what the utterance would give itself.
    pub(crate) utterance: f32,
    /// The same, over what the question would give itself.
    pub(crate) question: f32,
    /// What is shared, of both together (a weighted Jaccard).
    pub(crate) both: f32,
}

impl Bag {
    /// Whether the bag has the term.
    pub(crate) fn has(&self, id: u32) -> bool {
        self.terms.binary_search_by_key(&id, |term| term.id).is_ok()
    }

    /// Compares an utterance (`self`) with a question.
    pub(crate) fn overlap(&self, question: &Self) -> Overlap {
        let (mut ours, mut theirs) = (0.0, 0.0);
        let (mut one, mut other) = (self.terms.iter().peekable(), question.terms.iter().peekable());
        while let (Some(here), Some(there)) = (one.peek(), other.peek()) {
            match here.id.cmp(&there.id) {
                Ordering::Less => _ = one.next(),
                Ordering::Greater => _ = other.next(),
                Ordering::Equal => {
                    ours += here.weight;
                    theirs += there.weight;
                    one.next();
                    other.next();
                }
            }
        }
        let shared = f32::midpoint(ours, theirs);
        Overlap {
            utterance: ratio(theirs, self.total),
            question: ratio(theirs, question.total),
            both: ratio(shared, self.total + question.total - shared),
        }
    }
}

/// A part of a whole: 0 of nothing, and never above 1.
fn ratio(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { (part / whole).min(1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lexicon() -> Lexicon<String> {
        let mut lexicon = Lexicon::default();
        for question in ["提现 多久 到账", "提现 手续费", "充值 多久 到账"] {
            lexicon.add(question.split(' '));
        }
        lexicon
    }

    #[test]
    fn a_text_overlaps_itself_wholly_and_a_stranger_not_at_all() {
        let lexicon = lexicon();
        let bag = |text: &str| lexicon.weigh(&lexicon.count(text.split(' ')), |_| 0);
        let whole = Overlap { utterance: 1.0, question: 1.0, both: 1.0 };
        assert_eq!(bag("提现 手续费").overlap(&bag("提现 手续费")), whole);
        assert_eq!(bag("提现 手续费").overlap(&bag("充值 多久")), Overlap::default());
        assert_eq!(bag("").overlap(&bag("")), Overlap::default());
    }

    #[test]
    fn a_rarer_word_weighs_more_and_an_unknown_one_counts_against() {
        let lexicon = lexicon();
        let bag = |text: &str| lexicon.weigh(&lexicon.count(text.split(' ')), |_| 0);
        let share = |utterance| bag(utterance).overlap(&bag("提现 手续费")).utterance;
        assert!(share("手续费 多久") > share("提现 多久"));
        assert!(share("手续费 多久") < share("手续费"));
        assert!(share("手续费 天气") < share("手续费 多久"));
    }

    #[test]
    fn a_forgotten_question_makes_its_words_rarer() {
        let lexicon = lexicon();
        let counted = lexicon.count(["手续费"]);
        assert!(lexicon.weigh(&counted, |_| 1).total > lexicon.weigh(&counted, |_| 0).total);
    }
}
