//! What a score is worth in this knowledge base: asked by holding its own questions out.
//!
//! Each similar question is taken out of the index and asked, which should find its entry;
//! and asked again with its whole entry taken out, when whatever is found is wrong. The
//! latter stands for customers who ask what the knowledge base does not hold. How much closer
//! than a hold-out an utterance mostly is was measured once, on the shipped knowledge.

use super::{
    Confidence, Threshold,
    bank::QuestionBank,
    curve::{Curve, Observed},
    patterns::{is_safety, matches},
    question::{Question, Role, Target},
    rank::{Ranked, rank},
    threshold::{Basis, Trial},
    topic::HoldOut,
};
use crate::knowledge::{Intent, KnowledgeBase};
use crate::text::normalize;

/// How many questions are held out at most. 1,000 settle a threshold to about two percent,
/// and keep a reload of a large knowledge base within a second.
const HOLD_OUTS_MAX: usize = 1_000;

/// The share of utterances that no entry answers. A first guess until transcripts tell: of
/// the questions that reach a financial help line, a fifth to a third fit no prepared answer.
const UNANSWERABLE_SHARE: f64 = 0.25;

/// Of a clarification, a choice is shown only with this share of the best one's score:
/// something that far behind is noise beside it.
const CHOICE_SCORE_SHARE: f32 = 0.6;

/// What the hold-outs taught: the curve from score to confidence, and the thresholds.
#[derive(Clone, Debug)]
pub struct Calibration {
    pub(crate) curve: Curve,
    /// From which confidence on an answer is given at once.
    pub answer: Threshold,
    /// From which confidence on choices are shown.
    pub clarify: Threshold,
    /// How many questions were held out and asked.
    pub held_out: usize,
    /// Of the held-out questions, the share that was answered at once, rightly or wrongly.
    pub answer_rate: f64,
    /// Of the questions asked without their entry, the share that was answered at once.
    pub false_answer_rate: f64,
}

impl Calibration {
    /// Holds questions out and learns from what is found.
    pub(crate) fn run(bank: &QuestionBank, base: &KnowledgeBase) -> Self {
        let policy = &base.policy;
        let hold_outs = choose(bank.questions(), &base.intents);
        let mut asked = Vec::with_capacity(2 * hold_outs.len());
        for &held_out in &hold_outs {
            asked.extend(ask(bank, base, held_out));
        }
        weigh(&mut asked);
        let observed: Vec<Observed> = asked.iter().map(Asked::observed).collect();
        let answerable = asked.iter().filter(|one| one.is_answerable);
        let found = answerable.clone().filter(|one| one.is_right).count();
        let missed = 1.0 - found as f64 / answerable.count().max(1) as f64;
        let curve = Curve::fit(&observed).for_utterances(missed);
        let trial = |one: &Asked, chance| {
            let confidence = confidence(curve, one.score, one.margin);
            Trial { confidence, weight: one.weight, chance }
        };
        let per_mille = |target: u16| f64::from(target) / 1_000.0;
        let answered =
            asked.iter().map(|one| trial(one, curve.at(one.score, one.margin))).collect();
        let answer = Threshold::find(answered, per_mille(policy.answer_precision));
        // What is answered at once is not clarified: the promise is about the rest.
        let clarified = asked
            .iter()
            .map(|one| trial(one, curve.shown_at(one.score, one.margin)))
            .filter(|trial| trial.confidence < answer.at)
            .collect();
        let mut clarify = Threshold::find(clarified, per_mille(policy.clarify_precision));
        if clarify.at > answer.at {
            clarify.at = answer.at;
        }
        let rate = |answerable| {
            let of: Vec<&Asked> =
                asked.iter().filter(|one| one.is_answerable == answerable).collect();
            let sure = of.iter().filter(|one| trial(one, 0.0).confidence >= answer.at).count();
            sure as f64 / of.len().max(1) as f64
        };
        let (answer_rate, false_answer_rate) = (rate(true), rate(false));
        Self { held_out: hold_outs.len(), curve, answer, clarify, answer_rate, false_answer_rate }
    }

    /// How likely a ranked target is right.
    pub(crate) fn confidence(&self, ranked: &Ranked) -> Confidence {
        if ranked.is_equal {
            return Confidence::EXACT;
        }
        confidence(self.curve, ranked.score, ranked.margin)
    }

    /// What the operator should know about the thresholds, in Chinese; empty when both rest
    /// on hold-outs.
    pub fn warnings(&self) -> Vec<String> {
        let warn = |name: &str, threshold: &Threshold| match threshold.basis {
            Basis::Expected { .. } => None,
            Basis::TooFew { count } => Some(format!(
                "{name}的目标准确率 {:.1}% 无法验证：只有 {count} 次留出测试，暂按校准置信度本身判断；\
                 请给条目补充相似问",
                threshold.target * 100.0,
            )),
            Basis::OutOfReach { best } => Some(format!(
                "{name}的目标准确率 {:.1}% 达不到：留出测试中最高为 {:.1}%，暂按校准置信度本身判断；\
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

/// The entries to show as choices: the best ones, as long as they are not far behind.
pub(crate) fn choices(ranked: &[Ranked], most: usize) -> impl Iterator<Item = &Ranked> {
    let entries = || ranked.iter().filter(|one| matches!(one.target, Target::Entry(_)));
    let least = entries().next().map_or(0.0, |best| best.score * CHOICE_SCORE_SHARE);
    entries().take(most).filter(move |one| one.score >= least)
}

/// One question asked, and what came of it.
struct Asked {
    score: f32,
    margin: f32,
    weight: f64,
    is_answerable: bool,
    is_right: bool,
}

impl Asked {
    fn observed(&self) -> Observed {
        let &Self { score, margin, weight, is_right, .. } = self;
        Observed { score, margin, weight, is_right }
    }
}

fn confidence(curve: Curve, score: f32, margin: f32) -> Confidence {
    let confidence = (curve.at(score, margin) as f32).clamp(0.0, Confidence::INEXACT_MAX);
    Confidence::new(confidence).expect("clamped into the range")
}

/// The similar questions to hold out: all, or the first ones by a hash of their wording, so
/// that the choice is spread over the entries and the same on every machine. What a pattern
/// decides before any ranking has nothing to say about the ranking.
fn choose(questions: &[Question], intents: &[Intent]) -> Vec<u32> {
    let safety: Vec<&Intent> = intents.iter().filter(|intent| is_safety(intent)).collect();
    let is_ranked = |question: &Question| {
        let normalized = normalize(&question.wording);
        !safety.iter().any(|intent| matches(intent, normalized.as_str()))
    };
    let mut chosen: Vec<(u64, u32)> = questions
        .iter()
        .zip(0..)
        .filter(|(question, _)| question.role == Role::Similar && is_ranked(question))
        .map(|(question, id)| (fnv1a(question.wording.as_bytes()), id))
        .collect();
    chosen.sort_unstable();
    chosen.truncate(HOLD_OUTS_MAX);
    chosen.into_iter().map(|(_, id)| id).collect()
}

/// Asks a held-out question twice: without itself, and without its whole target; among what
/// the same customer may be served.
fn ask(bank: &QuestionBank, base: &KnowledgeBase, held_out: u32) -> [Asked; 2] {
    let questions = bank.questions();
    let target = questions[held_out as usize].target;
    let others = questions.iter().filter(|one| one.target == target && one.role != Role::Not);
    let may_meet = |other| match (target, other) {
        (Target::Entry(own), Target::Entry(other)) => {
            !base.entries[own].when.excludes(&base.entries[other].when)
        }
        (Target::Entry(_) | Target::Intent(_), _) => true,
    };
    let has_others = others.count() > 1;
    [HoldOut::Question, HoldOut::Target].map(|hold_out| {
        let is_answerable = hold_out == HoldOut::Question && has_others;
        let judged = bank.judge_held_out(held_out, hold_out);
        let ranked = rank(judged, questions, None, may_meet);
        let first = ranked.first();
        Asked {
            score: first.map_or(0.0, |first| first.score),
            margin: first.map_or(0.0, |first| first.margin),
            weight: 1.0,
            is_answerable,
            is_right: is_answerable && first.is_some_and(|first| first.target == target),
        }
    })
}

/// Gives the unanswerable ones their share of the whole.
fn weigh(asked: &mut [Asked]) {
    let answerable = asked.iter().filter(|one| one.is_answerable).count() as f64;
    let unanswerable = asked.len() as f64 - answerable;
    let weight =
        answerable * UNANSWERABLE_SHARE / (1.0 - UNANSWERABLE_SHARE) / unanswerable.max(1.0);
    for one in asked.iter_mut().filter(|one| !one.is_answerable) {
        one.weight = weight;
    }
}

/// A small hash that is the same everywhere; nothing rests on its strength.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
