//! From scored questions to ranked entries and intents.

use super::{features::Features, obstacle::Obstacle, weights::Weights};
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

/// How much of the lead of a `not` line over the best question is taken from the score. The two
/// differ in the features of single questions only, which weigh little beside those of the entry.
const NOT_LINE_FACTOR: f32 = 3.0;

/// From this penalty on, in log-odds, an entry is not answered at once: its `not` line is clearly
/// nearer than its questions. On the `fit` part of the tests no right entry has more.
pub(super) const PENALTY_OF_DOUBT: f32 = 1.2;

/// What the second encoder sees of an entry or intent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SecondLook {
    /// The largest cosine of the utterance and one of its wordings.
    pub(crate) cosine: f32,
    /// What that adds to its score.
    pub(crate) share: f32,
}

/// An entry or intent with its best question.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ranked {
    pub(crate) target: Target,
    pub(crate) best: ScoredQuestion,
    /// The score of the best question less the penalty.
    pub(crate) score: f32,
    /// What a nearer `not` line takes from the score, in log-odds.
    pub(crate) penalty: f32,
    /// That `not` line, by its id.
    pub(crate) not_line: Option<u32>,
    /// The score less that of the best other target; below 0 for all but the first.
    pub(crate) margin: f32,
    /// Whether the utterance equals one of its questions.
    pub(crate) is_equal: bool,
    /// What keeps the first from an answer at once, if it was looked for.
    pub(crate) obstacle: Option<Obstacle>,
    /// What the second encoder sees, if it was asked; its share is in the score.
    pub(crate) second: Option<SecondLook>,
}

/// Groups scored questions by target, best target first.
///
/// An entry loses score when one of its `not` lines has a better score than its best question. A
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

/// One target from its scored questions, which are sorted by falling score; `None` when it has
/// `not` lines alone among them.
fn rank_one(
    group: &[ScoredQuestion],
    questions: &[IndexedQuestion],
    equal: Option<u32>,
) -> Option<Ranked> {
    let is_not_line =
        |one: &&ScoredQuestion| questions[one.question as usize].role == QuestionRole::Not;
    let best = *group.iter().find(|one| !is_not_line(one))?;
    let target = questions[best.question as usize].target;
    if let Some(&best) = group.iter().find(|one| Some(one.question) == equal) {
        return Some(Ranked { is_equal: true, ..Ranked::of(target, best, None) });
    }
    let nearer = group.iter().find(is_not_line).filter(|not_line| not_line.score > best.score);
    Some(Ranked::of(target, best, nearer))
}

impl Ranked {
    /// A target by its best question, and the `not` line that is nearer to the utterance.
    fn of(target: Target, best: ScoredQuestion, nearer: Option<&ScoredQuestion>) -> Self {
        let lead = nearer.map_or(0.0, |not_line| not_line.score - best.score);
        let penalty = NOT_LINE_FACTOR * lead;
        Self {
            target,
            best,
            score: best.score - penalty,
            penalty,
            not_line: nearer.map(|not_line| not_line.question),
            margin: 0.0,
            is_equal: false,
            obstacle: None,
            second: None,
        }
    }
}

/// Sets the margins of a ranking whose scores are set.
pub(super) fn set_margins(ranked: &mut [Ranked]) {
    let first = ranked.first().map_or(0.0, |first| first.score);
    let second = ranked.get(1).map_or(0.0, |second| second.score);
    for (place, one) in ranked.iter_mut().enumerate() {
        one.margin = one.score - if place == 0 { second } else { first };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ranks two entries of one question each; the first has a `not` line as well.
    fn ranked(question: f32, not_line: f32, other: f32) -> Vec<Ranked> {
        let of = |entry, role| IndexedQuestion { target: Target::Entry(entry), role, number: 0 };
        let questions = [
            of(0, QuestionRole::Standard),
            of(0, QuestionRole::Not),
            of(1, QuestionRole::Standard),
        ];
        let scored = [question, not_line, other].into_iter().zip(0..).map(|(score, question)| {
            ScoredQuestion { question, features: Features::default(), score }
        });
        rank(scored.collect(), &questions, None, |_| true)
    }

    #[test]
    fn a_clear_match_outweighs_a_nearer_not_line() {
        let clear = ranked(10.0, 10.5, 6.0);
        assert_eq!(clear[0].target, Target::Entry(0));
        assert!((clear[0].score - 8.5).abs() < 1e-6 && clear[0].not_line == Some(1));
        let close = ranked(10.0, 10.5, 9.5);
        assert_eq!(close[0].target, Target::Entry(1), "of two that fit as well, the other");
    }

    #[test]
    fn a_farther_not_line_takes_nothing() {
        let first = ranked(10.0, 9.9, 9.5)[0];
        assert_eq!((first.target, first.not_line), (Target::Entry(0), None));
        assert!(first.penalty == 0.0 && (first.margin - 0.5).abs() < 1e-6);
    }
}
