//! Reads the kinds of questions of `industry.yaml`.

use std::collections::BTreeMap;

use super::{
    categories::is_name,
    words::{WORD_CHARS, Words, limit},
};
use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::Report,
        similar_word::nearest,
        source::{Located, Place},
    },
    model::industry::QuestionKind,
    yaml::{fields::Fields, tree::Node},
};

pub(crate) const KIND_KEYS: &[&str] = &["id", "words", "over"];

/// Most kinds: each takes one bit in the signals of every question.
pub(crate) const KINDS_MAX: usize = 16;

/// Reads the kinds, and for each the kinds that it overrides.
pub(super) fn read(node: &Node, report: &mut Report<'_>) -> Vec<QuestionKind> {
    let items = node.list("question_kinds", report);
    let reason = "每句问法、每句话都要记下属于哪几种，太多了放不下";
    limit("question_kinds", items, KINDS_MAX, "种", reason, report);
    let mut ids: BTreeMap<String, (usize, Place)> = BTreeMap::new();
    let mut kinds = Vec::new();
    let mut named: Vec<Vec<Located<String>>> = Vec::new();
    for item in items {
        let Some(fields) = Fields::open(item, "question_kinds ", KIND_KEYS, report) else {
            continue;
        };
        let id = fields.require("id", report).and_then(|node| node.text("id", report));
        let id = id.filter(|id| is_new(id, &ids, report));
        if let Some(id) = &id {
            ids.insert(id.value.clone(), (kinds.len(), id.place));
        }
        let words = fields.require("words", report).map_or_else(Vec::new, |list| {
            Words::of("words", WORD_CHARS).read_some(list, "words 里", report)
        });
        let id = id.map(|id| id.value).unwrap_or_default();
        kinds.push(QuestionKind { id, words, over: Vec::new() });
        named.push(fields.texts("over", report));
    }
    for (place, over) in named.iter().enumerate() {
        for name in over {
            match ids.get(&name.value) {
                Some(&(other, _)) => kinds[place].over.push(other),
                // The name may belong to a kind whose id could not be read.
                None if ids.len() < kinds.len() => {}
                None => report_unknown(name, ids.keys(), report),
            }
        }
    }
    check_circles(&kinds, &named, report);
    kinds
}

fn is_new(
    id: &Located<String>,
    ids: &BTreeMap<String, (usize, Place)>,
    report: &mut Report<'_>,
) -> bool {
    if !is_name(&id.value) {
        let message = format!("问题种类的 id“{}”写法不对", id.value);
        let reason = "id 是小写字母、数字、下划线，以字母开头，最多 32 个字符";
        report.add(Code::BadQuestionKind, id.place, message, reason, "写成 how_long 这样");
        return false;
    }
    if let Some((_, first)) = ids.get(&id.value) {
        let message = format!("两个问题种类的 id 都是“{}”", id.value);
        let reason = format!("over 按 id 认种类（另一处：{}）", report.name(*first));
        report.add(Code::BadQuestionKind, id.place, message, reason, "合成一种，或换一个 id");
        return false;
    }
    true
}

fn report_unknown<'i>(
    name: &Located<String>,
    ids: impl Iterator<Item = &'i String> + Clone,
    report: &mut Report<'_>,
) {
    let mend = match nearest(&name.value, ids.clone().map(String::as_str)) {
        Some(guess) => format!("是不是想写“{guess}”？"),
        None => format!("可选：{}", ids.cloned().collect::<Vec<_>>().join("、")),
    };
    let message = format!("没有问题种类“{}”", name.value);
    let reason = "over 里写的是 question_kinds 里别的种类的 id";
    report.add(Code::BadQuestionKind, name.place, message, reason, mend);
}

/// Reports a kind that goes before itself, if by way of others: then a question with words of
/// all of them would be of none.
fn check_circles(kinds: &[QuestionKind], named: &[Vec<Located<String>>], report: &mut Report<'_>) {
    for (place, names) in named.iter().enumerate() {
        let mut below = kinds[place].over.clone();
        let mut at = 0;
        while let Some(&next) = below.get(at) {
            let further = kinds[next].over.iter().filter(|other| !below.contains(other));
            let further: Vec<usize> = further.copied().collect();
            below.extend(further);
            at += 1;
        }
        if let Some(first) = names.first().filter(|_| below.contains(&place)) {
            let message = format!("问题种类“{}”绕了一圈又排在自己前面", kinds[place].id);
            let reason = "各种词都有的一句话，就哪一种也不算了";
            report.add(Code::BadQuestionKind, first.place, message, reason, "去掉一个 over");
        }
    }
}
