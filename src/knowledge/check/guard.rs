//! Checks what the guard names against the intents of the root.

use std::collections::BTreeSet;

use super::guard_intents::missing;
use crate::knowledge::{
    diagnostics::{codes::Code, report::Report, similar_word::nearest},
    format::{
        drafts::{Drafts, WrittenGuard},
        guard::file::PATH,
    },
    model::guard::Guard,
};

/// Reports intents that do not exist, and the program's own guard and intents where the root has
/// none.
pub(crate) fn check(drafts: &Drafts, report: &mut Report<'_>) {
    match &drafts.guard {
        WrittenGuard::Unread => {}
        WrittenGuard::Read(draft) => {
            let ids = drafts.intents.iter().filter_map(|intent| intent.id.as_ref());
            let known: BTreeSet<&str> = ids.map(|id| id.value.as_str()).collect();
            let is_unknown = |id: &&str| !known.contains(id) && drafts.intents_complete;
            for intent in draft.intents.iter().filter(|id| is_unknown(&id.value.as_str())) {
                let mend = match nearest(&intent.value, known.iter().copied()) {
                    Some(guess) => format!("是不是想写“{guess}”？"),
                    None => "改成存在的意图编号，或在 intents/ 里写上它".to_owned(),
                };
                let message = format!("没有编号是“{}”的意图", intent.value);
                let reason = "守门找到以后，按这个意图说话";
                report.add(Code::UnknownId, intent.place, message, reason, mend);
            }
        }
        WrittenGuard::Missing => {
            let message = format!("没有 {PATH}，用程序自带的守门规则");
            let mend = "想改成自己的，就用 kefu init 写出样例，把这个文件拿过来改";
            report.add_file(Code::ShippedGuard, PATH, message, mend.to_owned());
            let missing = missing(drafts, &Guard::shipped());
            if !missing.is_empty() && drafts.intents_complete {
                let ids: Vec<&str> = missing.iter().map(String::as_str).collect();
                let message = format!("没有写、用程序自带的守门意图：{}", ids.join("、"));
                let mend = "想改它们说的话，就在 intents/ 里写上这些意图";
                report.add_file(Code::ShippedIntents, PATH, message, mend.to_owned());
            }
        }
    }
}
