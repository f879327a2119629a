//! The cases that a calibration learns from: held-out questions, and utterances of the tests.

use super::{
    choices::{choices, first_entry},
    curve::{Curve, Evidence, correction_inputs, evidence},
    lead::Lead,
    logistic::Observed,
    threshold::Trial,
};
use crate::knowledge::{Expected, IntentAction, KnowledgeBase, Split};
use crate::matching::{
    guard::finder::GuardFinder,
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

/// The share of utterances that no entry answers. A first guess until transcripts tell: of
/// the questions that reach a financial help line, a fifth to a third fit no prepared answer.
pub(super) const UNANSWERABLE_SHARE: f64 = 0.25;

/// The share of utterances without an answer in the curve. With the quarter that the thresholds
/// assume, the curve trusted a lead less and its confidences were too small: the calibration error
/// of the regression set was 0.097 instead of 0.059.
pub(crate) const UNANSWERABLE_IN_CURVE: f64 = 0.1;

/// The inputs of a calibration.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CalibrationInput<'a> {
    pub(crate) base: &'a KnowledgeBase,
    /// The patterns of the intents of `base`.
    pub(crate) intent_patterns: &'a IntentPatterns,
    pub(crate) guard: &'a GuardFinder,
    pub(crate) weights: &'a Weights,
    pub(crate) threads: Threads,
}

/// One question or utterance that was asked, and the evidence of its result.
pub(crate) struct Probe {
    /// Of the first candidate; `None` when nothing was found.
    evidence: Option<Evidence>,
    /// Of the first entry, since only entries are choices.
    entry_evidence: Option<Evidence>,
    lead: Lead,
    pub(crate) weight: f64,
    wanted: AskedFor,
    is_right: bool,
    /// Whether the first candidate is an intent with a text of its own. Where nothing is wanted,
    /// it does no harm.
    is_reply: bool,
    /// Whether the right entry would be among the choices. `None` for a hold-out: its chance is
    /// estimated by the curve, because a hold-out is harder than an utterance.
    is_shown: Option<bool>,
}

/// What a case asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AskedFor {
    Entry,
    Intent,
    Nothing,
}

impl Probe {
    /// Whether there is a right answer.
    pub(crate) fn is_answerable(&self) -> bool {
        self.wanted != AskedFor::Nothing
    }

    /// Whether an intent is wanted. It says nothing of the thresholds of entries.
    pub(crate) fn is_of_intent(&self) -> bool {
        self.wanted == AskedFor::Intent
    }

    /// Of an utterance of `chars` characters, normalised.
    fn new(
        base: &KnowledgeBase,
        (ranked, chars): (&[Ranked], usize),
        wanted: Option<Target>,
        is_shown: Option<bool>,
    ) -> Self {
        let first = ranked.first();
        Self {
            evidence: first.map(evidence),
            entry_evidence: first_entry(ranked).map(evidence),
            lead: Lead::of(base, first, chars),
            weight: 1.0,
            wanted: match wanted {
                Some(Target::Entry(_)) => AskedFor::Entry,
                Some(Target::Intent(_)) => AskedFor::Intent,
                None => AskedFor::Nothing,
            },
            is_right: wanted.is_some() && first.map(|first| first.target) == wanted,
            is_reply: first.is_some_and(|first| is_reply(base, first.target)),
            is_shown,
        }
    }

    /// The case as a trial of a threshold that counts for `part` of its weight.
    pub(crate) fn trial(&self, confidence: Confidence, chance: f64, part: f64) -> Trial {
        Trial { confidence, weight: part * self.weight, chance, is_own: true }
    }

    /// The case as a trial of the threshold of intents; `None` where no intent leads far enough,
    /// and where it says something harmless to what nothing answers.
    pub(crate) fn trial_of_intent(&self, curve: &Curve, part: f64) -> Option<Trial> {
        let evidence = self.evidence.filter(|_| self.lead == Lead::Intent)?;
        let is_harmless = self.is_reply && !self.is_answerable() && self.is_shown.is_some();
        let confidence = Confidence::inexact(curve.at(&evidence));
        (!is_harmless).then(|| self.trial(confidence, self.chance(curve), part))
    }

    /// The chance that the first candidate is right: 0 or 1 for an utterance, estimated for a
    /// hold-out.
    pub(crate) fn chance(&self, curve: &Curve) -> f64 {
        match self.is_shown {
            Some(_) => f64::from(u8::from(self.is_right)),
            None => self.evidence.map_or(0.0, |evidence| curve.at(&evidence)),
        }
    }

    /// The chance that the right entry is among the choices: 0 or 1 for an utterance, estimated
    /// for a hold-out.
    pub(crate) fn chance_shown(&self, curve: &Curve) -> f64 {
        match self.is_shown {
            Some(is_shown) => f64::from(u8::from(is_shown)),
            None => self.entry_evidence.map_or(0.0, |evidence| curve.shown_at(&evidence)),
        }
    }

    /// The observation that the curve's correction is fitted on; `None` when nothing was found,
    /// which has no evidence.
    pub(crate) fn observed(&self) -> Option<Observed<2>> {
        let inputs = correction_inputs(&self.evidence?);
        Some(Observed { inputs, weight: self.weight, is_right: self.is_right })
    }

    /// The same for an utterance of the tests, which weighs as it did where the shipped curve was
    /// fitted.
    pub(crate) fn observed_utterance(&self) -> Option<Observed<2>> {
        let odds = |share: f64| share / (1.0 - share);
        let rarer = odds(UNANSWERABLE_IN_CURVE) / odds(UNANSWERABLE_SHARE);
        let part = if self.is_answerable() { 1.0 } else { rarer };
        self.observed().map(|observed| Observed { weight: part * observed.weight, ..observed })
    }

    /// The confidence of an answer at once; 0 when no entry leads far enough for one, and for an
    /// urgent entry, which has a threshold of its own.
    pub(crate) fn confidence(&self, curve: &Curve) -> Confidence {
        let evidence = self.evidence.filter(|_| self.lead == Lead::Entry);
        Confidence::inexact(evidence.map_or(0.0, |evidence| curve.at(&evidence)))
    }

    /// The confidence that decides whether choices are shown: that of the first entry, and at
    /// most that of the first candidate.
    pub(crate) fn confidence_of_entry(&self, curve: &Curve) -> Confidence {
        let at = |evidence: Option<Evidence>| evidence.map_or(0.0, |evidence| curve.at(&evidence));
        Confidence::inexact(at(self.entry_evidence).min(at(self.evidence)))
    }

    /// Whether the first candidate would be answered, or acted on, where `is_enough` holds for the
    /// confidence of an entry that leads far enough, and `intent` is the threshold of intents.
    pub(crate) fn is_sure_at(
        &self,
        curve: &Curve,
        intent: Confidence,
        is_enough: impl Fn(Confidence) -> bool,
    ) -> bool {
        let chance = self.evidence.map_or(0.0, |evidence| curve.at(&evidence));
        let confidence = Confidence::inexact(chance);
        match self.lead {
            Lead::Entry => is_enough(confidence),
            Lead::Intent | Lead::Urgent(_) | Lead::Neither => {
                let at = self.lead.threshold(Confidence::EXACT, intent);
                at.is_some_and(|at| confidence >= at)
            }
        }
    }
}

/// Whether an intent answers with a text of its own, without a human.
fn is_reply(base: &KnowledgeBase, target: Target) -> bool {
    let Target::Intent(place) = target else { return false };
    matches!(base.intents[place].action, IntentAction::Reply { .. })
}

/// The evidence of every hold-out of a knowledge base, with its weight and whether the first
/// candidate was right; and the miss rate.
pub(crate) fn hold_out_observations(
    bank: &QuestionBank,
    base: &KnowledgeBase,
    weights: &Weights,
) -> (Vec<(Evidence, f64, bool)>, f64) {
    let intent_patterns = &IntentPatterns::of(&base.intents);
    let threads = Threads::all();
    let guard = &GuardFinder::of(base, bank, None);
    let input = CalibrationInput { base, intent_patterns, guard, weights, threads };
    let probes = probe_hold_outs(bank, &input);
    let observations =
        probes.iter().filter_map(|one| Some((one.evidence?, one.weight, one.is_right)));
    (observations.collect(), miss_rate(&probes))
}

/// Asks every held-out question twice: without itself, and without its whole target.
pub(crate) fn probe_hold_outs(bank: &QuestionBank, input: &CalibrationInput<'_>) -> Vec<Probe> {
    let hold_outs = select_hold_outs(bank.questions(), input);
    let probe = |held_out: &u32| probe_hold_out(bank, input.base, *held_out, input.weights);
    let mut probes = input.threads.map(&hold_outs, probe).into_flattened();
    weight_unanswerable(&mut probes);
    probes
}

/// Asks the utterances of the `fit` part of the tests. Utterances that the guard, a pattern or an
/// equal question decides are left out: they never reach the ranking.
pub(crate) fn probe_tests(bank: &QuestionBank, input: &CalibrationInput<'_>) -> Vec<Probe> {
    let CalibrationInput { base, weights, threads, .. } = *input;
    let mut probes = threads.map(&ranked_utterances(bank, input), |(normalized, wanted)| {
        let ranked = ranked_utterance(bank, normalized, weights);
        let most = usize::from(base.policy.clarify_choices);
        let is_shown = choices(&ranked, most).any(|choice| Some(choice.target) == *wanted);
        Probe::new(base, (&ranked, normalized.chars().count()), *wanted, Some(is_shown))
    });
    weight_unanswerable(&mut probes);
    probes
}

/// The normalised utterances of the `fit` part of the tests that reach the ranking, each with the
/// entry that it asks for.
pub(super) fn ranked_utterances(
    bank: &QuestionBank,
    input: &CalibrationInput<'_>,
) -> Vec<(String, Option<Target>)> {
    let CalibrationInput { base, intent_patterns, guard, threads, .. } = *input;
    let mut utterances: Vec<(&str, Option<Target>)> = Vec::new();
    for case in base.tests.cases.iter().filter(|case| case.split == Split::Fit) {
        let wanted = match &case.expected {
            Expected::Entry(id) => base.entries.place(id).map(Target::Entry),
            Expected::Intent(id) => base.intents.place(id).map(Target::Intent),
            Expected::NoAnswer(_) => None,
            // A vague utterance has no right entry. The guard decides before the ranking.
            Expected::Clarify(_) | Expected::Guard(_) | Expected::Harmless(_) => continue,
        };
        let texts = case.say.iter().map(|said| said.text.as_str());
        utterances.extend(texts.map(|text| (text, wanted)));
    }
    let ranked = threads.map(&utterances, |&(text, wanted)| {
        let normalized = normalize(text);
        let core = bank.cores().core(normalized.as_str());
        let is_decided = guard.decides(normalized.as_str())
            || intent_patterns.find(normalized.as_str(), |_| true).is_some()
            || bank.find_equal(base, normalized.as_str(), &core, |_| true).is_some();
        (!is_decided).then(|| (normalized.into_string(), wanted))
    });
    ranked.into_iter().flatten().collect()
}

/// The ranking of a normalised utterance.
pub(super) fn ranked_utterance(
    bank: &QuestionBank,
    normalized: &str,
    weights: &Weights,
) -> Vec<Ranked> {
    let core = bank.cores().core(normalized);
    let query = bank.analyze(&core);
    let scored = bank.score(&query, None, weights, |_| true);
    let mut ranked = rank(scored, bank.questions(), None, |target| !bank.refuses(target, &core));
    bank.find_obstacle(&mut ranked, &query);
    ranked
}

/// Asks a held-out question without itself, and without its whole target.
fn probe_hold_out(
    bank: &QuestionBank,
    base: &KnowledgeBase,
    held_out: u32,
    weights: &Weights,
) -> [Probe; 2] {
    let chars = chars_of(bank, base, held_out);
    [HoldOut::Question, HoldOut::Target].map(|hold_out| {
        let (ranked, wanted) = ranked_hold_out(bank, base, held_out, hold_out, weights);
        Probe::new(base, (&ranked, chars), wanted, None)
    })
}

/// How many characters a question has, normalised.
pub(super) fn chars_of(bank: &QuestionBank, base: &KnowledgeBase, question: u32) -> usize {
    normalize(bank.questions()[question as usize].wording(base)).as_str().chars().count()
}

/// The ranking of a held-out question among the entries that the same customer may be served, and
/// its own entry, if that is still there.
pub(super) fn ranked_hold_out(
    bank: &QuestionBank,
    base: &KnowledgeBase,
    question: u32,
    hold_out: HoldOut,
    weights: &Weights,
) -> (Vec<Ranked>, Option<Target>) {
    let questions = bank.questions();
    let target = questions[question as usize].target;
    let own = bank.questions_of(target).map(|id| &questions[id as usize]);
    let has_others = own.filter(|one| one.role != QuestionRole::Not).count() > 1;
    let is_compatible = |other| match (target, other) {
        (Target::Entry(own), Target::Entry(other)) => {
            !base.entries[own].when.excludes(&base.entries[other].when)
        }
        (Target::Entry(_) | Target::Intent(_), _) => true,
    };
    let is_answerable = hold_out == HoldOut::Question && has_others;
    let scored = bank.score_held_out(question, hold_out, weights);
    (rank(scored, questions, None, is_compatible), is_answerable.then_some(target))
}

/// The share of the answerable probes whose entry did not rank first.
pub(crate) fn miss_rate(probes: &[Probe]) -> f64 {
    let answerable = probes.iter().filter(|one| one.is_answerable());
    let found = answerable.clone().filter(|one| one.is_right).count();
    1.0 - found as f64 / answerable.count().max(1) as f64
}

/// The similar questions to hold out, at most [`HOLD_OUTS_MAX`]. The order is that of a hash of
/// the wording, so that the selection covers all entries and is the same on every machine. A
/// question that the guard or a safety pattern decides is left out: it never reaches the ranking.
pub(super) fn select_hold_outs(
    questions: &[IndexedQuestion],
    input: &CalibrationInput<'_>,
) -> Vec<u32> {
    let is_decisive = |intent: usize| is_safety(&input.base.intents[intent]);
    let is_ranked = |question: &IndexedQuestion| {
        let normalized = normalize(question.wording(input.base));
        !input.guard.decides(normalized.as_str())
            && input.intent_patterns.find(normalized.as_str(), is_decisive).is_none()
    };
    let mut ordered: Vec<(u64, u32)> = questions
        .iter()
        .zip(0..)
        .filter(|(question, _)| question.role == QuestionRole::Similar)
        .map(|(question, id)| (fnv1a_of(question.wording(input.base)), id))
        .collect();
    ordered.sort_unstable();
    let ordered = ordered.into_iter().map(|(_, id)| id);
    ordered.filter(|&id| is_ranked(&questions[id as usize])).take(HOLD_OUTS_MAX).collect()
}

/// The weight of an unanswerable case beside so many answerable ones of weight 1, by which the
/// unanswerable ones make up this share of the whole.
pub(crate) fn unanswerable_weight(share: f64, answerable: f64, unanswerable: f64) -> f64 {
    answerable * share / (1.0 - share) / unanswerable.max(1.0)
}

/// Weights the unanswerable probes so that they make up [`UNANSWERABLE_SHARE`] of the whole.
fn weight_unanswerable(probes: &mut [Probe]) {
    let answerable =
        probes.iter().filter(|one| one.is_answerable() && !one.is_of_intent()).count() as f64;
    let unanswerable = probes.iter().filter(|one| !one.is_answerable()).count() as f64;
    let weight = unanswerable_weight(UNANSWERABLE_SHARE, answerable, unanswerable);
    for one in probes.iter_mut().filter(|one| !one.is_answerable()) {
        one.weight = weight;
    }
}
