//! Terms of the indexed questions with their weights, and texts as bags of such terms.

use std::{cmp::Ordering, collections::HashMap};

use foldhash::fast::FixedState;

/// How fast a repeated term stops counting, and how much a long text pays; tantivy's values,
/// which are those of most BM25 engines.
pub(crate) const K1: f32 = 1.2;
pub(crate) const B: f32 = 0.75;

/// Stands for the id of a term that a lexicon does not have.
pub(crate) const NO_TERM: u32 = u32::MAX;

/// Gathers the terms of one kind. A term has a number as soon as it is met, which is not its
/// id yet.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    numbers: HashMap<u64, u32, FixedState>,
}

impl Interner {
    /// Goes on from a lexicon: the numbers of its terms are their ids there.
    pub(crate) fn after(lexicon: &Lexicon) -> Self {
        Self { numbers: lexicon.ids.clone() }
    }

    /// The number of a term.
    pub(crate) fn number(&mut self, key: u64) -> u32 {
        let next = self.numbers.len() as u32;
        *self.numbers.entry(key).or_insert(next)
    }

    /// How many numbers there are.
    pub(crate) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The lexicon of the terms whose numbers are used, and by number their ids: their places
    /// among the sorted keys, so that ids tell nothing of what was met before. [`NO_TERM`] is
    /// the id of a term that is not used.
    pub(crate) fn finish(self, is_used: &[bool]) -> (Lexicon, Vec<u32>) {
        let mut ids = self.numbers;
        let mut by_number = vec![NO_TERM; ids.len()];
        ids.retain(|_, number| is_used[*number as usize]);
        let mut sorted: Vec<(u64, u32)> = ids.iter().map(|(&key, &number)| (key, number)).collect();
        sorted.sort_unstable();
        for (&(_, number), id) in sorted.iter().zip(0..) {
            by_number[number as usize] = id;
        }
        for id in ids.values_mut() {
            *id = by_number[*id as usize];
        }
        ids.shrink_to_fit();
        let document_frequency = vec![0; sorted.len()];
        (Lexicon { ids, document_frequency, ..Lexicon::default() }, by_number)
    }
}

/// The terms of one question.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TermRow<'r> {
    /// Sorted; a term is there as often as the question has it.
    pub(crate) terms: &'r [u32],
    /// What they weigh together.
    pub(crate) total: f32,
}

/// All terms of one kind, and in how many questions each stands.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    /// By key. Nothing that a customer types gets into it, so its hash needs no secret.
    ids: HashMap<u64, u32, FixedState>,
    /// By id: in how many questions the term stands.
    document_frequency: Vec<u32>,
    /// By id: what it adds, by BM25, to the score of a question that has it.
    idf: Vec<f32>,
    questions: u32,
    terms_in_all: u64,
}

impl Lexicon {
    /// Takes in the sorted terms of all questions, one after the other.
    pub(crate) fn take_in<'r>(&mut self, questions: impl Iterator<Item = &'r [u32]>) {
        for terms in questions {
            self.questions += 1;
            self.terms_in_all += terms.len() as u64;
            for same in terms.chunk_by(|one, next| one == next) {
                self.document_frequency[same[0] as usize] += 1;
            }
        }
        self.idf = self
            .document_frequency
            .iter()
            .map(|&document_frequency| idf(self.questions, document_frequency))
            .collect();
    }

    /// How many terms there are.
    pub(crate) fn len(&self) -> usize {
        self.document_frequency.len()
    }

    /// In how many questions the term of that id stands.
    pub(crate) fn document_frequency(&self, id: u32) -> u32 {
        self.document_frequency[id as usize]
    }

    /// The id of the term with that key, if it has one.
    pub(crate) fn id(&self, key: u64) -> Option<u32> {
        self.ids.get(&key).copied()
    }

    /// What the term adds, by BM25, to the score of a question that has it.
    pub(crate) fn idf(&self, id: u32) -> f32 {
        self.idf[id as usize]
    }

    /// What BM25 makes of repeated terms in a text of so many terms.
    pub(crate) fn saturation(&self, length: usize) -> Saturation {
        let mean = (self.terms_in_all as f32 / self.questions.max(1) as f32).max(1.0);
        Saturation { long: 1.0 - B + B * length as f32 / mean }
    }

    /// Counts a text's terms, given by their keys.
    pub(crate) fn count(&self, keys: impl IntoIterator<Item = u64>) -> Counted {
        Counted::of(keys.into_iter().map(|key| self.id(key)))
    }

    /// Weighs a counted text by BM25. `forget` says, by term, in how many of the questions
    /// it is to be thought absent, as when one of them is held out.
    pub(crate) fn weigh(&self, counted: &Counted, forget: impl Fn(u32) -> u32) -> Bag {
        let saturation = self.saturation(counted.length as usize);
        let mut bag = Bag { terms: Vec::with_capacity(counted.known.len()), total: 0.0 };
        bag.terms.extend(counted.known.iter().map(|&KnownTerm { id, count }| {
            let idf = match forget(id) {
                0 => self.idf(id),
                gone => idf(self.questions, self.document_frequency(id).saturating_sub(gone)),
            };
            let weight = idf * saturation.of(count as f32);
            Weighed { id, weight, idf: self.idf(id) }
        }));
        bag.total = bag.terms.iter().map(|term| term.weight).sum::<f32>()
            + idf(self.questions, 0) * saturation.of(1.0) * counted.unknown as f32;
        bag
    }

    /// What the sorted terms of a question weigh together.
    pub(crate) fn total(&self, terms: &[u32]) -> f32 {
        let saturation = self.saturation(terms.len());
        let same = terms.chunk_by(|one, next| one == next);
        same.map(|same| self.idf(same[0]) * saturation.of(same.len() as f32)).sum()
    }
}

/// How much a term counts that stands several times in a text of some length.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Saturation {
    long: f32,
}

impl Saturation {
    pub(crate) fn of(self, count: f32) -> f32 {
        count * (K1 + 1.0) / (count + K1 * self.long)
    }
}

/// BM25's weight of a term that stands in `document_frequency` of `all` texts: the rarer, the more.
pub(crate) fn idf(all: u32, document_frequency: u32) -> f32 {
    let (all, with) = (all.max(document_frequency) as f32, document_frequency as f32);
    libm::logf(1.0 + (all - with + 0.5) / (with + 0.5))
}

/// A text's terms and how often each stands in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counted {
    /// Sorted by id.
    pub(crate) known: Vec<KnownTerm>,
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
                Some(id) => counted.known.push(KnownTerm { id, count: 1 }),
                None => counted.unknown += 1,
            }
        }
        counted.length = counted.known.len() as u32 + counted.unknown;
        counted.known.sort_unstable_by_key(|term| term.id);
        counted.known.dedup_by(|next, kept| {
            kept.count += u32::from(next.id == kept.id);
            next.id == kept.id
        });
        counted
    }
}

/// A term of the lexicon in a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KnownTerm {
    pub(crate) id: u32,
    pub(crate) count: u32,
}

/// An utterance as a sparse vector, sorted by term. Unknown terms are in the total alone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bag {
    terms: Vec<Weighed>,
    total: f32,
}

#[derive(Clone, Copy, Debug)]
struct Weighed {
    id: u32,
    weight: f32,
    /// The term's own part of a question's weight, whatever is held out.
    idf: f32,
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
    /// Compares an utterance with a question of the lexicon that weighed it.
    pub(crate) fn overlap(&self, question: TermRow<'_>, lexicon: &Lexicon) -> Overlap {
        let saturation = lexicon.saturation(question.terms.len());
        let (mut ours, mut theirs) = (0.0, 0.0);
        let (mut here, mut there) = (0, 0);
        while let (Some(term), Some(id)) = (self.terms.get(here), question.terms.get(there)) {
            match term.id.cmp(id) {
                Ordering::Less => here += 1,
                Ordering::Greater => there += 1,
                Ordering::Equal => {
                    let same = &question.terms[there..];
                    let count = same.iter().take_while(|&other| other == id).count();
                    ours += term.weight;
                    theirs += term.idf * saturation.of(count as f32);
                    here += 1;
                    there += count;
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
    use crate::matching::{index::rows::Rows, terms::key::key};

    const QUESTIONS: [&str; 3] = ["提现 多久 到账", "提现 手续费", "充值 多久 到账"];

    fn keys(text: &str) -> impl Iterator<Item = u64> {
        text.split(' ').filter(|word| !word.is_empty()).map(key)
    }

    /// The lexicon of [`QUESTIONS`], and those, weighed.
    fn lexicon() -> (Lexicon, Rows) {
        let (mut interner, mut rows) = (Interner::default(), Rows::default());
        for question in QUESTIONS {
            rows.push(keys(question).map(|key| interner.number(key)));
        }
        let is_used = vec![true; interner.len()];
        let (mut lexicon, ids) = interner.finish(&is_used);
        rows.settle(&ids, &mut lexicon);
        (lexicon, rows)
    }

    fn bag(lexicon: &Lexicon, text: &str) -> Bag {
        lexicon.weigh(&lexicon.count(keys(text)), |_| 0)
    }

    #[test]
    fn a_text_overlaps_itself_wholly_and_a_stranger_not_at_all() {
        let (lexicon, rows) = lexicon();
        let whole = Overlap { utterance: 1.0, question: 1.0, both: 1.0 };
        assert_eq!(bag(&lexicon, "提现 手续费").overlap(rows.row(1), &lexicon), whole);
        assert_eq!(bag(&lexicon, "充值 多久").overlap(rows.row(1), &lexicon), Overlap::default());
        let nothing = TermRow { terms: &[], total: 0.0 };
        assert_eq!(bag(&lexicon, "").overlap(nothing, &lexicon), Overlap::default());
    }

    #[test]
    fn a_rarer_word_weighs_more_and_an_unknown_one_counts_against() {
        let (lexicon, rows) = lexicon();
        let share = |text| bag(&lexicon, text).overlap(rows.row(1), &lexicon).utterance;
        assert!(share("手续费 多久") > share("提现 多久"));
        assert!(share("手续费 多久") < share("手续费"));
        assert!(share("手续费 天气") < share("手续费 多久"));
    }

    #[test]
    fn a_forgotten_question_makes_its_words_rarer() {
        let (lexicon, _) = lexicon();
        let counted = lexicon.count(keys("手续费"));
        assert!(lexicon.weigh(&counted, |_| 1).total > lexicon.weigh(&counted, |_| 0).total);
    }

    #[test]
    fn ids_do_not_tell_what_was_met_before() {
        let lexicon = |mut interner: Interner, words: &str| {
            let numbers: Vec<u32> = keys(words).map(|key| interner.number(key)).collect();
            let mut is_used = vec![false; interner.len()];
            for number in numbers {
                is_used[number as usize] = true;
            }
            interner.finish(&is_used).0
        };
        let words = "提现 手续费 多久";
        let first = lexicon(Interner::default(), words);
        assert_eq!(first.ids, lexicon(Interner::default(), "多久 提现 提现 手续费").ids);
        let before = lexicon(Interner::default(), "充值 多久 提现");
        assert_eq!(first.ids, lexicon(Interner::after(&before), words).ids);
    }

    #[test]
    fn terms_of_other_characters_have_other_keys() {
        let terms =
            ["", "a", "aa", "aaa", "aaaa", "提", "提现", "现提", "手续费", "提现手续费", "\0"];
        let mut keys: Vec<u64> = terms.iter().map(|term| key(term)).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), terms.len());
    }
}
