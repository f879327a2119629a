//! Checks variables and Markdown in every text that customers read.

use std::collections::BTreeMap;

use crate::knowledge::{
    diagnostics::report::Report,
    format::{drafts::Drafts, intent_file::IntentDraft, policy_file::PolicyDraft},
};

/// Reports unknown variables and Markdown outside of the subset.
pub(crate) fn check(drafts: &Drafts, report: &mut Report<'_>) {
    let risk_lines = drafts.classes.iter().flat_map(BTreeMap::values);
    let prose = (risk_lines.filter_map(|class| class.risk_line.as_ref()))
        .chain(drafts.entries.iter().filter_map(|entry| entry.answer.as_ref()))
        .chain(drafts.intents.iter().flat_map(IntentDraft::prose))
        .chain(drafts.policy.iter().flat_map(PolicyDraft::prose));
    for text in prose {
        text.check(&drafts.variables, report);
    }
}
