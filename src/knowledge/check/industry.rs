//! Checks entries against the categories of their root, and that they are in Chinese.

use std::collections::BTreeSet;

use crate::knowledge::{
    diagnostics::{codes::Code, report::Report, similar_word::nearest},
    format::{
        drafts::Drafts,
        industry::file::{IndustryDraft, PATH},
    },
    model::entry::Status,
};

/// Reports categories that the root does not have, a root that is not Chinese, and the
/// program's own lists where the root has none.
pub(crate) fn check(drafts: &Drafts, report: &mut Report<'_>) {
    check_categories(drafts, report);
    check_language(drafts, report);
    note_shipped(drafts, report);
}

fn check_categories(drafts: &Drafts, report: &mut Report<'_>) {
    // Without a file that could be read, nobody knows what it holds.
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

/// What reads texts, cuts them into words and tells what they mean was made for Chinese: of
/// English it would know letters alone, and answer by chance.
fn check_language(drafts: &Drafts, report: &mut Report<'_>) {
    if !drafts.entries_complete {
        return;
    }
    let live = drafts.entries.iter().filter(|entry| entry.status == Status::Live);
    let live: Vec<_> = live.filter(|entry| !entry.questions.is_empty()).collect();
    let foreign = live
        .iter()
        .filter(|entry| entry.questions.iter().all(|question| !question.text.contains(is_han)));
    let foreign: Vec<_> = foreign.collect();
    if foreign.len() * 2 <= live.len() {
        return;
    }
    let Some(first) = foreign.first().and_then(|entry| entry.questions.first()) else { return };
    let message =
        format!("kefu 读的是中文：{} 个条目里有 {} 个的问法没有汉字", live.len(), foreign.len());
    let reason = "分词、读音、词义表和各种规则都是为中文做的，英文的问法只能靠碰巧答对";
    let mend = "把问法写成中文，可以夹着英文的产品名；只服务英文客户的，请不要用 kefu";
    report.add(Code::NotChinese, first.place, message, reason, mend);
}

/// Whether a character is Chinese, as CJK ideographs of Unicode are.
fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3134f}')
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
