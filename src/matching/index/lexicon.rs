//! The terms of the indexed questions with their BM25 weights, and texts as bags of terms.
//!
//! BM25: Robertson and Zaragoza 2009, "The probabilistic relevance framework: BM25 and beyond".

use std::collections::HashMap;

use foldhash::fast::FixedState;

/// BM25's saturation of repeated terms, with the usual value.
const K1: f32 = 1.2;

/// BM25's normalisation by the length of a text, with the usual value.
const B: f32 = 0.75;

/// The id of a number whose term the lexicon does not have.
pub(crate) const NO_TERM: u32 = u32::MAX;

/// Numbers the terms of one kind in the order in which they are found. Their ids in the lexicon
/// are known only when all terms are.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    numbers: HashMap<u64, u32, FixedState>,
}

impl Interner {
    /// An interner in which each term of a lexicon has its id there as its number.
    pub(crate) fn from_lexicon(lexicon: &Lexicon) -> Self {
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

    /// The lexicon of the terms that are used, and by number their ids. An id is the rank of the
    /// term's key, so that ids do not depend on the order in which terms were found. A number
    /// that is not used gets [`NO_TERM`].
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
    /// Ids, sorted; a repeated term is repeated.
    pub(crate) terms: &'r [u32],
    /// The total BM25 weight of the terms.
    pub(crate) total: f32,
}

/// All terms of one kind, with their document frequencies.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    /// By key. No text of a customer gets into it, so its hash function needs no random seed.
    ids: HashMap<u64, u32, FixedState>,
    /// By id: how many questions have the term.
    document_frequency: Vec<u32>,
    /// By id.
    idf: Vec<f32>,
    questions: u32,
    terms_total: u64,
}

impl Lexicon {
    /// Counts the sorted terms of all questions.
    pub(crate) fn count_questions<'r>(&mut self, questions: impl Iterator<Item = &'r [u32]>) {
        for terms in questions {
            self.questions += 1;
            self.terms_total += terms.len() as u64;
            for same in terms.chunk_by(|one, next| one == next) {
                self.document_frequency[same[0] as usize] += 1;
            }
        }
        self.idf = self
            .document_frequency
            .iter()
            .map(|&frequency| idf(self.questions, frequency))
            .collect();
    }

    /// How many terms there are.
    pub(crate) fn len(&self) -> usize {
        self.document_frequency.len()
    }

    /// The terms, by their keys, each with its id.
    pub(crate) fn keys(&self) -> impl Iterator<Item = (u64, u32)> {
        self.ids.iter().map(|(&key, &id)| (key, id))
    }

    /// How many questions have the term of that id.
    pub(crate) fn document_frequency(&self, id: u32) -> u32 {
        self.document_frequency[id as usize]
    }

    /// The id of the term with that key, if it has one.
    pub(crate) fn id(&self, key: u64) -> Option<u32> {
        self.ids.get(&key).copied()
    }

    /// The idf of the term of that id.
    pub(crate) fn idf(&self, id: u32) -> f32 {
        self.idf[id as usize]
    }

    /// BM25's saturation for a text of `length` terms.
    pub(crate) fn saturation(&self, length: usize) -> Saturation {
        let mean = (self.terms_total as f32 / self.questions.max(1) as f32).max(1.0);
        Saturation { length_factor: 1.0 - B + B * length as f32 / mean }
    }

    /// Counts the terms of a text, given by their keys.
    pub(crate) fn count(&self, keys: impl IntoIterator<Item = u64>) -> TermCounts {
        TermCounts::of(keys.into_iter().map(|key| self.id(key)))
    }

    /// Weighs the terms of a text by BM25. `excluded` gives the number of held-out questions that
    /// have a term, which do not count towards its document frequency.
    pub(crate) fn weigh(&self, counts: &TermCounts, excluded: impl Fn(u32) -> u32) -> Bag {
        let saturation = self.saturation(counts.length as usize);
        let mut bag = Bag { terms: Vec::with_capacity(counts.known.len()), ..Bag::default() };
        bag.terms.extend(counts.known.iter().map(|&KnownTerm { id, count }| {
            let idf = match excluded(id) {
                0 => self.idf(id),
                excluded => {
                    idf(self.questions, self.document_frequency(id).saturating_sub(excluded))
                }
            };
            let weight = idf * saturation.of(count as f32);
            WeightedTerm { id, weight, idf: self.idf(id) }
        }));
        for term in &bag.terms {
            let (word, bit) = Bag::bit(term.id);
            bag.bits[word] |= bit;
        }
        bag.total = bag.terms.iter().map(|term| term.weight).sum::<f32>()
            + idf(self.questions, 0) * saturation.of(1.0) * counts.unknown as f32;
        bag
    }

    /// The total BM25 weight of the sorted terms of a question.
    pub(crate) fn total(&self, terms: &[u32]) -> f32 {
        let saturation = self.saturation(terms.len());
        let same = terms.chunk_by(|one, next| one == next);
        same.map(|same| self.idf(same[0]) * saturation.of(same.len() as f32)).sum()
    }
}

/// BM25's saturation: the count of a term, limited by repetition and by the length of the text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Saturation {
    /// 1 for a text of average length, more for a longer one.
    length_factor: f32,
}

impl Saturation {
    pub(crate) fn of(self, count: f32) -> f32 {
        count * (K1 + 1.0) / (count + K1 * self.length_factor)
    }
}

/// BM25's inverse document frequency of a term that `document_frequency` of `all` texts have.
pub(crate) fn idf(all: u32, document_frequency: u32) -> f32 {
    let (all, having) = (all.max(document_frequency) as f32, document_frequency as f32);
    libm::logf(1.0 + (all - having + 0.5) / (having + 0.5))
}

/// The terms of a text and how often each occurs in it.
#[derive(Clone, Debug, Default)]
pub(crate) struct TermCounts {
    /// Sorted by id.
    pub(crate) known: Vec<KnownTerm>,
    /// How many terms the lexicon does not have.
    pub(crate) unknown: u32,
    length: u32,
}

impl TermCounts {
    /// Counts ids; `None` stands for an unknown term.
    fn of(ids: impl Iterator<Item = Option<u32>>) -> Self {
        let mut counts = Self::default();
        counts.known.reserve(ids.size_hint().1.unwrap_or(0));
        for id in ids {
            match id {
                Some(id) => counts.known.push(KnownTerm { id, count: 1 }),
                None => counts.unknown += 1,
            }
        }
        counts.length = counts.known.len() as u32 + counts.unknown;
        counts.known.sort_unstable_by_key(|term| term.id);
        counts.known.dedup_by(|next, kept| {
            kept.count += u32::from(next.id == kept.id);
            next.id == kept.id
        });
        counts
    }
}

/// A term of the lexicon in a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KnownTerm {
    pub(crate) id: u32,
    pub(crate) count: u32,
}

/// An utterance as a sparse vector, sorted by term. Unknown terms count in the total only.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bag {
    terms: Vec<WeightedTerm>,
    /// A bit for each term, by the end of its id. Most terms of a question have none, so that they
    /// need not be looked for.
    bits: [u64; BAG_WORDS],
    total: f32,
}

/// How many 64-bit numbers hold the bits of a bag: about twenty bits for each term of an utterance.
const BAG_WORDS: usize = 16;

#[derive(Clone, Copy, Debug)]
struct WeightedTerm {
    id: u32,
    weight: f32,
    /// The idf with all questions, which the weights of the questions are based on.
    idf: f32,
}

/// The overlap of two texts; each number from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Overlap {
    /// BM25 of the question for the utterance, divided by that of the utterance with itself.
    pub(crate) utterance: f32,
    /// The same, divided by that of the question with itself.
    pub(crate) question: f32,
    /// The weighted Jaccard index.
    pub(crate) both: f32,
}

impl Bag {
    /// The bit of a term: the index of its 64-bit number, and the bit in it.
    fn bit(id: u32) -> (usize, u64) {
        (id as usize / 64 % BAG_WORDS, 1 << (id % 64))
    }

    /// Compares an utterance with a question of the lexicon that weighed it.
    pub(crate) fn overlap(&self, question: TermRow<'_>, lexicon: &Lexicon) -> Overlap {
        let saturation = lexicon.saturation(question.terms.len());
        let once = saturation.of(1.0);
        // The weight of the shared terms in the utterance, and in the question.
        let (mut in_utterance, mut in_question) = (0.0, 0.0);
        let mut terms = self.terms.as_slice();
        let mut rest = question.terms;
        while let [id, after @ ..] = rest {
            rest = after;
            let (word, bit) = Self::bit(*id);
            if self.bits[word] & bit == 0 {
                continue;
            }
            while let [before, after @ ..] = terms
                && before.id < *id
            {
                terms = after;
            }
            let Some(term) = terms.first().filter(|term| term.id == *id) else { continue };
            in_utterance += term.weight;
            if rest.first() == Some(id) {
                let repeats = rest.iter().take_while(|&other| other == id).count();
                rest = &rest[repeats..];
                in_question += term.idf * saturation.of((1 + repeats) as f32);
            } else {
                in_question += term.idf * once;
            }
        }
        let shared = f32::midpoint(in_utterance, in_question);
        Overlap {
            utterance: ratio(in_question, self.total),
            question: ratio(in_question, question.total),
            both: ratio(shared, self.total + question.total - shared),
        }
    }
}

/// The ratio of a part to the whole, at most 1; 0 when the whole is 0.
fn ratio(part: f32, whole: f32) -> f32 {
    if whole > 0.0 { (part / whole).min(1.0) } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::index::rows::Rows;
    use crate::text::key;

    const QUESTIONS: [&str; 3] = ["提现 多久 到账", "提现 手续费", "充值 多久 到账"];

    fn keys(text: &str) -> impl Iterator<Item = u64> {
        text.split(' ').filter(|word| !word.is_empty()).map(key)
    }

    /// The lexicon of [`QUESTIONS`], and their rows.
    fn lexicon() -> (Lexicon, Rows) {
        let (mut interner, mut rows) = (Interner::default(), Rows::default());
        for question in QUESTIONS {
            rows.push(keys(question).map(|key| interner.number(key)));
        }
        let is_used = vec![true; interner.len()];
        let (mut lexicon, ids) = interner.finish(&is_used);
        rows.finish(&ids, &mut lexicon);
        (lexicon, rows)
    }

    fn bag(lexicon: &Lexicon, text: &str) -> Bag {
        lexicon.weigh(&lexicon.count(keys(text)), |_| 0)
    }

    #[test]
    fn a_text_overlaps_itself_fully_and_an_unrelated_one_not_at_all() {
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
    fn an_excluded_question_raises_the_idf_of_its_words() {
        let (lexicon, _) = lexicon();
        let counts = lexicon.count(keys("手续费"));
        assert!(lexicon.weigh(&counts, |_| 1).total > lexicon.weigh(&counts, |_| 0).total);
    }

    #[test]
    fn ids_do_not_depend_on_the_order_of_finding() {
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
        let earlier = lexicon(Interner::default(), "充值 多久 提现");
        assert_eq!(first.ids, lexicon(Interner::from_lexicon(&earlier), words).ids);
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
