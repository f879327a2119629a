//! An evaluation as one JSON object.

use serde_json::{Map, Value, json};

use super::{chart::tenth, evaluation::Evaluation, gain::EncoderGain};
use crate::commands::promise::promise_json;
use crate::evaluation::{
    Bin, Comparison, Confusion, Coverage, Difference, Grade, KindFigures, Prediction, QueryReport,
    Swing,
};

/// The strict figures at the top, the others in `second_opinions`.
pub(super) fn evaluation_json(evaluation: &Evaluation) -> Value {
    let mut object = report_json(&evaluation.strict);
    let calibration = evaluation.snapshot.calibration();
    let further = json!({
        "second_opinions": evaluation.second.as_ref().map(report_json),
        "static_table": evaluation.table.as_str(),
        "encoder": gain_json(&evaluation.gain),
        "calibration": promise_json(calibration),
        "latency_us": evaluation.latency.map(|latency| json!({
            "queries": latency.queries,
            "p50": latency.p50,
            "p99": latency.p99,
        })),
        "unknown_labels": unknown_json(evaluation),
        "comparison": evaluation
            .baseline
            .as_ref()
            .map(|(old, comparison)| comparison_json(evaluation, old, comparison)),
    });
    if let Value::Object(further) = further {
        object.extend(further);
    }
    Value::Object(object)
}

/// `null` when none was named.
fn gain_json(gain: &EncoderGain) -> Value {
    match gain {
        EncoderGain::NotNamed => Value::Null,
        EncoderGain::NotAsked => json!({"asked": 0}),
        EncoderGain::Measured(measured) => json!({
            "asked": measured.asked,
            "differences": differences_json(&measured.comparison),
            "without_encoder_second_opinions": measured.second_without.as_ref().map(report_json),
        }),
    }
}

fn report_json(report: &QueryReport) -> Map<String, Value> {
    let bands = report.bands;
    let object = json!({
        "answerable": report.answerable,
        "unanswerable": report.unanswerable,
        "top1": report.top1,
        "recall3": report.recall3,
        "mrr10": report.mrr10,
        "auroc": report.auroc,
        "at95": report.at95.map(coverage_json),
        "at98": report.at98.map(coverage_json),
        "at_threshold": report.at_threshold.map(|at| json!({
            "threshold": at.threshold,
            "answered": at.answered,
            "precision": at.precision,
            "coverage": at.coverage,
            "false_answer_rate": at.false_answer_rate,
        })),
        "bands": {
            "answered": bands.answered,
            "answered_right": bands.answered_right,
            "answered_falsely": bands.answered_falsely,
            "clarified": bands.clarified,
            "clarified_right": bands.clarified_right,
            "clarified_falsely": bands.clarified_falsely,
            "fallback": bands.fallback,
            "silent": bands.silent,
        },
        "kinds": report.kinds.iter().map(kind_json).collect::<Vec<_>>(),
        "reliability": {
            "error": report.reliability.error,
            "unfound": report.reliability.unfound,
            "bins": report.reliability.bins.iter().enumerate().map(bin_json).collect::<Vec<_>>(),
        },
        "confusions": report.confusions.iter().map(confusion_json).collect::<Vec<_>>(),
    });
    match object {
        Value::Object(object) => object,
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Map::new()
        }
    }
}

fn coverage_json(at: Coverage) -> Value {
    json!({
        "coverage": at.coverage,
        "false_answer_rate": at.false_answer_rate,
        "threshold": at.threshold,
    })
}

fn kind_json(one: &KindFigures) -> Value {
    json!({
        "kind": one.kind,
        "answerable": one.answerable,
        "first_right": one.first_right,
        "answered": one.answered,
        "answered_right": one.answered_right,
        "unanswerable": one.unanswerable,
        "answered_falsely": one.answered_falsely,
        "falsely_at95": one.falsely_at95,
        "falsely_at98": one.falsely_at98,
        "falsely_at_threshold": one.falsely_at_threshold,
    })
}

fn bin_json((place, bin): (usize, &Bin)) -> Value {
    json!({
        "confidences": tenth(place),
        "count": bin.count,
        "right": bin.right,
        "mean_confidence": bin.measured.map(|bin| bin.confidence),
        "share_right": bin.measured.map(|bin| bin.right),
        "low": bin.measured.map(|bin| bin.low),
        "high": bin.measured.map(|bin| bin.high),
    })
}

fn confusion_json(one: &Confusion) -> Value {
    json!({
        "expected": one.expected,
        "found": one.found,
        "count": one.count,
        "answered": one.answered,
        "confidence": one.confidence,
        "line": one.line,
        "text": one.text,
        "wording": one.wording,
    })
}

fn unknown_json(evaluation: &Evaluation) -> Vec<Value> {
    let queries = evaluation.unknown.iter().filter_map(|place| evaluation.queries.get(*place));
    queries.map(|query| json!({"line": query.line, "label": query.label})).collect()
}

fn comparison_json(evaluation: &Evaluation, old: &[Prediction], comparison: &Comparison) -> Value {
    let swings = |swings: &[Swing]| -> Vec<Value> {
        swings.iter().filter_map(|swing| swing_json(evaluation, old, *swing)).collect()
    };
    json!({
        "queries": comparison.queries,
        "too_small": comparison.is_too_small,
        "differences": differences_json(comparison),
        "won": swings(&comparison.won),
        "lost": swings(&comparison.lost),
    })
}

fn differences_json(comparison: &Comparison) -> Vec<Value> {
    let difference = |one: &Difference| {
        json!({
            "figure": one.figure.as_str(),
            "old": one.old,
            "new": one.new,
            "low": one.interval.map(|(low, _)| low),
            "high": one.interval.map(|(_, high)| high),
            "beyond_chance": one.is_beyond_chance,
        })
    };
    comparison.differences.iter().map(difference).collect()
}

fn swing_json(evaluation: &Evaluation, old: &[Prediction], swing: Swing) -> Option<Value> {
    let query = evaluation.queries.get(swing.place)?;
    let side = |prediction: &Prediction, standing: Grade| {
        let first = prediction.ranked.first();
        json!({
            "standing": standing.as_str(),
            "band": prediction.band.as_str(),
            "found": first.map(|first| &first.id),
            "confidence": first.map(|first| first.confidence),
        })
    };
    Some(json!({
        "qid": query.qid.to_json(),
        "line": query.line,
        "text": query.text,
        "label": query.label,
        "old": side(old.get(swing.place)?, swing.old),
        "new": side(evaluation.predictions.get(swing.place)?, swing.new),
    }))
}
