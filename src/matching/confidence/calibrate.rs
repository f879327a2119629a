//! Calibration: from a score to a confidence, and the thresholds of the promised precisions.
//!
//! A knowledge base is calibrated on its own questions. Each similar question is held out of
//! the index and asked, which should find its entry. It is asked again with its whole entry
//! held out, and then any answer is wrong. The second kind stands for customers who ask for
//! something that the knowledge base does not hold. While there are few hold-outs, cases of young
//! knowledge bases in general stand beside them. An utterance is mostly closer to a wording
//! than a hold-out is; how much closer was measured once, on the shipped knowledge.

use super::{
    choices::{first_entry, relative_likelihood},
    curve::{Curve, QUANTILES, Quantiles, ShippedCurve, between, evidence},
    hold_outs::{
        CalibrationInput, Probe, UNANSWERABLE_SHARE, miss_rate, probe_hold_outs, probe_tests,
    },
    lead::Lead,
    logistic::Observed,
    threshold::{Basis, LeakCase, SmoothChance, Threshold, Trial, leak_threshold},
};
use crate::knowledge::{KnowledgeBase, Policy};
use crate::matching::{
    rank::{bank::QuestionBank, ranking::Ranked},
    score::Confidence,
};

/// With this many utterances of the tests, the thresholds rest on them alone: an utterance is the
/// thing itself, and a hold-out only stands for one.
const UTTERANCES_ENOUGH: usize = 300;

/// How many cases of young knowledge bases in general stand beside the hold-outs of this one. They
/// decide where there are none, and hardly matter among a thousand, without a step between.
const YOUNG_CASES: f64 = 30.0;

/// In how many steps each of the two distributions of young cases is told: as many that a threshold
/// between two of them moves little from one to the next.
const YOUNG_STEPS: usize = 10 * QUANTILES;

/// The weight of a hold-out beside this many utterances of the tests, where an utterance weighs 1.
/// There may be thousands of hold-outs, so it falls with the square: halfway, a thousand of them
/// weigh about as much as the utterances.
fn hold_out_weight(utterances: usize) -> f64 {
    let missing = UTTERANCES_ENOUGH.saturating_sub(utterances) as f64;
    (missing / UTTERANCES_ENOUGH as f64).powi(2)
}

/// The curve from score to confidence, and the thresholds.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    pub(crate) curve: Curve,
    /// The smallest confidence at which an answer is given at once.
    pub answer: Threshold,
    /// The smallest confidence at which choices are shown.
    pub clarify: Threshold,
    /// The smallest confidence at which an intent is acted on.
    pub intent: Threshold,
    /// How many questions were held out and asked.
    pub held_out: usize,
    /// How many utterances of the `fit` part of the tests the thresholds rest on; 0 when there
    /// are too few, and the thresholds rest on the hold-outs.
    pub utterances: usize,
    /// What the thresholds are expected to do.
    pub expected: ExpectedShares,
    /// The smallest confidence at which an entry is answered that only the second encoder made
    /// likely enough; `None` where it is not asked, or proves no precision: then it ranks the choices
    /// and answers nothing at once.
    pub second: Option<Threshold>,
}

/// What the thresholds do to the cases that they rest on.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ExpectedShares {
    /// Answerable cases that are answered at once, rightly or wrongly.
    pub answered: Share,
    /// Direct answers that are right, of all, those to unanswerable cases included. These weigh as
    /// if a quarter of all utterances had no answer, so the count is rounded.
    pub right: Share,
    /// Unanswerable cases that are answered at once.
    pub leaked: Share,
    /// Unanswerable cases that are shown a list of choices.
    pub listed: Share,
}

/// A share as a count of another count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// How many.
    pub part: usize,
    /// Of how many.
    pub of: usize,
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
        let tests = probe_tests(bank, input);
        let held_out: Vec<Observed<2>> = hold_outs.iter().filter_map(Probe::observed).collect();
        let told: Vec<Observed<2>> = tests.iter().filter_map(Probe::observed_utterance).collect();
        let curve = Curve::of_hold_outs(&held_out, miss_rate(&hold_outs)).with_utterances(&told);
        let part = hold_out_weight(tests.len());
        let cases = Cases { tests: &tests, hold_outs: &hold_outs, part };
        let thresholds = PolicyThresholds::find(policy, &cases, &curve);
        let weigh_more = tests.len() as f64 > part * hold_outs.len() as f64;
        Self {
            held_out: hold_outs.len() / 2,
            utterances: if weigh_more { tests.len() } else { 0 },
            expected: thresholds.expect(if weigh_more { &tests } else { &hold_outs }, &curve),
            curve,
            answer: thresholds.answer,
            clarify: thresholds.clarify,
            intent: thresholds.intent,
            second: None,
        }
    }

    /// How likely a ranked target is right.
    pub(crate) fn confidence(&self, ranked: &Ranked) -> Confidence {
        if ranked.is_equal {
            return Confidence::EXACT;
        }
        Confidence::inexact(self.curve.at(&evidence(ranked)))
    }

    /// Whether the first candidate of an utterance of `chars` characters is answered, or acted on, at
    /// once.
    pub(crate) fn is_sure(&self, base: &KnowledgeBase, first: &Ranked, chars: usize) -> bool {
        let lead = Lead::of(base, Some(first), chars);
        let threshold = match first.second {
            // An intent or a fraud was looked for in the first ranking, by which it was not likely.
            Some(_) => self.second.filter(|_| lead == Lead::Entry).map(|second| second.at),
            None => lead.threshold(self.answer.at, self.intent.at),
        };
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

/// The cases that the thresholds rest on.
struct Cases<'p> {
    tests: &'p [Probe],
    hold_outs: &'p [Probe],
    /// The part of its weight that a hold-out keeps beside the tests.
    part: f64,
}

/// A case of young knowledge bases in general.
#[derive(Clone, Copy)]
struct YoungCase {
    confidence: Confidence,
    weight: f64,
    is_answerable: bool,
}

impl Cases<'_> {
    /// The cases of this knowledge base, each with the part of its weight that it keeps.
    fn own(&self) -> impl Iterator<Item = (&Probe, f64)> {
        let told = self.tests.iter().map(|case| (case, 1.0));
        told.chain(self.hold_outs.iter().map(|case| (case, self.part)))
            .filter(|&(_, part)| part > 0.0)
    }

    /// The cases of young knowledge bases in general; none where they weigh nothing.
    fn young(&self) -> impl Iterator<Item = YoungCase> + Clone {
        let shipped = ShippedCurve::get();
        let all = YOUNG_CASES * self.part;
        let of = move |quantiles: &'static Quantiles, share: f64, is_answerable| {
            (0..YOUNG_STEPS).map(move |step| YoungCase {
                confidence: Confidence::inexact(between(quantiles, step, YOUNG_STEPS)),
                weight: all * share / YOUNG_STEPS as f64,
                is_answerable,
            })
        };
        let answerable = of(&shipped.young_answerable, 1.0 - UNANSWERABLE_SHARE, true);
        let unanswerable = of(&shipped.young_unanswerable, UNANSWERABLE_SHARE, false);
        answerable.chain(unanswerable).filter(move |_| all > 0.0)
    }
}

impl YoungCase {
    fn trial(&self, chance: f64) -> Trial {
        Trial { confidence: self.confidence, weight: self.weight, chance, is_own: false }
    }
}

/// The thresholds of a policy, over the cases that they rest on.
struct PolicyThresholds {
    answer: Threshold,
    clarify: Threshold,
    intent: Threshold,
}

impl PolicyThresholds {
    fn find(policy: &Policy, cases: &Cases<'_>, curve: &Curve) -> Self {
        let of_entries = || cases.own().filter(|(case, _)| !case.is_of_intent());
        let share = |of_thousand: u16| f64::from(of_thousand) / 1_000.0;
        let unanswerable = |confidence: fn(&Probe, &Curve) -> Confidence| -> Vec<LeakCase> {
            let own = of_entries().filter(|(case, _)| !case.is_answerable());
            let own = own.map(|(case, part)| (confidence(case, curve), part * case.weight));
            let young = cases.young().filter(|case| !case.is_answerable);
            own.chain(young.map(|case| (case.confidence, case.weight))).collect()
        };
        let target = share(policy.answer_precision);
        let young = cases.young().map(|case| case.trial(case.confidence.get().into()));
        let answered: Vec<Trial> = of_entries()
            .map(|(case, part)| case.trial(case.confidence(curve), case.chance(curve), part))
            .chain(young.clone())
            .collect();
        let smooth = SmoothChance::of(&answered);
        let leaking = unanswerable(Probe::confidence);
        let least = leak_threshold(&leaking, share(policy.answer_leaks_max));
        let answer = Threshold::find(answered, target, least.max(smooth.even()));
        let acted: Vec<Trial> = cases
            .own()
            .filter_map(|(case, part)| case.trial_of_intent(curve, part))
            .chain(young.clone())
            .collect();
        let even = SmoothChance::of(&acted).even();
        let intent = Threshold::find(acted, share(policy.intent_precision), even);
        // The promise of a clarification is about the cases that are too unlikely for an answer,
        // whatever else keeps a case from one. So it does not hang on the answer threshold.
        let is_likely =
            |case: &Probe| case.is_sure_at(curve, intent.at, |at| smooth.at(at) >= target);
        let young_clarified = young
            .filter(|case| smooth.at(case.confidence) < target)
            .map(|case| Trial { chance: curve.shown_where(case.chance), ..case });
        let clarified = of_entries()
            .filter(|(case, _)| !is_likely(case))
            .map(|(case, part)| {
                case.trial(case.confidence_of_entry(curve), case.chance_shown(curve), part)
            })
            .chain(young_clarified)
            .collect();
        let listed = unanswerable(Probe::confidence_of_entry);
        let least = leak_threshold(&listed, share(policy.clarify_leaks_max));
        let target = share(policy.clarify_precision);
        let mut clarify = Threshold::find(clarified, target, least);
        clarify.at = clarify.at.min(answer.at);
        Self { answer, clarify, intent }
    }

    /// What becomes of the cases.
    fn expect(&self, cases: &[Probe], curve: &Curve) -> ExpectedShares {
        let is_answered_at = |confidence| confidence >= self.answer.at;
        let (mut expected, mut right, mut all) = (ExpectedShares::default(), 0.0, 0.0);
        for case in cases.iter().filter(|case| !case.is_of_intent()) {
            let is_answered = case.confidence(curve) >= self.answer.at;
            if is_answered {
                right += case.weight * case.chance(curve);
                all += case.weight;
                expected.right.of += 1;
            }
            if case.is_answerable() {
                expected.answered.add(is_answered);
            } else {
                expected.leaked.add(is_answered);
                let is_listed = case.confidence_of_entry(curve) >= self.clarify.at;
                expected
                    .listed
                    .add(is_listed && !case.is_sure_at(curve, self.intent.at, is_answered_at));
            }
        }
        let share = if all > 0.0 { right / all } else { 0.0 };
        expected.right.part = (share * expected.right.of as f64).round() as usize;
        expected
    }
}

impl Share {
    fn add(&mut self, is_part: bool) {
        self.part += usize::from(is_part);
        self.of += 1;
    }
}
