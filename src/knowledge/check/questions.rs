//! Checks that a question leads to one entry or intent, and that a test utterance is new.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::RandomState;

use crate::knowledge::{
    diagnostics::{codes::Code, report::Report, source::Place},
    format::{
        drafts::Drafts, entry_file::EntryDraft, intent_file::IntentDraft,
        parts::question::Question, tests_file::UTTERANCES_MAX,
    },
    model::{entry::Status, facts::Facts},
};

/// Reports a question under two entries or intents, and a test utterance that is a question
/// already or is written twice.
pub(crate) fn check(drafts: &Drafts, report: &mut Report<'_>) {
    check_questions(drafts, report);
    check_tests(drafts, report);
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

fn check_questions(drafts: &Drafts, report: &mut Report<'_>) {
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

/// Reports a test utterance that is a known question, and one that the same customer says twice.
fn check_tests(drafts: &Drafts, report: &mut Report<'_>) {
    if drafts.tests.cases.is_empty() {
        return;
    }
    let served = drafts.entries.iter().filter(|entry| entry.status != Status::Retired);
    let questions = (served.flat_map(|entry| &entry.questions))
        .chain(drafts.intents.iter().flat_map(|intent| &intent.examples));
    let questions: HashMap<&str, Place, RandomState> =
        questions.map(|question| (question.normalized.as_str(), question.place)).collect();
    let mut seen: BTreeMap<(&str, Facts), Place> = BTreeMap::new();
    let said = drafts.tests.cases.iter().flat_map(|case| {
        let facts = case.facts.facts();
        case.say.iter().map(move |utterance| (utterance, facts.clone()))
    });
    for ((utterance, facts), number) in said.zip(1..) {
        let (text, place) = (&utterance.text, utterance.place);
        if number == UTTERANCES_MAX + 1 {
            let message = format!("测试的话超过 {UTTERANCES_MAX} 句");
            report.add(Code::TooLarge, place, message, "再多会让检查太慢", "删掉一些");
        }
        if let Some(question) = questions.get(utterance.normalized.as_str()) {
            let message = format!("“{text}”与知识库里的一句问法相同");
            let reason =
                format!("原样收录的话总能答对，测不出什么（另一处：{}）", report.name(*question));
            let mend = "换一种客户会说的话，或删掉知识库里的那一句";
            report.add(Code::TestIsQuestion, place, message, reason, mend);
        }
        let key = (utterance.normalized.as_str(), facts);
        let Some(first) = seen.get(&key) else {
            seen.insert(key, place);
            continue;
        };
        let message = format!("“{text}”在测试里写了两次");
        let reason = format!("去掉标点、空格、大小写后相同（另一处：{}）", report.name(*first));
        report.add(Code::SaidTwice, place, message, reason, "删掉其中一处");
    }
}
