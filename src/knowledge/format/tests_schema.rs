//! The schema of the regression tests.

use serde_json::{Value, json};

use super::parts::json_schema::{about, fact_word, id, line, list, number, object, text, version};

pub(crate) fn schema() -> Value {
    let floor = || number(0..=1_000);
    let floors = object(
        &["first", "helped", "answered_right", "not_answered", "intents"],
        &[],
        [
            ("first", about(floor(), "有答案的话里，正确条目排第一的千分比")),
            ("helped", about(floor(), "有答案的话里，答对或选项里有正确条目的千分比")),
            ("answered_right", about(floor(), "直接回答里答对的千分比")),
            ("not_answered", about(floor(), "不该回答的话里，没有回答的千分比")),
            ("intents", about(floor(), "意图的话里，按该意图处理的千分比")),
        ],
    );
    object(
        &["version", "floors", "cases"],
        &["version", "cases"],
        [
            ("version", version()),
            ("floors", about(floors, "底线：只看 split: test；低于任何一条，检查和上线都不通过")),
            ("cases", list(&case())),
        ],
    )
}

fn facts() -> Value {
    json!({
        "type": "object",
        "propertyNames": fact_word(),
        "additionalProperties": fact_word(),
    })
}

fn case() -> Value {
    let mut utterances = list(&text(1..=3_000));
    utterances["minItems"] = 1.into();
    utterances["maxItems"] = 50.into();
    let mut asked = list(&id());
    asked["minItems"] = 2.into();
    let mut case = object(
        &["entry", "clarify", "intent", "no_answer", "split", "facts", "say"],
        &["say"],
        [
            ("entry", about(id(), "应当由这个条目回答")),
            ("clarify", about(asked, "应当反问，选项里有这些条目")),
            ("intent", about(id(), "应当按这个意图处理")),
            ("no_answer", about(line(1..=40), "不应当回答，这里写为什么")),
            (
                "split",
                about(json!({"enum": ["fit", "test"]}), "fit 可用于调参，test 只用于报告（默认）"),
            ),
            (
                "facts",
                about(
                    facts(),
                    "客户的属性，如 {product: wallet}；名字和值在 knowledge/facts.yaml 里",
                ),
            ),
            ("say", about(utterances, "客户的话")),
        ],
    );
    let only = |key: &str| json!({"required": [key]});
    case["oneOf"] = ["entry", "clarify", "intent", "no_answer"].map(only).to_vec().into();
    case
}
