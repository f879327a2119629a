//! How the bot asks which entry is meant.

use crate::knowledge::{Entry, GuardKind, Policy};

/// The text above the choices of a clarification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clarification {
    /// In the safe Markdown subset.
    pub text: String,
    /// Whether a button for a human is shown with it.
    pub offer_human: bool,
}

impl Clarification {
    /// Words the clarification as the policy has it. A single choice is put as a question, without
    /// a list. If a choice is about fraud, the immediate advice comes first and a human is offered:
    /// a customer who is just paying may not read as far as the list.
    pub fn of(choices: &[&Entry], policy: &Policy) -> Self {
        let texts = &policy.texts;
        let asked = Self::asked(choices, policy);
        if choices.iter().any(|entry| policy.tells_of_fraud(entry)) {
            let text = format!("{}\n\n{asked}", texts.clarify_fraud.trim_end());
            Self { text, offer_human: true }
        } else {
            Self { text: asked, offer_human: false }
        }
    }

    /// The same for a person in danger: the line of the intent that helps comes first. Where that is
    /// advice against fraud, it is not said twice.
    pub(super) fn in_danger(
        choices: &[&Entry],
        policy: &Policy,
        kind: GuardKind,
        line: &str,
    ) -> Self {
        let asked = if matches!(kind, GuardKind::Fraud | GuardKind::Theft) {
            Self::asked(choices, policy)
        } else {
            Self::of(choices, policy).text
        };
        Self { text: format!("{line}\n\n{asked}"), offer_human: true }
    }

    fn asked(choices: &[&Entry], policy: &Policy) -> String {
        let texts = &policy.texts;
        match choices {
            [one] => texts.clarify_one.replace("{{question}}", &one.standard_question),
            _ => texts.clarify.clone(),
        }
    }
}
