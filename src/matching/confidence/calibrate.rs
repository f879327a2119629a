//! Calibration: from a score to a confidence, and the thresholds of the promised precisions.
//!
//! A knowledge base is calibrated on its own questions. Each similar question is held out of
//! the index and asked, which should find its entry. It is asked again with its whole entry
//! held out, and then any answer is wrong. The second kind stands for customers who ask for
//! something that the knowledge base does not hold. An utterance is mostly closer to a wording
//! than a hold-out is; how much closer was measured once, on the shipped knowledge.

use super::{
    choices::{first_entry, relative_likelihood},
    curve::{Curve, evidence},
    hold_outs::{CalibrationInput, Probe, miss_rate, probe_hold_outs, probe_tests},
    lead::Lead,
    logistic::Observed,
    threshold::{Basis, Threshold, Trial},
};
use crate::knowledge::KnowledgeBase;
use crate::matching::{
    rank::{bank::QuestionBank, ranking::Ranked},
    score::Confidence,
};

/// With this many utterances of the tests, the thresholds rest on them and not on hold-outs:
/// an utterance is the thing itself, and a hold-out only stands for one.
const UTTERANCES_MIN: usize = 300;

/// The curve from score to confidence, and the two thresholds.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    pub(crate) curve: Curve,
    /// The smallest confidence at which an answer is given at once.
    pub answer: Threshold,
    /// The smallest confidence at which choices are shown.
    pub clarify: Threshold,
    /// How many questions were held out and asked.
    pub held_out: usize,
    /// How many utterances of the `fit` part of the tests the thresholds rest on; 0 when there
    /// are too few, and the thresholds rest on the hold-outs.
    pub utterances: usize,
    /// The share of the answerable cases that is answered at once, rightly or wrongly. The cases
    /// are those that the thresholds rest on.
    pub answer_rate: f64,
    /// The share of the unanswerable cases that is answered at once.
    pub false_answer_rate: f64,
}

impl Calibration {
    /// Fits the curve on hold-outs of `hold_out_bank` and finds the thresholds.
    ///
    /// `hold_out_bank` must not have been trained on the questions that are held out. The
    /// utterances of the tests are asked of `bank`, which is the one that serves.
    pub(crate) fn run(
        bank: &QuestionBank,
        hold_out_bank: &QuestionBank,
        input: &CalibrationInput<'_>,
    ) -> Self {
        let policy = &input.base.policy;
        let hold_outs = probe_hold_outs(hold_out_bank, input);
        let observed: Vec<Observed<2>> = hold_outs.iter().filter_map(Probe::observed).collect();
        let curve = Curve::of_hold_outs(&observed, miss_rate(&hold_outs));
        let tests = probe_tests(bank, input);
        let has_enough_tests = tests.len() >= UTTERANCES_MIN;
        let cases = if has_enough_tests { &tests } else { &hold_outs };
        let trial =
            |case: &Probe, confidence, chance| Trial { confidence, weight: case.weight, chance };
        let per_mille = |target: u16| f64::from(target) / 1_000.0;
        let answered = cases
            .iter()
            .map(|case| trial(case, case.confidence(&curve), case.chance(&curve)))
            .collect();
        let answer = Threshold::find(answered, per_mille(policy.answer_precision));
        // The promise of a clarification covers the rest: no case that is answered or acted on.
        let clarified = cases
            .iter()
            .filter(|case| !case.is_sure(&curve, answer.at))
            .map(|case| trial(case, case.confidence_of_entry(&curve), case.chance_shown(&curve)))
            .collect();
        let mut clarify = Threshold::find(clarified, per_mille(policy.clarify_precision));
        if clarify.at > answer.at {
            clarify.at = answer.at;
        }
        let rate = |answerable| {
            let of: Vec<&Probe> =
                cases.iter().filter(|case| case.is_answerable == answerable).collect();
            let sure = of.iter().filter(|case| case.confidence(&curve) >= answer.at).count();
            sure as f64 / of.len().max(1) as f64
        };
        Self {
            held_out: hold_outs.len() / 2,
            utterances: if has_enough_tests { tests.len() } else { 0 },
            answer_rate: rate(true),
            false_answer_rate: rate(false),
            curve,
            answer,
            clarify,
        }
    }

    /// How likely a ranked target is right.
    pub(crate) fn confidence(&self, ranked: &Ranked) -> Confidence {
        if ranked.is_equal {
            return Confidence::EXACT;
        }
        Confidence::inexact(self.curve.at(&evidence(ranked)))
    }

    /// Whether the first candidate is answered, or acted on, at once.
    pub(crate) fn is_sure(&self, base: &KnowledgeBase, first: &Ranked) -> bool {
        let threshold = Lead::of(base, Some(first)).threshold(self.answer.at);
        threshold.is_some_and(|threshold| self.confidence(first) >= threshold)
    }

    /// Whether the first entry is likely enough for choices to be shown. An intent may rank
    /// before it.
    pub(crate) fn shows_choices(&self, ranked: &[Ranked]) -> bool {
        let is_likely = |one: &Ranked| self.confidence(one) >= self.clarify.at;
        ranked.first().is_some_and(is_likely) && first_entry(ranked).is_some_and(is_likely)
    }

    /// The confidence of each ranked candidate; together at most 1, since at most one is right.
    ///
    /// The first has its calibrated confidence. The others share the remainder in proportion to
    /// the conditional logit of their scores. No confidence exceeds the candidate's own
    /// calibrated one, nor that of a better candidate. With a rule hit, which ranks before all
    /// of them, all share the remainder of its confidence.
    pub(crate) fn confidences(&self, ranked: &[Ranked], has_rule_hit: bool) -> Vec<Confidence> {
        let (first, others) = match ranked.split_first() {
            Some((first, others)) if !has_rule_hit => (Some(self.confidence(first)), others),
            _ => (None, ranked),
        };
        let mut most = first.unwrap_or(Confidence::EXACT).get();
        let remainder = 1.0 - most;
        let likelihood = relative_likelihood(others);
        let total: f32 = others.iter().map(&likelihood).sum();
        let shares = others.iter().map(|one| {
            let share = remainder * likelihood(one) / total;
            most = self.confidence(one).get().min(share).min(most);
            Confidence::new(most).expect("at most a confidence, and at least 0")
        });
        first.into_iter().chain(shares).collect()
    }

    /// Warnings for the operator about the thresholds, in Chinese; empty when both keep their
    /// target.
    pub fn warnings(&self) -> Vec<String> {
        let warn = |name: &str, threshold: &Threshold| match threshold.basis {
            Basis::Expected { .. } => None,
            Basis::TooFew { count } => Some(format!(
                "{name}的目标准确率 {:.1}% 无法验证：只有 {count} 句可据，暂按校准置信度本身判断；\
                 请给条目补充相似问",
                threshold.target * 100.0,
            )),
            Basis::OutOfReach { best } => Some(format!(
                "{name}的目标准确率 {:.1}% 保证不了：下限最高为 {:.1}%，暂按校准置信度本身判断；\
                 请检查相近的条目，或降低目标",
                threshold.target * 100.0,
                best * 100.0,
            )),
        };
        [warn("直接回答", &self.answer), warn("反问", &self.clarify)]
            .into_iter()
            .flatten()
            .collect()
    }
}
