//! Checks that a question leads to one entry or intent.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::knowledge::{
    diagnostics::{codes::Code, report::Report, source::Place},
    format::{
        drafts::Drafts, entries::draft::EntryDraft, intent_file::IntentDraft,
        parts::question::Question,
    },
    model::entry::Status,
};

/// Reports a question that two entries or intents have, unless no customer is served both.
pub(crate) fn check(drafts: &Drafts, report: &mut Report<'_>) {
    // The questions of a retired entry may be used again by a new one.
    let entries = drafts.entries.iter().filter(|entry| entry.status != Status::Retired);
    let of_entries = entries.flat_map(|entry| {
        entry.questions.iter().map(move |question| (question, QuestionOwner::Entry(entry)))
    });
    let of_intents = drafts.intents.iter().flat_map(|intent| {
        intent.examples.iter().map(move |example| (example, QuestionOwner::Intent(intent)))
    });
    let mut seen: HashMap<&str, Vec<(QuestionOwner<'_>, Place)>, RandomState> = HashMap::default();
    for (question, owner) in of_entries.chain(of_intents) {
        let owners = seen.entry(&question.normalized).or_default();
        if let Some(first) = owners.iter().find(|(other, _)| !owner.excludes(*other)) {
            report_same(question, owner, *first, report);
        }
        owners.push((owner, question.place));
    }
}

/// The entry or intent that a wording belongs to.
#[derive(Clone, Copy)]
enum QuestionOwner<'d> {
    Entry(&'d EntryDraft),
    Intent(&'d IntentDraft),
}

impl QuestionOwner<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Entry(entry) => entry.name(),
            Self::Intent(intent) => intent.name(),
        }
    }

    /// Whether no customer can be served both.
    fn excludes(self, other: Self) -> bool {
        match (self, other) {
            (Self::Entry(one), Self::Entry(other)) => {
                one.when.build().excludes(&other.when.build())
            }
            (Self::Entry(_) | Self::Intent(_), _) => false,
        }
    }
}

fn report_same(
    question: &Question,
    owner: QuestionOwner<'_>,
    (first, place): (QuestionOwner<'_>, Place),
    report: &mut Report<'_>,
) {
    let both = match (first, owner) {
        (QuestionOwner::Entry(_), QuestionOwner::Entry(_)) => "两个条目",
        (QuestionOwner::Intent(_), QuestionOwner::Intent(_)) => "两个意图",
        (QuestionOwner::Entry(_), QuestionOwner::Intent(_))
        | (QuestionOwner::Intent(_), QuestionOwner::Entry(_)) => "一个条目和一个意图",
    };
    let message = format!("“{}”同时属于{both}", question.text);
    let reason = format!(
        "同一句问法对应两个答案，机器人无法确定答哪一个（这里是 {}，另一处 {} 是 {}）",
        owner.name(),
        report.name(place),
        first.name(),
    );
    let mend = "删掉其中一行，或把它们改得不同";
    report.add(Code::SameQuestion, question.place, message, reason, mend);
}
