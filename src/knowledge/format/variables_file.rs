//! Reads `variables.yaml`, `compliance.yaml` and `dict.txt`.

use std::{collections::BTreeMap, ops::RangeInclusive};

use super::{
    classes::{Class, read_classes},
    compliance_file,
    prose::{ENGINE_VARIABLES, Prose, is_variable_name},
};
use crate::compliance::RuleBook;
use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::Report,
        source::{Located, Place, Source},
    },
    model::base::DictionaryWord,
    yaml::{fields::Fields, tree::Node, version::check_version},
};
use crate::parallel::Threads;
use crate::text::normalize;

/// Lengths in characters; `schema` tells editors the same.
pub(crate) const VALUE_CHARS: RangeInclusive<usize> = 1..=200;
pub(crate) const COMPLIANCE_KEYS: &[&str] = &["version", "classes", "denials", "rules"];

/// The operator's own facts by name.
pub(crate) fn read_variables(
    root: &Node,
    report: &mut Report<'_>,
) -> Option<BTreeMap<String, Located<String>>> {
    let fields = Fields::open(root, "variables.yaml ", &["version", "variables"], report)?;
    check_version(&fields, report);
    let pairs = fields.require("variables", report)?.map("variables", report)?;
    let mut variables = BTreeMap::new();
    for (name, node) in pairs {
        if !is_variable_name(&name.value) || ENGINE_VARIABLES.contains(&name.value.as_str()) {
            let message = format!("“{}”不能作变量名", name.value);
            let reason = "变量名是小写字母、数字、下划线，以字母开头，不能是 next_opening、agent";
            report.add(Code::BadVariable, name.place, message, reason, "换一个名字");
        }
        // A name whose value is wrong is still known, so that its uses are not reported too.
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
    super::prose::refuse_variables(text, name, report);
    if !text.value.contains("{{") {
        Prose::new(text.clone()).check(&None, report);
    }
}

/// The compliance classes by name, and the rules on what may be said.
pub(crate) fn read_compliance(
    root: &Node,
    threads: Threads,
    report: &mut Report<'_>,
) -> Option<(BTreeMap<String, Class>, RuleBook)> {
    let fields = Fields::open(root, "compliance.yaml ", COMPLIANCE_KEYS, report)?;
    check_version(&fields, report);
    let classes = read_classes(&fields, report)?;
    let rules = compliance_file::read(&fields, &classes, threads, report);
    Some((classes, rules))
}

/// The words of `dict.txt`.
pub(crate) fn read_dictionary(
    file: usize,
    source: &Source<'_>,
    report: &mut Report<'_>,
) -> Vec<Located<DictionaryWord>> {
    let mut words = Vec::new();
    let mut seen: BTreeMap<String, Place> = BTreeMap::new();
    for number in 1..=source.line_count() {
        let line = source.line(number);
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let place = source.line_place(file, number);
        let mut parts = line.split_whitespace();
        let word = normalize(parts.next().unwrap_or_default()).into_string();
        let frequency = parts.next().map(|count| count.parse::<u32>().unwrap_or(0));
        let fits = word.chars().count() >= 2
            && frequency.is_none_or(|count| (1..=1_000_000).contains(&count))
            && parts.next().is_none();
        if !fits {
            let message = format!("“{}”不是“词”或“词 词频”", line.trim());
            let reason = "词至少两个字，不含标点；词频是 1 至 1000000 的整数";
            report.add(
                Code::DictionaryLine,
                place,
                message,
                reason,
                "改成例如 余额宝 或 余额宝 2000",
            );
            continue;
        }
        if let Some(first) = seen.get(&word) {
            let reason = format!("另一处：{}", report.name(*first));
            report.add(
                Code::Repeated,
                place,
                format!("词“{word}”写了两遍"),
                reason,
                "删掉其中一行",
            );
            continue;
        }
        seen.insert(word.clone(), place);
        words.push(Located { value: DictionaryWord { word, frequency }, place });
    }
    words
}
