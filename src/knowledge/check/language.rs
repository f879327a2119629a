//! Checks that the questions are in Chinese.

use crate::knowledge::{
    diagnostics::{codes::Code, report::Report},
    format::drafts::Drafts,
    model::entry::Status,
};

/// Reports a root most of whose live entries have no Han character in any question. Segmentation,
/// pinyin and embeddings support Chinese only; English would match by its letters.
pub(crate) fn check(drafts: &Drafts, report: &mut Report<'_>) {
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
