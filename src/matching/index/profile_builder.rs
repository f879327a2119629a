//! Builds the entry profiles from the terms of their texts.

use super::profile::{
    Occurrence, Profile, Profiles, SHARES, Term, id, is_word, number, of_ngram, of_word, weights,
};
use crate::matching::{target::Target, terms::kinds::Kinds};

/// Collects the terms of all profiles. Terms have the numbers of an [`Interner`] until
/// [`ProfilesBuilder::finish`] gives them their ids.
///
/// [`Interner`]: super::lexicon::Interner
#[derive(Debug)]
pub(crate) struct ProfilesBuilder {
    entries: usize,
    /// Each term of each profile, with the profile number.
    found: Vec<(Term, u32, Occurrence)>,
    all: Vec<Profile>,
    count: u32,
    /// By term, its index among the terms of the target that is being added.
    places: Vec<u32>,
}

/// A term of the target that is being added.
struct TargetTerm {
    term: Term,
    occurrence: Occurrence,
    /// The last text in which the term was found.
    text: u32,
}

/// The index of a term that was not found in the target yet.
const NOT_FOUND: u32 = u32::MAX;

impl ProfilesBuilder {
    /// A builder for this many entries and intents.
    pub(crate) fn new(entries: usize, intents: usize) -> Self {
        let all = vec![Profile::default(); entries + intents];
        Self { entries, found: Vec::new(), all, count: 0, places: Vec::new() }
    }

    /// The profile number of a target.
    pub(crate) fn number(&self, target: Target) -> usize {
        number(self.entries, target)
    }

    /// Adds a target by the terms of each of its texts. Entries must be added before intents, each
    /// in their order.
    pub(crate) fn add<'t>(
        &mut self,
        target: Target,
        texts: impl IntoIterator<Item = (&'t Kinds<Vec<u32>>, Occurrence)>,
    ) {
        let mut questions = 0;
        let mut own: Vec<TargetTerm> = Vec::new();
        for ((numbers, occurrence), text) in texts.into_iter().zip(0..) {
            let ngrams = numbers.ngrams.iter().map(|&number| of_ngram(number));
            let words = numbers.words.iter().map(|&number| of_word(number));
            for term in ngrams.chain(words) {
                if self.places.len() <= term as usize {
                    self.places.resize(term as usize + 1, NOT_FOUND);
                }
                let place = &mut self.places[term as usize];
                match own.get_mut(*place as usize) {
                    None => {
                        *place = own.len() as u32;
                        own.push(TargetTerm { term, occurrence, text });
                    }
                    Some(known) if known.text < text => {
                        let occurrence = known.occurrence.and(occurrence);
                        *known = TargetTerm { term, occurrence, text };
                    }
                    Some(_) => {}
                }
            }
            questions += u32::from(occurrence.questions());
        }
        for TargetTerm { term, .. } in &own {
            self.places[*term as usize] = NOT_FOUND;
        }
        let own = own.into_iter().map(|TargetTerm { term, occurrence, .. }| (term, occurrence));
        self.push(target, questions, own);
    }

    /// Adds a target that has the same texts as `earlier_target` of earlier profiles. The ids of
    /// the earlier terms are their numbers here.
    pub(crate) fn add_reused(
        &mut self,
        target: Target,
        earlier: &TermsByProfile<'_>,
        earlier_target: Target,
    ) {
        let terms = earlier.terms(earlier_target).iter().copied();
        self.push(target, earlier.profiles.questions(earlier_target), terms);
    }

    /// Marks the numbers of words and n-grams that any profile has.
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
        self.found.extend(terms.map(|(term, occurrence)| (term, profile as u32, occurrence)));
        self.all[profile].questions = questions;
        self.count += 1;
    }

    /// Sorts the terms into postings and weighs the profiles. `words` and `ngrams` give the id of
    /// each number.
    pub(crate) fn finish(mut self, words: &[u32], ngrams: &[u32]) -> Profiles {
        for (term, ..) in &mut self.found {
            let number = id(*term);
            *term = if is_word(*term) { of_word(words[number]) } else { of_ngram(ngrams[number]) };
        }
        // Profiles were added in their order, so the postings of each term come out sorted.
        let terms = 2 * words.len().max(ngrams.len());
        let starts = starts(terms, self.found.iter().map(|&(term, ..)| term));
        let mut next = starts.clone();
        let mut postings = vec![0; self.found.len()];
        let mut occurrences = vec![Occurrence::default(); self.found.len()];
        for (term, profile, occurrence) in self.found {
            let place = &mut next[term as usize];
            postings[*place as usize] = profile;
            occurrences[*place as usize] = occurrence;
            *place += 1;
        }
        let mut built = Profiles {
            entries: self.entries,
            count: self.count,
            starts,
            postings,
            occurrences,
            document_frequency: vec![0; terms],
            weights: weights(self.count),
            all: self.all,
        };
        for term in 0..terms as Term {
            let range = built.range(term);
            if range.is_empty() {
                continue;
            }
            let in_questions = built.of(term).filter(|(_, occurrence)| occurrence.questions() > 0);
            let document_frequency = in_questions.count() as u32;
            built.document_frequency[term as usize] = document_frequency;
            let weight = built.weight(term, document_frequency);
            for place in range {
                let mass = weight * SHARES.of(built.occurrences[place]);
                built.all[built.postings[place] as usize].mass += mass;
            }
        }
        built
    }
}

/// Where the items of each key begin when all are sorted by key, and at the end where all end.
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

/// Earlier profiles, as lists of terms by profile.
#[derive(Debug)]
pub(crate) struct TermsByProfile<'t> {
    profiles: &'t Profiles,
    starts: Vec<u32>,
    terms: Vec<(Term, Occurrence)>,
}

impl<'t> TermsByProfile<'t> {
    pub(crate) fn of(profiles: &'t Profiles) -> Self {
        let starts = starts(profiles.all.len(), profiles.postings.iter().copied());
        let mut next = starts.clone();
        let mut terms = vec![(0, Occurrence::default()); profiles.postings.len()];
        for term in 0..profiles.document_frequency.len() as Term {
            for (profile, occurrence) in profiles.of(term) {
                let place = &mut next[profile as usize];
                terms[*place as usize] = (term, occurrence);
                *place += 1;
            }
        }
        Self { profiles, starts, terms }
    }

    fn terms(&self, target: Target) -> &[(Term, Occurrence)] {
        let profile = self.profiles.number(target);
        &self.terms[self.starts[profile] as usize..self.starts[profile + 1] as usize]
    }
}
