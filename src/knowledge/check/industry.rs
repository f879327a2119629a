//! Checks entries against the categories of their root.

use std::collections::BTreeSet;

use crate::knowledge::{
    diagnostics::{codes::Code, report::Report, similar_word::nearest},
    format::{
        drafts::Drafts,
        industry::file::{IndustryDraft, PATH},
    },
};

/// Reports categories that the root does not have, and the program's own lists where the root has
/// none.
pub(crate) fn check(drafts: &Drafts, report: &mut Report<'_>) {
    check_categories(drafts, report);
    note_shipped(drafts, report);
}

fn check_categories(drafts: &Drafts, report: &mut Report<'_>) {
    // The categories of an unreadable file are unknown.
    let Some(known) = drafts.industry.as_ref().and_then(IndustryDraft::categories) else {
        return;
    };
    let ids: BTreeSet<&str> = known.ids().collect();
    for category in &drafts.categories {
        if ids.contains(category.value.as_str()) {
            continue;
        }
        let mend = match nearest(&category.value, known.ids()) {
            Some(guess) => format!("是不是想写“{guess}”？可选：{}", known.listed()),
            None => format!("可选：{}；或在 {PATH} 的 categories 里加上它", known.listed()),
        };
        let message = format!("没有业务类别“{}”", category.value);
        let reason = format!("category 写的是 {PATH} 的 categories 里的一个 id");
        report.add(Code::UnknownCategory, category.place, message, reason, mend);
    }
}

fn note_shipped(drafts: &Drafts, report: &mut Report<'_>) {
    let left_out = drafts.industry.as_ref().map(IndustryDraft::left_out);
    let left_out = left_out.unwrap_or_default();
    if left_out.is_empty() {
        return;
    }
    let message = format!("{PATH} 里没有写、用程序自带的：{}", left_out.join("、"));
    let mend = "换一个行业、或想改成自己的词，就写上这些键；kefu init 写出的样例里有全部的词";
    report.add_file(Code::ShippedWords, PATH, message, mend.to_owned());
}
