//! Checks that look at all files together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use foldhash::fast::RandomState;
use jiff::{Span, civil::Date};

use super::{facts, industry, patterns, spoken, tests};
use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::Report,
        similar_word::nearest,
        source::{Located, Place},
    },
    format::{
        drafts::Drafts,
        entry_file::EntryDraft,
        intent_file::{ActionDraft, IntentDraft},
        policy_file::PolicyDraft,
        question::Question,
        tests_file::ExpectedDraft,
    },
    model::entry::Status,
};

/// Reports everything that only shows when the files are seen together.
pub(crate) fn check(drafts: &Drafts, today: Date, report: &mut Report<'_>) {
    check_ids(drafts, report);
    check_questions(drafts, report);
    patterns::check(drafts, report);
    facts::check(drafts, report);
    check_references(drafts, report);
    check_prose(drafts, report);
    check_classes(drafts, report);
    industry::check(drafts, report);
    spoken::check(drafts, report);
    check_reviews(&drafts.entries, today, report);
    check_validity(&drafts.entries, today, report);
    tests::check(drafts, report);
}

fn check_ids(drafts: &Drafts, report: &mut Report<'_>) {
    let entries = drafts.entries.iter().filter_map(|entry| entry.id.as_ref());
    let intents = drafts.intents.iter().filter_map(|intent| intent.id.as_ref());
    check_unique("条目", entries, report);
    check_unique("意图", intents, report);
}

fn check_unique<'d>(
    what: &str,
    ids: impl Iterator<Item = &'d Located<String>>,
    report: &mut Report<'_>,
) {
    let mut seen: HashMap<&str, Place, RandomState> = HashMap::default();
    for id in ids {
        if let Some(first) = seen.get(id.value.as_str()) {
            let reason = format!("编号在全部文件里只能用一次（另一处：{}）", report.name(*first));
            let message = format!("两个{what}的编号都是“{}”", id.value);
            report.add(Code::DuplicateId, id.place, message, reason, "给其中一个换一个编号");
        } else {
            seen.insert(&id.value, id.place);
        }
    }
}

/// Who a wording belongs to.
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

    /// Whether no customer can have both.
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
    // A retired entry's words may go on under a new one.
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

fn check_references(drafts: &Drafts, report: &mut Report<'_>) {
    let known: BTreeMap<&str, Status> = drafts
        .entries
        .iter()
        .filter_map(|entry| Some((entry.id.as_ref()?.value.as_str(), entry.status)))
        .collect();
    for entry in &drafts.entries {
        for id in &entry.follow_ups {
            if entry.id.as_ref().is_some_and(|own| own.value == id.value) {
                let message = "follow_ups 里有条目自己";
                report.add(Code::OutOfRange, id.place, message, "答完又推荐同一个答案", "删掉它");
                continue;
            }
            let is_offered = entry.status == Status::Live;
            check_reference(id, "follow_ups", is_offered, &known, drafts.entries_complete, report);
        }
    }
    check_expected(drafts, &known, report);
    for id in drafts.policy.iter().flat_map(|policy| &policy.hot_questions) {
        check_reference(id, "hot_questions", true, &known, drafts.entries_complete, report);
    }
    for intent in &drafts.intents {
        if let Some(ActionDraft::Answer { entry }) = &intent.action {
            check_reference(entry, "entry", true, &known, drafts.entries_complete, report);
        }
    }
}

fn check_expected(
    drafts: &Drafts,
    known_entries: &BTreeMap<&str, Status>,
    report: &mut Report<'_>,
) {
    let complete = drafts.entries_complete;
    let intents = drafts.intents.iter().filter_map(|intent| intent.id.as_ref());
    let known_intents: BTreeSet<&str> = intents.map(|id| id.value.as_str()).collect();
    let cases = drafts.tests.cases.iter().chain(&drafts.tests.sealed);
    for expected in cases.filter_map(|case| case.expected.as_ref()) {
        match expected {
            ExpectedDraft::Entry(id) => {
                check_reference(id, "entry", true, known_entries, complete, report);
            }
            ExpectedDraft::Clarify(ids) => {
                for id in ids {
                    check_reference(id, "clarify", true, known_entries, complete, report);
                }
            }
            ExpectedDraft::Intent(id) => {
                let is_known = known_intents.contains(id.value.as_str());
                if !is_known && drafts.intents_complete {
                    report_unknown(id, "意图", "intent", known_intents.iter().copied(), report);
                }
            }
            ExpectedDraft::NoAnswer(_) => {}
        }
    }
}

fn check_reference(
    id: &Located<String>,
    key: &str,
    is_offered: bool,
    known: &BTreeMap<&str, Status>,
    complete: bool,
    report: &mut Report<'_>,
) {
    match known.get(id.value.as_str()) {
        Some(Status::Live) => {}
        Some(Status::Draft | Status::Retired) if !is_offered => {}
        Some(Status::Draft | Status::Retired) => {
            let message = format!("{key} 引用的“{}”没有上线", id.value);
            let mend = "让那个条目上线，或去掉这个引用";
            report.add(Code::NotServed, id.place, message, "客户看不到它", mend);
        }
        // It may stand in a file that could not be read.
        None if !complete => {}
        None => report_unknown(id, "条目", key, known.keys().copied(), report),
    }
}

fn report_unknown<'d>(
    id: &Located<String>,
    what: &str,
    key: &str,
    known: impl Iterator<Item = &'d str>,
    report: &mut Report<'_>,
) {
    let mend = match nearest(&id.value, known) {
        Some(guess) => format!("是不是想写“{guess}”？"),
        None => format!("改成存在的{what}编号，或删掉它"),
    };
    let message = format!("没有编号是“{}”的{what}", id.value);
    report.add(Code::UnknownId, id.place, message, format!("{key} 引用了它"), mend);
}

fn check_prose(drafts: &Drafts, report: &mut Report<'_>) {
    let risk_lines = drafts.classes.iter().flat_map(BTreeMap::values);
    let prose = (risk_lines.filter_map(|class| class.risk_line.as_ref()))
        .chain(drafts.entries.iter().filter_map(|entry| entry.answer.as_ref()))
        .chain(drafts.intents.iter().flat_map(IntentDraft::prose))
        .chain(drafts.policy.iter().flat_map(PolicyDraft::prose));
    for text in prose {
        text.check(&drafts.variables, report);
    }
}

fn check_classes(drafts: &Drafts, report: &mut Report<'_>) {
    let Some(classes) = &drafts.classes else { return };
    // One class in `defaults` serves many entries and is reported once.
    let used: BTreeMap<Place, &str> = drafts
        .entries
        .iter()
        .filter_map(|entry| entry.class.as_ref())
        .map(|class| (class.place, class.value.as_str()))
        .collect();
    for (place, class) in used {
        if classes.contains_key(class) {
            continue;
        }
        let mend = match nearest(class, classes.keys().map(String::as_str)) {
            Some(guess) => format!("是不是想写“{guess}”？"),
            None => format!(
                "可选：{}",
                classes.keys().map(String::as_str).collect::<Vec<_>>().join("、")
            ),
        };
        let message = format!("没有合规类别“{class}”");
        let reason = "class 必须是 knowledge/compliance.yaml 里 classes 下的一个";
        report.add(Code::UnknownClass, place, message, reason, mend);
    }
}

/// A review that falls due within so many days is told of beforehand.
const REVIEW_SOON_DAYS: i64 = 30;

fn check_reviews(entries: &[EntryDraft], today: Date, report: &mut Report<'_>) {
    let soon = today.saturating_add(Span::new().days(REVIEW_SOON_DAYS));
    // One date in `defaults` serves many entries and is reported once.
    let mut due: BTreeMap<Place, (Date, BTreeSet<&str>)> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.status != Status::Retired) {
        if let Some(date) = entry.review_due.as_ref().filter(|date| date.value <= soon) {
            due.entry(date.place).or_insert((date.value, BTreeSet::new())).1.insert(entry.name());
        }
    }
    for (place, (date, names)) in due {
        let first = names.first().copied().unwrap_or_default();
        let which = match names.len() {
            1 => format!("条目 {first} "),
            count => format!("{first} 等 {count} 个条目"),
        };
        let mend = "重新核对来源，更新 checked 和 review_due";
        if date < today {
            let message = format!("{which}该复核了（{date} 到期）");
            report.add(Code::ReviewDue, place, message, "内容可能已经过时；照常提供服务", mend);
        } else {
            let message = format!("{which}快该复核了（{date} 到期）");
            let reason = format!("到期前 {REVIEW_SOON_DAYS} 天开始提醒");
            report.add(Code::ReviewSoon, place, message, reason, mend);
        }
    }
}

fn check_validity(entries: &[EntryDraft], today: Date, report: &mut Report<'_>) {
    for entry in entries.iter().filter(|entry| entry.status == Status::Live) {
        let Some(until) = entry.valid_until.as_ref().filter(|until| until.value < today) else {
            continue;
        };
        let message = format!("条目 {} 的有效期在 {} 已经结束", entry.name(), until.value);
        let mend = "改 until，或把 status 改成 retired";
        report.add(Code::Expired, until.place, message, "客户再也看不到它", mend);
    }
}
