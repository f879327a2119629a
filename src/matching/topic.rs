//! Entries and intents as wholes: all their wordings together, and the answer's text.
//!
//! An utterance may borrow a word from one wording, a second from another and a third from
//! the answer; no single question shows that.

use super::{
    lexicon::{Counted, Known, rarity},
    question::Target,
};

/// How fast a character run that stands in several wordings of one entry stops counting.
const SATURATION: f32 = 1.2;

/// The runs of one and two characters of every entry and intent.
#[derive(Debug, Default)]
pub(crate) struct Topics {
    entries: Vec<Topic>,
    intents: Vec<Topic>,
    /// By the lexicon's id: in the questions of how many topics the run stands.
    spread: Vec<u32>,
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

/// The runs of one topic, sorted by id.
#[derive(Clone, Debug, Default)]
struct Topic(Vec<Run>);

#[derive(Clone, Copy, Debug)]
struct Run {
    id: u32,
    in_questions: u16,
    in_answer: bool,
}

/// An utterance's runs, each with how much it says about a topic.
#[derive(Debug)]
pub(crate) struct Asking {
    runs: Vec<(u32, u16, f32)>,
    all: f32,
    held_out: Option<(Target, HoldOut)>,
}

/// How much of an utterance stands in a topic; each number from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct TopicOverlap {
    /// In its questions.
    pub(crate) questions: f32,
    /// In its answer.
    pub(crate) answer: f32,
}

impl Topics {
    /// Room for so many entries and intents.
    pub(crate) fn new(entries: usize, intents: usize) -> Self {
        let topics = |count| vec![Topic::default(); count];
        Self { entries: topics(entries), intents: topics(intents), ..Self::default() }
    }

    /// Takes in the questions of one target and its answer, if it has one.
    pub(crate) fn add(&mut self, target: Target, questions: &[&Counted], answer: Option<&Counted>) {
        let in_questions = questions.iter().flat_map(|counted| &counted.known);
        let mut runs: Vec<Run> = in_questions
            .map(|&Known { id, count }| Run { id, in_questions: count, in_answer: false })
            .collect();
        let in_answer = answer.into_iter().flat_map(|counted| &counted.known);
        runs.extend(in_answer.map(|&Known { id, .. }| Run {
            id,
            in_questions: 0,
            in_answer: true,
        }));
        runs.sort_unstable_by_key(|run| run.id);
        runs.dedup_by(|next, kept| {
            let same = next.id == kept.id;
            if same {
                kept.in_questions = kept.in_questions.saturating_add(next.in_questions);
                kept.in_answer |= next.in_answer;
            }
            same
        });
        for run in runs.iter().filter(|run| run.in_questions > 0) {
            let id = run.id as usize;
            if self.spread.len() <= id {
                self.spread.resize(id + 1, 0);
            }
            self.spread[id] += 1;
        }
        self.count += 1;
        *self.topic_mut(target) = Topic(runs);
    }

    /// Weighs an utterance's runs, as if what is held out for it were not there.
    pub(crate) fn ask(&self, counted: &Counted, held_out: Option<(Target, HoldOut)>) -> Asking {
        let mut asking = Asking { runs: Vec::new(), all: 0.0, held_out };
        for &Known { id, count } in &counted.known {
            let mut spread = self.spread.get(id as usize).copied().unwrap_or(0);
            // A target loses a run that the held-out question alone gave it.
            let is_lost = |(target, held_out)| {
                let times = self.topic(target).run(id).map_or(0, |run| run.in_questions);
                times > 0 && (held_out == HoldOut::Target || times <= count)
            };
            if held_out.is_some_and(is_lost) {
                spread = spread.saturating_sub(1);
            }
            let weight = rarity(self.count, spread);
            asking.all += weight;
            asking.runs.push((id, count, weight));
        }
        asking.all += rarity(self.count, 0) * counted.unknown as f32;
        asking
    }

    /// How much of the utterance stands in the target.
    pub(crate) fn overlap(&self, asking: &Asking, target: Target) -> TopicOverlap {
        let topic = self.topic(target);
        let mut overlap = TopicOverlap::default();
        for &(id, count, weight) in &asking.runs {
            let Some(run) = topic.run(id) else { continue };
            let is_own = asking.held_out.is_some_and(|(held_out, _)| held_out == target);
            let own = if is_own { count } else { 0 };
            let times = f32::from(run.in_questions.saturating_sub(own));
            overlap.questions += weight * times / (times + SATURATION);
            overlap.answer += if run.in_answer { weight } else { 0.0 };
        }
        if asking.all > 0.0 {
            overlap.questions /= asking.all;
            overlap.answer /= asking.all;
        }
        overlap
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
    fn run(&self, id: u32) -> Option<Run> {
        let place = self.0.binary_search_by_key(&id, |run| run.id).ok()?;
        Some(self.0[place])
    }
}
