//! Reads `facts.yaml`: the facts of customers that entries and tests may name.

use std::collections::BTreeMap;

use serde_json::Value;

use super::parts::{
    json_schema::{about, fact_values, object, version},
    when::read_values,
};
use crate::knowledge::{
    diagnostics::{codes::Code, report::Report, source::Located},
    model::facts::{Facts, is_fact_word},
    yaml::{fields::Fields, tree::Node, version::check_version},
};

const FILE_KEYS: &[&str] = &["version", "facts"];

/// Most values of one fact.
const VALUES_MAX: usize = 100;

/// Facts by name, each with its possible values.
pub(crate) type Declared = BTreeMap<String, Vec<String>>;

/// Reads the declared facts of the file.
pub(crate) fn read(root: &Node, report: &mut Report<'_>) -> Option<Declared> {
    let fields = Fields::open(root, "facts.yaml ", FILE_KEYS, report)?;
    check_version(&fields, report);
    let pairs = fields.require("facts", report)?.map("facts", report)?;
    if let Some((extra, _)) = pairs.get(Facts::COUNT_MAX) {
        let message = format!("facts 最多 {} 个，这里有 {} 个", Facts::COUNT_MAX, pairs.len());
        report.add(Code::OutOfRange, extra.place, message, "", "删掉不用的");
    }
    let mut declared = Declared::new();
    for (name, node) in pairs {
        check_word(name, report);
        let values = read_values(node, &name.value, report);
        for value in &values {
            check_word(value, report);
        }
        if let Some(extra) = values.get(VALUES_MAX) {
            let message = format!("“{}”最多 {VALUES_MAX} 个值", name.value);
            report.add(Code::OutOfRange, extra.place, message, "", "删掉不用的");
        }
        // A name with wrong values counts as declared: one mistake is reported once, not at each use.
        declared.insert(name.value.clone(), values.into_iter().map(|one| one.value).collect());
    }
    Some(declared)
}

fn check_word(word: &Located<String>, report: &mut Report<'_>) {
    if !is_fact_word(&word.value) {
        let message = format!("“{}”不能作客户属性的名字或值", word.value);
        let reason = "它是小写字母、数字、下划线，以字母开头，最多 32 个字符";
        report.add(Code::BadFact, word.place, message, reason, "写成 product、wallet 这样");
    }
}

/// The JSON Schema of `facts.yaml`.
pub(crate) fn schema() -> Value {
    let mut facts = fact_values();
    facts["maxProperties"] = Facts::COUNT_MAX.into();
    facts["additionalProperties"]["maxItems"] = VALUES_MAX.into();
    object(
        FILE_KEYS,
        &["version", "facts"],
        [("version", version()), ("facts", about(facts, "客户属性：“名字: [值, 值]”"))],
    )
}
