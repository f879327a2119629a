//! Checks that ids are given once and that every id and class that is named exists.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use foldhash::fast::RandomState;

use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::Report,
        similar_word::nearest,
        source::{Located, Place},
    },
    format::{
        compliance_file::report_unknown_class, drafts::Drafts, intent_file::ActionDraft,
        tests_file::ExpectedDraft,
    },
    model::entry::Status,
};

/// Reports ids that are given twice, ids and classes that do not exist, and references to
/// entries that customers never see.
pub(crate) fn check(drafts: &Drafts, report: &mut Report<'_>) {
    check_ids(drafts, report);
    check_references(drafts, report);
    check_classes(drafts, report);
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

fn check_references(drafts: &Drafts, report: &mut Report<'_>) {
    let known: BTreeMap<&str, Status> = drafts
        .entries
        .iter()
        .filter_map(|entry| Some((entry.id.as_ref()?.value.as_str(), entry.status)))
        .collect();
    for entry in &drafts.entries {
        for id in &entry.follow_ups {
            if entry.id.as_ref().is_some_and(|own| own.value == id.value) {
                let message = "follow_ups 引用了条目自己";
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
            ExpectedDraft::NoAnswer(_) | ExpectedDraft::Guard(_) | ExpectedDraft::Harmless(_) => {}
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
        // The entry may be in a file that could not be read.
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

fn check_classes(drafts: &Drafts, report: &mut Report<'_>) {
    let Some(classes) = &drafts.classes else { return };
    // One class in `defaults` serves many entries and is reported once.
    let of_entries: BTreeMap<Place, &str> = (drafts.entries.iter())
        .filter_map(|entry| entry.class.as_ref())
        .map(|class| (class.place, class.value.as_str()))
        .collect();
    let of_policy = drafts.policy.iter().flat_map(|policy| policy.fraud_classes.iter().flatten());
    let of_entries = of_entries.into_iter().map(|(place, class)| (class, place, "class 引用了它"));
    let of_policy =
        of_policy.map(|class| (class.value.as_str(), class.place, "fraud_classes 引用了它"));
    for (class, place, reason) in of_entries.chain(of_policy) {
        if !classes.contains_key(class) {
            report_unknown_class(class, place, reason, classes, report);
        }
    }
}
