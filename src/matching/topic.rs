//! Entries and intents as wholes: all their wordings together, and the answer's text.
//!
//! An utterance may borrow a word from one wording, a second from another and a third from
//! the answer; no single question shows that. On utterances worded apart from the knowledge,
//! this measure alone ranks better than the best single question does.

use std::cmp::Reverse;

use super::{
    lexicon::{Known, rarity},
    question::{CountedTerms, Target},
};

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
const RARITY_POWER: f32 = 0.85;

/// The words and runs of every entry and intent, listed by term: an utterance's few dozen
/// terms lead to all topics that share one with it.
#[derive(Debug)]
pub(crate) struct Topics {
    /// How many of the topics are entries; these come first.
    entries: usize,
    /// How many topics have questions.
    count: u32,
    /// How many runs there are; words are numbered after them.
    runs: u32,
    /// By term, where its postings begin; one more than there are terms.
    starts: Vec<u32>,
    postings: Vec<Posting>,
    /// By term, in the questions of how many topics it stands.
    spread: Vec<u32>,
    all: Vec<Topic>,
}

/// A term of one topic. Those of one term are sorted by topic.
#[derive(Clone, Copy, Debug, Default)]
struct Posting {
    topic: u32,
    /// In how many of its questions the term stands.
    questions: u16,
    /// In how many wordings it counts as standing.
    times: f32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Topic {
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

/// What one topic is made of.
#[derive(Debug)]
pub(crate) struct TopicTexts<'a> {
    /// The standard question; an intent has none.
    pub(crate) standard: Option<&'a CountedTerms>,
    /// The other wordings.
    pub(crate) similar: Vec<&'a CountedTerms>,
    /// The entry's answer.
    pub(crate) answer: Option<&'a CountedTerms>,
}

/// An utterance's terms, each with how much it says about a topic.
#[derive(Debug)]
pub(crate) struct Asking {
    terms: Vec<(u32, f32)>,
    mass: f32,
    held_out: Option<(Target, HoldOut)>,
}

/// How an utterance fits each topic, from 0 to 1, by the topic's number.
#[derive(Debug)]
pub(crate) struct Fits(Vec<f32>);

/// Gathers topics before they are weighed.
#[derive(Debug)]
pub(crate) struct TopicsBuilder {
    entries: usize,
    runs: u32,
    /// The term's number, and its posting.
    found: Vec<(u32, Posting)>,
    all: Vec<Topic>,
    count: u32,
}

impl TopicsBuilder {
    /// Room for so many entries and intents, whose texts are made of so many runs.
    pub(crate) fn new(entries: usize, intents: usize, runs: u32) -> Self {
        let all = vec![Topic::default(); entries + intents];
        Self { entries, runs, found: Vec::new(), all, count: 0 }
    }

    /// Takes in one target; entries come before intents, each in their order.
    pub(crate) fn add(&mut self, target: Target, texts: &TopicTexts<'_>) {
        let (runs, topic) = (self.runs, number(self.entries, target));
        let begin = self.found.len();
        let mut take = |counted: &CountedTerms, questions, times| {
            let posting = Posting { topic: topic as u32, questions, times };
            self.found.extend(terms(counted, runs).map(|term| (term, posting)));
        };
        texts.standard.into_iter().for_each(|counted| take(counted, 1, STANDARD_COUNTS));
        texts.similar.iter().for_each(|counted| take(counted, 1, 1.0));
        texts.answer.into_iter().for_each(|counted| take(counted, 0, ANSWER_COUNTS));
        let mut own = self.found.split_off(begin);
        // Whole numbers first, so that sums are the same whatever stands before what.
        own.sort_unstable_by_key(|&(term, posting)| (term, Reverse(posting.questions)));
        own.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1.questions += next.1.questions;
                kept.1.times += next.1.times;
            }
            same
        });
        self.found.append(&mut own);
        self.count += 1;
        self.all[topic].questions =
            texts.similar.len() as u32 + u32::from(texts.standard.is_some());
    }

    /// Lists all that was taken in by term, and weighs the topics.
    pub(crate) fn finish(self) -> Topics {
        // Topics were added one after the other, so that each term's postings come in order.
        let terms = self.found.iter().map(|&(term, _)| term + 1).max().unwrap_or(0);
        let mut starts = vec![0; terms as usize + 1];
        for &(term, _) in &self.found {
            starts[term as usize + 1] += 1;
        }
        for term in 0..terms as usize {
            starts[term + 1] += starts[term];
        }
        let mut next = starts.clone();
        let mut postings = vec![Posting::default(); self.found.len()];
        for (term, posting) in self.found {
            let place = &mut next[term as usize];
            postings[*place as usize] = posting;
            *place += 1;
        }
        let mut built = Topics {
            entries: self.entries,
            count: self.count,
            runs: self.runs,
            spread: vec![0; terms as usize],
            starts,
            postings,
            all: self.all,
        };
        for term in 0..terms {
            let spread = built.of(term).iter().filter(|posting| posting.questions > 0).count();
            built.spread[term as usize] = spread as u32;
        }
        for term in 0..terms {
            let weight = built.weight(term, built.spread[term as usize]);
            let from = built.starts[term as usize] as usize;
            for place in from..from + built.of(term).len() {
                let Posting { topic, times, .. } = built.postings[place];
                built.all[topic as usize].mass += weight * saturated(times);
            }
        }
        built
    }
}

impl Topics {
    /// Weighs an utterance's terms, as if what is held out for it were not there.
    pub(crate) fn ask(
        &self,
        counted: &CountedTerms,
        held_out: Option<(Target, HoldOut)>,
    ) -> Asking {
        let mut asking = Asking { terms: Vec::with_capacity(64), mass: 0.0, held_out };
        for term in terms(counted, self.runs) {
            let mut spread = self.spread.get(term as usize).copied().unwrap_or(0);
            // A target loses a term that the held-out question alone gave it.
            let is_lost = |(target, held_out)| {
                let questions = self.posting(term, target).map_or(0, |own| own.questions);
                questions > 0 && (held_out == HoldOut::Target || questions == 1)
            };
            if held_out.is_some_and(is_lost) {
                spread = spread.saturating_sub(1);
            }
            let weight = self.weight(term, spread);
            asking.mass += weight;
            asking.terms.push((term, weight));
        }
        let unknown = |term, count: u32| self.weight(term, 0) * count as f32;
        asking.mass += unknown(0, counted.runs.unknown);
        asking.mass += unknown(self.runs, counted.words.unknown);
        asking
    }

    /// How well the utterance fits every target as a whole.
    pub(crate) fn fits(&self, asking: &Asking) -> Fits {
        let mut shared = vec![0.0; self.all.len()];
        for &(term, weight) in &asking.terms {
            for posting in self.of(term) {
                shared[posting.topic as usize] += weight * saturated(posting.times);
            }
        }
        for (fit, topic) in shared.iter_mut().zip(&self.all) {
            *fit = ratio(*fit, topic.mass, asking.mass);
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
            let Some(posting) = self.posting(term, target) else { continue };
            let own = if posting.questions > 0 { 1.0 } else { 0.0 };
            let left = saturated(posting.times - own);
            shared += weight * left;
            mass -= weight * (saturated(posting.times) - left);
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

    fn of(&self, term: u32) -> &[Posting] {
        let bound = |place: u32| self.starts.get(place as usize).map(|&at| at as usize);
        match (bound(term), bound(term + 1)) {
            (Some(from), Some(to)) => &self.postings[from..to],
            _ => &[],
        }
    }

    fn posting(&self, term: u32, target: Target) -> Option<Posting> {
        let (of, topic) = (self.of(term), number(self.entries, target) as u32);
        let place = of.binary_search_by_key(&topic, |posting| posting.topic).ok()?;
        Some(of[place])
    }

    fn weight(&self, term: u32, spread: u32) -> f32 {
        let rarity = libm::powf(rarity(self.count, spread), RARITY_POWER);
        if term < self.runs { rarity } else { WORD_WEIGHS * rarity }
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

/// Every term of a text once, by number: runs, then words.
fn terms(counted: &CountedTerms, runs: u32) -> impl Iterator<Item = u32> {
    let of_runs = counted.runs.known.iter().map(|&Known { id, .. }| id);
    of_runs.chain(counted.words.known.iter().map(move |&Known { id, .. }| runs + id))
}

fn saturated(times: f32) -> f32 {
    times / (times + SATURATION)
}

fn ratio(shared: f32, mass: f32, asked: f32) -> f32 {
    if shared > 0.0 && mass > 0.0 { shared / (mass * asked).sqrt() } else { 0.0 }
}
