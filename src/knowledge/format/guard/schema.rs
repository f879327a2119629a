//! The JSON Schema of `guard.yaml`.

use std::ops::RangeInclusive;

use serde_json::{Value, json};

use super::{
    concepts::{ALIKE_CHARS, CONCEPT_KEYS, CONCEPTS_MAX, NAME_CHARS, WORD_CHARS, WORDS_MAX},
    file::{ALONE, FILE_KEYS, KIND_KEYS, LIKELY_KEYS, NEAR, WATCH_KEYS, WITH_RULE, kinds},
};
use crate::knowledge::format::parts::json_schema::{
    about, choice, each, id, line, list, number, object, version,
};

/// Most punctuation marks and spaces in a word. The reader counts lengths without them.
const LEFT_OUT_CHARS: usize = 20;

pub(crate) fn schema() -> Value {
    let harmless = about(
        words(WORD_CHARS),
        "无害的词和句子：概念的词落在它们里面就不算，如 笑死、死机、跳楼价",
    );
    let watches = about(list(&watch()), "找什么：从上往下是先后，越危急的越先");
    let vetoes = about(
        list(&rule()),
        "不直接回答的话：说的是别家的产品，或有把请求变成坏事的词；条目自己的问法里有的不算",
    );
    let file = object(
        FILE_KEYS,
        &["version"],
        [
            ("version", version()),
            ("harmless", harmless),
            (
                "likely",
                about(
                    each(&KIND_KEYS, &[], &likely()),
                    "按种类：照程序学来的，像到千分之几也算；不写的种类只看规则和例句",
                ),
            ),
            ("concepts", concepts()),
            ("watches", watches),
            ("vetoes", vetoes),
        ],
    );
    about(file, "守门：先于一切匹配，找出有危险的人和不能办的请求；没有这个文件就用程序自带的")
}

fn words(chars: RangeInclusive<usize>) -> Value {
    let mut words = list(&line(1..=chars.end() + LEFT_OUT_CHARS));
    words["maxItems"] = WORDS_MAX.into();
    words
}

fn concepts() -> Value {
    let alike = object(
        CONCEPT_KEYS,
        &[],
        [
            ("words", about(words(WORD_CHARS), "词")),
            ("alike", about(words(ALIKE_CHARS), "词：写成谐音、拼音的也算")),
        ],
    );
    let mut some = words(WORD_CHARS);
    some["minItems"] = 1.into();
    about(
        json!({
            "type": "object",
            "maxProperties": CONCEPTS_MAX,
            "propertyNames": {"pattern": format!("^[^ >+-]{{{},{}}}$", NAME_CHARS.start(), NAME_CHARS.end())},
            "additionalProperties": {"oneOf": [some, alike]},
        }),
        "概念：名字，和意思一样的一组词",
    )
}

fn likely() -> Value {
    object(
        LIKELY_KEYS,
        &["alone"],
        [
            ("alone", about(number(ALONE), "没有规则符合时，像到千分之几才算")),
            (
                "with_rule",
                about(number(WITH_RULE), "有规则符合时，至少要像到千分之几；默认 0，规则说了算"),
            ),
        ],
    )
}

fn watch() -> Value {
    object(
        WATCH_KEYS,
        &["kind", "intent"],
        [
            ("kind", about(choice(&kinds()), "哪一种危险或请求")),
            ("intent", about(id(), "按哪个意图处理：说的话、优先级、转不转人工都写在那里")),
            ("near", about(number(NEAR), "与意图的例句相似到千分之几也算；不写就只看规则")),
            ("when", about(list(&rule()), "规则：符合任何一条就算")),
        ],
    )
}

fn rule() -> Value {
    json!({
        "type": "string",
        "pattern": "^\\s*[^\\s>+-]+( [>+] [^\\s>+-]+)*( - [^\\s>+-]+)*\\s*$",
        "description": "概念的名字，用 > （先后）、+ （都有）、- （附近没有）隔开",
    })
}
