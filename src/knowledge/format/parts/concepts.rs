//! Reads the concepts of a file, and looks them up by name.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::RangeInclusive,
};

use serde_json::{Value, json};

use super::json_schema::{about, line, list, object};
use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::Report,
        similar_word::nearest,
        source::{Located, Place},
    },
    yaml::{
        fields::Fields,
        tree::{Node, NodeKind},
    },
};
use crate::text::Concept;

/// The signs between concepts in a rule: in order, in any order, and not near it.
pub(crate) const SIGNS: [char; 3] = ['>', '+', '-'];

pub(crate) const CONCEPT_KEYS: &[&str] = &["words", "alike"];

/// Lengths in characters.
pub(crate) const NAME_CHARS: RangeInclusive<usize> = 1..=20;
pub(crate) const WORD_CHARS: RangeInclusive<usize> = 1..=60;
/// A single sound is in every other word.
pub(crate) const ALIKE_CHARS: RangeInclusive<usize> = 2..=60;

/// Most concepts: each takes one bit for every utterance.
pub(crate) const CONCEPTS_MAX: usize = 2_000;
/// Most words of one list.
pub(crate) const WORDS_MAX: usize = 2_000;

/// Most punctuation marks and spaces in a word. The reader counts lengths without them.
const LEFT_OUT_CHARS: usize = 20;

/// The form in which the words of a file are compared with texts.
pub(crate) type WordForm = fn(&str) -> String;

/// The concepts of one file.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConceptTable {
    pub(crate) concepts: Vec<Concept>,
    by_name: BTreeMap<String, usize>,
    places: Vec<Place>,
    /// Whether a rule names it.
    is_used: Vec<bool>,
}

impl ConceptTable {
    /// Reads the map from names to words.
    pub(crate) fn read(node: &Node, form: WordForm, report: &mut Report<'_>) -> Self {
        let mut table = Self::default();
        let pairs = node.map("concepts", report).unwrap_or_default();
        if let Some((extra, _)) = pairs.get(CONCEPTS_MAX) {
            let message = format!("concepts 有 {} 个，最多 {CONCEPTS_MAX} 个", pairs.len());
            let reason = "每句话都要记下里面有哪些";
            report.add(Code::OutOfRange, extra.place, message, reason, "删掉不再用的");
        }
        for (name, node) in pairs {
            table.add(name, node, form, report);
        }
        table
    }

    fn add(
        &mut self,
        name: &Located<String>,
        node: &Node,
        form: WordForm,
        report: &mut Report<'_>,
    ) {
        let is_long = !name.has_length("concepts", NAME_CHARS, report);
        if let Some(sign) = name.value.chars().find(|c| SIGNS.contains(c) || *c == ' ') {
            let message = format!("概念的名字“{}”里有“{sign}”", name.value);
            let reason = "规则里用空格、+、>、- 隔开概念";
            report.add(Code::GuardRule, name.place, message, reason, "换一个名字");
        } else if !is_long {
            let concept = read_concept(&name.value, node, form, report);
            self.by_name.insert(name.value.clone(), self.concepts.len());
            self.concepts.push(concept);
            self.places.push(name.place);
            self.is_used.push(false);
        }
    }

    /// The concept of that name, which is then used; reports an unknown one at this place.
    pub(crate) fn find(
        &mut self,
        name: &str,
        place: Place,
        report: &mut Report<'_>,
    ) -> Option<usize> {
        let found = self.by_name.get(name).copied();
        if let Some(index) = found {
            self.is_used[index] = true;
        } else {
            let message = format!("没有叫“{name}”的概念");
            let mend = match nearest(name, self.by_name.keys().map(String::as_str)) {
                Some(guess) => format!("是不是想写“{guess}”？"),
                None => "在 concepts 里写上它和它的词".to_owned(),
            };
            let reason = "规则里写的是 concepts 里的名字，不是词";
            report.add(Code::GuardRule, place, message, reason, mend);
        }
        found
    }

    /// Warns of concepts that no rule names.
    pub(crate) fn check_used(&self, report: &mut Report<'_>) {
        let all = self.concepts.iter().zip(&self.places).zip(&self.is_used);
        for ((concept, place), _) in all.filter(|(_, is_used)| !**is_used) {
            let message = format!("没有规则用到概念“{}”", concept.name);
            let mend = "在规则里用它，或删掉它";
            report.add(Code::UnusedConcept, *place, message, "它不起作用", mend);
        }
    }
}

/// A list of words, or a map of words and of those that count by their sound, too.
fn read_concept(name: &str, node: &Node, form: WordForm, report: &mut Report<'_>) -> Concept {
    let (words, alike) = match &node.kind {
        NodeKind::Map(_) => match Fields::open(node, "概念 ", CONCEPT_KEYS, report) {
            Some(fields) => {
                let mut read = |key, chars| {
                    fields.get(key).map(|list| read_words(list, key, chars, form, report))
                };
                let (words, alike) = (read("words", WORD_CHARS), read("alike", ALIKE_CHARS));
                (words.unwrap_or_default(), alike.unwrap_or_default())
            }
            None => (Vec::new(), Vec::new()),
        },
        NodeKind::List(_) | NodeKind::Scalar(_) | NodeKind::Refused => {
            (read_words(node, name, WORD_CHARS, form, report), Vec::new())
        }
    };
    let is_meant = matches!(&node.kind, NodeKind::Map(_) | NodeKind::List(_));
    if words.is_empty() && alike.is_empty() && is_meant {
        let message = format!("概念“{name}”一个词也没有");
        report.add(Code::GuardRule, node.place, message, "它永远不会出现", "写上词，或删掉它");
    }
    Concept { name: name.to_owned(), words, alike }
}

/// Reads words in the form of the texts that they are compared with.
pub(crate) fn read_words(
    list: &Node,
    key: &str,
    chars: RangeInclusive<usize>,
    form: WordForm,
    report: &mut Report<'_>,
) -> Vec<String> {
    let items = list.list(key, report);
    if let Some(extra) = items.get(WORDS_MAX) {
        let message = format!("“{key}”有 {} 个词，最多 {WORDS_MAX} 个", items.len());
        let reason = "每句话都要查一遍全部的词";
        report.add(Code::OutOfRange, extra.place, message, reason, "删掉不再用的");
    }
    let mut words = Vec::with_capacity(items.len());
    let mut seen = BTreeSet::new();
    for item in items {
        let Some(written) = item.text(key, report) else { continue };
        let word = Located { value: form(&written.value), place: written.place };
        if word.value.is_empty() {
            let message = format!("“{}”里没有可以比较的字", written.value);
            let reason = "比较时不看标点、空格和表情，去掉以后什么也不剩";
            report.add(Code::WordVanishes, word.place, message, reason, "写上文字，或删掉它");
        } else if word.has_length(key, chars.clone(), report) && seen.insert(word.value.clone()) {
            words.push(word.value);
        }
    }
    words
}

/// The JSON Schema of a list of words.
pub(crate) fn words_schema(chars: RangeInclusive<usize>) -> Value {
    let mut words = list(&line(1..=chars.end() + LEFT_OUT_CHARS));
    words["maxItems"] = WORDS_MAX.into();
    words
}

/// The JSON Schema of the map from names to words.
pub(crate) fn schema() -> Value {
    let alike = object(
        CONCEPT_KEYS,
        &[],
        [
            ("words", about(words_schema(WORD_CHARS), "词")),
            ("alike", about(words_schema(ALIKE_CHARS), "词：写成谐音、拼音的也算")),
        ],
    );
    let mut some = words_schema(WORD_CHARS);
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
