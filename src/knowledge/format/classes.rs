//! Reads the compliance classes of `compliance.yaml`.

use std::{collections::BTreeMap, ops::RangeInclusive};

use super::prose::Prose;
use crate::knowledge::{diagnostics::report::Report, yaml::fields::Fields};

/// Length in characters; `schema` tells editors the same.
pub(crate) const RISK_LINE_CHARS: RangeInclusive<usize> = 1..=300;

/// A compliance class: the paragraph that is added to its answers.
#[derive(Clone, Debug)]
pub(crate) struct Class {
    pub(crate) risk_line: Option<Prose>,
}

pub(crate) fn read_classes(
    fields: &Fields<'_>,
    report: &mut Report<'_>,
) -> Option<BTreeMap<String, Class>> {
    let pairs = fields.require("classes", report)?.map("classes", report)?;
    let mut classes = BTreeMap::new();
    for (name, node) in pairs {
        let what = format!("类别 {} ", name.value);
        let risk_line = Fields::open(node, &what, &["risk_line"], report)
            .and_then(|class| class.text("risk_line", report))
            .filter(|line| line.has_length("risk_line", RISK_LINE_CHARS, report));
        classes.insert(name.value.clone(), Class { risk_line: risk_line.map(Prose::new) });
    }
    Some(classes)
}
