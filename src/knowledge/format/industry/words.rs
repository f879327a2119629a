//! Reads the lists of words of `industry.yaml`; each word is normalised and may be written once.

use std::{collections::BTreeMap, ops::RangeInclusive};

use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::Report,
        source::{Located, Place},
    },
    model::{
        industry::{Courtesies, Opposites, Thing},
        synonyms::Synonym,
    },
    yaml::{
        fields::Fields,
        tree::{Node, NodeKind},
    },
};
use crate::text::{WordFinder, normalize};

pub(crate) const OPPOSITES_KEYS: &[&str] = &["one", "other"];
pub(crate) const COURTESIES_KEYS: &[&str] = &["before", "after"];
pub(crate) const REPLACED_KEYS: &[&str] = &["say", "means"];

/// Lengths in characters, without punctuation and spaces.
pub(crate) const WORD_CHARS: RangeInclusive<usize> = 1..=20;
/// Length of the name of a thing. One character alone would be in every other utterance.
pub(crate) const THING_CHARS: RangeInclusive<usize> = 2..=20;

/// Most words of one list. Every utterance is searched for all of them; the finder takes about a
/// megabyte of memory for 2,000 words.
pub(crate) const WORDS_MAX: usize = 2_000;
/// Most courtesies at one end, which are tried one by one, and most words that only look like
/// denials.
pub(crate) const TRIED_MAX: usize = 200;
/// Most pairs of opposites: each takes one bit in the signals of every question.
pub(crate) const OPPOSITES_MAX: usize = 32;
/// Most things of all groups of rivals, and most brands: together they take 256 bits in the signals
/// of every question.
pub(crate) const RIVALS_MAX: usize = 192;
pub(crate) const BRANDS_MAX: usize = 64;
/// Most groups of rivals: with the brands they take 64 bits.
pub(crate) const RIVAL_GROUPS_MAX: usize = 63;

/// Punctuation that an input method for Chinese writes between words, or around them.
const SEPARATORS: [char; 9] = ['，', '、', '；', '：', '“', '”', '【', '】', '。'];

/// The reasons for limits, in Chinese.
const EACH_QUESTION: &str = "每句问法、每句话都要记下其中有哪些，太多了放不下";
const EACH_UTTERANCE: &str = "每句话都要查一遍全部的词";

/// Reads words that may be written only once among all that one reader has read.
pub(super) struct Words {
    key: &'static str,
    chars: RangeInclusive<usize>,
    seen: BTreeMap<String, Place>,
}

impl Words {
    pub(super) fn of(key: &'static str, chars: RangeInclusive<usize>) -> Self {
        Self { key, chars, seen: BTreeMap::new() }
    }

    /// A word as utterances have it; a report for one that no utterance can have, or that was
    /// there before.
    fn read(&mut self, node: &Node, report: &mut Report<'_>) -> Option<Located<String>> {
        let written = node.word(self.key, report)?;
        let word = read_word(&written, self.key, &self.chars, report)?;
        if let Some(first) = self.seen.get(&word.value) {
            let message = format!("“{}”在 {} 里写了两遍", written.value, self.key);
            let reason = format!(
                "去掉标点、空格，统一大小写和繁简之后是同一个词（另一处：{}）",
                report.name(*first)
            );
            report.add(Code::WordTwice, word.place, message, reason, "删掉其中一处");
            return None;
        }
        self.seen.insert(word.value.clone(), word.place);
        Some(word)
    }

    /// The words of a list, at most so many.
    pub(super) fn read_list(
        &mut self,
        list: &Node,
        most: usize,
        report: &mut Report<'_>,
    ) -> Vec<String> {
        let items = list.list(self.key, report);
        limit(self.key, items, most, "词", EACH_UTTERANCE, report);
        items.iter().filter_map(|item| Some(self.read(item, report)?.value)).collect()
    }

    /// The words of a list that may not be empty.
    pub(super) fn read_some(
        &mut self,
        list: &Node,
        what: &str,
        report: &mut Report<'_>,
    ) -> Vec<String> {
        if matches!(&list.kind, NodeKind::List(items) if items.is_empty()) {
            report_too_small(list.place, &format!("{what}一个词也没有"), report);
        }
        self.read_list(list, WORDS_MAX, report)
    }
}

/// A word as utterances have it, of a length.
fn read_word(
    written: &Located<String>,
    key: &str,
    chars: &RangeInclusive<usize>,
    report: &mut Report<'_>,
) -> Option<Located<String>> {
    if written.value.contains(SEPARATORS) && written.value.chars().any(char::is_alphanumeric) {
        let message = format!("“{}”里有中文标点", written.value);
        let reason = "词之间要用英文逗号；中文标点不分开，几个词会当成一个";
        let mend = "改成英文逗号加空格，去掉中文引号";
        report.add(Code::WordsRunTogether, written.place, message, reason, mend);
        return None;
    }
    let word = Located { value: normalize(&written.value).into_string(), place: written.place };
    if word.value.is_empty() {
        let message = format!("“{}”里没有可以比较的字", written.value);
        let reason = "比较时不看标点、空格和表情，去掉以后什么也不剩";
        report.add(Code::WordVanishes, word.place, message, reason, "写上文字，或删掉它");
        return None;
    }
    word.has_length(key, chars.clone(), report).then_some(word)
}

/// Reports a list that is longer than it may be, at the first that is too much.
pub(super) fn limit(
    key: &str,
    items: &[Node],
    most: usize,
    what: &str,
    reason: &str,
    report: &mut Report<'_>,
) {
    if let Some(extra) = items.get(most) {
        let message = format!("{key} 有 {} 个{what}，最多 {most} 个", items.len());
        report.add(Code::OutOfRange, extra.place, message, reason, "删掉不再用的");
    }
}

fn report_too_small(place: Place, message: &str, report: &mut Report<'_>) {
    let mend = "补全，或删掉这一组；一个也不要时，整个键写成 []";
    report.add(Code::GroupTooSmall, place, message, "这样的一组不起作用", mend);
}

/// The things that exclude each other. A name stands once in all groups, brands among them.
pub(super) struct ThingReader(Words);

impl Default for ThingReader {
    fn default() -> Self {
        Self(Words::of("rivals", THING_CHARS))
    }
}

impl ThingReader {
    pub(super) fn read_rivals(&mut self, node: &Node, report: &mut Report<'_>) -> Vec<Vec<Thing>> {
        let groups = node.list("rivals", report);
        limit("rivals", groups, RIVAL_GROUPS_MAX, "组", EACH_QUESTION, report);
        let (mut rivals, mut count) = (Vec::new(), 0);
        for group in groups {
            let items = group.list("rivals", report);
            if items.len() < 2 && matches!(group.kind, NodeKind::List(_)) {
                report_too_small(group.place, "rivals 的一组至少要有两样东西", report);
            }
            if let Some(extra) = items.get(RIVALS_MAX.saturating_sub(count)) {
                let message = format!("rivals 一共最多 {RIVALS_MAX} 样东西");
                report.add(Code::OutOfRange, extra.place, message, EACH_QUESTION, "删掉不再用的");
                break;
            }
            count += items.len();
            rivals.push(self.read_things(items, report));
        }
        rivals
    }

    pub(super) fn read_brands(&mut self, node: &Node, report: &mut Report<'_>) -> Vec<Thing> {
        self.0.key = "brands";
        let items = node.list("brands", report);
        limit("brands", items, BRANDS_MAX, "品牌", EACH_QUESTION, report);
        self.read_things(items, report)
    }

    /// Each is a name, or a list of names.
    fn read_things(&mut self, items: &[Node], report: &mut Report<'_>) -> Vec<Thing> {
        items
            .iter()
            .map(|item| match &item.kind {
                NodeKind::List(_) => self.0.read_some(item, "这样东西", report),
                NodeKind::Scalar(_) | NodeKind::Map(_) | NodeKind::Refused => {
                    self.0.read(item, report).into_iter().map(|name| name.value).collect()
                }
            })
            .collect()
    }
}

pub(super) fn read_opposites(node: &Node, report: &mut Report<'_>) -> Vec<Opposites> {
    let pairs = node.list("opposites", report);
    limit("opposites", pairs, OPPOSITES_MAX, "对", EACH_QUESTION, report);
    let mut opposites = Vec::new();
    for pair in pairs {
        let Some(fields) = Fields::open(pair, "opposites ", OPPOSITES_KEYS, report) else {
            continue;
        };
        // A word of both sides would be the opposite of itself.
        let mut words = Words::of("opposites", WORD_CHARS);
        let mut side = |key: &str, report: &mut Report<'_>| {
            fields
                .require(key, report)
                .map(|list| words.read_some(list, &format!("{key} 里"), report))
                .unwrap_or_default()
        };
        let (one, other) = (side("one", report), side("other", report));
        opposites.push(Opposites { one, other });
    }
    opposites
}

pub(super) fn read_stop_words(node: &Node, report: &mut Report<'_>) -> Vec<String> {
    Words::of("stop_words", WORD_CHARS).read_list(node, WORDS_MAX, report)
}

pub(super) fn read_not_denials(node: &Node, report: &mut Report<'_>) -> Vec<String> {
    Words::of("not_denials", WORD_CHARS).read_list(node, TRIED_MAX, report)
}

/// Longer courtesies come first, so that 请问一下 is taken off whole.
pub(super) fn read_courtesies(node: &Node, report: &mut Report<'_>) -> Courtesies {
    if matches!(&node.kind, NodeKind::List(items) if items.is_empty()) {
        return Courtesies::default();
    }
    let Some(fields) = Fields::open(node, "courtesies ", COURTESIES_KEYS, report) else {
        return Courtesies::default();
    };
    let mut side = |key: &'static str| {
        let list = fields.get(key);
        let mut words = list.map_or_else(Vec::new, |list| {
            Words::of(key, WORD_CHARS).read_list(list, TRIED_MAX, report)
        });
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        words
    };
    Courtesies { before: side("before"), after: side("after") }
}

/// Reads `dialect` and `same`, in this order: what is replaced, and by what. A word stands
/// once in both, since after the first time it is not there any more.
pub(super) fn read_replaced(
    fields: &Fields<'_>,
    keys: [&'static str; 2],
    report: &mut Report<'_>,
) -> [Option<Vec<Synonym>>; 2] {
    let mut words = Words::of("", WORD_CHARS);
    let mut all: Vec<(Located<String>, String)> = Vec::new();
    let read = keys.map(|key| {
        words.key = key;
        let before = all.len();
        read_groups(fields.get(key)?, &mut words, &mut all, report);
        if let Some((extra, _)) = all.get(before + WORDS_MAX) {
            let message = format!("{key} 有 {} 个词，最多 {WORDS_MAX} 个", all.len() - before);
            report.add(Code::OutOfRange, extra.place, message, EACH_UTTERANCE, "删掉不再用的");
        }
        let synonym = |(word, other): &(Located<String>, String)| Synonym {
            word: word.value.clone(),
            other: other.clone(),
        };
        Some(all[before..].iter().map(synonym).collect())
    });
    check_order(&all, report);
    read
}

fn read_groups(
    node: &Node,
    words: &mut Words,
    all: &mut Vec<(Located<String>, String)>,
    report: &mut Report<'_>,
) {
    for group in node.list(words.key, report) {
        let what = format!("{} ", words.key);
        let Some(fields) = Fields::open(group, &what, REPLACED_KEYS, report) else { continue };
        let means = fields.require("means", report).and_then(|node| {
            let written = node.word("means", report)?;
            read_word(&written, "means", &WORD_CHARS, report)
        });
        let Some(said) = fields.require("say", report) else { continue };
        if matches!(&said.kind, NodeKind::List(items) if items.is_empty()) {
            report_too_small(said.place, "say 里一个词也没有", report);
        }
        for item in said.list("say", report) {
            let Some(word) = words.read(item, report) else { continue };
            let Some(means) = &means else { continue };
            if word.value == means.value {
                let message = format!("“{}”换成的还是它自己", word.value);
                let reason = "去掉标点、空格，统一大小写和繁简之后两个词相同";
                report.add(Code::NeverReplaced, word.place, message, reason, "删掉这个词");
                continue;
            }
            all.push((word, means.value.clone()));
        }
    }
}

/// Reports words that hold one which is replaced before them: no text has them any more then.
fn check_order(all: &[(Located<String>, String)], report: &mut Report<'_>) {
    let finder = WordFinder::every(all.iter().map(|(word, _)| word.value.as_str()).zip(0..));
    for (place, (word, _)) in all.iter().enumerate() {
        let Some(first) = finder.find(&word.value).map(|found| found.word).min() else { continue };
        if let Some((shorter, other)) = all.get(first).filter(|_| first < place) {
            let message = format!("“{}”永远换不到", word.value);
            let reason = format!(
                "从上往下换，轮到它之前，里面的“{}”已经换成了“{other}”（{}）",
                shorter.value,
                report.name(shorter.place)
            );
            let mend = format!("把它写到“{}”的前面", shorter.value);
            report.add(Code::NeverReplaced, word.place, message, reason, mend);
        }
    }
}
