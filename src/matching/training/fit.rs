//! Fits the shipped numbers: the ranker's weights and the curve of confidence.
//!
//! The utterances are asked of knowledge bases of many kinds ([`FitTask`]), from many wordings an
//! entry to a single one, so that the weights hold for all of them. Nothing here is random: the
//! same tasks give the same numbers.

use std::sync::{Arc, LazyLock};

use crate::knowledge::KnowledgeBase;
use crate::matching::{
    confidence::{
        choices::{choices, first_entry},
        curve::{EVIDENCE_FADES, Evidence, INPUTS, ShippedCurve, evidence, quantiles},
        hold_outs::{UNANSWERABLE_IN_CURVE, hold_out_observations, unanswerable_weight},
        logistic::{Observed, Prior, dot, fit, logistic, solve},
    },
    error::MatchingError,
    rank::{
        bank::QuestionBank,
        features::FEATURES,
        ranking::{Ranked, ScoredQuestion, rank},
        weights::{WEIGHTS, Weights, inputs},
    },
    target::Target,
    terms::embeddings::Embeddings,
};
use crate::parallel::Threads;
use crate::text::normalize;

/// How often the weights are fitted. With new weights, another question may be the best of its
/// entry, so its features change.
const ROUNDS: usize = 4;

/// Newton's method needs about ten steps for the weights.
const STEPS_MAX: usize = 30;

/// A step is halved until the fit improves, but not below this fraction of it.
const STEP_FRACTION_MIN: f64 = 1e-6;

/// The precision that holds a weight where its prior is.
const HELD_PRECISION: f64 = 1e6;

/// The standard deviation that holds a coefficient of the curve where its prior is.
const HELD_DEVIATION: f64 = 1e-6;

/// The precision of the prior around the weights of `assets/static/prior`, for each utterance, in squared
/// log-odds. The tasks are not like every operator's knowledge: weights that were fitted
/// without a prior did worse on other knowledge bases.
const WEIGHT_PRECISION: f64 = 0.05;

/// The prior standard deviation of the curve's coefficients around those of the prior: small,
/// because the curve must hold for knowledge bases unlike these.
const CURVE_DEVIATION: f64 = 0.15;

/// The weight in the curve of an utterance of another base than the shipped one.
const FOREIGN_IN_CURVE: f64 = 0.02;

/// The standard deviation of a weak prior, for numbers that thousands of utterances decide.
const WEAK_PRIOR_DEVIATION: f64 = 3.0;

/// A knowledge base, and utterances of its customers.
#[derive(Debug)]
pub struct FitTask {
    /// The knowledge base that is asked.
    pub base: KnowledgeBase,
    /// Utterances, each with the id of the entry or intent that it asks for. `None`: nothing
    /// answers it.
    pub utterances: Vec<(String, Option<String>)>,
    /// The weight of each utterance, relative to those of other tasks.
    pub weight: f64,
    /// The embeddings for this base; they must not have been trained on these utterances.
    pub table: Arc<Embeddings>,
    /// Whether this is the shipped base. Its hold-outs are the reference for other bases.
    pub is_shipped: bool,
}

/// The fitted numbers, as the texts of `assets/ranker.txt` and `assets/confidence.txt`.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The weights.
    pub ranker: String,
    /// The curve.
    pub confidence: String,
    /// For each task, the share of its answerable utterances whose entry ranks first.
    pub first_right: Vec<f64>,
}

/// One utterance of a task, normalised and cut to its core.
struct FitQuestion {
    core: String,
    wanted: Option<Target>,
    weight: f64,
}

struct Prepared<'a> {
    base: &'a KnowledgeBase,
    bank: QuestionBank,
    questions: Vec<FitQuestion>,
    is_shipped: bool,
}

/// The candidates of one utterance, each by the inputs of its best question.
struct CandidateSet {
    candidates: Vec<[f32; WEIGHTS]>,
    right: usize,
    weight: f64,
}

/// The weights that the fit stays near.
static PRIOR: LazyLock<Weights> = LazyLock::new(|| {
    let text = include_str!("../../../assets/static/prior/ranker.txt");
    Weights::parse(text).expect("the prior in the binary is whole; tests load it")
});

/// The curve that the fit stays near.
static CURVE_PRIOR: LazyLock<ShippedCurve> = LazyLock::new(|| {
    let text = include_str!("../../../assets/static/prior/confidence.txt");
    ShippedCurve::parse(text).expect("the prior in the binary is whole; tests load it")
});

/// The precision of the prior of a weight, for each utterance.
fn precision_of(place: usize) -> f64 {
    let feature = FEATURES[place / 2];
    if place.is_multiple_of(2) && feature.fades() { HELD_PRECISION } else { WEIGHT_PRECISION }
}

/// Fits weights and curve on the tasks. The prior does not change with the result, so that a
/// second fit gives the first one again.
pub fn fit_shipped(tasks: &[FitTask]) -> Result<Fitted, MatchingError> {
    let prepared: Vec<Prepared<'_>> = tasks.iter().map(prepare).collect::<Result<_, _>>()?;
    let mut weights = *PRIOR;
    let prior = weights.to_numbers();
    for _ in 0..ROUNDS {
        let sets: Vec<CandidateSet> =
            prepared.iter().flat_map(|task| candidate_sets(task, &weights)).collect();
        weights = fit_weights(&sets, &prior);
    }
    let curve = fit_curve(&prepared, &weights);
    let first_right = prepared.iter().map(|task| first_right(task, &weights)).collect();
    Ok(Fitted { ranker: weights.to_text(), confidence: curve.to_text(), first_right })
}

fn prepare(task: &FitTask) -> Result<Prepared<'_>, MatchingError> {
    let FitTask { base, utterances, weight, table, is_shipped } = task;
    let bank = QuestionBank::build(base, table.clone(), None, Threads::all())?;
    let question = |(text, wanted): &(String, Option<String>)| FitQuestion {
        core: bank.cores().core(normalize(text).as_str()),
        wanted: wanted.as_ref().and_then(|id| Target::named(base, id)),
        weight: *weight,
    };
    let questions = utterances.iter().map(question).collect();
    Ok(Prepared { base, bank, questions, is_shipped: *is_shipped })
}

fn score(task: &Prepared<'_>, question: &FitQuestion, weights: &Weights) -> Vec<ScoredQuestion> {
    task.bank.score(&task.bank.analyze(&question.core), None, weights, |_| true)
}

fn candidate_sets<'a>(
    task: &'a Prepared<'_>,
    weights: &'a Weights,
) -> impl Iterator<Item = CandidateSet> + use<'a> {
    task.questions.iter().filter_map(|question| {
        let wanted = question.wanted?;
        let ranked = ranked(task, question, weights);
        let right = ranked.iter().position(|one| one.target == wanted)?;
        let candidates = ranked.iter().map(|one| inputs(&one.best.features)).collect();
        Some(CandidateSet { candidates, right, weight: question.weight })
    })
}

fn ranked(task: &Prepared<'_>, question: &FitQuestion, weights: &Weights) -> Vec<Ranked> {
    rank(score(task, question, weights), task.bank.questions(), None, |_| true)
}

fn first_right(task: &Prepared<'_>, weights: &Weights) -> f64 {
    let (mut right, mut all) = (0_usize, 0_usize);
    for question in &task.questions {
        let Some(wanted) = question.wanted else { continue };
        all += 1;
        let ranked = ranked(task, question, weights);
        right += usize::from(ranked.first().is_some_and(|first| first.target == wanted));
    }
    right as f64 / all.max(1) as f64
}

/// The weights that maximise the likelihood of the right candidates: a conditional logit
/// (`McFadden` 1974), by Newton's method.
fn fit_weights(sets: &[CandidateSet], prior: &[f64; WEIGHTS]) -> Weights {
    let all: f64 = sets.iter().map(|set| set.weight).sum();
    let precision: [f64; WEIGHTS] = std::array::from_fn(|place| all * precision_of(place));
    let mut numbers = *prior;
    for _ in 0..STEPS_MAX {
        let mut gradient: [f64; WEIGHTS] =
            std::array::from_fn(|place| -precision[place] * (numbers[place] - prior[place]));
        let mut curvature = [[0.0; WEIGHTS]; WEIGHTS];
        for (row, cells) in curvature.iter_mut().enumerate() {
            cells[row] = precision[row];
        }
        for set in sets {
            add_set(set, &numbers, &mut gradient, &mut curvature);
        }
        let step = solve(curvature, gradient);
        let after = |fraction: f64| -> [f64; WEIGHTS] {
            std::array::from_fn(|place| numbers[place] + fraction * step[place])
        };
        // A full step overshoots where the candidates are nearly separable.
        let before = negative_log_likelihood(sets, &numbers, prior, &precision);
        let mut fraction = 1.0;
        while fraction > STEP_FRACTION_MIN
            && negative_log_likelihood(sets, &after(fraction), prior, &precision) > before
        {
            fraction /= 2.0;
        }
        numbers = after(fraction);
        if step.iter().all(|step| step.abs() < 1e-4) {
            break;
        }
    }
    Weights::of_numbers(&numbers)
}

/// The negative log-likelihood of the right candidates and of the prior, which the fit minimises.
fn negative_log_likelihood(
    sets: &[CandidateSet],
    numbers: &[f64; WEIGHTS],
    prior: &[f64; WEIGHTS],
    precision: &[f64; WEIGHTS],
) -> f64 {
    let deviation: [f64; WEIGHTS] = std::array::from_fn(|place| numbers[place] - prior[place]);
    let of_prior: f64 =
        deviation.iter().zip(precision).map(|(one, precision)| precision / 2.0 * one * one).sum();
    let of_set = |set: &CandidateSet| {
        let score = |inputs: &[f32; WEIGHTS]| dot(&inputs.map(f64::from), numbers);
        let right = score(&set.candidates[set.right]);
        let odds = set.candidates.iter().map(|inputs| libm::exp(score(inputs) - right));
        set.weight * libm::log(odds.sum())
    };
    of_prior + sets.iter().map(of_set).sum::<f64>()
}

/// Adds the gradient and the curvature of one candidate set.
fn add_set(
    set: &CandidateSet,
    numbers: &[f64; WEIGHTS],
    gradient: &mut [f64; WEIGHTS],
    curvature: &mut [[f64; WEIGHTS]; WEIGHTS],
) {
    let candidates: Vec<[f64; WEIGHTS]> =
        set.candidates.iter().map(|inputs| inputs.map(f64::from)).collect();
    let scores: Vec<f64> = candidates.iter().map(|inputs| dot(inputs, numbers)).collect();
    let most = scores.iter().copied().fold(f64::MIN, f64::max);
    let likelihoods: Vec<f64> = scores.iter().map(|score| libm::exp(score - most)).collect();
    let total: f64 = likelihoods.iter().sum();
    let mut mean = [0.0; WEIGHTS];
    for (inputs, likelihood) in candidates.iter().zip(&likelihoods) {
        for (mean, input) in mean.iter_mut().zip(inputs) {
            *mean += likelihood / total * input;
        }
    }
    for (inputs, likelihood) in candidates.iter().zip(&likelihoods) {
        let chance = set.weight * likelihood / total;
        for row in 0..WEIGHTS {
            let deviation = chance * (inputs[row] - mean[row]);
            for column in 0..WEIGHTS {
                curvature[row][column] += deviation * (inputs[column] - mean[column]);
            }
        }
    }
    for row in 0..WEIGHTS {
        gradient[row] += set.weight * (candidates[set.right][row] - mean[row]);
    }
}

/// Fits the curve on all utterances, then the correction for hold-outs of the shipped knowledge,
/// and the step from the first entry to the choices.
fn fit_curve(tasks: &[Prepared<'_>], weights: &Weights) -> ShippedCurve {
    let (mut first, mut shown) = (Vec::new(), Vec::new());
    for task in tasks {
        let of_task = if task.is_shipped { 1.0 } else { FOREIGN_IN_CURVE };
        let without_answer = of_task * rare_weight(&task.questions);
        for question in &task.questions {
            let ranked = ranked(task, question, weights);
            let Some(best) = ranked.first() else { continue };
            let inputs = evidence(best);
            let weight = if question.wanted.is_some() { of_task } else { without_answer };
            let is_right = question.wanted == Some(best.target);
            first.push(Observed { inputs, weight, is_right });
            let Some(entry) = first_entry(&ranked) else { continue };
            let is_shown =
                choices(&ranked, CHOICES_MAX).any(|choice| Some(choice.target) == question.wanted);
            shown.push((evidence(entry), weight, is_shown));
        }
    }
    let prior: Prior<INPUTS> = Prior {
        mean: CURVE_PRIOR.coefficients,
        standard_deviation: std::array::from_fn(|place| {
            if place.is_multiple_of(2) && EVIDENCE_FADES[place / 2] {
                HELD_DEVIATION
            } else {
                CURVE_DEVIATION
            }
        }),
    };
    let coefficients: Evidence = fit(&prior, &first);
    let log_odds = |evidence: &Evidence| dot(&coefficients, evidence);
    let prior = Prior { mean: [0.0, 1.0], standard_deviation: [WEAK_PRIOR_DEVIATION; 2] };
    let of_shown = |&(inputs, weight, is_right): &(Evidence, f64, bool)| Observed {
        inputs: [1.0, log_odds(&inputs)],
        weight,
        is_right,
    };
    let shown = fit(&prior, &shown.iter().map(of_shown).collect::<Vec<_>>());
    let own = tasks.iter().find(|task| task.is_shipped);
    let (hold_outs, miss_rate) = own.map_or(([0.0, 1.0], 1.0), |task| {
        let (observations, miss_rate) = hold_out_observations(&task.bank, task.base, weights);
        let observed: Vec<Observed<2>> = observations
            .into_iter()
            .map(|(evidence, weight, is_right)| Observed {
                inputs: [1.0, log_odds(&evidence)],
                weight,
                is_right,
            })
            .collect();
        (fit(&prior, &observed), miss_rate)
    });
    let young =
        |is_answerable: bool| quantiles(young(tasks, weights, &coefficients, is_answerable));
    ShippedCurve {
        coefficients,
        hold_outs,
        miss_rate,
        shown,
        young_answerable: young(true),
        young_unanswerable: young(false),
    }
}

/// The confidences of the first candidates in all bases but the shipped one, each with the weight
/// of its utterance.
fn young(
    tasks: &[Prepared<'_>],
    weights: &Weights,
    coefficients: &Evidence,
    is_answerable: bool,
) -> Vec<(f64, f64)> {
    let young = tasks.iter().filter(|task| !task.is_shipped);
    let all = young.flat_map(|task| task.questions.iter().map(move |question| (task, question)));
    let of_kind = all.filter(|(_, question)| question.wanted.is_some() == is_answerable);
    of_kind
        .map(|(task, question)| {
            let best = ranked(task, question, weights);
            let chance = |best| logistic(dot(coefficients, &evidence(best)));
            (best.first().map_or(0.0, chance), question.weight)
        })
        .collect()
}

/// The weight of an unanswerable utterance in the curve.
fn rare_weight(questions: &[FitQuestion]) -> f64 {
    let answerable = questions.iter().filter(|question| question.wanted.is_some()).count() as f64;
    let unanswerable = questions.len() as f64 - answerable;
    unanswerable_weight(UNANSWERABLE_IN_CURVE, answerable, unanswerable)
}

/// How many choices are shown at most, as in the shipped policy.
const CHOICES_MAX: usize = 4;
