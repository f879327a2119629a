//! The schemas of the files that hold settings.

use serde_json::{Map, Value, json};

use super::parts::{
    about, choice, date, fact_values, id, line, list, number, object, text, version,
};
use crate::knowledge::{
    format::{
        compliance_file::{
            self, DENIAL_KEYS, LINE_CHARS_MIN, NAME_CHARS_MAX, RISK_LINE_CHARS, RULE_KEYS,
            SOURCE_CHARS_MAX, WORD_CHARS,
        },
        facts_file::VALUES_MAX,
        hours_file::DAYS,
        policy_file::{
            AGENT_CONVERSATIONS, ANSWER_PRECISION, CLARIFY_CHOICES, CLARIFY_PRECISION,
            FRAUD_CLASSES_MAX, HOT_QUESTIONS_MAX, MISSES, POLICY_KEYS, QUEUE, SECONDS, TEXT_CHARS,
            TEXT_KEYS, TIMER_KEYS, UTTERANCE_CHARS, is_required_text,
        },
        variables_file::VALUE_CHARS,
    },
    model::facts::Facts,
};

pub(crate) fn policy() -> Value {
    let file = object(
        &["version", "policy"],
        &["version", "policy"],
        [("version", version()), ("policy", policy_body())],
    );
    about(file, "机器人的目标准确率、时限和各种话")
}

fn policy_body() -> Value {
    let mut hot = list(&id());
    hot["maxItems"] = HOT_QUESTIONS_MAX.into();
    let mut fraud = list(&text(1..=80));
    fraud["maxItems"] = FRAUD_CLASSES_MAX.into();
    object(
        POLICY_KEYS,
        &["welcome", "hot_questions", "texts"],
        [
            (
                "answer_precision",
                about(number(ANSWER_PRECISION), "每 1000 次直接回答至少答对几次。默认 950"),
            ),
            (
                "clarify_precision",
                about(number(CLARIFY_PRECISION), "每 1000 次反问至少几次含正确条目"),
            ),
            ("clarify_choices", about(number(CLARIFY_CHOICES), "反问最多给几个选项")),
            ("misses_before_handoff", about(number(MISSES), "连续几次没答上来就转人工")),
            ("utterance_max_chars", about(number(UTTERANCE_CHARS), "客户一句话最多几个字")),
            (
                "agent_conversations_max",
                about(number(AGENT_CONVERSATIONS), "一个坐席同时最多接待几个会话。默认 5"),
            ),
            (
                "queue_max",
                about(
                    number(QUEUE),
                    "最多几位客户同时排队，超出的请留言；有危险的客户不受限。默认 2000",
                ),
            ),
            ("welcome", about(text(TEXT_CHARS), "欢迎语")),
            ("hot_questions", about(hot, "开始时显示的热门问题：条目编号")),
            (
                "fraud_classes",
                about(fraud, "反诈的合规类别：反问里有它们的条目，先说 clarify_fraud。默认 fraud"),
            ),
            ("timers", about(all(TIMER_KEYS, &[], &number(SECONDS)), "时限，单位秒")),
            (
                "texts",
                about(all(TEXT_KEYS, &required_texts(), &text(TEXT_CHARS)), "机器人的各种话"),
            ),
        ],
    )
}

fn required_texts() -> Vec<&'static str> {
    TEXT_KEYS.iter().copied().filter(|key| is_required_text(key)).collect()
}

/// A map in which every key holds the same.
fn all(keys: &'static [&'static str], required: &[&str], value: &Value) -> Value {
    object(keys, required, keys.iter().map(|key| (*key, value.clone())))
}

pub(crate) fn facts() -> Value {
    let mut facts = fact_values();
    facts["maxProperties"] = Facts::COUNT_MAX.into();
    facts["additionalProperties"]["maxItems"] = VALUES_MAX.into();
    object(
        &["version", "facts"],
        &["version", "facts"],
        [("version", version()), ("facts", about(facts, "客户属性：“名字: [值, 值]”"))],
    )
}

pub(crate) fn variables() -> Value {
    let names = json!({
        "type": "object",
        "additionalProperties": false,
        "patternProperties": {"^[a-z][a-z0-9_]{0,39}$": line(VALUE_CHARS)},
        "not": {"anyOf": [{"required": ["next_opening"]}, {"required": ["agent"]}]},
    });
    object(
        &["version", "variables"],
        &["version", "variables"],
        [("version", version()), ("variables", about(names, "运营方自己的事实：“名字: 值”"))],
    )
}

pub(crate) fn compliance() -> Value {
    let class = json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "risk_line": about(text(RISK_LINE_CHARS), "作为最后一段附在该类每个答案之后"),
        },
    });
    let classes = json!({"type": "object", "additionalProperties": class});
    let denials = all(DENIAL_KEYS, &[], &list(&line(WORD_CHARS)));
    object(
        compliance_file::FILE_KEYS,
        &["version", "classes"],
        [
            ("version", version()),
            ("classes", about(classes, "合规类别")),
            ("denials", about(denials, "旁边有这些词，就不算违规，例如“不保本”")),
            ("rules", about(list(&rule()), "不能说的话")),
        ],
    )
}

fn rule() -> Value {
    let some_of = |words: &[&str]| {
        let mut some = list(&json!({"enum": words}));
        some["minItems"] = 1.into();
        some
    };
    let mut rule = object(
        RULE_KEYS,
        &["code", "name", "severity", "applies_to", "source", "mend"],
        [
            (
                "code",
                about(json!({"type": "string", "pattern": "^CP[0-9]{3}$"}), "CP 加三位数字，不改"),
            ),
            ("name", about(line(LINE_CHARS_MIN..=NAME_CHARS_MAX), "规则的名字")),
            (
                "severity",
                about(json!({"enum": ["error", "warning"]}), "error 不许说，warning 只提示"),
            ),
            (
                "applies_to",
                about(some_of(&["answer", "agent", "customer"]), "查谁的话：机器人、坐席、客户"),
            ),
            ("classes", about(list(&text(1..=80)), "只查这些合规类别的答案")),
            ("words", about(list(&line(WORD_CHARS)), "要找的词")),
            ("patterns", about(list(&text(1..=1_000)), "要找的正则")),
            ("unless", about(list(&line(WORD_CHARS)), "出现在这些更长的词里就不算")),
            ("source", about(line(LINE_CHARS_MIN..=SOURCE_CHARS_MAX), "依据")),
            ("mend", about(line(LINE_CHARS_MIN..=SOURCE_CHARS_MAX), "应该怎么说")),
        ],
    );
    let some = |key: &str| json!({"required": [key], "properties": {key: {"minItems": 1}}});
    rule["anyOf"] = json!([some("words"), some("patterns")]);
    rule
}

pub(crate) fn hours() -> Value {
    let day = || {
        let spans = json!({
            "type": "string",
            "pattern": "^([01]?[0-9]|2[0-4]):[0-5][0-9]-([01]?[0-9]|2[0-4]):[0-5][0-9]$",
        });
        about(list(&spans), "时段，如 \"09:00-21:00\"；不写的那天休息")
    };
    let mut week = Map::new();
    week.extend(DAYS.iter().map(|(key, _)| ((*key).to_owned(), day())));
    let holiday = object(
        &["date", "name"],
        &["date"],
        [("date", date()), ("name", about(text(1..=80), "节日的名字"))],
    );
    let workday = object(
        &["date", "like"],
        &["date", "like"],
        [("date", date()), ("like", about(choice(&DAYS), "按星期几的时段上班"))],
    );
    object(
        &["version", "time_zone", "week", "holidays", "workdays"],
        &["version", "time_zone", "week"],
        [
            ("version", version()),
            ("time_zone", about(text(1..=80), "IANA 时区名，如 Asia/Shanghai")),
            ("week", json!({"type": "object", "additionalProperties": false, "properties": week})),
            ("holidays", about(list(&holiday), "节假日：当天休息")),
            ("workdays", about(list(&workday), "调休上班日")),
        ],
    )
}

pub(crate) fn synonyms() -> Value {
    let word = || line(2..=20);
    let mut same_words = list(&word());
    same_words["minItems"] = 2.into();
    let mut say_words = list(&word());
    say_words["minItems"] = 1.into();
    let same = object(&["same"], &["same"], [("same", about(same_words, "双向：都当作第一个词"))]);
    let say = object(
        &["say", "means"],
        &["say", "means"],
        [
            ("say", about(say_words, "单向：客户说了这些词")),
            ("means", about(word(), "也当作说了这个词")),
        ],
    );
    let mut groups = list(&json!({"oneOf": [same, say]}));
    groups["maxItems"] = 2_000.into();
    object(
        &["version", "synonyms"],
        &["version", "synonyms"],
        [("version", version()), ("synonyms", groups)],
    )
}
