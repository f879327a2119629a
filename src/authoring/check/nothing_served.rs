//! Finds that a knowledge base with entries serves none of them.

use jiff::civil::Date;

use crate::knowledge::{Code, Finding, KnowledgeBase, Part};

/// That no entry is served on that day to anybody; told where the first one is written.
pub fn find_nothing_served(base: &KnowledgeBase, today: Date) -> Option<Finding> {
    if base.entries.iter().any(|entry| entry.is_served_on(today)) {
        return None;
    }
    let count = base.entries.len();
    Some(Finding {
        code: Code::NothingServed,
        part: Part::Entry { entry: 0 },
        message: format!("{count} 个条目，{today} 没有一个提供给客户"),
        reason: "每句问法都试问不到，机器人什么也答不了".to_owned(),
        mend: "把该上线的条目的 status 改成 live，或改正 valid 的日期".to_owned(),
    })
}
