//! Checks variables and Markdown in every text that customers read.

use std::collections::BTreeMap;

use crate::knowledge::{
    diagnostics::report::Report,
    format::{
        drafts::Drafts, intent_file::IntentDraft, parts::prose::fill_by, policy_file::PolicyDraft,
    },
};

/// Reports unknown variables and Markdown outside of the subset.
pub(crate) fn check(drafts: &Drafts, report: &mut Report<'_>) {
    let risk_lines = drafts.classes.iter().flat_map(BTreeMap::values);
    let prose = (risk_lines.filter_map(|class| class.risk_line.as_ref()))
        .chain(drafts.intents.iter().flat_map(IntentDraft::prose))
        .chain(drafts.policy.iter().flat_map(PolicyDraft::prose));
    let names = drafts.names_in_entries();
    for text in prose {
        text.check(&drafts.variables, report);
        text.check_single_brackets(&names, report);
    }
    for entry in &drafts.entries {
        let said = entry.answer.iter().chain(&entry.steps);
        for text in said {
            text.check_names(&names, report);
            let fillings = drafts.fillings(text).into_iter();
            let fillings = fillings
                .map(|filling| move |url: &str| fill_by(url, &[], |name| filling.value(name)));
            text.check_markdown(fillings, report);
        }
        // A text in place of a figure can state none.
        entry.without_figure.iter().for_each(|text| text.check(&drafts.variables, report));
        entry.source.iter().for_each(|text| text.check_names(&names, report));
        let all = entry.answer.iter().chain(&entry.steps).chain(&entry.without_figure);
        all.chain(&entry.source).for_each(|text| text.check_single_brackets(&names, report));
    }
}
