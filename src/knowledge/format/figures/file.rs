//! Reads `knowledge/figures/*.yaml`: numbers, rates, limits and dates of laws and rules, each with
//! its document.

use std::ops::RangeInclusive;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::super::parts::{
    dates::{check_review, is_span, read_date},
    json_schema::{about, date, line, list, object, version},
    prose::{ENGINE_VARIABLES, Prose, is_variable_name, refuse_variables},
};
use crate::knowledge::{
    diagnostics::{codes::Code, report::Report, source::Located},
    yaml::{
        fields::Fields,
        tree::{Node, NodeKind},
        version::check_version,
    },
};

const FILE_KEYS: &[&str] = &["version", "defaults", "figures"];
const DEFAULT_KEYS: &[&str] = &["checked", "checked_by", "review_due"];
const FIGURE_KEYS: &[&str] = &[
    "id",
    "name",
    "value",
    "document",
    "clause",
    "in_force",
    "read_at",
    "checked",
    "checked_by",
    "review_due",
    "verified",
];
const FORCE_KEYS: &[&str] = &["from", "until"];

/// Lengths in characters.
const NAME_CHARS: RangeInclusive<usize> = 2..=60;
const VALUE_CHARS: RangeInclusive<usize> = 1..=60;
const DOCUMENT_CHARS: RangeInclusive<usize> = 2..=200;
const CLAUSE_CHARS: RangeInclusive<usize> = 1..=60;
const NOTE_CHARS: RangeInclusive<usize> = 1..=200;

/// One row: a value of a figure, and the days on which it holds.
#[derive(Clone, Debug)]
pub(crate) struct FigureDraft {
    /// The name by which entries refer to it.
    pub(crate) id: Located<String>,
    pub(crate) value: Located<String>,
    /// Document and clause, as a source names them.
    pub(crate) rests_on: String,
    /// The first day on which it holds.
    pub(crate) from: Located<Date>,
    /// The last day on which it holds.
    pub(crate) until: Option<Located<Date>>,
    /// The day on which somebody last compared it with its document.
    pub(crate) checked: Located<Date>,
    pub(crate) review_due: Located<Date>,
    /// Whether somebody has read it in its document. No answer may state one that is not.
    pub(crate) verified: Located<bool>,
}

impl FigureDraft {
    /// Whether an answer may state it on a day.
    pub(crate) fn may_be_stated_on(&self, day: Date) -> bool {
        self.verified.value && self.holds_on(day)
    }

    /// Whether a day is among those on which it holds.
    pub(crate) fn holds_on(&self, day: Date) -> bool {
        self.from.value <= day && self.until.as_ref().is_none_or(|until| day <= until.value)
    }
}

/// The rows of one file.
#[derive(Debug, Default)]
pub(crate) struct FigureList {
    pub(crate) rows: Vec<FigureDraft>,
    /// Ids of rows with a mistake, which was reported at the row.
    pub(crate) unread: Vec<String>,
    /// Whether the id of every row could be read.
    pub(crate) is_complete: bool,
}

/// Reads the rows of one file. Those with a mistake are reported and left out.
pub(crate) fn read(root: &Node, report: &mut Report<'_>) -> FigureList {
    let Some(fields) = Fields::open(root, "figures 文件", FILE_KEYS, report) else {
        return FigureList::default();
    };
    check_version(&fields, report);
    let defaults = fields
        .get("defaults")
        .and_then(|node| Fields::open(node, "defaults ", DEFAULT_KEYS, report))
        .map_or_else(FigureReview::default, |fields| FigureReview::read(&fields, report));
    let Some(list) = fields.require("figures", report) else { return FigureList::default() };
    let is_list = matches!(list.kind, NodeKind::List(_));
    let mut read = FigureList { is_complete: is_list, ..FigureList::default() };
    for node in list.list("figures", report) {
        let fields = Fields::open(node, "figures ", FIGURE_KEYS, report);
        let id = fields.as_ref().and_then(|fields| fields.require("id", report));
        let id = id.and_then(|node| read_id(node, report));
        read.is_complete &= id.is_some();
        let row = fields.and_then(|fields| read_row(id.as_ref(), &fields, &defaults, report));
        match row {
            Some(row) => read.rows.push(row),
            None => read.unread.extend(id.map(|id| id.value)),
        }
    }
    read
}

fn read_id(node: &Node, report: &mut Report<'_>) -> Option<Located<String>> {
    let id = node.text("id", report)?;
    if !is_variable_name(&id.value) || ENGINE_VARIABLES.contains(&id.value.as_str()) {
        let message = format!("“{}”不能作数的 id", id.value);
        let reason =
            "它是小写字母、数字、下划线，以字母开头，最多 40 个字符；答案里写 {{id}} 来引用";
        report.add(
            Code::BadVariable,
            id.place,
            message,
            reason,
            "写成 deposit_insurance_limit 这样",
        );
        return None;
    }
    Some(id)
}

/// When and by whom figures were checked: of a row, or of the defaults of a file.
#[derive(Debug, Default)]
struct FigureReview {
    checked: Option<Located<Date>>,
    due: Option<Located<Date>>,
    /// Keys that are written, even if their value is wrong.
    keys: Vec<&'static str>,
}

impl FigureReview {
    fn read(fields: &Fields<'_>, report: &mut Report<'_>) -> Self {
        let checked = read_date(fields, "checked", report);
        let due = read_date(fields, "review_due", report);
        if fields.get("checked_by").is_some() {
            read_line(fields, "checked_by", NOTE_CHARS, report);
        }
        let keys = DEFAULT_KEYS.iter().copied().filter(|key| fields.get(key).is_some()).collect();
        Self { checked, due, keys }
    }
}

/// Reads all keys, so that every mistake of a row is reported in one run.
fn read_row(
    id: Option<&Located<String>>,
    fields: &Fields<'_>,
    defaults: &FigureReview,
    report: &mut Report<'_>,
) -> Option<FigureDraft> {
    read_line(fields, "name", NAME_CHARS, report);
    let value = read_line(fields, "value", VALUE_CHARS, report);
    if let Some(value) = &value {
        Prose::new(value.clone()).check(&None, report);
    }
    let document = read_line(fields, "document", DOCUMENT_CHARS, report);
    let clause = read_line(fields, "clause", CLAUSE_CHARS, report);
    read_line(fields, "read_at", NOTE_CHARS, report);
    let force = read_force(fields, report);
    let own = FigureReview::read(fields, report);
    for key in DEFAULT_KEYS {
        if !defaults.keys.contains(key) {
            fields.require(key, report);
        }
    }
    let checked = own.checked.or_else(|| defaults.checked.clone());
    let due = own.due.or_else(|| defaults.due.clone());
    check_review(checked.as_ref(), due.as_ref(), report);
    let verified = fields.require("verified", report).and_then(|node| read_verified(node, report));
    let (from, until) = force?;
    Some(FigureDraft {
        id: id?.clone(),
        value: value?,
        rests_on: format!("{}{}", document?.value, clause?.value),
        from,
        until,
        checked: checked?,
        review_due: due?,
        verified: verified?,
    })
}

fn read_line(
    fields: &Fields<'_>,
    key: &str,
    chars: RangeInclusive<usize>,
    report: &mut Report<'_>,
) -> Option<Located<String>> {
    let text = fields.require(key, report)?.text(key, report)?;
    refuse_variables(&text, key, report);
    let fits = text.has_length(key, chars, report) && text.is_one_line(key, report);
    fits.then_some(text)
}

/// The first day and the last one, if it ends.
fn read_force(
    fields: &Fields<'_>,
    report: &mut Report<'_>,
) -> Option<(Located<Date>, Option<Located<Date>>)> {
    let node = fields.require("in_force", report)?;
    let force = Fields::open(node, "in_force ", FORCE_KEYS, report)?;
    let until = read_date(&force, "until", report);
    force.require("from", report);
    let from = read_date(&force, "from", report)?;
    let has_until = force.get("until").is_some();
    match until {
        None => (!has_until).then_some((from, None)),
        Some(until) => {
            let is_fine = is_span(&from, &until, "这个数哪一天都不算", report);
            is_fine.then_some((from, Some(until)))
        }
    }
}

/// English words with which people begin to say that nobody has verified it.
const NO_WORDS: [&str; 12] = [
    "no",
    "not",
    "none",
    "never",
    "n",
    "na",
    "false",
    "off",
    "unverified",
    "unread",
    "todo",
    "tbd",
];
/// Characters with which they begin to say so in Chinese, after words such as 尚 and 还.
const NO_SIGNS: [char; 7] = ['否', '未', '没', '无', '不', '待', '缺'];
const STILL: [char; 6] = ['尚', '还', '暂', '仍', '目', '前'];
/// Words that say so wherever they stand.
const NO_INSIDE: [&str; 10] =
    ["没有读", "没读", "没有找", "没找", "没有核", "没核", "未核", "未读", "待核", "未找到"];
/// Signs around a word.
const AROUND: [char; 20] = [
    '“', '”', '‘', '’', '"', '\'', '「', '」', '『', '』', '（', '）', '(', ')', '.', '。', '!',
    '！', '【', '】',
];
/// Words that do not say how.
const NO_WAY: [&str; 8] = ["yes", "true", "on", "y", "是", "已核实", "核实", "ok"];

/// How it was verified, or `no`. What may mean no is taken for it: a figure that nobody has read
/// must stand in no answer.
fn read_verified(node: &Node, report: &mut Report<'_>) -> Option<Located<bool>> {
    let word = node.raw_text().unwrap_or_default();
    let word = word.trim_matches(|c: char| c.is_whitespace() || AROUND.contains(&c)).to_lowercase();
    if says_no(&word) {
        return Some(Located { value: false, place: node.place });
    }
    if NO_WAY.contains(&word.as_str()) {
        let message = "“verified”要写怎样核实的";
        let mend = "写 原文、转载全文、新闻报道 这样；没有核实写 no";
        report.add(Code::OutOfRange, node.place, message, "只说核实过，别人没法再核一遍", mend);
        return None;
    }
    let how = node.text("verified", report)?;
    let fits =
        how.has_length("verified", NOTE_CHARS, report) && how.is_one_line("verified", report);
    fits.then_some(Located { value: true, place: node.place })
}

/// Whether a word in lower case, without signs around it, may say that nobody has verified it.
fn says_no(word: &str) -> bool {
    let english = word.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let chinese = word.trim_start_matches(STILL);
    let is_sign = !word.chars().any(char::is_alphanumeric);
    // Nothing at all is told as what is missing.
    (is_sign && !word.is_empty())
        || NO_WORDS.contains(&english)
        || chinese.starts_with(NO_SIGNS)
        || NO_INSIDE.iter().any(|no| word.contains(no))
}

/// The JSON Schema of the files.
pub(crate) fn schema() -> Value {
    let mut file = object(
        FILE_KEYS,
        &["version", "figures"],
        [
            ("version", version()),
            ("defaults", about(defaults_schema(), "本文件所有数的默认值")),
            ("figures", about(list(&figure_schema()), "法规里的数：一行一个值")),
        ],
    );
    let has = |key: &str| json!({"required": [key]});
    let everywhere = |key: &str| json!({"properties": {"figures": {"items": {"anyOf": [{"not": {"type": "object"}}, has(key)]}}}});
    let either = |key: &&str| {
        let of_defaults = json!({"required": ["defaults"], "properties": {"defaults": has(key)}});
        json!({"anyOf": [of_defaults, everywhere(key)]})
    };
    file["allOf"] = DEFAULT_KEYS.iter().map(either).collect();
    file
}

fn checked_schema() -> [(&'static str, Value); 3] {
    [
        ("checked", about(date(), "最近核对的日期，如 2026-11-22")),
        ("checked_by", about(line(NOTE_CHARS), "谁核对的：部门或姓名")),
        ("review_due", about(date(), "该复核的日期；前 60 天开始提醒")),
    ]
}

fn defaults_schema() -> Value {
    object(DEFAULT_KEYS, &[], checked_schema())
}

fn figure_schema() -> Value {
    let mut id = line(1..=40);
    id["pattern"] = "^[a-z][a-z0-9_]{0,39}$".into();
    let verified = json!({"anyOf": [{"const": false}, line(NOTE_CHARS)]});
    let force = object(
        FORCE_KEYS,
        &["from"],
        [
            ("from", about(date(), "从哪一天起")),
            ("until", about(date(), "到哪一天为止，含当天；不写就是一直有效")),
        ],
    );
    let own = [
        ("id", about(id, "条目用 {{id}} 引用它；同一个数在不同时候的值写成几行，id 相同")),
        ("name", about(line(NAME_CHARS), "这是什么数")),
        ("value", about(line(VALUE_CHARS), "答案里写的字，如 50 万元")),
        ("document", about(line(DOCUMENT_CHARS), "文件名和文号")),
        ("clause", about(line(CLAUSE_CHARS), "第几条")),
        ("in_force", about(force, "施行的日期，首尾两天都算")),
        ("read_at", about(line(NOTE_CHARS), "在哪里读到的：网站和网址，或书")),
        ("verified", about(verified, "怎样核实的；no 是没有核实，不会写进任何答案")),
    ];
    object(
        FIGURE_KEYS,
        &["id", "name", "value", "document", "clause", "in_force", "read_at", "verified"],
        own.into_iter().chain(checked_schema()),
    )
}
