//! Reads `compliance.yaml`: the classes of entries and the rules on what may be said.

use std::{collections::BTreeMap, ops::RangeInclusive};

use serde_json::{Value, json};

use super::parts::{
    composition,
    concepts::{self, ConceptTable},
    json_schema::{about, choice, each, line, list, number, object, text, version},
    pattern::{self, PATTERN_CHARS},
    prose::Prose,
};
use crate::compliance::{Denials, LikelyBreach, Rule, RuleBook, Speaker, plain_letters};
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
        version::check_version,
    },
};
use crate::parallel::Threads;
use crate::text::plain_text;

const FILE_KEYS: &[&str] = &["version", "classes", "likely", "denials", "concepts", "rules"];
const CLASS_KEYS: &[&str] = &["risk_line"];
const RULE_KEYS: &[&str] = &[
    "code",
    "name",
    "severity",
    "applies_to",
    "classes",
    "words",
    "patterns",
    "when",
    "unless",
    "source",
    "mend",
];
const LIKELY_KEYS: &[&str] = &["alone", "with_concepts", "with_words"];
const DENIAL_KEYS: &[&str] = &["before", "after", "asks", "turns"];

/// Lengths in characters.
const RISK_LINE_CHARS: RangeInclusive<usize> = 1..=300;
const WORD_CHARS: RangeInclusive<usize> = 1..=40;
const LINE_CHARS_MIN: usize = 2;
const NAME_CHARS_MAX: usize = 40;
const SOURCE_CHARS_MAX: usize = 300;

/// Ranges of likelihoods, in thousandths. A lower one than every second sentence would be a guess.
const ALONE: RangeInclusive<u32> = 500..=1_000;
const WITH_FIND: RangeInclusive<u32> = 0..=1_000;

/// The values of `severity`, and whether the words are forbidden.
const SEVERITIES: [(&str, bool); 2] = [("error", true), ("warning", false)];
/// The values of `applies_to`.
const SPEAKERS: [(&str, Speaker); 3] =
    [("answer", Speaker::Answer), ("agent", Speaker::Agent), ("customer", Speaker::Customer)];

/// Most words and patterns of all rules together: every text is compared with all of them.
const WORDS_MAX: usize = 10_000;

/// A compliance class of entries.
#[derive(Clone, Debug)]
pub(crate) struct Class {
    /// The paragraph that is added to the answers of the class.
    pub(crate) risk_line: Option<Prose>,
}

/// Reads the classes by name, and the rules on what may be said.
pub(crate) fn read(
    root: &Node,
    threads: Threads,
    report: &mut Report<'_>,
) -> Option<(BTreeMap<String, Class>, RuleBook)> {
    let fields = Fields::open(root, "compliance.yaml ", FILE_KEYS, report)?;
    check_version(&fields, report);
    let classes = read_classes(&fields, report)?;
    let rules = read_rules(&fields, &classes, threads, report);
    Some((classes, rules))
}

fn read_likely(file: &Fields<'_>, report: &mut Report<'_>) -> Option<LikelyBreach> {
    let fields = Fields::open(file.get("likely")?, "likely ", LIKELY_KEYS, report)?;
    let alone = fields.require("alone", report)?.number("alone", ALONE, report)?;
    let mut with = |key| match fields.get(key) {
        Some(node) => node.number(key, WITH_FIND, report),
        None => Some(0),
    };
    let (with_concepts, with_words) = (with("with_concepts")?, with("with_words")?);
    Some(LikelyBreach {
        alone: alone as u16,
        with_concepts: with_concepts as u16,
        with_words: with_words as u16,
    })
}

fn read_classes(fields: &Fields<'_>, report: &mut Report<'_>) -> Option<BTreeMap<String, Class>> {
    let pairs = fields.require("classes", report)?.map("classes", report)?;
    let mut classes = BTreeMap::new();
    for (name, node) in pairs {
        let what = format!("类别 {} ", name.value);
        let risk_line = Fields::open(node, &what, CLASS_KEYS, report)
            .and_then(|class| class.text("risk_line", report))
            .filter(|line| line.has_length("risk_line", RISK_LINE_CHARS, report));
        classes.insert(name.value.clone(), Class { risk_line: risk_line.map(Prose::new) });
    }
    Some(classes)
}

/// Reads `rules` and `denials`; both may be missing.
fn read_rules(
    file: &Fields<'_>,
    classes: &BTreeMap<String, Class>,
    threads: Threads,
    report: &mut Report<'_>,
) -> RuleBook {
    let denials = file.get("denials");
    let denials = denials
        .and_then(|node| Fields::open(node, "denials ", DENIAL_KEYS, report))
        .map_or_else(Denials::default, |fields| Denials {
            before: values(words(&fields, "before", 1, report)),
            after: values(words(&fields, "after", 1, report)),
            asks: values(words(&fields, "asks", 1, report)),
            turns: values(words(&fields, "turns", 1, report)),
        });
    let table = file.get("concepts").map(|node| ConceptTable::read(node, plain_letters, report));
    let mut table = table.unwrap_or_default();
    let nodes = file.list("rules", report);
    let mut codes = BTreeMap::new();
    let read = |node| read_rule(node, classes, &mut table, &mut codes, report);
    let (rules, patterns): (Vec<Option<Rule>>, Vec<Vec<Located<String>>>) =
        nodes.iter().filter_map(read).unzip();
    table.check_used(report);
    let mut compiled = pattern::compile_all(&patterns.concat(), threads, report).into_iter();
    let rules = rules.into_iter().zip(&patterns).filter_map(|(rule, texts)| {
        let patterns = compiled.by_ref().take(texts.len()).flatten().collect();
        Some(Rule { patterns, ..rule? })
    });
    let rules: Vec<Rule> = rules.collect();
    let count: usize = rules
        .iter()
        .map(|rule| rule.words.len() + rule.patterns.len() + rule.compositions.len())
        .sum();
    if count > WORDS_MAX {
        let message = format!("规则的词和正则一共 {count} 个，最多 {WORDS_MAX} 个");
        let place = nodes.last().map_or(file.place, |node| node.place);
        report.add(Code::TooLarge, place, message, "每句话都要和它们逐一比较", "减少一些");
    }
    RuleBook::weighing(rules, table.concepts, &denials, read_likely(file, report))
}

/// Reads a rule, which is `None` when a part is missing, and its patterns, to be compiled with
/// those of all rules.
fn read_rule(
    node: &Node,
    classes: &BTreeMap<String, Class>,
    concepts: &mut ConceptTable,
    codes: &mut BTreeMap<String, Place>,
    report: &mut Report<'_>,
) -> Option<(Option<Rule>, Vec<Located<String>>)> {
    let fields = Fields::open(node, "规则", RULE_KEYS, report)?;
    let code = fields.require("code", report).and_then(|node| read_code(node, codes, report));
    let name = read_line(&fields, "name", NAME_CHARS_MAX, report);
    let source = read_line(&fields, "source", SOURCE_CHARS_MAX, report);
    let mend = read_line(&fields, "mend", SOURCE_CHARS_MAX, report);
    let is_forbidden = fields
        .require("severity", report)
        .and_then(|node| node.choice("severity", &SEVERITIES, report));
    let applies_to: Vec<Speaker> = fields
        .require("applies_to", report)
        .map_or(&[][..], |node| node.list("applies_to", report))
        .iter()
        .filter_map(|node| node.choice("applies_to", &SPEAKERS, report))
        .collect();
    let classes = fields.texts("classes", report).into_iter().map(|class| {
        if !classes.contains_key(&class.value) {
            let reason = "规则的 classes 引用了它";
            report_unknown_class(&class.value, class.place, reason, classes, report);
        }
        class.value
    });
    let classes = classes.collect();
    let words = words(&fields, "words", 2, report);
    let patterns = fields.texts("patterns", report);
    let when = fields.list("when", report).iter();
    let when = when.filter_map(|node| composition::read(node, concepts, report));
    let compositions = when.map(|when| when.composition).collect();
    let has_items = |key| {
        fields
            .get(key)
            .is_some_and(|node| !matches!(&node.kind, NodeKind::List(items) if items.is_empty()))
    };
    if !["words", "patterns", "when"].into_iter().any(has_items) {
        let message = "规则没有 words、patterns 或 when";
        report.add(Code::IdleRule, fields.place, message, "它什么也找不到", "写上要找的词");
    }
    if fields.get("applies_to").is_some() && !has_items("applies_to") {
        let message = "applies_to 是空的";
        report.add(
            Code::IdleRule,
            fields.place,
            message,
            "没有话会按它检查",
            "写 answer、agent 或 customer",
        );
    }
    let unless = values(self::words(&fields, "unless", 2, report));
    let whole = || {
        Some(Rule {
            code: code?,
            name: name?,
            words: values(words),
            patterns: Vec::new(),
            compositions,
            unless,
            is_forbidden: is_forbidden?,
            applies_to,
            classes,
            source: source?,
            mend: mend?,
        })
    };
    Some((whole(), patterns))
}

fn read_code(
    node: &Node,
    codes: &mut BTreeMap<String, Place>,
    report: &mut Report<'_>,
) -> Option<String> {
    let code = node.text("code", report)?;
    let fits = code
        .value
        .strip_prefix("CP")
        .is_some_and(|number| number.len() == 3 && number.bytes().all(|b| b.is_ascii_digit()));
    let mend = "写成没有用过的 CP 加三位数字，例如 CP101";
    if !fits {
        let message = format!("规则的代码“{}”不对", code.value);
        report.add(Code::BadRuleCode, code.place, message, "代码是 CP 加三位数字", mend);
    } else if let Some(first) = codes.get(&code.value) {
        let message = format!("两条规则的代码都是“{}”", code.value);
        let reason = format!("另一处：{}", report.name(*first));
        report.add(Code::BadRuleCode, code.place, message, reason, mend);
    }
    codes.entry(code.value.clone()).or_insert(code.place);
    Some(code.value)
}

fn read_line(
    fields: &Fields<'_>,
    key: &str,
    max: usize,
    report: &mut Report<'_>,
) -> Option<String> {
    let text = fields.require(key, report)?.text(key, report)?;
    (text.has_length(key, LINE_CHARS_MIN..=max, report) && text.is_one_line(key, report))
        .then_some(text.value)
}

/// Reports a class that `classes` does not have; `reason` says where it is named, in Chinese.
pub(crate) fn report_unknown_class(
    class: &str,
    place: Place,
    reason: &str,
    classes: &BTreeMap<String, Class>,
    report: &mut Report<'_>,
) {
    let names = || classes.keys().map(String::as_str);
    let mend = match nearest(class, names()) {
        Some(guess) => format!("是不是想写“{guess}”？"),
        None => format!("可选：{}", names().collect::<Vec<_>>().join("、")),
    };
    let message = format!("没有合规类别“{class}”");
    report.add(Code::UnknownClass, place, message, reason, mend);
}

/// Reads a list of words that have at least `letters_min` characters without punctuation.
fn words(
    fields: &Fields<'_>,
    key: &str,
    letters_min: usize,
    report: &mut Report<'_>,
) -> Vec<Located<String>> {
    let mut seen: BTreeMap<String, Place> = BTreeMap::new();
    let mut words = fields.texts(key, report);
    words.retain(|word| {
        if !word.has_length(key, WORD_CHARS, report) {
            return false;
        }
        let plain = plain_text(&word.value);
        if plain.chars().count() < letters_min {
            let message = format!("{key} 里的“{}”太短", word.value);
            let reason = format!("去掉标点后至少 {letters_min} 个字，否则到处都会找到它");
            report.add(Code::IdleRule, word.place, message, reason, "写得完整些，或删掉它");
            return false;
        }
        if let Some(first) = seen.get(&plain) {
            let reason = format!("另一处：{}", report.name(*first));
            let message = format!("“{}”在 {key} 里写了两遍", word.value);
            report.add(Code::Repeated, word.place, message, reason, "删掉其中一个");
            return false;
        }
        seen.insert(plain, word.place);
        true
    });
    words
}

fn values(words: Vec<Located<String>>) -> Vec<String> {
    words.into_iter().map(|word| word.value).collect()
}

/// The JSON Schema of `compliance.yaml`.
pub(crate) fn schema() -> Value {
    let class = json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "risk_line": about(text(RISK_LINE_CHARS), "作为最后一段附在该类每个答案之后"),
        },
    });
    let classes = json!({"type": "object", "additionalProperties": class});
    let likely = object(
        LIKELY_KEYS,
        &["alone"],
        [
            ("alone", about(number(ALONE), "规则没有找到时，像到千分之几也算违规")),
            (
                "with_concepts",
                about(number(WITH_FIND), "when 找到时，至少要像到千分之几；默认 0，找到就算"),
            ),
            (
                "with_words",
                about(
                    number(WITH_FIND),
                    "坐席的话里词、正则找到时，至少要像到千分之几；默认 0，找到就算",
                ),
            ),
        ],
    );
    let denials = each(DENIAL_KEYS, &[], &list(&line(WORD_CHARS)));
    object(
        FILE_KEYS,
        &["version", "classes"],
        [
            ("version", version()),
            ("classes", about(classes, "合规类别")),
            (
                "likely",
                about(likely, "照程序学来的，一句话有多像违规，千分之几才算；不写就只看规则"),
            ),
            ("denials", about(denials, "旁边有这些词，就不算违规，例如“不保本”")),
            ("concepts", concepts::schema()),
            ("rules", about(list(&rule_schema()), "不能说的话")),
        ],
    )
}

fn rule_schema() -> Value {
    let mut applies_to = list(&choice(&SPEAKERS));
    applies_to["minItems"] = 1.into();
    let mut rule = object(
        RULE_KEYS,
        &["code", "name", "severity", "applies_to", "source", "mend"],
        [
            (
                "code",
                about(json!({"type": "string", "pattern": "^CP[0-9]{3}$"}), "CP 加三位数字，不改"),
            ),
            ("name", about(line(LINE_CHARS_MIN..=NAME_CHARS_MAX), "规则的名字")),
            ("severity", about(choice(&SEVERITIES), "error 不许说，warning 只提示")),
            ("applies_to", about(applies_to, "查谁的话：机器人、坐席、客户")),
            ("classes", about(list(&text(1..=80)), "只查这些合规类别的答案")),
            ("words", about(list(&line(WORD_CHARS)), "要找的词")),
            ("patterns", about(list(&text(PATTERN_CHARS)), "要找的正则")),
            ("when", about(list(&composition::schema()), "要找的意思：概念在一句话里碰到一起")),
            ("unless", about(list(&line(WORD_CHARS)), "出现在这些更长的词里就不算")),
            ("source", about(line(LINE_CHARS_MIN..=SOURCE_CHARS_MAX), "依据")),
            ("mend", about(line(LINE_CHARS_MIN..=SOURCE_CHARS_MAX), "应该怎么说")),
        ],
    );
    let some = |key: &str| json!({"required": [key], "properties": {key: {"minItems": 1}}});
    rule["anyOf"] = json!([some("words"), some("patterns"), some("when")]);
    rule
}
