//! Fits what the second encoder adds to the score.
//!
//! On the tasks with few wordings, and among them on utterances that the first ranking is not sure
//! of, because the encoder is asked for no others.

use std::sync::Arc;

use super::fit::FitTask;
use crate::matching::{
    confidence::{
        curve::{ShippedCurve, evidence},
        logistic::logistic,
    },
    encoder::Encoder,
    error::MatchingError,
    index::encoded::has_few_wordings,
    rank::{
        bank::QuestionBank,
        ranking::{Ranked, rank},
        second_look::{SecondWeight, rank_again},
        weights::Weights,
    },
    target::Target,
};
use crate::parallel::Threads;
use crate::text::normalize;

/// An utterance whose first candidate is more likely than this is answered without the encoder.
const UNSURE_MAX: f64 = 0.9;

/// The largest weight of a cosine that is tried, and how often the distance is halved.
const WEIGHT_MAX: f32 = 64.0;
const BISECTIONS: usize = 30;

/// One utterance that the first ranking is not sure of.
struct UnsureCase {
    ranked: Vec<Ranked>,
    /// Of each candidate, by the encoder.
    cosines: Vec<f32>,
    wanted: Option<Target>,
    weight: f64,
}

/// Fits the weight of `assets/encoder.txt`, for the shipped weights and the shipped curve.
pub fn fit_encoder(tasks: &[FitTask], encoder: &Arc<Encoder>) -> Result<String, MatchingError> {
    let mut cases = Vec::new();
    for task in tasks.iter().filter(|task| has_few_wordings(&task.base)) {
        let threads = Threads::all();
        let bank = QuestionBank::build(&task.base, task.table.clone(), None, threads)?;
        let bank = bank.with_encoder(&task.base, encoder.clone(), None, threads);
        cases.extend(unsure_cases(task, &bank));
    }
    Ok(fit_weight(&cases).to_text())
}

fn unsure_cases(task: &FitTask, bank: &QuestionBank) -> Vec<UnsureCase> {
    let cases = Threads::all().map(&task.utterances, |(text, wanted)| {
        let normalized = normalize(text);
        let core = bank.cores().core(normalized.as_str());
        let scored = bank.score(&bank.analyze(&core), None, Weights::shipped(), |_| true);
        let ranked = rank(scored, bank.questions(), None, |_| true);
        let before = ShippedCurve::get().log_odds(&evidence(ranked.first()?));
        let vector =
            (logistic(before) < UNSURE_MAX).then(|| bank.sentence(normalized.as_str()))??;
        let wanted = wanted.as_ref().and_then(|id| Target::named(&task.base, id));
        let cosines = bank.second_cosines(&ranked, &vector, &(0..0));
        Some(UnsureCase { ranked, cosines, wanted, weight: task.weight })
    });
    cases.into_iter().flatten().collect()
}

impl UnsureCase {
    /// The slope of the log-likelihood of the right candidate (`McFadden` 1974) over the weight of a
    /// cosine.
    fn slope(&self, weight: f32) -> f64 {
        let mut ranked = self.ranked.clone();
        rank_again(&mut ranked, &self.cosines, SecondWeight(weight));
        let Some(right) = ranked.iter().find(|one| Some(one.target) == self.wanted) else {
            return 0.0;
        };
        let input =
            |one: &Ranked| one.second.map_or(0.0, |look| f64::from(look.share) / f64::from(weight));
        let odds = |one: &Ranked| libm::exp(f64::from(one.score - right.score));
        let total: f64 = ranked.iter().map(odds).sum();
        let mean: f64 = ranked.iter().map(|one| odds(one) / total * input(one)).sum();
        self.weight * (input(right) - mean)
    }
}

/// The weight at which the likelihood is largest. It has a single maximum.
fn fit_weight(cases: &[UnsureCase]) -> SecondWeight {
    let (mut low, mut high) = (0.0, WEIGHT_MAX);
    for _ in 0..BISECTIONS {
        let middle = f32::midpoint(low, high);
        let slope: f64 = cases.iter().map(|case| case.slope(middle)).sum();
        if slope > 0.0 { low = middle } else { high = middle }
    }
    SecondWeight(low)
}
