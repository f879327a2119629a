//! Reads the facts of customers that an entry asks for (`when`) or a test sets (`facts`).

use crate::knowledge::{
    diagnostics::{codes::Code, report::Report, source::Located},
    model::facts::{Facts, When},
    yaml::{
        fields::Fields,
        tree::{Node, NodeKind},
    },
};

/// Facts with values, as an entry or a test names them.
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

    /// A customer who has these facts, with the alphabetically first value of each.
    pub(crate) fn facts(&self) -> Facts {
        self.build().example()
    }
}

/// Reads the values of one fact; reports an empty list and a value that is written twice.
pub(crate) fn read_values(
    node: &Node,
    name: &str,
    report: &mut Report<'_>,
) -> Vec<Located<String>> {
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

/// Reads `when` of an entry: for each fact, the values of which the customer must have one.
pub(crate) fn read_when(entry: &Fields<'_>, report: &mut Report<'_>) -> WhenDraft {
    let pairs = entry.get("when").and_then(|node| node.map("when", report)).unwrap_or_default();
    let one = |(name, node): &(Located<String>, Node)| {
        (name.clone(), read_values(node, &name.value, report))
    };
    WhenDraft(pairs.iter().map(one).collect())
}

/// Reads `facts` of a test: for each fact, the one value that the customer has.
pub(crate) fn read_facts(case: &Fields<'_>, report: &mut Report<'_>) -> WhenDraft {
    let pairs = case.get("facts").and_then(|node| node.map("facts", report)).unwrap_or_default();
    let one = |(name, node): &(Located<String>, Node)| {
        (name.clone(), node.text(&name.value, report).into_iter().collect())
    };
    WhenDraft(pairs.iter().map(one).collect())
}
