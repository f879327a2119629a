//! The schema of intent files.

use serde_json::{Value, json};

use super::parts::{about, id, line, list, number, object, text, truth, version};
use crate::knowledge::format::{
    intent_file::{
        ANSWER_KEYS, EXAMPLE_CHARS, FILE_KEYS, HANDOFF_KEYS, INTENT_KEYS, OUTCOME_CHARS,
        OUTCOME_KEYS, PRIORITY, QUEUE_PRIORITY, REPLY_KEYS, TEXT_CHARS,
    },
    pattern::PATTERN_CHARS,
};

pub(crate) fn schema() -> Value {
    object(
        FILE_KEYS,
        &["version", "intents"],
        [
            ("version", version()),
            ("intents", about(list(&intent()), "意图：不是知识问题的话，例如转人工、致谢、求救")),
        ],
    )
}

fn intent() -> Value {
    let mut intent = object(
        INTENT_KEYS,
        &["id", "action"],
        [
            ("id", about(id(), "编号，如 human.request")),
            (
                "priority",
                about(number(PRIORITY), "大的先；50 以上的，patterns 先于一切匹配。默认 10"),
            ),
            ("examples", about(list(&line(EXAMPLE_CHARS)), "例句：与条目的问法一起参加排序")),
            (
                "patterns",
                about(
                    list(&text(PATTERN_CHARS)),
                    "正则：匹配规范化之后的话（小写、简体、没有空格和标点）",
                ),
            ),
            ("action", about(action(), "要做的事")),
        ],
    );
    let some = |key: &str| json!({"required": [key], "properties": {key: {"minItems": 1}}});
    intent["anyOf"] = json!([some("examples"), some("patterns")]);
    intent
}

fn action() -> Value {
    let kind = |word: &str| json!({"const": word});
    let words = || about(text(TEXT_CHARS), "说的话；可用 {{变量}}");
    let reply = object(
        REPLY_KEYS,
        &["type", "text"],
        [
            ("type", kind("reply")),
            ("text", words()),
            ("offer_human", about(truth(), "是否带一个转人工的按钮")),
        ],
    );
    let answer = object(
        ANSWER_KEYS,
        &["type", "entry"],
        [("type", kind("answer")), ("entry", about(id(), "用哪个条目回答"))],
    );
    let handoff = object(
        HANDOFF_KEYS,
        &["type"],
        [
            ("type", kind("handoff")),
            (
                "text",
                about(text(TEXT_CHARS), "先说的话，有人没人都说；不要许诺人工；可用 {{变量}}"),
            ),
            ("texts", about(outcomes(), "转人工的结果；不写的用 policy.yaml 里的")),
            (
                "priority",
                about(
                    number(QUEUE_PRIORITY),
                    "排队的优先级，大的先。默认 5；意图的 priority 到 50（安全）的默认 9",
                ),
            ),
        ],
    );
    json!({"oneOf": [reply, answer, handoff]})
}

fn outcomes() -> Value {
    let words = |when| about(text(OUTCOME_CHARS), when);
    object(
        OUTCOME_KEYS,
        &[],
        [
            ("queued", words("排上队了；代替 queued")),
            ("nobody", words("工作时间里没有客服在线；代替 no_agent")),
            ("closed", words("不在工作时间；代替 off_hours，可用 {{next_opening}}")),
        ],
    )
}
