//! Rule violations found in a message.

use crate::compliance::Speaker;
use crate::knowledge::KnowledgeBase;

/// Words that a rule found, for the agent who typed or reads them.
#[derive(Clone, PartialEq, Eq)]
pub struct FoundWords {
    /// The rule's code.
    pub rule: String,
    /// What it is about, Chinese.
    pub name: String,
    /// As they stand in the message.
    pub words: String,
    /// What to say instead, Chinese.
    pub mend: String,
    /// Whether they may not be sent at all.
    pub is_forbidden: bool,
}

/// Names the rule and not what was said.
impl std::fmt::Debug for FoundWords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.rule)
    }
}

/// What the rules find in a customer's masked message.
pub(crate) fn found_in_customers_words(base: &KnowledgeBase, text: &str) -> Vec<FoundWords> {
    found_words(base, text, Speaker::Customer)
}

/// What the rules find in a masked message, by place.
pub(crate) fn found_words(base: &KnowledgeBase, text: &str, speaker: Speaker) -> Vec<FoundWords> {
    let findings = base.rules.review(text, speaker, None).into_iter();
    findings
        .map(|finding| FoundWords {
            rule: finding.rule.code.clone(),
            name: finding.rule.name.clone(),
            words: finding.words(text),
            mend: finding.rule.mend.clone(),
            is_forbidden: finding.rule.is_forbidden,
        })
        .collect()
}
