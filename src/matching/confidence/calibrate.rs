//! What a score is worth in this knowledge base: asked by holding its own questions out.
//!
//! Each similar question is taken out of the index and asked, which should find its entry;
//! and asked again with its whole entry taken out, when whatever is found is wrong. The
//! latter stands for customers who ask what the knowledge base does not hold. How much closer
//! than a hold-out an utterance mostly is was measured once, on the shipped knowledge.

use super::{
    curve::{Curve, Evidence, correction_inputs, evidence},
    logistic::Observed,
    threshold::{Basis, Threshold, Trial},
};
use crate::knowledge::{Expected, KnowledgeBase, Split};
use crate::matching::{
    index::profile::HoldOut,
    rank::{
        bank::QuestionBank,
        ranking::{Ranked, rank},
        weights::Weights,
    },
    rules::intents::{IntentPatterns, is_safety},
    score::Confidence,
    target::{IndexedQuestion, QuestionRole, Target},
};
use crate::parallel::Threads;
use crate::text::{fnv1a_of, normalize};

/// How many questions are held out at most. 1,000 settle a threshold to about two percent,
/// and keep a reload of a large knowledge base within a second.
const HOLD_OUTS_MAX: usize = 1_000;

/// So many utterances of tests settle a threshold better than hold-outs do.
const UTTERANCES_MIN: usize = 300;

/// The share of utterances that no entry answers. A first guess until transcripts tell: of
/// the questions that reach a financial help line, a fifth to a third fit no prepared answer.
const UNANSWERABLE_SHARE: f64 = 0.25;

/// A clarification shows so much of the chance that is spread over all candidates: what is
/// left out is seldom wanted.
const SHOWN_CHANCE: f32 = 0.9;

/// Two choices are shown even where the first has nearly all the chance: it was not enough to
/// answer.
const CHOICES_MIN: usize = 2;

/// What has a smaller chance beside the best one than this is noise.
const CHOICE_CHANCE_MIN: f32 = 0.03;

/// What the hold-outs taught: the curve from score to confidence, and the thresholds.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibration {
    pub(crate) curve: Curve,
    /// From which confidence on an answer is given at once.
    pub answer: Threshold,
    /// From which confidence on choices are shown.
    pub clarify: Threshold,
    /// How many questions were held out and asked.
    pub held_out: usize,
    /// How many utterances of the `fit` half of the tests the thresholds rest on; 0 when there
    /// are too few, and they rest on the hold-outs.
    pub told: usize,
    /// Of the answerable ones that the thresholds rest on, the share that is answered at once,
    /// rightly or wrongly.
    pub answer_rate: f64,
    /// Of those without an answer, the share that is answered at once.
    pub false_answer_rate: f64,
}

/// What a calibration learns from, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Learning<'a> {
    pub(crate) base: &'a KnowledgeBase,
    /// Those of the base.
    pub(crate) intent_patterns: &'a IntentPatterns,
    pub(crate) weights: &'a Weights,
    pub(crate) threads: Threads,
}

impl Calibration {
    /// Holds questions out and learns from what is found, in a bank that was not taught them.
    /// What tests say is asked of the bank itself.
    pub(crate) fn run(
        bank: &QuestionBank,
        held_out_of: &QuestionBank,
        learning: &Learning<'_>,
    ) -> Self {
        let policy = &learning.base.policy;
        let asked = ask_all(held_out_of, learning);
        let observed: Vec<Observed<2>> = asked.iter().filter_map(Probe::observed).collect();
        let curve = Curve::of_hold_outs(&observed, missed(&asked));
        let mut told = ask_tests(bank, learning);
        weigh(&mut told);
        // What customers say tells more than hold-outs do, if there is enough of it.
        let judges = if told.len() >= UTTERANCES_MIN { &told } else { &asked };
        let trial =
            |one: &Probe, confidence, chance| Trial { confidence, weight: one.weight, chance };
        let per_mille = |target: u16| f64::from(target) / 1_000.0;
        let answered = judges
            .iter()
            .map(|one| trial(one, one.confidence(&curve), one.chance(&curve)))
            .collect();
        let answer = Threshold::find(answered, per_mille(policy.answer_precision));
        // What is answered or acted on at once is not clarified: the promise is about the rest.
        let clarified = judges
            .iter()
            .filter(|one| !one.is_sure(&curve, answer.at))
            .map(|one| trial(one, one.confidence_of_entry(&curve), one.chance_shown(&curve)))
            .collect();
        let mut clarify = Threshold::find(clarified, per_mille(policy.clarify_precision));
        if clarify.at > answer.at {
            clarify.at = answer.at;
        }
        let rate = |answerable| {
            let of: Vec<&Probe> =
                judges.iter().filter(|one| one.is_answerable == answerable).collect();
            let sure = of.iter().filter(|one| one.confidence(&curve) >= answer.at).count();
            sure as f64 / of.len().max(1) as f64
        };
        let (answer_rate, false_answer_rate) = (rate(true), rate(false));
        let told = if told.len() >= UTTERANCES_MIN { told.len() } else { 0 };
        Self {
            held_out: asked.len() / 2,
            told,
            curve,
            answer,
            clarify,
            answer_rate,
            false_answer_rate,
        }
    }

    /// How likely a ranked target is right.
    pub(crate) fn confidence(&self, ranked: &Ranked) -> Confidence {
        if ranked.is_equal {
            return Confidence::EXACT;
        }
        confidence(self.curve.at(&evidence(ranked)))
    }

    /// Whether what comes first is answered, or acted on, at once.
    pub(crate) fn is_sure(&self, first: &Ranked) -> bool {
        let line = Lead::of(Some(first)).line(self.answer.at);
        line.is_some_and(|line| self.confidence(first) >= line)
    }

    /// Whether the first entry is likely enough for choices to be shown; an intent may come
    /// before it.
    pub(crate) fn shows_choices(&self, ranked: &[Ranked]) -> bool {
        let is_likely = |one: &Ranked| self.confidence(one) >= self.clarify.at;
        ranked.first().is_some_and(is_likely) && first_entry(ranked).is_some_and(is_likely)
    }

    /// How likely each is right, of what is ranked. One at most is right: what the first leaves,
    /// the others share as the conditional logit does that the scores come from, none with more
    /// than its own confidence or than one before it. Where an entry `has_rule_hit` before them, all
    /// of them share what that leaves.
    pub(crate) fn confidences(&self, ranked: &[Ranked], has_rule_hit: bool) -> Vec<Confidence> {
        let (first, others) = match ranked.split_first() {
            Some((first, others)) if !has_rule_hit => (Some(self.confidence(first)), others),
            _ => (None, ranked),
        };
        let mut most = first.unwrap_or(Confidence::EXACT).get();
        let left = 1.0 - most;
        let part = beside_best(others);
        let whole: f32 = others.iter().map(&part).sum();
        let shares = others.iter().map(|one| {
            let share = left * part(one) / whole;
            most = self.confidence(one).get().min(share).min(most);
            Confidence::new(most).expect("no more than a confidence, and no less than 0")
        });
        first.into_iter().chain(shares).collect()
    }

    /// What the operator should know about the thresholds, in Chinese; empty when both rest
    /// on hold-outs.
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

/// The entries to show as choices: the best ones, until together they are likely enough.
///
/// The chance of each is that of the conditional logit which the scores come from.
pub(crate) fn choices(ranked: &[Ranked], most: usize) -> impl Iterator<Item = &Ranked> {
    let part = beside_best(ranked);
    let whole: f32 = ranked.iter().map(&part).sum();
    let entries = ranked.iter().filter(|one| matches!(one.target, Target::Entry(_)));
    let (mut shown, mut count) = (0.0, 0);
    entries.take(most).take_while(move |&one| {
        let is_wanted = count < CHOICES_MIN || shown < SHOWN_CHANCE * whole;
        shown += part(one);
        count += 1;
        is_wanted && (count == 1 || part(one) >= CHOICE_CHANCE_MIN)
    })
}

/// How likely one of these is for each that the best of them is likely, by the conditional logit
/// which the scores come from.
fn beside_best(ranked: &[Ranked]) -> impl Fn(&Ranked) -> f32 + use<> {
    let best = ranked.first().map_or(0.0, |best| best.score);
    move |one| libm::expf(one.score - best)
}

/// What comes first among entries.
pub(crate) fn first_entry(ranked: &[Ranked]) -> Option<&Ranked> {
    ranked.iter().find(|one| matches!(one.target, Target::Entry(_)))
}

/// From which confidence on an intent is acted on. An intent is no choice to show, and its
/// wrong words cost a customer less than a wrong answer does: two of three must be right.
const INTENT_SURE_AT: f32 = 0.66;

/// By how many log-odds the first must lead the second to be answered at once: of two that are
/// nearly as likely the customer chooses, whatever the confidence.
const LEAD_MIN: f32 = 0.4;

/// What leads far enough to be answered, or acted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lead {
    Entry,
    Intent,
    Neither,
}

impl Lead {
    fn of(first: Option<&Ranked>) -> Self {
        let leading = first.filter(|first| first.is_equal || first.margin >= LEAD_MIN);
        match leading.map(|first| first.target) {
            Some(Target::Entry(_)) => Self::Entry,
            Some(Target::Intent(_)) => Self::Intent,
            None => Self::Neither,
        }
    }

    /// From which confidence on it is answered, or acted on; `None` of what leads too little.
    fn line(self, of_answers: Confidence) -> Option<Confidence> {
        match self {
            Self::Entry => Some(of_answers),
            Self::Intent => Some(confidence(INTENT_SURE_AT.into())),
            Self::Neither => None,
        }
    }
}

/// One question asked, and what came of it.
struct Probe {
    /// Of what came first; `None` when nothing was found.
    evidence: Option<Evidence>,
    /// Of what came first among entries: choices are entries.
    of_entry: Option<Evidence>,
    lead: Lead,
    weight: f64,
    is_answerable: bool,
    is_right: bool,
    /// Whether the right entry would be among the choices; `None` of a hold-out, whose truth
    /// is not that of an utterance.
    is_shown: Option<bool>,
}

impl Probe {
    /// How likely what comes first is right: known of an utterance, expected of a hold-out.
    fn chance(&self, curve: &Curve) -> f64 {
        match self.is_shown {
            Some(_) => f64::from(u8::from(self.is_right)),
            None => self.evidence.map_or(0.0, |evidence| curve.at(&evidence)),
        }
    }

    /// The same of whether the right entry is among the choices.
    fn chance_shown(&self, curve: &Curve) -> f64 {
        match self.is_shown {
            Some(is_shown) => f64::from(u8::from(is_shown)),
            None => self.of_entry.map_or(0.0, |evidence| curve.shown_at(&evidence)),
        }
    }

    /// `None` of what found nothing: that is as far from an answer as can be, and teaches nothing.
    fn observed(&self) -> Option<Observed<2>> {
        let inputs = correction_inputs(&self.evidence?);
        Some(Observed { inputs, weight: self.weight, is_right: self.is_right })
    }

    /// How sure an answer would be; nothing where none can be given.
    fn confidence(&self, curve: &Curve) -> Confidence {
        let evidence = self.evidence.filter(|_| self.lead == Lead::Entry);
        confidence(evidence.map_or(0.0, |evidence| curve.at(&evidence)))
    }

    /// How likely the first entry is right: by it, choices are shown or not.
    fn confidence_of_entry(&self, curve: &Curve) -> Confidence {
        let at = |evidence: Option<Evidence>| evidence.map_or(0.0, |evidence| curve.at(&evidence));
        confidence(at(self.of_entry).min(at(self.evidence)))
    }

    /// Whether what came first would be answered, or acted on, under such a line of answers.
    fn is_sure(&self, curve: &Curve, of_answers: Confidence) -> bool {
        let chance = self.evidence.map_or(0.0, |evidence| curve.at(&evidence));
        self.lead.line(of_answers).is_some_and(|line| confidence(chance) >= line)
    }
}

fn confidence(chance: f64) -> Confidence {
    let confidence = (chance as f32).clamp(0.0, Confidence::INEXACT_MAX);
    Confidence::new(confidence).expect("clamped into the range")
}

/// What is seen of the hold-outs of a knowledge base, each with its weight and whether what
/// came first was right, and the share of them that missed their entry.
pub(crate) fn hold_out_observations(
    bank: &QuestionBank,
    base: &KnowledgeBase,
    weights: &Weights,
) -> (Vec<(Evidence, f64, bool)>, f64) {
    let intent_patterns = &IntentPatterns::of(&base.intents);
    let threads = Threads::all();
    let asked = ask_all(bank, &Learning { base, intent_patterns, weights, threads });
    let seen = asked.iter().filter_map(|one| Some((one.evidence?, one.weight, one.is_right)));
    (seen.collect(), missed(&asked))
}

/// Asks every question that is held out, with and without the rest of its target.
fn ask_all(bank: &QuestionBank, learning: &Learning<'_>) -> Vec<Probe> {
    let hold_outs = choose(bank.questions(), learning);
    let ask = |held_out: &u32| ask(bank, learning.base, *held_out, learning.weights);
    let asked = learning.threads.map(&hold_outs, ask);
    let mut asked = asked.into_flattened();
    weigh(&mut asked);
    asked
}

/// Asks the utterances of the `fit` half of the tests, but for those that a pattern or a question
/// word for word decides before any ranking.
fn ask_tests(bank: &QuestionBank, learning: &Learning<'_>) -> Vec<Probe> {
    let Learning { base, intent_patterns, weights, threads } = *learning;
    let mut utterances: Vec<(&str, Option<Target>)> = Vec::new();
    for case in base.tests.cases.iter().filter(|case| case.split == Split::Fit) {
        let wanted = match &case.expected {
            Expected::Entry(id) => base.entries.place(id),
            Expected::NoAnswer(_) => None,
            // An intent is acted on under a line of its own; what is vague has no right entry.
            Expected::Intent(_) | Expected::Clarify(_) => continue,
        };
        let said = case.say.iter().map(|said| said.text.as_str());
        utterances.extend(said.map(|text| (text, wanted.map(Target::Entry))));
    }
    let asked = threads.map(&utterances, |&(text, wanted)| {
        let normalized = normalize(text);
        let core = bank.cores().core(normalized.as_str());
        let is_decided = intent_patterns.find(normalized.as_str(), |_| true).is_some()
            || bank.find_equal(base, normalized.as_str(), &core, |_| true).is_some();
        (!is_decided).then(|| ask_one(bank, &core, wanted, base, weights))
    });
    asked.into_iter().flatten().collect()
}

fn ask_one(
    bank: &QuestionBank,
    core: &str,
    wanted: Option<Target>,
    base: &KnowledgeBase,
    weights: &Weights,
) -> Probe {
    let judged = bank.judge(&bank.ask(core), None, weights, |_| true);
    let ranked = rank(judged, bank.questions(), None, |_| true);
    let most = usize::from(base.policy.clarify_choices);
    let is_shown = choices(&ranked, most).any(|choice| Some(choice.target) == wanted);
    let first = ranked.first();
    Probe {
        evidence: first.map(evidence),
        of_entry: first_entry(&ranked).map(evidence),
        lead: Lead::of(first),
        weight: 1.0,
        is_answerable: wanted.is_some(),
        is_right: first.is_some_and(|first| Some(first.target) == wanted),
        is_shown: Some(is_shown),
    }
}

/// The share of the answerable ones whose entry did not come first.
fn missed(asked: &[Probe]) -> f64 {
    let answerable = asked.iter().filter(|one| one.is_answerable);
    let found = answerable.clone().filter(|one| one.is_right).count();
    1.0 - found as f64 / answerable.count().max(1) as f64
}

/// The similar questions to hold out: all, or the first ones by a hash of their wording, so
/// that the choice is spread over the entries and the same on every machine. What a pattern
/// decides before any ranking has nothing to say about the ranking.
fn choose(questions: &[IndexedQuestion], learning: &Learning<'_>) -> Vec<u32> {
    let is_decisive = |intent: usize| is_safety(&learning.base.intents[intent]);
    let is_ranked = |question: &IndexedQuestion| {
        let normalized = normalize(question.wording(learning.base));
        learning.intent_patterns.find(normalized.as_str(), is_decisive).is_none()
    };
    let mut ordered: Vec<(u64, u32)> = questions
        .iter()
        .zip(0..)
        .filter(|(question, _)| question.role == QuestionRole::Similar)
        .map(|(question, id)| (fnv1a_of(question.wording(learning.base)), id))
        .collect();
    ordered.sort_unstable();
    let ordered = ordered.into_iter().map(|(_, id)| id);
    ordered.filter(|&id| is_ranked(&questions[id as usize])).take(HOLD_OUTS_MAX).collect()
}

/// Asks a held-out question twice: without itself, and without its whole target; among what
/// the same customer may be served.
fn ask(bank: &QuestionBank, base: &KnowledgeBase, held_out: u32, weights: &Weights) -> [Probe; 2] {
    let questions = bank.questions();
    let target = questions[held_out as usize].target;
    let of_target = bank.of_target(target).map(|id| &questions[id as usize]);
    let others = of_target.filter(|one| one.role != QuestionRole::Not);
    let may_meet = |other| match (target, other) {
        (Target::Entry(own), Target::Entry(other)) => {
            !base.entries[own].when.excludes(&base.entries[other].when)
        }
        (Target::Entry(_) | Target::Intent(_), _) => true,
    };
    let has_others = others.count() > 1;
    [HoldOut::Question, HoldOut::Target].map(|hold_out| {
        let is_answerable = hold_out == HoldOut::Question && has_others;
        let judged = bank.judge_held_out(held_out, hold_out, weights);
        let ranked = rank(judged, questions, None, may_meet);
        let first = ranked.first();
        Probe {
            evidence: first.map(evidence),
            of_entry: first_entry(&ranked).map(evidence),
            lead: Lead::of(first),
            weight: 1.0,
            is_answerable,
            is_right: is_answerable && first.is_some_and(|first| first.target == target),
            is_shown: None,
        }
    })
}

/// Gives the unanswerable ones their share of the whole.
fn weigh(asked: &mut [Probe]) {
    let answerable = asked.iter().filter(|one| one.is_answerable).count() as f64;
    let unanswerable = asked.len() as f64 - answerable;
    let weight =
        answerable * UNANSWERABLE_SHARE / (1.0 - UNANSWERABLE_SHARE) / unanswerable.max(1.0);
    for one in asked.iter_mut().filter(|one| !one.is_answerable) {
        one.weight = weight;
    }
}
