//! Reads `variables.yaml`: the operator's own names, numbers and limits.

use std::{collections::BTreeMap, ops::RangeInclusive};

use serde_json::{Value, json};

use super::parts::{
    json_schema::{about, line, object, version},
    prose::{ENGINE_VARIABLES, Prose, is_variable_name, refuse_variables},
};
use crate::knowledge::{
    diagnostics::{codes::Code, report::Report, source::Located},
    yaml::{fields::Fields, tree::Node, version::check_version},
};

/// Length of a value in characters.
const VALUE_CHARS: RangeInclusive<usize> = 1..=200;

const FILE_KEYS: &[&str] = &["version", "variables"];

/// Reads the variables by name.
pub(crate) fn read(
    root: &Node,
    report: &mut Report<'_>,
) -> Option<BTreeMap<String, Located<String>>> {
    let fields = Fields::open(root, "variables.yaml ", FILE_KEYS, report)?;
    check_version(&fields, report);
    let pairs = fields.require("variables", report)?.map("variables", report)?;
    let mut variables = BTreeMap::new();
    for (name, node) in pairs {
        if !is_variable_name(&name.value) || ENGINE_VARIABLES.contains(&name.value.as_str()) {
            let message = format!("“{}”不能作变量名", name.value);
            let reason = "变量名是小写字母、数字、下划线，以字母开头，不能是 next_opening、agent";
            report.add(Code::BadVariable, name.place, message, reason, "换一个名字");
        }
        // A name with a wrong value counts as defined: one mistake is reported once, not at each use.
        let value = node.text(&name.value, report);
        if let Some(text) = &value {
            check_value(text, &name.value, report);
        }
        let value = value.unwrap_or(Located { value: String::new(), place: node.place });
        variables.insert(name.value.clone(), value);
    }
    Some(variables)
}

fn check_value(text: &Located<String>, name: &str, report: &mut Report<'_>) {
    text.has_length(name, VALUE_CHARS, report);
    text.is_one_line(name, report);
    refuse_variables(text, name, report);
    if !text.value.contains("{{") {
        Prose::new(text.clone()).check(&None, report);
    }
}

/// The JSON Schema of `variables.yaml`.
pub(crate) fn schema() -> Value {
    let names = json!({
        "type": "object",
        "additionalProperties": false,
        "patternProperties": {"^[a-z][a-z0-9_]{0,39}$": line(VALUE_CHARS)},
        "not": {"anyOf": [{"required": ["next_opening"]}, {"required": ["agent"]}]},
    });
    object(
        FILE_KEYS,
        &["version", "variables"],
        [("version", version()), ("variables", about(names, "运营方自己的事实：“名字: 值”"))],
    )
}
