//! Reads `ids.yaml`: numbers of the operator, such as orders, which masking leaves as they are.

use std::{collections::BTreeMap, ops::RangeInclusive};

use serde_json::{Value, json};

use super::parts::{
    json_schema::{about, fact_word, line, list, number, object, version},
    private_numbers::private_numbers,
};
use crate::compliance::{DeclaredId, DeclaredIds, PersonalData};
use crate::knowledge::{
    diagnostics::{
        codes::Code,
        report::Report,
        source::{Located, Place},
    },
    model::facts::is_fact_word,
    yaml::{
        fields::Fields,
        tree::{Node, NodeKind},
        version::check_version,
    },
};

const FILE_KEYS: &[&str] = &["version", "ids"];
const ID_KEYS: &[&str] = &["id", "name", "prefix", "length"];

/// Most kinds of numbers, and most prefixes of one kind: each number in a message is compared with
/// all of them.
const IDS_MAX: usize = 100;
const PREFIXES_MAX: usize = 20;

/// Length of a name in characters.
const NAME_CHARS: RangeInclusive<usize> = 1..=20;

/// Length of a number in characters. Shorter ones are found as codes by the words around them.
const LENGTH: RangeInclusive<u32> = 6..=40;

/// A shorter prefix would say too little.
const PREFIX_CHARS_MIN: usize = 2;

/// A prefix of this length may begin private numbers as well: few of them begin so.
const NARROW_PREFIX_CHARS: usize = 6;

/// Reads the kinds of the file. Those with a mistake are reported and left out.
pub(crate) fn read(root: &Node, report: &mut Report<'_>) -> DeclaredIds {
    let Some(fields) = Fields::open(root, "ids.yaml ", FILE_KEYS, report) else {
        return DeclaredIds::default();
    };
    check_version(&fields, report);
    let nodes = fields.require("ids", report).map_or(&[][..], |node| node.list("ids", report));
    if let Some(extra) = nodes.get(IDS_MAX) {
        let message = format!("ids 最多 {IDS_MAX} 种，这里有 {} 种", nodes.len());
        report.add(Code::OutOfRange, extra.place, message, "", "删掉不用的");
    }
    let mut seen = BTreeMap::new();
    let mut read: Vec<Located<DeclaredId>> = Vec::new();
    for node in nodes {
        let Some(id) = read_id(node, &mut seen, report) else { continue };
        if let Some(other) = read.iter().find(|other| may_be_both(&other.value, &id.value)) {
            let message = format!("“{}”和“{}”可能是同一个号码", id.value.id, other.value.id);
            let reason =
                format!("开头和长度都对得上，写在前面的算（{}）", report.name(other.place));
            let mend = "把开头写长些，或把长度写准些";
            report.add(Code::SharedNumber, id.place, message, reason, mend);
        }
        read.push(id);
    }
    DeclaredIds::new(read.into_iter().map(|id| id.value).collect())
}

fn read_id(
    node: &Node,
    seen: &mut BTreeMap<String, Place>,
    report: &mut Report<'_>,
) -> Option<Located<DeclaredId>> {
    let fields = Fields::open(node, "ids ", ID_KEYS, report)?;
    let id = fields.require("id", report).and_then(|node| read_word(node, seen, report));
    let name = fields.require("name", report).and_then(|node| node.text("name", report));
    let name = name.filter(|name| {
        name.is_one_line("name", report) && name.has_length("name", NAME_CHARS, report)
    });
    let prefixes = fields.require("prefix", report).and_then(|node| read_prefixes(node, report));
    let length = fields.require("length", report);
    let length = length.and_then(|node| read_length(node, prefixes.as_deref(), report));
    let (prefixes, length) = (prefixes?, length?);
    for prefix in &prefixes {
        report_private(prefix, length, report);
    }
    let prefixes = prefixes.into_iter().map(|prefix| prefix.value).collect();
    let value = DeclaredId { id: id?, name: name?.value, prefixes, length };
    Some(Located { value, place: fields.place })
}

fn read_word(
    node: &Node,
    seen: &mut BTreeMap<String, Place>,
    report: &mut Report<'_>,
) -> Option<String> {
    let Located { value: word, place } = node.text("id", report)?;
    if !is_fact_word(&word) {
        let message = format!("“{word}”不能作编号种类的 id");
        let reason = "它是小写字母、数字、下划线，以字母开头，最多 32 个字符";
        report.add(Code::NumberKind, place, message, reason, "写成 order、contract 这样");
        return None;
    }
    if let Some(first) = seen.insert(word.clone(), place) {
        let message = format!("编号种类“{word}”写了两次");
        let reason = format!("另一处：{}", report.name(first));
        let mend = "合并成一种（prefix 可以写几个），或改一个 id";
        report.add(Code::NumberKind, place, message, reason, mend);
        return None;
    }
    Some(word)
}

/// One prefix or several. `None` if one of them has a mistake.
fn read_prefixes(node: &Node, report: &mut Report<'_>) -> Option<Vec<Located<String>>> {
    let one = std::slice::from_ref(node);
    let nodes = if let NodeKind::List(items) = &node.kind { items } else { one };
    if nodes.is_empty() || nodes.len() > PREFIXES_MAX {
        let message = format!("prefix 要有 1 至 {PREFIXES_MAX} 个开头，这里有 {} 个", nodes.len());
        report.add(Code::NumberPattern, node.place, message, "", "例如 prefix: KF");
        return None;
    }
    let mut prefixes: Vec<Located<String>> = Vec::with_capacity(nodes.len());
    let mut are_good = true;
    for node in nodes {
        let Some(prefix) = node.text("prefix", report) else {
            are_good = false;
            continue;
        };
        if !is_prefix(&prefix.value) {
            let message = format!("“{}”不能作编号的开头", prefix.value);
            let reason = "开头是大写字母和数字，至少两个";
            let mend = "写成 KF、\"2026\" 这样（数字加英文引号）";
            report.add(Code::NumberPattern, prefix.place, message, reason, mend);
            are_good = false;
        } else if let Some(first) = prefixes.iter().find(|first| first.value == prefix.value) {
            let message = format!("开头“{}”写了两次", prefix.value);
            let reason = format!("另一处：{}", report.name(first.place));
            report.add(Code::Repeated, prefix.place, message, reason, "删掉一处");
        } else {
            prefixes.push(prefix);
        }
    }
    are_good.then_some(prefixes)
}

fn is_prefix(text: &str) -> bool {
    text.len() >= PREFIX_CHARS_MIN
        && text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

/// One length, or the least and the most.
fn read_length(
    node: &Node,
    prefixes: Option<&[Located<String>]>,
    report: &mut Report<'_>,
) -> Option<(usize, usize)> {
    let mut read = |node: &Node| Some(node.number("length", LENGTH, report)? as usize);
    let (least, most) = match &node.kind {
        NodeKind::List(items) => {
            let [least, most] = items.as_slice() else {
                let message = format!("length 的列表要有两个数，这里有 {} 个", items.len());
                let mend = "写成 18，或 [16, 20]";
                report.add(Code::NumberPattern, node.place, message, "最短和最长", mend);
                return None;
            };
            let (least, most) = (read(least), read(most));
            (least?, most?)
        }
        NodeKind::Scalar(_) | NodeKind::Map(_) | NodeKind::Refused => {
            let length = read(node)?;
            (length, length)
        }
    };
    let longest = prefixes.into_iter().flatten().max_by_key(|prefix| prefix.value.len());
    let longest = longest.filter(|prefix| prefix.value.len() >= least);
    if least > most {
        let message = format!("最短 {least} 位比最长 {most} 位还长");
        report.add(Code::NumberPattern, node.place, message, "", "把小的写在前面");
    } else if let Some(prefix) = longest {
        let message = format!("{least} 位的号码里放不下开头“{}”以外的字符", prefix.value);
        let reason = "length 是整个号码的长度，连开头一起算";
        report.add(Code::NumberPattern, node.place, message, reason, "把 length 写大些");
    } else {
        return Some((least, most));
    }
    None
}

/// Whether a number could be of either kind.
fn may_be_both(one: &DeclaredId, other: &DeclaredId) -> bool {
    let shares_length = one.length.0 <= other.length.1 && other.length.0 <= one.length.1;
    let shares_prefix = |prefix: &String| {
        let begins = |own: &String| own.starts_with(prefix.as_str()) || prefix.starts_with(own);
        one.prefixes.iter().any(begins)
    };
    shares_length && other.prefixes.iter().any(shares_prefix)
}

/// Reports private numbers that masking would leave as they are.
fn report_private(prefix: &Located<String>, length: (usize, usize), report: &mut Report<'_>) {
    let Located { value: prefix, place } = prefix;
    let found = private_numbers(prefix, length);
    if found.is_empty() {
        return;
    }
    let names: Vec<&str> = found.iter().map(|data: &PersonalData| data.chinese_name()).collect();
    let names = names.join("、");
    if prefix.len() < NARROW_PREFIX_CHARS {
        let message = format!("以“{prefix}”开头的也可能是{names}");
        let reason = "符合的号码都不脱敏，这样的客户号码太多了";
        let mend = format!("把开头写到 {NARROW_PREFIX_CHARS} 个字符以上，或把 length 写准些");
        report.add(Code::PrivateNumbers, *place, message, reason, mend);
    } else {
        let message = format!("以“{prefix}”开头的{names}也会原样保存");
        let reason = "它们的开头和长度与这种编号相同，不再脱敏";
        let mend = "能改的话，把开头写长些，或把 length 写准些";
        report.add(Code::SomePrivateNumbers, *place, message, reason, mend);
    }
}

/// The JSON Schema of `ids.yaml`.
pub(crate) fn schema() -> Value {
    let prefix = json!({"type": "string", "pattern": format!("^[0-9A-Z]{{{PREFIX_CHARS_MIN},}}$")});
    let mut prefixes = list(&prefix);
    prefixes["minItems"] = 1.into();
    prefixes["maxItems"] = PREFIXES_MAX.into();
    let mut lengths = list(&number(LENGTH));
    lengths["minItems"] = 2.into();
    lengths["maxItems"] = 2.into();
    let id = object(
        ID_KEYS,
        ID_KEYS,
        [
            ("id", about(fact_word(), "这种编号的 id，如 order")),
            ("name", about(line(NAME_CHARS), "客户看得懂的名字，如 订单号")),
            (
                "prefix",
                about(
                    json!({"anyOf": [prefix, prefixes]}),
                    "号码的开头，大写字母和数字，至少两个；有几种开头的写成列表",
                ),
            ),
            (
                "length",
                about(
                    json!({"anyOf": [number(LENGTH), lengths]}),
                    "整个号码的长度，连开头一起算；不固定的写 [最短, 最长]",
                ),
            ),
        ],
    );
    let mut ids = list(&id);
    ids["maxItems"] = IDS_MAX.into();
    object(
        FILE_KEYS,
        FILE_KEYS,
        [("version", version()), ("ids", about(ids, "自家的编号：不脱敏"))],
    )
}
