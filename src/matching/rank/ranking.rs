//! From features to one score, and from questions to the entries and intents they stand for.

use super::{features::Features, weights::Weights};
use crate::matching::target::{IndexedQuestion, QuestionRole, Target};

/// One question beside the utterance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ScoredQuestion {
    /// Its place in the bank.
    pub(crate) question: u32,
    pub(crate) features: Features,
    pub(crate) score: f32,
}

impl ScoredQuestion {
    /// Scores a question by its features.
    pub(crate) fn new(question: u32, features: Features, weights: &Weights) -> Self {
        Self { question, features, score: weights.shares(&features).iter().sum() }
    }
}

/// An entry or intent with the question that speaks best for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ranked {
    pub(crate) target: Target,
    pub(crate) best: ScoredQuestion,
    pub(crate) score: f32,
    /// The score less that of the best other target; below 0 for all but the first.
    pub(crate) margin: f32,
    /// The utterance equals one of its questions.
    pub(crate) is_equal: bool,
}

/// Groups judged questions by target, best target first.
///
/// An entry goes when a `not` line of it fits better than its own best question. A target
/// with a question equal to the utterance comes first. Ties go to the target written first.
pub(crate) fn rank(
    mut judged: Vec<ScoredQuestion>,
    questions: &[IndexedQuestion],
    equal: Option<u32>,
    is_served: impl Fn(Target) -> bool,
) -> Vec<Ranked> {
    let target = |one: &ScoredQuestion| questions[one.question as usize].target;
    judged.retain(|one| is_served(target(one)));
    judged.sort_unstable_by(|one, other| {
        target(one)
            .cmp(&target(other))
            .then(other.score.total_cmp(&one.score))
            .then(one.question.cmp(&other.question))
    });
    let mut ranked: Vec<Ranked> = judged
        .chunk_by(|one, other| target(one) == target(other))
        .filter_map(|group| rank_one(group, questions, equal))
        .collect();
    ranked.sort_by(|one, other| {
        other.is_equal.cmp(&one.is_equal).then(other.score.total_cmp(&one.score))
    });
    set_margins(&mut ranked);
    ranked
}

/// One target from its judged questions, which are sorted by falling score.
fn rank_one(
    group: &[ScoredQuestion],
    questions: &[IndexedQuestion],
    equal: Option<u32>,
) -> Option<Ranked> {
    let barring = first_barring(group, questions);
    let best = *asking(group, questions).next()?;
    if barring.is_some_and(|bar| bar.score > best.score) {
        return None;
    }
    let is_equal = group.iter().any(|one| Some(one.question) == equal);
    let best = if is_equal { *group.iter().find(|one| Some(one.question) == equal)? } else { best };
    let target = questions[best.question as usize].target;
    Some(Ranked { target, best, score: best.score, margin: 0.0, is_equal })
}

fn asking<'a>(
    group: &'a [ScoredQuestion],
    questions: &'a [IndexedQuestion],
) -> impl Iterator<Item = &'a ScoredQuestion> {
    group.iter().filter(|one| questions[one.question as usize].role != QuestionRole::Not)
}

fn first_barring<'a>(
    group: &'a [ScoredQuestion],
    questions: &[IndexedQuestion],
) -> Option<&'a ScoredQuestion> {
    group.iter().find(|one| questions[one.question as usize].role == QuestionRole::Not)
}

fn set_margins(ranked: &mut [Ranked]) {
    let first = ranked.first().map_or(0.0, |first| first.score);
    let second = ranked.get(1).map_or(0.0, |second| second.score);
    for (place, one) in ranked.iter_mut().enumerate() {
        one.margin = one.score - if place == 0 { second } else { first };
    }
}
