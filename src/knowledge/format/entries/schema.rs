//! The JSON Schema of entry files.

use serde_json::{Value, json};

use super::keys::{
    ANSWER_CHARS, COMPLIANCE_KEYS, DEFAULT_KEYS, ENTRY_KEYS, FILE_KEYS, FOLLOW_UPS_MAX, HANDOFFS,
    QUESTION_CHARS, SOURCE_CHARS, STATUSES, TAG_CHARS, VALID_KEYS, WITHOUT_FIGURE_CHARS,
};
use crate::knowledge::format::{
    industry::schema::category_id,
    parts::{
        ids::ids_schema,
        json_schema::{about, choice, date, fact_values, id, line, list, object, text, version},
        match_by,
        steps::steps_schema,
    },
};

/// The JSON Schema of entry files.
pub(crate) fn schema() -> Value {
    let mut file = object(
        FILE_KEYS,
        &["version", "entries"],
        [
            ("version", version()),
            ("defaults", about(defaults_schema(), "本文件所有条目的默认值")),
            ("entries", about(list(&entry_schema()), "条目：一个答案和它回答的各种问法")),
        ],
    );
    // These keys are required in each entry, unless the defaults of the file have them.
    let own = |path: &[&str], key: &str| {
        let inner = json!({"required": [key]});
        path.iter()
            .rev()
            .fold(inner, |schema, part| json!({"required": [part], "properties": {*part: schema}}))
    };
    let everywhere = |path: &[&str], key: &str| {
        json!({"properties": {"entries": {"items": {
            "anyOf": [{"not": {"type": "object"}}, own(path, key)],
        }}}})
    };
    let either = |path: &[&str], key: &str| json!({"anyOf": [own(&["defaults"], key), everywhere(path, key)]});
    file["allOf"] = json!([
        either(&[], "category"),
        either(&["compliance"], "class"),
        either(&["compliance"], "checked"),
        either(&["compliance"], "review_due"),
    ]);
    file
}

fn category_schema() -> Value {
    about(category_id(), "业务类别：knowledge/industry.yaml 的 categories 里的一个 id")
}

fn class_schema() -> Value {
    about(text(1..=80), "合规类别：knowledge/compliance.yaml 里 classes 下的一个")
}

fn checked_schema() -> Value {
    about(date(), "最近核对来源的日期，如 2026-11-22")
}

fn review_due_schema() -> Value {
    about(date(), "该复核的日期；过期只是警告")
}

fn defaults_schema() -> Value {
    object(
        DEFAULT_KEYS,
        &[],
        [
            ("category", category_schema()),
            ("class", class_schema()),
            ("checked", checked_schema()),
            ("review_due", review_due_schema()),
        ],
    )
}

fn entry_schema() -> Value {
    let mut entry = bare_entry_schema();
    // `contains` and `regex` need patterns; `smart` and `exact` may have none.
    let with_patterns = json!({"enum": ["contains", "regex"]});
    entry["if"] = json!({"required": ["match"], "properties": {"match": with_patterns}});
    entry["then"] = json!({"required": ["patterns"]});
    entry["else"] = json!({"not": {"required": ["patterns"]}});
    entry
}

fn bare_entry_schema() -> Value {
    object(
        ENTRY_KEYS,
        &["id", "question", "answer", "compliance"],
        [
            ("id", about(id(), "编号，如 payment.withdraw.arrival；上线后不要再改")),
            ("category", category_schema()),
            ("question", about(line(QUESTION_CHARS), "标准问：反问时给客户看的那一句")),
            (
                "similar",
                about(list(&line(QUESTION_CHARS)), "相似问：客户会说的其他话，最好 8 句以上"),
            ),
            ("not", about(list(&line(QUESTION_CHARS)), "很像、但不该找到这一条的话")),
            ("match", match_by::method_schema()),
            ("patterns", match_by::patterns_schema()),
            ("when", {
                let note =
                    "只给这些客户，如 {product: [wallet]}；名字和值在 knowledge/facts.yaml 里声明";
                about(fact_values(), note)
            }),
            (
                "answer",
                about(
                    text(ANSWER_CHARS),
                    "答案，先说怎么做。可用段落、**加粗**、一层列表、[文字](https://…)、{{变量}} 和 {{数}}（knowledge/figures）",
                ),
            ),
            ("steps", steps_schema()),
            (
                "without_figure",
                about(
                    text(WITHOUT_FIGURE_CHARS),
                    "答案里的数过期或没有核实时改说的话；不写就用 policy.yaml 里的",
                ),
            ),
            ("follow_ups", about(ids_schema(FOLLOW_UPS_MAX), "答案下面的按钮：其他条目的编号")),
            (
                "handoff",
                about(
                    choice(&HANDOFFS),
                    "none 不提人工（默认）、offer 给一个按钮、force 直接转人工",
                ),
            ),
            (
                "valid",
                about(
                    object(
                        VALID_KEYS,
                        &[],
                        [
                            ("from", about(date(), "从哪一天起提供")),
                            ("until", about(date(), "到哪一天为止，含当天")),
                        ],
                    ),
                    "有效期，首尾两天都算",
                ),
            ),
            ("status", about(choice(&STATUSES), "draft 未上线、live 上线（默认）、retired 已下线")),
            ("tags", about(list(&line(TAG_CHARS)), "标签，供查找和统计")),
            ("compliance", about(compliance_schema(), "依据和复核")),
        ],
    )
}

fn compliance_schema() -> Value {
    object(
        COMPLIANCE_KEYS,
        &["source"],
        [
            ("class", class_schema()),
            (
                "source",
                about(
                    text(SOURCE_CHARS),
                    "依据：法律、规则、合同，或“运营方规则（变量 …）”；{{数}} 会变成它的文件和条款",
                ),
            ),
            ("checked", checked_schema()),
            ("review_due", review_due_schema()),
        ],
    )
}
