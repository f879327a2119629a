//! The threshold of an answer that only the second encoder makes likely enough.
//!
//! It rests on the cases that the first ranking does not answer, ranked again. Hold-outs are counted
//! as they come out, although they are harder than utterances: the curve was fitted without the
//! encoder, so its confidences after a second look alone promise nothing.

use super::{
    calibrate::Calibration,
    hold_outs::{
        CalibrationInput, UNANSWERABLE_SHARE, chars_of, ranked_hold_out, ranked_utterance,
        ranked_utterances, select_hold_outs, unanswerable_weight,
    },
    lead::Lead,
    threshold::{Basis, LeakCase, Threshold, Trial, leak_threshold},
};
use crate::matching::{
    index::profile::HoldOut,
    rank::{bank::QuestionBank, ranking::Ranked},
    score::Confidence,
    target::Target,
};

/// A case that the second encoder was asked for, or that the first ranking answers.
struct SecondCase {
    is_answerable: bool,
    is_right: bool,
    /// Of an answer by the second look; `None` when the first ranking answers.
    confidence: Option<Confidence>,
}

impl SecondCase {
    fn new(
        calibration: &Calibration,
        input: &CalibrationInput<'_>,
        (mut ranked, chars): (Vec<Ranked>, usize),
        wanted: Option<Target>,
        look_again: impl FnOnce(&mut [Ranked]),
    ) -> Self {
        let is_sure = |first: &Ranked| calibration.is_sure(input.base, first, chars);
        let is_answered = ranked.first().is_some_and(is_sure);
        if !is_answered {
            look_again(&mut ranked);
        }
        let first = ranked.first();
        let confidence = first
            .filter(|first| Lead::of(input.base, Some(first), chars) == Lead::Entry)
            .map_or(Confidence::inexact(0.0), |first| calibration.confidence(first));
        Self {
            is_answerable: wanted.is_some(),
            is_right: wanted.is_some() && first.map(|first| first.target) == wanted,
            confidence: (!is_answered).then_some(confidence),
        }
    }
}

/// Finds the smallest confidence at which a second look answers: none without an encoder, or where
/// no confidence reaches the promised precision. It rests on the utterances of the tests where the
/// other thresholds do, else on the hold-outs of `hold_out_bank`.
pub(crate) fn set_second_threshold(
    calibration: &mut Calibration,
    (bank, hold_out_bank): (&QuestionBank, &QuestionBank),
    input: &CalibrationInput<'_>,
) {
    if bank.has_encoder() {
        let cases = if calibration.utterances > 0 {
            of_tests(calibration, bank, input)
        } else {
            of_hold_outs(calibration, hold_out_bank, input)
        };
        calibration.second = threshold(&cases, calibration, input);
    }
}

fn threshold(
    cases: &[SecondCase],
    calibration: &Calibration,
    input: &CalibrationInput<'_>,
) -> Option<Threshold> {
    let share = |of_thousand: u16| f64::from(of_thousand) / 1_000.0;
    let answerable = cases.iter().filter(|case| case.is_answerable).count() as f64;
    let unanswerable = cases.len() as f64 - answerable;
    let rare = unanswerable_weight(UNANSWERABLE_SHARE, answerable, unanswerable);
    let weight = |case: &SecondCase| if case.is_answerable { 1.0 } else { rare };
    let trial = |case: &SecondCase| {
        let chance = f64::from(u8::from(case.is_right));
        Some(Trial { confidence: case.confidence?, weight: weight(case), chance, is_own: true })
    };
    let leak = |case: &SecondCase| -> LeakCase {
        (case.confidence.unwrap_or(Confidence::inexact(0.0)), weight(case))
    };
    let leaking: Vec<LeakCase> =
        cases.iter().filter(|case| !case.is_answerable).map(leak).collect();
    let policy = &input.base.policy;
    // The first ranking has used up its part of the leaks that are allowed.
    let leaked = calibration.expected.leaked;
    let left = share(policy.answer_leaks_max) - leaked.part as f64 / leaked.of.max(1) as f64;
    let least = leak_threshold(&leaking, left.max(0.0));
    let trials = cases.iter().filter_map(trial).collect();
    let found = Threshold::find(trials, share(policy.answer_precision), least);
    matches!(found.basis, Basis::Expected { .. }).then_some(found)
}

fn of_tests(
    calibration: &Calibration,
    bank: &QuestionBank,
    input: &CalibrationInput<'_>,
) -> Vec<SecondCase> {
    input.threads.map(&ranked_utterances(bank, input), |(normalized, wanted)| {
        let ranked = ranked_utterance(bank, normalized, input.weights);
        let ranked = (ranked, normalized.chars().count());
        SecondCase::new(calibration, input, ranked, *wanted, |ranked| {
            if let Some(vector) = bank.sentence(normalized) {
                bank.look_again(ranked, &vector, &(0..0));
                let core = bank.cores().core(normalized);
                bank.find_obstacle(ranked, &bank.analyze(&core));
            }
        })
    })
}

fn of_hold_outs(
    calibration: &Calibration,
    bank: &QuestionBank,
    input: &CalibrationInput<'_>,
) -> Vec<SecondCase> {
    let held_out = select_hold_outs(bank.questions(), input);
    let cases = input.threads.map(&held_out, |&question| {
        let chars = chars_of(bank, input.base, question);
        [HoldOut::Question, HoldOut::Target].map(|hold_out| {
            let (ranked, wanted) =
                ranked_hold_out(bank, input.base, question, hold_out, input.weights);
            SecondCase::new(calibration, input, (ranked, chars), wanted, |ranked| {
                let excluded = bank.held_out(question, hold_out);
                if let Some(vector) = bank.sentence_of(question) {
                    bank.look_again(ranked, vector, &excluded);
                }
            })
        })
    });
    cases.into_flattened()
}
