//! Entries and intents as wholes: all their wordings together, and the answer's text.
//!
//! An utterance may borrow a word from one wording, a second from another and a third from
//! the answer; no single question shows that. On utterances worded apart from the knowledge,
//! this measure alone ranks better than the best single question does.

use std::{ops::Range, sync::LazyLock};

use super::lexicon::{Counted, KnownTerm, idf};
use crate::matching::{target::Target, terms::kinds::Kinds};

/// How fast a term that stands in several wordings of one entry stops counting. With this and
/// the numbers below, four in five utterances of the `fit` half find their entry first; no
/// single one of them moves that by more than a point.
const SATURATION: f32 = 3.0;

/// How many wordings the standard question counts for, and how much of one the answer does.
const STANDARD_COUNTS: f32 = 2.0;
const ANSWER_COUNTS: f32 = 0.3;

/// What a word weighs beside a run of characters, which mostly says the same.
const WORD_WEIGHS: f32 = 0.6;

/// Flattens rarity a little: a term of a single entry may just be one author's whim.
const IDF_POWER: f32 = 0.85;

/// The words and runs of every entry and intent, listed by term: an utterance's few dozen
/// terms lead to all topics that share one with it.
#[derive(Debug)]
pub(crate) struct Profiles {
    /// How many of the topics are entries; these come first.
    entries: usize,
    /// How many topics have questions.
    count: u32,
    /// By term, where its postings begin; one more than there are terms.
    starts: Vec<u32>,
    /// The topics of one term after the other; those of one term are sorted.
    having: Vec<u32>,
    /// And where in each of them it is seen.
    seen: Vec<Occurrence>,
    /// By term, in the questions of how many topics it stands.
    document_frequency: Vec<u32>,
    all: Vec<Profile>,
}

/// A word or run, by twice its id, and one more for a word.
type Term = u32;

fn of_ngram(id: u32) -> Term {
    id << 1
}

fn of_word(id: u32) -> Term {
    id << 1 | 1
}

fn is_word(term: Term) -> bool {
    term & 1 == 1
}

/// The id of its word or run.
fn id(term: Term) -> usize {
    (term >> 1) as usize
}

/// Where in the texts of a topic a term is seen: a bit for its standard question, one for its
/// answer, and the number of its questions, the standard one among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Occurrence(u16);

impl Occurrence {
    pub(crate) const STANDARD: Self = Self(1 << 15 | 1);
    pub(crate) const SIMILAR: Self = Self(1);
    pub(crate) const ANSWER: Self = Self(1 << 14);
    const PLACES: u16 = 3 << 14;

    fn and(self, other: Self) -> Self {
        let questions = (self.questions() + other.questions()).min(!Self::PLACES);
        Self((self.0 | other.0) & Self::PLACES | questions)
    }

    /// In how many of its questions.
    fn questions(self) -> u16 {
        self.0 & !Self::PLACES
    }

    /// In how many wordings it counts as standing.
    fn times(self) -> f32 {
        let counts = |place: Self, counts: f32| {
            if self.0 & place.0 & Self::PLACES == 0 { 0.0 } else { counts }
        };
        f32::from(self.questions())
            + counts(Self::STANDARD, STANDARD_COUNTS - 1.0)
            + counts(Self::ANSWER, ANSWER_COUNTS)
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Profile {
    /// What all its terms weigh.
    mass: f32,
    /// How many wordings it has.
    questions: u32,
}

/// What is thought absent while a question is asked to see what would be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum HoldOut {
    /// The question itself.
    Question,
    /// Its whole entry or intent.
    Target,
}

/// An utterance's terms, each with how much it says about a topic.
#[derive(Debug)]
pub(crate) struct Asking {
    terms: Vec<(Term, f32)>,
    mass: f32,
    held_out: Option<(Target, HoldOut)>,
}

/// How an utterance fits each topic, from 0 to 1, by the topic's number.
#[derive(Debug)]
pub(crate) struct Fits(Vec<f32>);

/// Gathers topics before they are weighed. Terms go by the numbers that they have while they
/// are gathered.
#[derive(Debug)]
pub(crate) struct ProfilesBuilder {
    entries: usize,
    found: Vec<(Term, u32, Occurrence)>,
    all: Vec<Profile>,
    count: u32,
    /// By term, its place among those of the target that is taken in.
    places: Vec<u32>,
}

/// A term of the target that is taken in, and the last of its texts that has it.
struct Own {
    term: Term,
    seen: Occurrence,
    text: u32,
}

/// The place of a term that a target does not have, as far as that was read.
const NOWHERE: u32 = u32::MAX;

impl ProfilesBuilder {
    /// Room for so many entries and intents.
    pub(crate) fn new(entries: usize, intents: usize) -> Self {
        let all = vec![Profile::default(); entries + intents];
        Self { entries, found: Vec::new(), all, count: 0, places: Vec::new() }
    }

    /// What the target's number is.
    pub(crate) fn number(&self, target: Target) -> usize {
        number(self.entries, target)
    }

    /// Takes in one target, by the words and runs of each of its texts; entries come before
    /// intents, each in their order.
    pub(crate) fn add<'t>(
        &mut self,
        target: Target,
        texts: impl IntoIterator<Item = (&'t Kinds<Vec<u32>>, Occurrence)>,
    ) {
        let mut questions = 0;
        let mut own: Vec<Own> = Vec::new();
        for ((numbers, seen), text) in texts.into_iter().zip(0..) {
            let ngrams = numbers.ngrams.iter().map(|&number| of_ngram(number));
            let words = numbers.words.iter().map(|&number| of_word(number));
            for term in ngrams.chain(words) {
                if self.places.len() <= term as usize {
                    self.places.resize(term as usize + 1, NOWHERE);
                }
                let place = &mut self.places[term as usize];
                match own.get_mut(*place as usize) {
                    None => {
                        *place = own.len() as u32;
                        own.push(Own { term, seen, text });
                    }
                    Some(there) if there.text < text => {
                        *there = Own { term, seen: there.seen.and(seen), text };
                    }
                    Some(_) => {}
                }
            }
            questions += u32::from(seen.questions());
        }
        for Own { term, .. } in &own {
            self.places[*term as usize] = NOWHERE;
        }
        let own = own.into_iter().map(|Own { term, seen, .. }| (term, seen));
        self.push(target, questions, own);
    }

    /// Takes in a target of other topics, whose terms have their ids there as numbers.
    pub(crate) fn add_again(&mut self, target: Target, before: &ByProfile<'_>, then: Target) {
        let terms = before.terms(then).iter().copied();
        self.push(target, before.profiles.questions(then), terms);
    }

    /// Notes which numbers of words and of runs are used.
    pub(crate) fn mark_used(&self, words: &mut [bool], ngrams: &mut [bool]) {
        for &(term, ..) in &self.found {
            let is_used = if is_word(term) { &mut *words } else { &mut *ngrams };
            is_used[id(term)] = true;
        }
    }

    fn push(
        &mut self,
        target: Target,
        questions: u32,
        terms: impl Iterator<Item = (Term, Occurrence)>,
    ) {
        let profile = number(self.entries, target);
        self.found.extend(terms.map(|(term, seen)| (term, profile as u32, seen)));
        self.all[profile].questions = questions;
        self.count += 1;
    }

    /// Lists all that was taken in by term, and weighs the topics. Told by number are the ids of
    /// words and of runs.
    pub(crate) fn finish(mut self, words: &[u32], ngrams: &[u32]) -> Profiles {
        for (term, ..) in &mut self.found {
            let number = id(*term);
            *term = if is_word(*term) { of_word(words[number]) } else { of_ngram(ngrams[number]) };
        }
        // Topics were added one after the other, so that each term's postings come in order.
        let terms = 2 * words.len().max(ngrams.len());
        let starts = starts(terms, self.found.iter().map(|&(term, ..)| term));
        let mut next = starts.clone();
        let mut profiles = vec![0; self.found.len()];
        let mut seen = vec![Occurrence::default(); self.found.len()];
        for (term, profile, there) in self.found {
            let place = &mut next[term as usize];
            profiles[*place as usize] = profile;
            seen[*place as usize] = there;
            *place += 1;
        }
        let mut built = Profiles {
            entries: self.entries,
            count: self.count,
            starts,
            having: profiles,
            seen,
            document_frequency: vec![0; terms],
            all: self.all,
        };
        for term in 0..terms as Term {
            let range = built.range(term);
            if range.is_empty() {
                continue;
            }
            let asking = built.of(term).filter(|(_, seen)| seen.questions() > 0).count() as u32;
            built.document_frequency[term as usize] = asking;
            let weight = built.weight(term, asking);
            for place in range {
                let mass = weight * share(built.seen[place]);
                built.all[built.having[place] as usize].mass += mass;
            }
        }
        built
    }
}

/// Where the items of each of so many keys begin when they are sorted by key, and where all end.
fn starts(keys: usize, items: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut starts = vec![0; keys + 1];
    for key in items {
        starts[key as usize + 1] += 1;
    }
    for key in 0..keys {
        starts[key + 1] += starts[key];
    }
    starts
}

/// The terms of each topic.
#[derive(Debug)]
pub(crate) struct ByProfile<'t> {
    profiles: &'t Profiles,
    starts: Vec<u32>,
    terms: Vec<(Term, Occurrence)>,
}

impl ByProfile<'_> {
    fn terms(&self, target: Target) -> &[(Term, Occurrence)] {
        let profile = self.profiles.number(target);
        &self.terms[self.starts[profile] as usize..self.starts[profile + 1] as usize]
    }
}

impl Profiles {
    /// The same by topic in place of by term.
    pub(crate) fn by_profile(&self) -> ByProfile<'_> {
        let starts = starts(self.all.len(), self.having.iter().copied());
        let (mut next, mut terms) =
            (starts.clone(), vec![(0, Occurrence::default()); self.having.len()]);
        for term in 0..self.document_frequency.len() as Term {
            for (profile, seen) in self.of(term) {
                let place = &mut next[profile as usize];
                terms[*place as usize] = (term, seen);
                *place += 1;
            }
        }
        ByProfile { profiles: self, starts, terms }
    }

    /// Weighs an utterance's terms, as if what is held out for it were not there.
    pub(crate) fn ask(
        &self,
        counted: &Kinds<Counted>,
        held_out: Option<(Target, HoldOut)>,
    ) -> Asking {
        let mut asking = Asking { terms: Vec::with_capacity(64), mass: 0.0, held_out };
        let ngrams = counted.ngrams.known.iter().map(|&KnownTerm { id, .. }| of_ngram(id));
        let words = counted.words.known.iter().map(|&KnownTerm { id, .. }| of_word(id));
        for term in ngrams.chain(words) {
            let mut document_frequency = self.document_frequency[term as usize];
            // A target loses a term that the held-out question alone gave it.
            let is_lost = |(target, held_out)| {
                let questions = self.seen(term, target).map_or(0, Occurrence::questions);
                questions > 0 && (held_out == HoldOut::Target || questions == 1)
            };
            if held_out.is_some_and(is_lost) {
                document_frequency = document_frequency.saturating_sub(1);
            }
            let weight = self.weight(term, document_frequency);
            asking.mass += weight;
            asking.terms.push((term, weight));
        }
        let unknown = |term, count: u32| self.weight(term, 0) * count as f32;
        asking.mass += unknown(of_ngram(0), counted.ngrams.unknown);
        asking.mass += unknown(of_word(0), counted.words.unknown);
        asking
    }

    /// How well the utterance fits every target as a whole.
    pub(crate) fn fits(&self, asking: &Asking) -> Fits {
        let mut shared = vec![0.0; self.all.len()];
        for &(term, weight) in &asking.terms {
            for (profile, seen) in self.of(term) {
                shared[profile as usize] += weight * share(seen);
            }
        }
        for (fit, profile) in shared.iter_mut().zip(&self.all) {
            *fit = ratio(*fit, profile.mass, asking.mass);
        }
        if let Some((target, held_out)) = asking.held_out {
            shared[number(self.entries, target)] = match held_out {
                HoldOut::Question => self.fit_without(asking, target),
                HoldOut::Target => 0.0,
            };
        }
        Fits(shared)
    }

    /// How well the utterance fits its own target when one question of it, which the utterance
    /// is, is thought absent.
    fn fit_without(&self, asking: &Asking, target: Target) -> f32 {
        let (mut shared, mut mass) = (0.0, self.all[number(self.entries, target)].mass);
        for &(term, weight) in &asking.terms {
            let Some(seen) = self.seen(term, target) else { continue };
            let own = if seen.questions() > 0 { 1.0 } else { 0.0 };
            let left = saturated(seen.times() - own);
            shared += weight * left;
            mass -= weight * (share(seen) - left);
        }
        ratio(shared, mass, asking.mass)
    }

    /// What the target's number is among the [`Fits`].
    pub(crate) fn number(&self, target: Target) -> usize {
        number(self.entries, target)
    }

    /// How many wordings the target has.
    pub(crate) fn questions(&self, target: Target) -> u32 {
        self.all[number(self.entries, target)].questions
    }

    /// The topics that have a term, and where.
    fn of(&self, term: Term) -> impl Iterator<Item = (u32, Occurrence)> {
        let range = self.range(term);
        let profiles = self.having[range.clone()].iter().copied();
        profiles.zip(self.seen[range].iter().copied())
    }

    fn range(&self, term: Term) -> Range<usize> {
        self.starts[term as usize] as usize..self.starts[term as usize + 1] as usize
    }

    fn seen(&self, term: Term, target: Target) -> Option<Occurrence> {
        let (range, profile) = (self.range(term), number(self.entries, target) as u32);
        let place = self.having[range.clone()].binary_search(&profile).ok()?;
        Some(self.seen[range.start + place])
    }

    fn weight(&self, term: Term, document_frequency: u32) -> f32 {
        let idf = libm::powf(idf(self.count, document_frequency), IDF_POWER);
        if is_word(term) { WORD_WEIGHS * idf } else { idf }
    }
}

impl Fits {
    /// Of the target of that number.
    pub(crate) fn get(&self, number: usize) -> f32 {
        self.0[number]
    }

    /// The numbers of the best targets that are kept, at most `limit`; ties go to the lower
    /// number.
    pub(crate) fn best(&self, limit: usize, is_kept: impl Fn(usize) -> bool) -> Vec<usize> {
        best(&self.0, limit, is_kept)
    }
}

/// The places of the largest positive numbers that are kept, best first, at most `limit`.
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

fn number(entries: usize, target: Target) -> usize {
    match target {
        Target::Entry(place) => place,
        Target::Intent(place) => entries + place,
    }
}

/// What a term that is seen so gives of its weight, from 0 to below 1: looked up where it
/// stands in less than 64 questions.
fn share(seen: Occurrence) -> f32 {
    static SHARES: LazyLock<[[f32; 64]; 4]> = LazyLock::new(|| {
        [0_u16, 1, 2, 3].map(|places| {
            let of =
                |questions: usize| saturated(Occurrence(places << 14 | questions as u16).times());
            std::array::from_fn(of)
        })
    });
    let shares = &SHARES[usize::from(seen.0 >> 14)];
    let known = shares.get(usize::from(seen.questions()));
    known.copied().unwrap_or_else(|| saturated(seen.times()))
}

fn saturated(times: f32) -> f32 {
    times / (times + SATURATION)
}

fn ratio(shared: f32, mass: f32, asked: f32) -> f32 {
    if shared > 0.0 && mass > 0.0 { shared / (mass * asked).sqrt() } else { 0.0 }
}
