//! Entry profiles: entries and intents as wholes, from all their wordings and the answer's text.
//!
//! An utterance may share one word with one wording, another with a second, and a third with
//! the answer; no single question shows that. On utterances that were written independently of
//! the knowledge, this feature alone ranks better than the best single question does.

use std::{ops::Range, sync::LazyLock};

use super::lexicon::{KnownTerm, TermCounts, idf};
use crate::matching::{target::Target, terms::kinds::Kinds};

/// The saturation of a term that several wordings of one entry have. With this and the numbers
/// below, four in five utterances of the `fit` part find their entry first; no single one of
/// these numbers changes that by more than a point.
const SATURATION: f32 = 3.0;

/// How many wordings the standard question counts as.
const STANDARD_COUNT: f32 = 2.0;

/// How many wordings the answer counts as.
const ANSWER_COUNT: f32 = 0.3;

/// The weight of a word relative to that of an n-gram. The n-grams of a word are mostly counted
/// as well.
const WORD_WEIGHT: f32 = 0.6;

/// The exponent of the idf, slightly below 1: a term of a single entry may be a mere habit of its
/// author.
const IDF_POWER: f32 = 0.85;

/// The profiles of all entries and intents, as postings: by term, the profiles that have it.
///
/// A profile has a number: entries come first, then intents.
#[derive(Debug)]
pub(crate) struct Profiles {
    /// How many of the profiles are entries.
    pub(super) entries: usize,
    /// How many profiles have questions.
    pub(super) count: u32,
    /// By term, where its postings begin, and at the end where all postings end.
    pub(super) starts: Vec<u32>,
    /// The profile numbers of one term after the other, sorted for each term.
    pub(super) postings: Vec<u32>,
    /// By posting, the texts of the profile in which the term occurs.
    pub(super) occurrences: Vec<Occurrence>,
    /// By term, in the questions of how many profiles it occurs.
    pub(super) document_frequency: Vec<u32>,
    /// By document frequency, the weight of an n-gram.
    pub(super) weights: Vec<f32>,
    /// By profile number.
    pub(super) all: Vec<Profile>,
}

/// A word or n-gram: twice its id, and one more for a word.
pub(super) type Term = u32;

pub(super) fn of_ngram(id: u32) -> Term {
    id << 1
}

pub(super) fn of_word(id: u32) -> Term {
    id << 1 | 1
}

pub(super) fn is_word(term: Term) -> bool {
    term & 1 == 1
}

/// The id of the word or n-gram.
pub(super) fn id(term: Term) -> usize {
    (term >> 1) as usize
}

/// The texts of a profile in which a term occurs: a bit for the standard question, a bit for the
/// answer, and the number of questions, the standard one included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Occurrence(u16);

impl Occurrence {
    pub(crate) const STANDARD: Self = Self(1 << 15 | 1);
    pub(crate) const SIMILAR: Self = Self(1);
    pub(crate) const ANSWER: Self = Self(1 << 14);
    const FLAGS: u16 = 3 << 14;

    pub(super) fn and(self, other: Self) -> Self {
        let questions = (self.questions() + other.questions()).min(!Self::FLAGS);
        Self((self.0 | other.0) & Self::FLAGS | questions)
    }

    /// The number of questions in which the term occurs.
    pub(super) fn questions(self) -> u16 {
        self.0 & !Self::FLAGS
    }

    /// Whether a single question has the term, and no other text.
    pub(super) fn is_of_one_question(self) -> bool {
        self.questions() == 1 && self.0 & Self::ANSWER.0 == 0
    }

    /// The number of wordings that the texts count as.
    fn weighted_count(self) -> f32 {
        let if_set = |flag: Self, count: f32| {
            if self.0 & flag.0 & Self::FLAGS == 0 { 0.0 } else { count }
        };
        f32::from(self.questions())
            + if_set(Self::STANDARD, STANDARD_COUNT - 1.0)
            + if_set(Self::ANSWER, ANSWER_COUNT)
    }
}

/// An entry or intent as a whole.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Profile {
    /// The total weight of its terms.
    pub(super) mass: f32,
    /// How many wordings it has.
    pub(super) questions: u32,
}

impl Profiles {
    /// In the questions of how many profiles a word occurs, by its id.
    pub(crate) fn having(&self, word: u32) -> u32 {
        self.document_frequency[of_word(word) as usize]
    }
}

/// The texts that are excluded from the index while a question is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HoldOut {
    /// The question itself.
    Question,
    /// Its whole entry or intent.
    Target,
}

/// An utterance's terms, weighed for the comparison with profiles.
#[derive(Debug)]
pub(crate) struct ProfileQuery {
    terms: Vec<(Term, f32)>,
    mass: f32,
    held_out: Option<(Target, HoldOut)>,
}

/// How well an utterance fits each profile, from 0 to 1, by profile number.
#[derive(Debug)]
pub(crate) struct Fits(Vec<f32>);

impl Profiles {
    /// Weighs an utterance's terms, without the held-out texts.
    pub(crate) fn query(
        &self,
        counts: &Kinds<TermCounts>,
        held_out: Option<(Target, HoldOut)>,
    ) -> ProfileQuery {
        let mut query = ProfileQuery { terms: Vec::with_capacity(64), mass: 0.0, held_out };
        let ngrams = counts.ngrams.known.iter().map(|&KnownTerm { id, .. }| of_ngram(id));
        let words = counts.words.known.iter().map(|&KnownTerm { id, .. }| of_word(id));
        for term in ngrams.chain(words) {
            let mut document_frequency = self.document_frequency[term as usize];
            // The target does not have a term that only its held-out question has.
            let is_lost = |(target, held_out)| {
                let questions = self.occurrence(term, target).map_or(0, Occurrence::questions);
                questions > 0 && (held_out == HoldOut::Target || questions == 1)
            };
            if held_out.is_some_and(is_lost) {
                document_frequency = document_frequency.saturating_sub(1);
            }
            let weight = self.weight(term, document_frequency);
            query.mass += weight;
            query.terms.push((term, weight));
        }
        let unknown = |term, count: u32| self.weight(term, 0) * count as f32;
        query.mass += unknown(of_ngram(0), counts.ngrams.unknown);
        query.mass += unknown(of_word(0), counts.words.unknown);
        query
    }

    /// How well the utterance fits every profile.
    pub(crate) fn fits(&self, query: &ProfileQuery) -> Fits {
        let mut fits = vec![0.0; self.all.len()];
        let shares = &*SHARES;
        for &(term, weight) in &query.terms {
            for (profile, occurrence) in self.of(term) {
                fits[profile as usize] += weight * shares.of(occurrence);
            }
        }
        for (fit, profile) in fits.iter_mut().zip(&self.all) {
            *fit = ratio(*fit, profile.mass, query.mass);
        }
        if let Some((target, held_out)) = query.held_out {
            fits[number(self.entries, target)] = match held_out {
                HoldOut::Question => self.fit_without(query, target),
                HoldOut::Target => 0.0,
            };
        }
        Fits(fits)
    }

    /// How well a held-out question of a target fits the target without that question.
    fn fit_without(&self, query: &ProfileQuery, target: Target) -> f32 {
        let (mut shared, mut mass) = (0.0, self.all[number(self.entries, target)].mass);
        for &(term, weight) in &query.terms {
            let Some(occurrence) = self.occurrence(term, target) else { continue };
            let held_out = if occurrence.questions() > 0 { 1.0 } else { 0.0 };
            let remaining = saturated(occurrence.weighted_count() - held_out);
            shared += weight * remaining;
            mass -= weight * (SHARES.of(occurrence) - remaining);
        }
        ratio(shared, mass, query.mass)
    }

    /// The profile number of a target.
    pub(crate) fn number(&self, target: Target) -> usize {
        number(self.entries, target)
    }

    /// How many wordings the target has.
    pub(crate) fn questions(&self, target: Target) -> u32 {
        self.all[number(self.entries, target)].questions
    }

    /// The postings of a term: the profiles that have it, and in which texts.
    pub(super) fn of(&self, term: Term) -> impl Iterator<Item = (u32, Occurrence)> {
        let range = self.range(term);
        let profiles = self.postings[range.clone()].iter().copied();
        profiles.zip(self.occurrences[range].iter().copied())
    }

    pub(super) fn range(&self, term: Term) -> Range<usize> {
        self.starts[term as usize] as usize..self.starts[term as usize + 1] as usize
    }

    pub(super) fn occurrence(&self, term: Term, target: Target) -> Option<Occurrence> {
        let (range, profile) = (self.range(term), number(self.entries, target) as u32);
        let place = self.postings[range.clone()].binary_search(&profile).ok()?;
        Some(self.occurrences[range.start + place])
    }

    pub(super) fn weight(&self, term: Term, document_frequency: u32) -> f32 {
        let weight = self.weights[document_frequency as usize];
        if is_word(term) { WORD_WEIGHT * weight } else { weight }
    }
}

impl Fits {
    /// The fit to the profile of that number.
    pub(crate) fn get(&self, number: usize) -> f32 {
        self.0[number]
    }

    /// The numbers of the best profiles for which `is_kept` holds, at most `limit`; ties go to the
    /// lower number.
    pub(crate) fn best(&self, limit: usize, is_kept: impl Fn(usize) -> bool) -> Vec<usize> {
        best(&self.0, limit, is_kept)
    }
}

/// The indexes of the largest positive numbers for which `is_kept` holds, best first, at most
/// `limit`.
pub(crate) fn best(numbers: &[f32], limit: usize, is_kept: impl Fn(usize) -> bool) -> Vec<usize> {
    let mut best: Vec<usize> = Vec::with_capacity(limit + 1);
    let mut least = 0.0;
    for (place, &number) in numbers.iter().enumerate() {
        if number <= least || !is_kept(place) {
            continue;
        }
        let rank = best.partition_point(|&other| numbers[other] >= number);
        best.insert(rank, place);
        best.truncate(limit);
        if best.len() == limit {
            least = best.last().map_or(0.0, |&last| numbers[last]);
        }
    }
    best
}

pub(super) fn number(entries: usize, target: Target) -> usize {
    match target {
        Target::Entry(place) => place,
        Target::Intent(place) => entries + place,
    }
}

/// By document frequency, the weights of n-grams that occur in as many of `count` profiles.
pub(super) fn weights(count: u32) -> Vec<f32> {
    (0..=count).map(|frequency| libm::powf(idf(count, frequency), IDF_POWER)).collect()
}

/// The saturated counts of all occurrences in fewer than [`SHARES_QUESTIONS`] questions, by their
/// flags and their number of questions.
pub(super) struct Shares([f32; 4 * SHARES_QUESTIONS]);

const SHARES_QUESTIONS: usize = 64;

pub(super) static SHARES: LazyLock<Shares> = LazyLock::new(|| {
    Shares(std::array::from_fn(|place| {
        let (flags, questions) = (place / SHARES_QUESTIONS, place % SHARES_QUESTIONS);
        saturated(Occurrence((flags << 14 | questions) as u16).weighted_count())
    }))
});

impl Shares {
    /// The saturated count of an occurrence, from 0 to below 1.
    pub(super) fn of(&self, occurrence: Occurrence) -> f32 {
        let questions = usize::from(occurrence.questions());
        if questions >= SHARES_QUESTIONS {
            return saturated(occurrence.weighted_count());
        }
        self.0[usize::from(occurrence.0 >> 14) * SHARES_QUESTIONS + questions]
    }
}

fn saturated(count: f32) -> f32 {
    count / (count + SATURATION)
}

/// The shared weight divided by the geometric mean of both masses, so that a long entry does not
/// win by its length.
fn ratio(shared: f32, mass: f32, query_mass: f32) -> f32 {
    if shared > 0.0 && mass > 0.0 { shared / (mass * query_mass).sqrt() } else { 0.0 }
}
