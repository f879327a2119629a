//! Reads one rule of concepts: `对方 > 要求 > 转钱 + 现在 - 防骗`.

use serde_json::{Value, json};

use super::concepts::{ConceptTable, SIGNS};
use crate::knowledge::{
    diagnostics::{codes::Code, report::Report, source::Located},
    yaml::tree::Node,
};
use crate::text::{Composition, CompositionTerm};

/// A rule as it is written, and what it says.
#[derive(Clone, Debug)]
pub(crate) struct WrittenComposition {
    pub(crate) written: Located<String>,
    pub(crate) composition: Composition,
}

/// Most concepts of one rule. With more, nobody can say what it finds.
pub(crate) const TERMS_MAX: usize = 8;

/// Reads a rule; `None` when a part is wrong, which is reported.
pub(crate) fn read(
    node: &Node,
    concepts: &mut ConceptTable,
    report: &mut Report<'_>,
) -> Option<WrittenComposition> {
    let written = node.text("when", report)?;
    let mut composition = Composition::default();
    let mut sign = None;
    for word in written.value.split_whitespace() {
        match (word.chars().next(), word.chars().nth(1)) {
            (Some(first), None) if SIGNS.contains(&first) => {
                if sign.is_some() || composition.terms.is_empty() {
                    return report_malformed(&written, "一个符号前后都要有概念", report);
                }
                if first != '-' && !composition.without.is_empty() {
                    return report_malformed(
                        &written,
                        "- 后面的概念都是要没有的，写在最后",
                        report,
                    );
                }
                sign = Some(first);
            }
            _ => {
                if sign.is_none() && !composition.terms.is_empty() {
                    return report_malformed(&written, "两个概念之间要有 >、+ 或 -", report);
                }
                let place = report.inside(written.place, word, 0);
                let concept = concepts.find(word, place, report)?;
                match sign.take() {
                    Some('-') => composition.without.push(concept),
                    sign => {
                        let follows = sign == Some('>');
                        composition.terms.push(CompositionTerm { concept, follows });
                    }
                }
            }
        }
    }
    if sign.is_some() || composition.terms.is_empty() {
        return report_malformed(&written, "一个符号前后都要有概念", report);
    }
    if composition.terms.len() > TERMS_MAX {
        let reason = format!("一条规则最多 {TERMS_MAX} 个概念");
        return report_malformed(&written, &reason, report);
    }
    Some(WrittenComposition { written, composition })
}

fn report_malformed(
    written: &Located<String>,
    reason: &str,
    report: &mut Report<'_>,
) -> Option<WrittenComposition> {
    let message = format!("规则“{}”的写法不对", written.value);
    let mend =
        "写成“对方 > 要求 > 转钱 - 防骗”这样：> 是先后，+ 是都有，- 是附近没有；符号两边留空格";
    report.add(Code::GuardRule, written.place, message, reason.to_owned(), mend);
    None
}

/// The JSON Schema of a rule.
pub(crate) fn schema() -> Value {
    json!({
        "type": "string",
        "pattern": "\\S",
        "description": "概念的名字，用 > （先后）、+ （都有）、- （附近没有）隔开",
    })
}
