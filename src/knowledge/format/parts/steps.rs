//! The steps of an answer.

use std::{ops::RangeInclusive, sync::LazyLock};

use regex::Regex;
use serde_json::Value;

use super::{
    json_schema::{about, line, list},
    prose::Prose,
};
use crate::knowledge::{
    diagnostics::{codes::Code, report::Report},
    yaml::{fields::Fields, tree::NodeKind},
};

/// Steps of an answer: one step is a sentence of it, and nobody follows more on a phone.
const STEPS: RangeInclusive<usize> = 2..=12;
/// Characters of a step.
const STEP_CHARS: RangeInclusive<usize> = 2..=160;

/// Reads the steps, and notes those that number themselves.
pub(crate) fn read_steps(fields: &Fields<'_>, report: &mut Report<'_>) -> Vec<Prose> {
    let Some(node) = fields.get("steps") else { return Vec::new() };
    let nodes = node.list("steps", report);
    if matches!(node.kind, NodeKind::List(_)) && !STEPS.contains(&nodes.len()) {
        let message =
            format!("steps 有 {} 步，应为 {} 至 {} 步", nodes.len(), STEPS.start(), STEPS.end());
        let reason = "步骤在页面上折叠在答案下面；一步的事写在 answer 里";
        report.add(Code::OutOfRange, node.place, message, reason, "合并相近的步骤，或写进 answer");
    }
    let steps = nodes.iter().filter_map(|node| {
        let step = node.text("steps", report)?;
        let fits =
            step.has_length("steps", STEP_CHARS, report) && step.is_one_line("steps", report);
        fits.then(|| Prose::new(step))
    });
    let steps: Vec<Prose> = steps.collect();
    let numbered = steps.iter().find_map(|step| Some((step, own_number(&step.text.value)?)));
    if let Some((step, number)) = numbered {
        let place = report.inside(step.text.place, number, 0);
        let message = format!("步骤自己写了编号“{number}”");
        let reason = "程序会编号，客户会看到两个编号";
        report.add(Code::NumberedStep, place, message, reason, "删掉每一步开头的编号");
    }
    steps
}

/// The number with which a step begins: `1.`, `（1）`, `①`, `第一步：`.
fn own_number(step: &str) -> Option<&str> {
    static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
        let numeral = "[0-9一二三四五六七八九十]{1,2}";
        let forms =
            format!("^(?:第{numeral}步[：:，、. ]|[（(]{numeral}[）)]|{numeral}[.．、）)]|[①-⑳])");
        Regex::new(&forms).expect("a valid pattern")
    });
    let number = NUMBER.find(step)?;
    let rest = step.get(number.end()..)?;
    // As in 1.5 万元.
    (!rest.starts_with(|c: char| c.is_ascii_digit())).then(|| number.as_str().trim_end())
}

/// The JSON Schema of the steps.
pub(crate) fn steps_schema() -> Value {
    let mut steps = list(&line(STEP_CHARS));
    steps["minItems"] = (*STEPS.start()).into();
    steps["maxItems"] = (*STEPS.end()).into();
    about(steps, "步骤：按先后要做的事，每步一行，不写编号；在页面上折叠在答案下面")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_steps() {
        let cases = [
            // (step, its number)
            ("1. 打开页面", Some("1.")),
            ("2、点提现", Some("2、")),
            ("（3）输入密码", Some("（3）")),
            ("④确认", Some("④")),
            ("第十步：完成", Some("第十步：")),
            ("十一、完成", Some("十一、")),
            ("打开页面", None),
            ("1.5 万元以上要验证", None),
            ("10、20 元都可以", None),
            ("12306.cn 上查", None),
            ("110、96110 都可以打", None),
            ("第一步没做完就退出", None),
            ("一起去柜台", None),
        ];
        for (step, expected) in cases {
            assert_eq!(own_number(step), expected, "{step}");
        }
    }
}
