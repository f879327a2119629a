//! Fits what the second encoder adds to the score and to the confidence.
//!
//! On the tasks with few wordings, and among them on utterances that the first ranking is not sure
//! of, because the encoder is asked for no others.

use std::sync::Arc;

use super::fit::FitTask;
use crate::matching::{
    confidence::{
        curve::{ShippedCurve, evidence},
        logistic::{Observed, Prior, fit, logistic},
    },
    encoder::Encoder,
    error::MatchingError,
    index::encoded::has_few_wordings,
    rank::{
        bank::QuestionBank,
        ranking::{Ranked, rank},
        second_look::{SecondWeights, rank_again},
        weights::Weights,
    },
    target::Target,
};
use crate::parallel::Threads;
use crate::text::normalize;

/// An utterance whose first candidate is more likely than this is answered without the encoder.
const UNSURE_MAX: f64 = 0.9;

/// The share of utterances without an answer. The encoder is asked where the first ranking is not
/// sure, which more of them are.
const UNANSWERABLE: f64 = 0.25;

/// The largest weight of a cosine that is tried, and how often the distance is halved.
const SCORE_MAX: f32 = 64.0;
const BISECTIONS: usize = 30;

/// One utterance that the first ranking is not sure of.
struct UnsureCase {
    ranked: Vec<Ranked>,
    /// Of each candidate, by the encoder.
    cosines: Vec<f32>,
    wanted: Option<Target>,
    weight: f64,
}

/// Fits the numbers of `assets/encoder.txt`, for the shipped weights and the shipped curve.
pub fn fit_encoder(tasks: &[FitTask], encoder: &Arc<Encoder>) -> Result<String, MatchingError> {
    let mut cases = Vec::new();
    for task in tasks.iter().filter(|task| has_few_wordings(&task.base)) {
        let threads = Threads::all();
        let bank = QuestionBank::build(&task.base, task.table.clone(), None, threads)?;
        let bank = bank.with_encoder(&task.base, encoder.clone(), None, threads);
        cases.extend(unsure_cases(task, &bank));
    }
    let score = fit_score(&cases);
    Ok(SecondWeights { score, curve: fit_curve(&cases, score) }.to_text())
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
    let mut cases: Vec<UnsureCase> = cases.into_iter().flatten().collect();
    let answerable = cases.iter().filter(|case| case.wanted.is_some()).count() as f64;
    let unanswerable = cases.len() as f64 - answerable;
    let factor = answerable * UNANSWERABLE / (1.0 - UNANSWERABLE) / unanswerable.max(1.0);
    for case in cases.iter_mut().filter(|case| case.wanted.is_none()) {
        case.weight *= factor;
    }
    cases
}

impl UnsureCase {
    fn ranked_again(&self, weights: &SecondWeights) -> Vec<Ranked> {
        let mut ranked = self.ranked.clone();
        rank_again(&mut ranked, &self.cosines, weights);
        ranked
    }

    /// The slope of the log-likelihood of the right candidate (`McFadden` 1974) over the weight of a
    /// cosine.
    fn slope(&self, score: f32) -> f64 {
        let ranked = self.ranked_again(&SecondWeights { score, curve: [0.0; 3] });
        let Some(right) = ranked.iter().find(|one| Some(one.target) == self.wanted) else {
            return 0.0;
        };
        let input =
            |one: &Ranked| one.second.map_or(0.0, |look| f64::from(look.share) / f64::from(score));
        let odds = |one: &Ranked| libm::exp(f64::from(one.score - right.score));
        let total: f64 = ranked.iter().map(odds).sum();
        let mean: f64 = ranked.iter().map(|one| odds(one) / total * input(one)).sum();
        self.weight * (input(right) - mean)
    }
}

/// The weight at which the likelihood is largest. It has a single maximum.
fn fit_score(cases: &[UnsureCase]) -> f32 {
    let (mut low, mut high) = (0.0, SCORE_MAX);
    for _ in 0..BISECTIONS {
        let middle = f32::midpoint(low, high);
        let slope: f64 = cases.iter().map(|case| case.slope(middle)).sum();
        if slope > 0.0 { low = middle } else { high = middle }
    }
    low
}

/// The curve over the log-odds of the shipped one, which it corrects.
fn fit_curve(cases: &[UnsureCase], score: f32) -> [f64; 3] {
    let weights = SecondWeights { score, curve: [0.0; 3] };
    let observed: Vec<Observed<4>> = cases
        .iter()
        .filter_map(|case| {
            let ranked = case.ranked_again(&weights);
            let first = ranked.first()?;
            let before = ShippedCurve::get().log_odds(&evidence(first));
            let singleness = f64::from(first.best.features.singleness());
            let cosine = f64::from(first.second?.cosine);
            let inputs = [before, singleness, singleness * before, singleness * cosine];
            let is_right = Some(first.target) == case.wanted;
            Some(Observed { inputs, weight: case.weight, is_right })
        })
        .collect();
    let prior = Prior { mean: [1.0, 0.0, 0.0, 0.0], standard_deviation: [1e-6, 3.0, 3.0, 3.0] };
    let [_, curve @ ..] = fit(&prior, &observed);
    curve
}
