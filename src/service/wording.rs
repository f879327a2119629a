//! Rule violations found in a message.

use crate::compliance::Speaker;
use crate::knowledge::KnowledgeBase;

/// A rule violation, for the agent who typed or reads the message.
#[derive(Clone, PartialEq, Eq)]
pub struct ViolationReport {
    /// The rule's code.
    pub rule: String,
    /// The rule's subject, Chinese.
    pub name: String,
    /// The words as they stand in the message.
    pub words: String,
    /// The advice for a better wording, Chinese.
    pub mend: String,
    /// Whether the rule forbids the message.
    pub is_forbidden: bool,
}

/// Shows the rule, not the words.
impl std::fmt::Debug for ViolationReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.rule)
    }
}

/// Finds rule violations in a customer's masked message.
pub(crate) fn violations_of_customer(base: &KnowledgeBase, text: &str) -> Vec<ViolationReport> {
    violations_in(base, text, Speaker::Customer)
}

/// Finds rule violations in a masked message, in order of position.
pub(crate) fn violations_in(
    base: &KnowledgeBase,
    text: &str,
    speaker: Speaker,
) -> Vec<ViolationReport> {
    let findings = base.rules.review(text, speaker, None).into_iter();
    findings
        .map(|finding| ViolationReport {
            rule: finding.rule.code.clone(),
            name: finding.rule.name.clone(),
            words: finding.words(text),
            mend: finding.rule.mend.clone(),
            is_forbidden: finding.rule.is_forbidden,
        })
        .collect()
}
