//! The JSON Schema of `guard.yaml`.

use serde_json::Value;

use super::file::{ALONE, FILE_KEYS, KIND_KEYS, LIKELY_KEYS, NEAR, WATCH_KEYS, WITH_RULE, kinds};
use crate::knowledge::format::parts::{
    composition,
    concepts::{self, WORD_CHARS},
    json_schema::{about, choice, each, id, list, number, object, version},
};

pub(crate) fn schema() -> Value {
    let harmless = about(
        concepts::words_schema(WORD_CHARS),
        "无害的词和句子：概念的词落在它们里面就不算，如 笑死、死机、跳楼价",
    );
    let watches = about(list(&watch()), "找什么：从上往下是先后，越危急的越先");
    let vetoes = about(
        list(&composition::schema()),
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
                    "按种类：照程序学来的，像到千分之几才算；不写的种类只看规则和例句",
                ),
            ),
            ("concepts", concepts::schema()),
            ("watches", watches),
            ("vetoes", vetoes),
        ],
    );
    about(file, "守门：先于一切匹配，找出有危险的人和不能办的请求；没有这个文件就用程序自带的")
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
            ("when", about(list(&composition::schema()), "规则：符合任何一条就算")),
        ],
    )
}
