//! Reads `facts.yaml`, and what entries and tests say of the facts of customers.

use std::collections::BTreeMap;

use crate::knowledge::{
    diagnostics::{codes::Code, report::Report, source::Located},
    model::facts::{Facts, When, is_fact_word},
    yaml::{
        fields::Fields,
        tree::{Node, NodeKind},
        version::check_version,
    },
};

/// Most values of one fact.
pub(crate) const VALUES_MAX: usize = 100;

/// The facts by name, each with its values.
pub(crate) type Declared = BTreeMap<String, Vec<String>>;

/// What an entry or a test says of facts, as it is written.
#[derive(Clone, Debug, Default)]
pub(crate) struct WhenDraft(Vec<(Located<String>, Vec<Located<String>>)>);

impl WhenDraft {
    pub(crate) fn build(&self) -> When {
        let values = |values: &[Located<String>]| {
            values.iter().map(|value| value.value.clone()).collect::<Vec<_>>()
        };
        When::new(self.0.iter().map(|(name, given)| (name.value.clone(), values(given))))
    }

    /// Each fact with its values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &(Located<String>, Vec<Located<String>>)> {
        self.0.iter()
    }

    /// The facts of a customer; of several values, the first in the order of the alphabet.
    pub(crate) fn facts(&self) -> Facts {
        self.build().example()
    }
}

/// Reads the declared facts of the file.
pub(crate) fn read(root: &Node, report: &mut Report<'_>) -> Option<Declared> {
    let fields = Fields::open(root, "facts.yaml ", &["version", "facts"], report)?;
    check_version(&fields, report);
    let pairs = fields.require("facts", report)?.map("facts", report)?;
    if let Some((extra, _)) = pairs.get(Facts::COUNT_MAX) {
        let message = format!("facts 最多 {} 个，这里有 {}", Facts::COUNT_MAX, pairs.len());
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
        // A name whose values are wrong is still known, so that its uses are not reported too.
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

/// The values of one fact, each once and at least one.
fn read_values(node: &Node, name: &str, report: &mut Report<'_>) -> Vec<Located<String>> {
    let items = node.list(name, report);
    if items.is_empty() && matches!(node.kind, NodeKind::List(_)) {
        let message = format!("“{name}”没有列出值");
        report.add(Code::BadFact, node.place, message, "没有客户会符合", "至少写一个值，或删掉它");
    }
    let mut values: Vec<Located<String>> = Vec::new();
    for item in items {
        let Some(value) = item.text(name, report) else { continue };
        if let Some(first) = values.iter().find(|first| first.value == value.value) {
            let message = format!("“{}”在 {name} 里写了两遍", value.value);
            let reason = format!("另一处：{}", report.name(first.place));
            report.add(Code::Repeated, value.place, message, reason, "删掉其中一个");
            continue;
        }
        values.push(value);
    }
    values
}

/// Reads `when` of an entry: facts with the values that will do.
pub(crate) fn read_when(entry: &Fields<'_>, report: &mut Report<'_>) -> WhenDraft {
    let pairs = entry.get("when").and_then(|node| node.map("when", report)).unwrap_or_default();
    let one = |(name, node): &(Located<String>, Node)| {
        (name.clone(), read_values(node, &name.value, report))
    };
    WhenDraft(pairs.iter().map(one).collect())
}

/// Reads `facts` of a test: facts with the customer's value.
pub(crate) fn read_facts(case: &Fields<'_>, report: &mut Report<'_>) -> WhenDraft {
    let pairs = case.get("facts").and_then(|node| node.map("facts", report)).unwrap_or_default();
    let one = |(name, node): &(Located<String>, Node)| {
        (name.clone(), node.text(&name.value, report).into_iter().collect())
    };
    WhenDraft(pairs.iter().map(one).collect())
}
