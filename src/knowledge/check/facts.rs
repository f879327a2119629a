//! Checks that facts of customers in entries and tests are declared in `facts.yaml`.

use crate::knowledge::{
    diagnostics::{codes::Code, report::Report, similar_word::nearest, source::Located},
    format::{drafts::Drafts, parts::when::WhenDraft},
};

/// Reports facts and values that `facts.yaml` does not declare.
pub(crate) fn check(drafts: &Drafts, report: &mut Report<'_>) {
    // `None`: the file could not be read, so that the declared facts are unknown.
    let Some(declared) = &drafts.facts else { return };
    let of_entries = drafts.entries.iter().map(|entry| &entry.when);
    let cases = drafts.tests.cases.iter().chain(&drafts.tests.sealed);
    let of_tests = cases.map(|case| &case.facts);
    for (name, values) in of_entries.chain(of_tests).flat_map(WhenDraft::iter) {
        let Some(known) = declared.get(&name.value) else {
            let names = declared.keys().map(String::as_str);
            let message = format!("没有声明客户属性“{}”", name.value);
            report_unknown(message, name, names, report);
            continue;
        };
        for value in values.iter().filter(|value| !known.contains(&value.value)) {
            let message = format!("客户属性“{}”没有“{}”这个值", name.value, value.value);
            report_unknown(message, value, known.iter().map(String::as_str), report);
        }
    }
}

fn report_unknown<'d>(
    message: String,
    word: &Located<String>,
    known: impl Iterator<Item = &'d str> + Clone,
    report: &mut Report<'_>,
) {
    let mend = if let Some(guess) = nearest(&word.value, known.clone()) {
        format!("是不是想写“{guess}”？")
    } else {
        let known: Vec<&str> = known.collect();
        let known = if known.is_empty() { "（无）".to_owned() } else { known.join("、") };
        format!("在 knowledge/facts.yaml 的 facts 里声明它；已有的：{known}")
    };
    report.add(Code::UnknownFact, word.place, message, "没有客户会符合它", mend);
}
