//! From features to one score, and from questions to the entries and intents they stand for.
//!
//! This is the place for a better ranker: whatever turns [`Features`] into a number.

use super::{
    features::{FEATURES, Feature, Features},
    question::{Question, Role, Target},
};

/// What each feature adds to a score, in the order of [`FEATURES`], for an entry of a single
/// question. Chosen on the `fit` half of `knowledge/tests.yaml`.
const WEIGHTS: [(Feature, f32); FEATURES.len()] = [
    (Feature::Entry, 3.0),
    // What the utterance says must be in the question, and what the question says in the
    // utterance: with one alone, a short text matches everything that holds it.
    (Feature::RunsOfUtterance, 0.40),
    (Feature::RunsOfQuestion, 0.40),
    // Words repeat much of that, and tell chance meetings of characters apart.
    (Feature::Words, 0.10),
    // Small, as each but tips the balance between questions that are otherwise alike.
    (Feature::LengthRatio, 0.10),
    (Feature::NegationDiffers, -0.06),
    (Feature::Opposite, -0.12),
    (Feature::KindDiffers, -0.05),
];

/// How much of the second-best question of the same entry is added: two wordings that fit
/// say a little more than one.
const SECOND_QUESTION: f32 = 0.05;

/// One question beside the utterance.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged {
    /// Its place in the bank.
    pub(crate) question: u32,
    pub(crate) features: Features,
    pub(crate) score: f32,
}

impl Judged {
    /// Scores a question by its features.
    pub(crate) fn new(question: u32, features: Features) -> Self {
        let shares = shares(&features);
        Self { question, features, score: shares.iter().sum() }
    }
}

/// What each feature gives to the score, in the order of [`FEATURES`].
pub(crate) fn shares(features: &Features) -> [f32; FEATURES.len()] {
    WEIGHTS.map(|(feature, weight)| weight * features.get(feature))
}

/// An entry or intent with the question that speaks best for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ranked {
    pub(crate) target: Target,
    pub(crate) best: Judged,
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
    mut judged: Vec<Judged>,
    questions: &[Question],
    equal: Option<u32>,
    is_served: impl Fn(Target) -> bool,
) -> Vec<Ranked> {
    let target = |one: &Judged| questions[one.question as usize].target;
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
fn rank_one(group: &[Judged], questions: &[Question], equal: Option<u32>) -> Option<Ranked> {
    let (barring, mut asking) = (first_barring(group, questions), asking(group, questions));
    let best = *asking.next()?;
    if barring.is_some_and(|bar| bar.score > best.score) {
        return None;
    }
    let second = asking.next().map_or(0.0, |second| second.score.max(0.0));
    let is_equal = group.iter().any(|one| Some(one.question) == equal);
    let best = if is_equal { *group.iter().find(|one| Some(one.question) == equal)? } else { best };
    let target = questions[best.question as usize].target;
    Some(Ranked {
        target,
        best,
        score: best.score + SECOND_QUESTION * second,
        margin: 0.0,
        is_equal,
    })
}

fn asking<'a>(group: &'a [Judged], questions: &'a [Question]) -> impl Iterator<Item = &'a Judged> {
    group.iter().filter(|one| questions[one.question as usize].role != Role::Not)
}

fn first_barring<'a>(group: &'a [Judged], questions: &[Question]) -> Option<&'a Judged> {
    group.iter().find(|one| questions[one.question as usize].role == Role::Not)
}

fn set_margins(ranked: &mut [Ranked]) {
    let first = ranked.first().map_or(0.0, |first| first.score);
    let second = ranked.get(1).map_or(0.0, |second| second.score);
    for (place, one) in ranked.iter_mut().enumerate() {
        one.margin = one.score - if place == 0 { second } else { first };
    }
}
