//! Reads wordings of customers: questions, examples of intents, and `not` lines.

use std::ops::RangeInclusive;

use super::prose::refuse_variables;
use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::Report,
        source::{Located, Place},
    },
    yaml::tree::Node,
};
use crate::text::normalize;

/// One wording, with its normalised form for comparisons.
#[derive(Clone, Debug)]
pub(crate) struct Question {
    pub(crate) text: String,
    /// Never empty.
    pub(crate) normalized: String,
    pub(crate) place: Place,
}

/// Reads one wording. `key` is named in messages; `length` is in characters.
pub(crate) fn read(
    node: &Node,
    key: &str,
    length: RangeInclusive<usize>,
    report: &mut Report<'_>,
) -> Option<Question> {
    let Located { value, place } = node.text(key, report)?;
    let text = Located { value: value.trim().to_owned(), place };
    if !text.is_one_line(key, report) || !text.has_length(key, length, report) {
        return None;
    }
    refuse_variables(&text, key, report);
    let normalized = normalize(&text.value).into_string();
    if normalized.is_empty() {
        let message = format!("“{}”里没有可以匹配的字", text.value);
        report.add(
            Code::EmptyQuestion,
            place,
            message,
            "去掉标点、空格和表情之后什么也不剩",
            "写出客户会说的话，或删掉这一行",
        );
        return None;
    }
    Some(Question { text: text.value, normalized, place })
}

/// Removes and reports wordings that are equal to an earlier one after normalising.
pub(crate) fn without_repeats(questions: Vec<Question>, report: &mut Report<'_>) -> Vec<Question> {
    let mut kept: Vec<Question> = Vec::new();
    for question in questions {
        let Some(first) = kept.iter().find(|first| first.normalized == question.normalized) else {
            kept.push(question);
            continue;
        };
        report.add(
            Code::Repeated,
            question.place,
            format!("“{}”与“{}”是同一句", question.text, first.text),
            format!("去掉标点、空格、大小写后相同（另一处：{}）", report.name(first.place)),
            "删掉其中一行，或换一种真正不同的说法",
        );
    }
    kept
}
