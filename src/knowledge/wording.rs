//! Reviews everything that the bot says by the rules of `compliance.yaml`.

use super::{
    Status,
    cross::Drafts,
    intents::IntentDraft,
    policy_file::PolicyDraft,
    prose::Prose,
    report::Report,
    source::{Located, Place},
};
use crate::compliance::{Finding, Rule, RuleBook, Speaker};

/// Reports the words that a rule finds in answers and other texts.
pub(crate) fn check(drafts: &Drafts, report: &mut Report<'_>) {
    let Some(book) = &drafts.rules else { return };
    let review = Review { book, drafts };
    for text in &drafts.variable_texts {
        review.text("变量的值", text, &text.value, None, report);
    }
    for entry in drafts.entries.iter().filter(|entry| entry.status != Status::Retired) {
        if let Some(answer) = &entry.answer {
            let class = entry.class.as_ref().map(|class| class.value.as_str());
            review.prose("答案", answer, class, report);
        }
    }
    for (name, class) in drafts.classes.iter().flatten() {
        if let Some(line) = &class.risk_line {
            review.prose("risk_line ", line, Some(name), report);
        }
    }
    for text in drafts.intents.iter().filter_map(IntentDraft::text) {
        review.prose("意图的话", text, None, report);
    }
    for text in drafts.policy.iter().flat_map(PolicyDraft::prose) {
        review.prose("机器人的话", text, None, report);
    }
}

struct Review<'d> {
    book: &'d RuleBook,
    drafts: &'d Drafts,
}

impl Review<'_> {
    fn prose(&self, what: &str, prose: &Prose, class: Option<&str>, report: &mut Report<'_>) {
        self.text(what, &prose.text, &prose.filled(&self.drafts.variables), class, report);
    }

    fn text(
        &self,
        what: &str,
        written: &Located<String>,
        spoken: &str,
        class: Option<&str>,
        report: &mut Report<'_>,
    ) {
        for finding in self.book.review(spoken, Speaker::Answer, class) {
            let (words, Finding { rule, chars }) = (finding.words(spoken), finding);
            if self.is_told_at_variable(rule, written, &words) {
                continue;
            }
            let place = place_of(&words, chars.start, written, spoken, report);
            let message = format!("{what}里有“{}”", words.replace('\n', " "));
            report.add_finding(rule, place, message);
        }
    }

    /// Whether the words stand in the value of a variable, of which they are told.
    fn is_told_at_variable(&self, rule: &Rule, written: &Located<String>, words: &str) -> bool {
        rule.classes.is_empty()
            && !written.value.contains(words)
            && self.drafts.variable_texts.iter().any(|text| text.value.contains(words))
    }
}

/// Where the words stand in the file; the whole text if not word for word.
fn place_of(
    words: &str,
    from: usize,
    written: &Located<String>,
    spoken: &str,
    report: &Report<'_>,
) -> Place {
    let nth = spoken
        .match_indices(words)
        .take_while(|(at, _)| spoken.get(..*at).is_some_and(|before| before.chars().count() < from))
        .count();
    report.inside(written.place, words, nth)
}
