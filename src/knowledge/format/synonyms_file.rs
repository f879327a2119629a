//! Reads `synonyms.yaml`: groups of words that mean the same in the domain.

use std::{collections::BTreeMap, ops::RangeInclusive};

use serde_json::{Value, json};

use super::parts::json_schema::{about, line, list, object, version};
use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::Report,
        source::{Located, Place},
    },
    model::synonyms::{Synonym, Synonyms},
    yaml::{fields::Fields, tree::Node, version::check_version},
};
use crate::text::normalize;

const FILE_KEYS: &[&str] = &["version", "synonyms"];
/// A group has the keys of one of the two kinds below.
const GROUP_KEYS: &[&str] = &["same", "say", "means"];
const SAME_KEYS: &[&str] = &["same"];
const ONE_WAY_KEYS: &[&str] = &["say", "means"];

/// Length of a word in characters, after normalising.
const WORD_CHARS: RangeInclusive<usize> = 2..=20;

/// Most groups of one file: every utterance is searched for all their words.
const GROUPS_MAX: usize = 2_000;

/// Reads the groups of the file; of two that contradict each other, the later one is reported.
pub(crate) fn read(root: &Node, report: &mut Report<'_>) -> Synonyms {
    let mut groups = Groups::default();
    let Some(fields) = Fields::open(root, "synonyms.yaml ", FILE_KEYS, report) else {
        return groups.synonyms;
    };
    check_version(&fields, report);
    let list = fields.require("synonyms", report).map(|list| list.list("synonyms", report));
    let list = list.unwrap_or_default();
    if let Some(extra) = list.get(GROUPS_MAX) {
        let message = format!("同义词有 {} 组，最多 {GROUPS_MAX} 组", list.len());
        let reason = "每句话都要查一遍全部的词";
        report.add(Code::OutOfRange, extra.place, message, reason, "删掉不再用的");
    }
    for node in list {
        if let Some(group) = Fields::open(node, "同义词 ", GROUP_KEYS, report) {
            groups.read(&group, report);
        }
    }
    groups.check_chains(report);
    groups.synonyms
}

#[derive(Default)]
struct Groups {
    synonyms: Synonyms,
    /// Every word of a group, but for those after `means`.
    seen: BTreeMap<String, Place>,
    /// The words after `means`.
    meanings: Vec<Located<String>>,
}

impl Groups {
    fn read(&mut self, group: &Fields<'_>, report: &mut Report<'_>) {
        let is_one_way = ONE_WAY_KEYS.iter().any(|key| group.get(key).is_some());
        if is_one_way && group.get("same").is_some() {
            let message = "一组里既有 same，又有 say 或 means";
            let reason = "same 是双向的，say 和 means 是单向的";
            report.add(Code::Synonyms, group.place, message, reason, "拆成两组");
        } else if is_one_way {
            self.read_one_way(group, report);
        } else if let Some(node) = group.require("same", report) {
            self.read_same(node, report);
        }
    }

    fn read_same(&mut self, node: &Node, report: &mut Report<'_>) {
        let items = node.list("same", report);
        if items.len() == 1 {
            let message = "same 里只有一个词";
            let mend = "再写一个说法，或删掉这一组";
            report.add(Code::Synonyms, node.place, message, "一个词没有同义词", mend);
        }
        let words: Vec<Located<String>> =
            items.iter().filter_map(|item| self.new_word(item, "same", report)).collect();
        if let Some((first, others)) = words.split_first() {
            let other = &first.value;
            let synonym =
                |word: &Located<String>| Synonym { word: word.value.clone(), other: other.clone() };
            self.synonyms.same.extend(others.iter().map(synonym));
        }
    }

    fn read_one_way(&mut self, group: &Fields<'_>, report: &mut Report<'_>) {
        let means =
            group.require("means", report).and_then(|node| read_word(node, "means", report));
        let said = group.require("say", report).map(|node| node.list("say", report));
        for item in said.unwrap_or_default() {
            let Some(word) = self.new_word(item, "say", report) else { continue };
            let Some(means) = &means else { continue };
            if word.value == means.value {
                let message = format!("“{}”的 means 就是它自己", word.value);
                let reason = "去掉标点、空格、大小写之后两个词相同";
                report.add(Code::Synonyms, word.place, message, reason, "删掉这个词");
                continue;
            }
            self.synonyms.says.push(Synonym { word: word.value, other: means.value.clone() });
        }
        self.meanings.extend(means);
    }

    /// Reads a word; one that another group has already is reported and left out.
    fn new_word(
        &mut self,
        node: &Node,
        key: &str,
        report: &mut Report<'_>,
    ) -> Option<Located<String>> {
        let word = read_word(node, key, report)?;
        if let Some(first) = self.seen.get(&word.value) {
            let message = format!("同义词“{}”写了两遍", word.value);
            let reason = format!("一个词只能属于一组（另一处：{}）", report.name(*first));
            report.add(Code::Synonyms, word.place, message, reason, "删掉一处，或把两组合成一组");
            return None;
        }
        self.seen.insert(word.value.clone(), word.place);
        Some(word)
    }

    /// Reports a word after `means` that is itself replaced by another: replacing takes one step.
    fn check_chains(&self, report: &mut Report<'_>) {
        let replaced: BTreeMap<&str, &str> = (self.synonyms.same.iter())
            .chain(&self.synonyms.says)
            .map(|one| (one.word.as_str(), one.other.as_str()))
            .collect();
        for meaning in &self.meanings {
            if let Some(other) = replaced.get(meaning.value.as_str()) {
                let message = format!("“{}”自己又会换成“{other}”", meaning.value);
                let reason = "means 要写最后的那个词，不会一步一步换下去";
                report.add(
                    Code::Synonyms,
                    meaning.place,
                    message,
                    reason,
                    format!("改成 means: {other}"),
                );
            }
        }
    }
}

fn read_word(node: &Node, key: &str, report: &mut Report<'_>) -> Option<Located<String>> {
    let text = node.text(key, report)?;
    let word = Located { value: normalize(&text.value).into_string(), place: text.place };
    word.has_length(key, WORD_CHARS, report).then_some(word)
}

/// The JSON Schema of `synonyms.yaml`.
pub(crate) fn schema() -> Value {
    let word = || line(WORD_CHARS);
    let mut same_words = list(&word());
    same_words["minItems"] = 2.into();
    let mut say_words = list(&word());
    say_words["minItems"] = 1.into();
    let same = object(SAME_KEYS, SAME_KEYS, [("same", about(same_words, "双向：都当作第一个词"))]);
    let say = object(
        ONE_WAY_KEYS,
        ONE_WAY_KEYS,
        [
            ("say", about(say_words, "单向：客户说了这些词")),
            ("means", about(word(), "也当作说了这个词")),
        ],
    );
    let mut groups = list(&json!({"oneOf": [same, say]}));
    groups["maxItems"] = GROUPS_MAX.into();
    object(FILE_KEYS, FILE_KEYS, [("version", version()), ("synonyms", groups)])
}
