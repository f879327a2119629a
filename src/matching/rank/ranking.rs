//! From scored questions to ranked entries and intents.

use super::{features::Features, weights::Weights};
use crate::matching::index::alignment::Alignment;
use crate::matching::target::{IndexedQuestion, QuestionRole, Target};

/// A candidate question with its features and score.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ScoredQuestion {
    /// Its id in the bank.
    pub(crate) question: u32,
    pub(crate) features: Features,
    pub(crate) score: f32,
}

impl ScoredQuestion {
    /// Scores a question by its features.
    pub(crate) fn new(question: u32, features: Features, weights: &Weights) -> Self {
        Self { question, features, score: weights.shares(&features).iter().sum() }
    }

    /// Scores the question again, with the alignment of its entry.
    pub(crate) fn align(&mut self, alignment: Alignment, weights: &Weights) {
        self.features.align(alignment);
        self.score = weights.shares(&self.features).iter().sum();
    }
}

/// An entry or intent with its best question.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ranked {
    pub(crate) target: Target,
    pub(crate) best: ScoredQuestion,
    pub(crate) score: f32,
    /// The score less that of the best other target; below 0 for all but the first.
    pub(crate) margin: f32,
    /// Whether the utterance equals one of its questions.
    pub(crate) is_equal: bool,
}

/// Groups scored questions by target, best target first.
///
/// An entry is dropped when one of its `not` lines has a better score than its best question. A
/// target with a question equal to the utterance ranks first. Ties go to the target written
/// first.
pub(crate) fn rank(
    mut scored: Vec<ScoredQuestion>,
    questions: &[IndexedQuestion],
    equal: Option<u32>,
    is_served: impl Fn(Target) -> bool,
) -> Vec<Ranked> {
    let target = |one: &ScoredQuestion| questions[one.question as usize].target;
    scored.retain(|one| is_served(target(one)));
    scored.sort_unstable_by(|one, other| {
        target(one)
            .cmp(&target(other))
            .then(other.score.total_cmp(&one.score))
            .then(one.question.cmp(&other.question))
    });
    let is_same = |one: &ScoredQuestion, other: &ScoredQuestion| target(one) == target(other);
    let mut ranked: Vec<Ranked> = Vec::with_capacity(scored.chunk_by(is_same).count());
    let groups = scored.chunk_by(is_same);
    ranked.extend(groups.filter_map(|group| rank_one(group, questions, equal)));
    ranked.sort_by(|one, other| {
        other.is_equal.cmp(&one.is_equal).then(other.score.total_cmp(&one.score))
    });
    set_margins(&mut ranked);
    ranked
}

/// One target from its scored questions, which are sorted by falling score; `None` when it is
/// dropped.
fn rank_one(
    group: &[ScoredQuestion],
    questions: &[IndexedQuestion],
    equal: Option<u32>,
) -> Option<Ranked> {
    let is_not_line =
        |one: &&ScoredQuestion| questions[one.question as usize].role == QuestionRole::Not;
    let best = *group.iter().find(|one| !is_not_line(one))?;
    if group.iter().find(is_not_line).is_some_and(|not_line| not_line.score > best.score) {
        return None;
    }
    let is_equal = group.iter().any(|one| Some(one.question) == equal);
    let best = if is_equal { *group.iter().find(|one| Some(one.question) == equal)? } else { best };
    let target = questions[best.question as usize].target;
    Some(Ranked { target, best, score: best.score, margin: 0.0, is_equal })
}

fn set_margins(ranked: &mut [Ranked]) {
    let first = ranked.first().map_or(0.0, |first| first.score);
    let second = ranked.get(1).map_or(0.0, |second| second.score);
    for (place, one) in ranked.iter_mut().enumerate() {
        one.margin = one.score - if place == 0 { second } else { first };
    }
}
