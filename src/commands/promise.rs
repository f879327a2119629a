//! The thresholds of a knowledge base: what they promise, and on what evidence.

use serde_json::{Value, json};

use crate::evaluation::wilson;
use crate::knowledge::Language;
use crate::matching::{Basis, Calibration, ExpectedShares, Share, Threshold};

/// One line for each threshold, one for the expected rates, and the warnings.
pub(super) fn promise_lines(language: Language, calibration: &Calibration) -> Vec<String> {
    let is_chinese = language == Language::Chinese;
    let names = if is_chinese {
        ["直接回答", "反问", "按意图处理"]
    } else {
        ["answered at once", "asked back", "acted on as an intent"]
    };
    let mut lines = vec![
        line(language, names[0], &calibration.answer),
        line(language, names[1], &calibration.clarify),
        line(language, names[2], &calibration.intent),
        rests_on(language, calibration),
    ];
    if is_chinese {
        lines.extend(calibration.warnings().iter().map(|warning| format!("提示：{warning}")));
    }
    lines
}

fn line(language: Language, name: &str, threshold: &Threshold) -> String {
    let (at, target) = (threshold.at.get(), threshold.target * 100.0);
    match (language, threshold.basis) {
        (Language::Chinese, Basis::Expected { count, precision }) => format!(
            "{name}：置信度 {at:.3} 起，目标准确率 {target:.1}%，下限 {:.1}%（据 {count} 句）",
            precision * 100.0
        ),
        (Language::Chinese, Basis::TooFew { .. } | Basis::OutOfReach { .. }) => {
            format!("{name}：置信度 {at:.3} 起，目标准确率 {target:.1}%，无法保证")
        }
        (Language::English, Basis::Expected { count, precision }) => format!(
            "{name}: from a confidence of {at:.3}; target {target:.1} %, at least {:.1} % (of {count})",
            precision * 100.0
        ),
        (Language::English, Basis::TooFew { count }) => {
            format!(
                "{name}: from a confidence of {at:.3}; {count} are too few to promise {target:.1} %"
            )
        }
        (Language::English, Basis::OutOfReach { best }) => format!(
            "{name}: from a confidence of {at:.3}; {target:.1} % is out of reach, the best was {:.1} %",
            best * 100.0
        ),
    }
}

fn rests_on(language: Language, calibration: &Calibration) -> String {
    let Calibration { held_out, utterances, expected, .. } = calibration;
    let ExpectedShares { answered, right, leaked, listed } = *expected;
    let shown = |share: Share| {
        let of_hundred = |of_one: f64| of_one * 100.0;
        let (low, high) = wilson(share.part, share.of);
        let at = share.part as f64 / share.of.max(1) as f64;
        let (at, low, high) = (of_hundred(at), of_hundred(low), of_hundred(high));
        match language {
            Language::Chinese => {
                format!("{at:.1}%（{}/{}，{low:.1}%–{high:.1}%）", share.part, share.of)
            }
            Language::English => {
                format!("{at:.1} % ({}/{}, {low:.1}–{high:.1} %)", share.part, share.of)
            }
        }
    };
    let [answered, right, leaked, listed] = [answered, right, leaked, listed].map(shown);
    match (language, utterances) {
        (Language::Chinese, 0) => format!(
            "依据 {held_out} 次留出测试：有答案的预计直接回答 {answered}，其中答对 {right}；没有答案的误答 {leaked}，误给选项 {listed}"
        ),
        (Language::Chinese, utterances) => format!(
            "依据测试里 {utterances} 句客户原话和 {held_out} 次留出测试：有答案的预计直接回答 {answered}，其中答对 {right}；没有答案的误答 {leaked}，误给选项 {listed}"
        ),
        (Language::English, utterances) => format!(
            "of {utterances} utterances of the tests and {held_out} hold-outs: {answered} of the answerable are answered at once, {right} of the answers are right; of the others {leaked} are answered and {listed} are shown choices"
        ),
    }
}

/// The same as JSON.
pub(super) fn promise_json(calibration: &Calibration) -> Value {
    let ExpectedShares { answered, right, leaked, listed } = calibration.expected;
    let shown = |share: Share| json!({"part": share.part, "of": share.of});
    json!({
        "held_out": calibration.held_out,
        "told": calibration.utterances,
        "answer_threshold": calibration.answer.at.get(),
        "clarify_threshold": calibration.clarify.at.get(),
        "intent_threshold": calibration.intent.at.get(),
        "answered": shown(answered),
        "right": shown(right),
        "leaked": shown(leaked),
        "listed": shown(listed),
        "warnings": calibration.warnings(),
    })
}
