//! The JSON Schema of `industry.yaml`.

use std::ops::RangeInclusive;

use serde_json::{Value, json};

use super::{
    categories::{CATEGORIES_MAX, CATEGORY_KEYS, ID_CHARS_MAX, NAME_CHARS, RESERVED},
    file::FILE_KEYS,
    question_kinds::{KIND_KEYS, KINDS_MAX},
    words::{
        BRANDS_MAX, COURTESIES_KEYS, OPPOSITES_KEYS, OPPOSITES_MAX, REPLACED_KEYS,
        RIVAL_GROUPS_MAX, THING_CHARS, TRIED_MAX, WORD_CHARS, WORDS_MAX,
    },
};
use crate::knowledge::format::parts::json_schema::{about, line, list, object, version};

/// Most punctuation marks and spaces in a text. The reader counts lengths without them.
const LEFT_OUT_CHARS: usize = 20;

pub(crate) fn schema() -> Value {
    let mut file = object(
        FILE_KEYS,
        &["version"],
        [
            ("version", version()),
            (
                "categories",
                about(categories(), "业务类别：一棵树，条目的 category 写其中一个的 id"),
            ),
            (
                "rivals",
                about(
                    at_most(RIVAL_GROUPS_MAX, list(&at_least(2, list(&thing())))),
                    "互相排斥的东西：每组至少两样；有几个名字的写成列表",
                ),
            ),
            ("brands", about(at_most(BRANDS_MAX, list(&thing())), "大家都知道的品牌，也互相排斥")),
            (
                "opposites",
                about(at_most(OPPOSITES_MAX, list(&opposites())), "相反的动作：one 和 other 两边"),
            ),
            (
                "question_kinds",
                about(at_most(KINDS_MAX, list(&question_kind())), "问的是什么：多久、多少、怎么……"),
            ),
            ("stop_words", about(words(WORDS_MAX), "不说明要问什么的词：比较用词时不算")),
            ("courtesies", about(courtesies(), "一句话两头的客套话，去掉以后再比较")),
            ("not_denials", about(words(TRIED_MAX), "有“不、没、未、无”，却没有否定什么的词")),
            ("dialect", about(replaced(), "方言的说法，从上往下换成普通的说法")),
            ("same", about(replaced(), "意思一样的普通词，从上往下换成同一个")),
        ],
    );
    file["$defs"] = json!({"category": category()});
    about(file, "这一行业的词；不写的键用程序自带的")
}

fn at_most(most: usize, mut list: Value) -> Value {
    list["maxItems"] = most.into();
    list
}

fn at_least(least: usize, mut list: Value) -> Value {
    list["minItems"] = least.into();
    list
}

fn word(chars: RangeInclusive<usize>) -> Value {
    line(1..=chars.end() + LEFT_OUT_CHARS)
}

fn words(most: usize) -> Value {
    at_most(most, list(&word(WORD_CHARS)))
}

fn some_words() -> Value {
    at_least(1, words(WORDS_MAX))
}

fn thing() -> Value {
    let name = word(THING_CHARS);
    json!({"oneOf": [name, at_least(1, list(&name))]})
}

/// The JSON Schema of the id of a category.
pub(crate) fn category_id() -> Value {
    json!({"type": "string", "pattern": "^[a-z][a-z0-9_]*$", "maxLength": ID_CHARS_MAX})
}

fn categories() -> Value {
    at_most(CATEGORIES_MAX, at_least(1, list(&json!({"$ref": "#/$defs/category"}))))
}

fn category() -> Value {
    let mut id = category_id();
    id["not"] = json!({"enum": RESERVED});
    object(
        CATEGORY_KEYS,
        &["id", "name"],
        [
            ("id", about(id, "编号，如 account；上线后不要再改")),
            ("name", about(line(NAME_CHARS), "中文名")),
            ("children", about(list(&json!({"$ref": "#/$defs/category"})), "下级类别")),
        ],
    )
}

fn opposites() -> Value {
    object(OPPOSITES_KEYS, OPPOSITES_KEYS, [("one", some_words()), ("other", some_words())])
}

fn question_kind() -> Value {
    object(
        KIND_KEYS,
        &["id", "words"],
        [
            ("id", about(category_id(), "编号，如 how_long")),
            ("words", about(some_words(), "有这些词的话，问的是这一种")),
            ("over", about(list(&category_id()), "话里有这一种的词，就不再算这里写的那些种")),
        ],
    )
}

fn courtesies() -> Value {
    let ends = object(
        COURTESIES_KEYS,
        &[],
        [
            ("before", about(words(TRIED_MAX), "开头的")),
            ("after", about(words(TRIED_MAX), "末尾的")),
        ],
    );
    json!({"oneOf": [ends, {"type": "array", "maxItems": 0}]})
}

fn replaced() -> Value {
    list(&object(
        REPLACED_KEYS,
        REPLACED_KEYS,
        [("say", about(some_words(), "这些词")), ("means", about(word(WORD_CHARS), "换成这一个"))],
    ))
}
