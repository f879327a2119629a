//! Reads ids of entries and intents.

use serde_json::Value;

use super::json_schema::{id, list};
use crate::knowledge::{
    diagnostics::{codes::Code, report::Report, source::Located},
    yaml::{fields::Fields, tree::Node},
};

/// Reads the id of an entry or an intent.
pub(crate) fn read_id(node: &Node, report: &mut Report<'_>) -> Option<Located<String>> {
    let id = node.text("id", report)?;
    let is_word = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    let fits = id.value.contains('.') && id.value.split('.').all(is_word) && id.value.len() <= 80;
    if !fits {
        let message = format!("编号“{}”的写法不对", id.value);
        let reason =
            "编号是小写字母、数字、下划线组成的词，用英文句点连接，至少两个词，最多 80 个字符";
        report.add(Code::BadId, id.place, message, reason, "写成 payment.withdraw.arrival 这样");
        return None;
    }
    Some(id)
}

/// Reads a list of ids; one that is written twice is reported and kept once.
pub(crate) fn read_ids(
    fields: &Fields<'_>,
    key: &str,
    count_max: usize,
    report: &mut Report<'_>,
) -> Vec<Located<String>> {
    let mut ids: Vec<Located<String>> = Vec::new();
    for id in fields.texts(key, report) {
        if let Some(first) = ids.iter().find(|first| first.value == id.value) {
            let reason = format!("另一处：{}", report.name(first.place));
            let message = format!("“{}”在 {key} 里写了两遍", id.value);
            report.add(Code::Repeated, id.place, message, reason, "删掉其中一个");
            continue;
        }
        ids.push(id);
    }
    if let Some(extra) = ids.get(count_max) {
        let message = format!("{key} 最多 {count_max} 个，这里有 {} 个", ids.len());
        report.add(Code::OutOfRange, extra.place, message, "", "删掉多余的");
    }
    ids
}

/// The JSON Schema of a list of ids.
pub(crate) fn ids_schema(count_max: usize) -> Value {
    let mut ids = list(&id());
    ids["maxItems"] = count_max.into();
    ids
}
