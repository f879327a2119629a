//! Fitting what ships: the ranker's weights and the curve of confidence.
//!
//! What is fitted is asked of knowledge bases of many kinds ([`FitTask`]), from one with many
//! wordings an entry to one with a single one each, so that the weights hold for both. No
//! number here comes from chance; the same tasks give the same weights.

use std::sync::Arc;

use crate::knowledge::KnowledgeBase;
use crate::matching::{
    confidence::{
        calibrate::{choices, first_entry, hold_out_observations},
        curve::{Evidence, INPUTS, ShippedCurve, evidence},
        logistic::{Observed, Prior, dot, fit, solve},
    },
    error::MatchingError,
    rank::{
        bank::QuestionBank,
        ranking::{Ranked, ScoredQuestion, rank},
        weights::{WEIGHTS, Weights, inputs},
    },
    target::Target,
    terms::embeddings::Embeddings,
};
use crate::parallel::Threads;
use crate::text::normalize;

/// How often the weights are fitted: each time, another question may speak for its entry.
const ROUNDS: usize = 4;

/// Newton's method needs some ten steps for the weights.
const STEPS: usize = 30;

/// A step is halved until it makes things better, but not below this part of it.
const PART_MIN: f64 = 1e-6;

/// How strongly each utterance that is fitted on holds the weights where they were, in squared
/// log-odds: the tasks are not like every operator's knowledge, and weights fitted on them
/// alone did worse on others.
const WEIGHT_PRECISION: f64 = 0.05;

/// How far a coefficient of the curve may well lie from the one that ships, as a standard
/// deviation: little, as the curve must hold for knowledge bases unlike these.
const CURVE_SPREAD: f64 = 0.15;

/// What an utterance of another base than the shipped one counts in the curve.
const FOREIGN_IN_CURVE: f64 = 0.02;

/// The spread of two numbers that thousands of utterances decide.
const WIDE: f64 = 3.0;

/// A knowledge base and what customers ask of it.
#[derive(Debug)]
pub struct FitTask {
    /// What is asked.
    pub base: KnowledgeBase,
    /// Utterances, each with the id of the entry or intent that it asks for, or `None` when
    /// nothing answers it.
    pub utterances: Vec<(String, Option<String>)>,
    /// How much each utterance counts beside those of other tasks.
    pub weight: f64,
    /// The embeddings that the base is asked with.
    pub table: Arc<Embeddings>,
    /// Whether the base's own hold-outs are those that other bases are compared with.
    pub is_shipped: bool,
}

/// What was fitted, as the texts of `assets/ranker.txt` and `assets/confidence.txt`.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The weights.
    pub ranker: String,
    /// The curve.
    pub confidence: String,
    /// For each task, of its answerable utterances the share whose entry comes first.
    pub first_right: Vec<f64>,
}

/// One utterance of a task, ready to be asked.
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

/// The candidates of one utterance, one question for each entry.
struct CandidateSet {
    candidates: Vec<[f32; WEIGHTS]>,
    right: usize,
    weight: f64,
}

/// Fits weights and curve on the tasks, starting from the weights that ship.
pub fn fit_shipped(tasks: &[FitTask]) -> Result<Fitted, MatchingError> {
    let prepared: Vec<Prepared<'_>> = tasks.iter().map(prepare).collect::<Result<_, _>>()?;
    let mut weights = *Weights::shipped();
    let prior = weights.to_numbers();
    for _ in 0..ROUNDS {
        let choices: Vec<CandidateSet> =
            prepared.iter().flat_map(|task| task_choices(task, &weights)).collect();
        weights = fit_weights(&choices, &prior);
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

fn judge(task: &Prepared<'_>, question: &FitQuestion, weights: &Weights) -> Vec<ScoredQuestion> {
    task.bank.judge(&task.bank.ask(&question.core), None, weights, |_| true)
}

fn task_choices<'a>(
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
    rank(judge(task, question, weights), task.bank.questions(), None, |_| true)
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

/// The weights under which the right candidates are likeliest: a conditional logit
/// (`McFadden` 1974), by Newton's method.
fn fit_weights(choices: &[CandidateSet], prior: &[f64; WEIGHTS]) -> Weights {
    let all: f64 = choices.iter().map(|choice| choice.weight).sum();
    let precision = WEIGHT_PRECISION * all;
    let mut numbers = *prior;
    for _ in 0..STEPS {
        let off = |place: usize| numbers[place] - prior[place];
        let mut gradient: [f64; WEIGHTS] = std::array::from_fn(|place| -precision * off(place));
        let mut curvature = [[0.0; WEIGHTS]; WEIGHTS];
        for (row, line) in curvature.iter_mut().enumerate() {
            line[row] = precision;
        }
        for choice in choices {
            add_choice(choice, &numbers, &mut gradient, &mut curvature);
        }
        let step = solve(curvature, gradient);
        let at = |part: f64| -> [f64; WEIGHTS] {
            std::array::from_fn(|place| numbers[place] + part * step[place])
        };
        // A whole step goes too far where choices are all but decided.
        let here = negative_log_likelihood(choices, &numbers, prior, precision);
        let mut part = 1.0;
        while part > PART_MIN
            && negative_log_likelihood(choices, &at(part), prior, precision) > here
        {
            part /= 2.0;
        }
        numbers = at(part);
        if step.iter().all(|step| step.abs() < 1e-4) {
            break;
        }
    }
    Weights::of_numbers(&numbers)
}

/// How unlikely the right candidates and the numbers are: what the fit makes small.
fn negative_log_likelihood(
    choices: &[CandidateSet],
    numbers: &[f64; WEIGHTS],
    prior: &[f64; WEIGHTS],
    precision: f64,
) -> f64 {
    let off: [f64; WEIGHTS] = std::array::from_fn(|place| numbers[place] - prior[place]);
    let of_numbers = precision / 2.0 * dot(&off, &off);
    let of_choice = |choice: &CandidateSet| {
        let score = |inputs: &[f32; WEIGHTS]| dot(&inputs.map(f64::from), numbers);
        let right = score(&choice.candidates[choice.right]);
        let parts = choice.candidates.iter().map(|inputs| libm::exp(score(inputs) - right));
        choice.weight * libm::log(parts.sum())
    };
    of_numbers + choices.iter().map(of_choice).sum::<f64>()
}

fn add_choice(
    choice: &CandidateSet,
    numbers: &[f64; WEIGHTS],
    gradient: &mut [f64; WEIGHTS],
    curvature: &mut [[f64; WEIGHTS]; WEIGHTS],
) {
    let candidates: Vec<[f64; WEIGHTS]> =
        choice.candidates.iter().map(|inputs| inputs.map(f64::from)).collect();
    let scores: Vec<f64> = candidates.iter().map(|inputs| dot(inputs, numbers)).collect();
    let most = scores.iter().copied().fold(f64::MIN, f64::max);
    let parts: Vec<f64> = scores.iter().map(|score| libm::exp(score - most)).collect();
    let whole: f64 = parts.iter().sum();
    let mut mean = [0.0; WEIGHTS];
    for (inputs, part) in candidates.iter().zip(&parts) {
        for (mean, input) in mean.iter_mut().zip(inputs) {
            *mean += part / whole * input;
        }
    }
    for (inputs, part) in candidates.iter().zip(&parts) {
        let chance = choice.weight * part / whole;
        for row in 0..WEIGHTS {
            let off = chance * (inputs[row] - mean[row]);
            for column in 0..WEIGHTS {
                curvature[row][column] += off * (inputs[column] - mean[column]);
            }
        }
    }
    for row in 0..WEIGHTS {
        gradient[row] += choice.weight * (candidates[choice.right][row] - mean[row]);
    }
}

/// The curve on all utterances, what hold-outs of the shipped knowledge need beside it, and
/// what showing choices adds.
fn fit_curve(tasks: &[Prepared<'_>], weights: &Weights) -> ShippedCurve {
    let (mut first, mut shown) = (Vec::new(), Vec::new());
    for task in tasks {
        for question in &task.questions {
            let ranked = ranked(task, question, weights);
            let Some(best) = ranked.first() else { continue };
            let inputs = evidence(best);
            let weight = if task.is_shipped { 1.0 } else { FOREIGN_IN_CURVE };
            let is_right = question.wanted == Some(best.target);
            first.push(Observed { inputs, weight, is_right });
            let Some(entry) = first_entry(&ranked) else { continue };
            let is_shown =
                choices(&ranked, CHOICES).any(|choice| Some(choice.target) == question.wanted);
            shown.push((evidence(entry), weight, is_shown));
        }
    }
    let shipped = ShippedCurve::get().coefficients;
    let prior: Prior<INPUTS> = Prior { mean: shipped, document_frequency: [CURVE_SPREAD; INPUTS] };
    let coefficients: Evidence = fit(&prior, &first);
    let log_odds = |evidence: &Evidence| dot(&coefficients, evidence);
    let prior = Prior { mean: [0.0, 1.0], document_frequency: [WIDE; 2] };
    let of_shown = |&(inputs, weight, is_right): &(Evidence, f64, bool)| Observed {
        inputs: [1.0, log_odds(&inputs)],
        weight,
        is_right,
    };
    let shown = fit(&prior, &shown.iter().map(of_shown).collect::<Vec<_>>());
    let own = tasks.iter().find(|task| task.is_shipped);
    let (hold_outs, missed) = own.map_or(([0.0, 1.0], 1.0), |task| {
        let (seen, missed) = hold_out_observations(&task.bank, task.base, weights);
        let observed: Vec<Observed<2>> = seen
            .into_iter()
            .map(|(evidence, weight, is_right)| Observed {
                inputs: [1.0, log_odds(&evidence)],
                weight,
                is_right,
            })
            .collect();
        (fit(&prior, &observed), missed)
    });
    ShippedCurve { coefficients, hold_outs, missed, shown }
}

/// How many choices are shown, as in the shipped policy.
const CHOICES: usize = 4;
