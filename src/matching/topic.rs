//! Entries and intents as wholes: all their wordings together, and the answer's text.
//!
//! An utterance may borrow a word from one wording, a second from another and a third from
//! the answer; no single question shows that. On utterances worded apart from the knowledge,
//! this measure alone ranks better than the best single question does.

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

/// Where the ids of words begin among those of runs.
const WORDS_FROM: u32 = 1 << 31;

/// The words and runs of every entry and intent.
#[derive(Debug, Default)]
pub(crate) struct Topics {
    entries: Vec<Topic>,
    intents: Vec<Topic>,
    /// In the questions of how many topics a run or word stands, by the lexicon's id.
    spread: Spread,
    /// How many topics have questions.
    count: u32,
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

/// The terms of one topic, sorted by id.
#[derive(Clone, Debug, Default)]
struct Topic {
    terms: Vec<Term>,
    /// What all its terms weigh.
    mass: f32,
    /// How many wordings it has.
    questions: u32,
}

#[derive(Clone, Copy, Debug)]
struct Term {
    id: u32,
    /// In how many questions it stands.
    questions: u16,
    /// In how many wordings it counts as standing.
    times: f32,
}

#[derive(Debug, Default)]
struct Spread {
    runs: Vec<u32>,
    words: Vec<u32>,
}

/// How an utterance fits an entry as a whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct EntryFit {
    /// From 0 to 1.
    pub(crate) fit: f32,
    /// What a single question of the entry still says beside that, from 0 to 1: of an entry
    /// with many wordings, little.
    pub(crate) one: f32,
}

/// An utterance's terms, each with how much it says about a topic.
#[derive(Debug)]
pub(crate) struct Asking {
    terms: Vec<(u32, f32)>,
    mass: f32,
    held_out: Option<(Target, HoldOut)>,
}

impl Topics {
    /// Room for so many entries and intents.
    pub(crate) fn new(entries: usize, intents: usize) -> Self {
        let topics = |count| vec![Topic::default(); count];
        Self { entries: topics(entries), intents: topics(intents), ..Self::default() }
    }

    /// Takes in one target.
    pub(crate) fn add(&mut self, target: Target, texts: &TopicTexts<'_>) {
        let mut terms: Vec<Term> = Vec::new();
        let mut take = |counted: &CountedTerms, questions, times| {
            terms.extend(ids(counted).map(|id| Term { id, questions, times }));
        };
        texts.standard.into_iter().for_each(|counted| take(counted, 1, STANDARD_COUNTS));
        texts.similar.iter().for_each(|counted| take(counted, 1, 1.0));
        texts.answer.into_iter().for_each(|counted| take(counted, 0, ANSWER_COUNTS));
        terms.sort_unstable_by_key(|term| term.id);
        terms.dedup_by(|next, kept| {
            let same = next.id == kept.id;
            if same {
                kept.questions += next.questions;
                kept.times += next.times;
            }
            same
        });
        for term in terms.iter().filter(|term| term.questions > 0) {
            *self.spread.of_mut(term.id) += 1;
        }
        self.count += 1;
        let questions = texts.similar.len() as u32 + u32::from(texts.standard.is_some());
        *self.topic_mut(target) = Topic { terms, mass: 0.0, questions };
    }

    /// Weighs the topics, once all are taken in.
    pub(crate) fn finish(&mut self) {
        let Self { entries, intents, spread, count } = self;
        for topic in entries.iter_mut().chain(intents) {
            let weigh =
                |term: &Term| weight(term.id, *count, spread.of(term.id)) * saturated(term.times);
            topic.mass = topic.terms.iter().map(weigh).sum();
        }
    }

    /// Weighs an utterance's terms, as if what is held out for it were not there.
    pub(crate) fn ask(
        &self,
        counted: &CountedTerms,
        held_out: Option<(Target, HoldOut)>,
    ) -> Asking {
        let mut asking = Asking { terms: Vec::new(), mass: 0.0, held_out };
        for id in ids(counted) {
            let mut spread = self.spread.of(id);
            // A target loses a term that the held-out question alone gave it.
            let is_lost = |(target, held_out)| {
                let questions = self.topic(target).term(id).map_or(0, |term| term.questions);
                questions > 0 && (held_out == HoldOut::Target || questions == 1)
            };
            if held_out.is_some_and(is_lost) {
                spread = spread.saturating_sub(1);
            }
            let weight = weight(id, self.count, spread);
            asking.mass += weight;
            asking.terms.push((id, weight));
        }
        let unknown = |id, count: u32| weight(id, self.count, 0) * count as f32;
        asking.mass += unknown(0, counted.runs.unknown);
        asking.mass += unknown(WORDS_FROM, counted.words.unknown);
        asking
    }

    /// How well the utterance fits the target as a whole.
    pub(crate) fn fit(&self, asking: &Asking, target: Target) -> EntryFit {
        let topic = self.topic(target);
        let is_own = asking.held_out.is_some_and(|(held_out, _)| held_out == target);
        let (mut shared, mut mass) = (0.0, topic.mass);
        for &(id, weight) in &asking.terms {
            let Some(term) = topic.term(id) else { continue };
            let own = if is_own && term.questions > 0 { 1.0 } else { 0.0 };
            let left = saturated(term.times - own);
            shared += weight * left;
            mass -= weight * (saturated(term.times) - left);
        }
        let fit =
            if shared > 0.0 && mass > 0.0 { shared / (mass * asking.mass).sqrt() } else { 0.0 };
        EntryFit { fit, one: 2.0 / (1.0 + topic.questions as f32) }
    }

    fn topic(&self, target: Target) -> &Topic {
        match target {
            Target::Entry(place) => &self.entries[place],
            Target::Intent(place) => &self.intents[place],
        }
    }

    fn topic_mut(&mut self, target: Target) -> &mut Topic {
        match target {
            Target::Entry(place) => &mut self.entries[place],
            Target::Intent(place) => &mut self.intents[place],
        }
    }
}

impl Topic {
    fn term(&self, id: u32) -> Option<Term> {
        let place = self.terms.binary_search_by_key(&id, |term| term.id).ok()?;
        Some(self.terms[place])
    }
}

impl Spread {
    fn of(&self, id: u32) -> u32 {
        let (list, place) = if id < WORDS_FROM {
            (&self.runs, id as usize)
        } else {
            (&self.words, (id - WORDS_FROM) as usize)
        };
        list.get(place).copied().unwrap_or(0)
    }

    fn of_mut(&mut self, id: u32) -> &mut u32 {
        let (list, place) = if id < WORDS_FROM {
            (&mut self.runs, id as usize)
        } else {
            (&mut self.words, (id - WORDS_FROM) as usize)
        };
        if list.len() <= place {
            list.resize(place + 1, 0);
        }
        &mut list[place]
    }
}

/// Every term of a text once.
fn ids(counted: &CountedTerms) -> impl Iterator<Item = u32> {
    let runs = counted.runs.known.iter().map(|&Known { id, .. }| id);
    runs.chain(counted.words.known.iter().map(|&Known { id, .. }| WORDS_FROM + id))
}

fn weight(id: u32, count: u32, spread: u32) -> f32 {
    let rarity = libm::powf(rarity(count, spread), RARITY_POWER);
    if id < WORDS_FROM { rarity } else { WORD_WEIGHS * rarity }
}

fn saturated(times: f32) -> f32 {
    times / (times + SATURATION)
}
