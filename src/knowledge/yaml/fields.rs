//! Reads typed values from the tree and reports those of a wrong kind, length or range.

use std::ops::RangeInclusive;

use jiff::civil::Date;

use super::{
    as_typed::{
        check::{is_of_cut_number, says_what_was_typed},
        lines::comment_instead,
        swallowed::keys_in_blocks,
        text::TextUse,
    },
    slips::{Slip, odd_space},
    tree::{Lookalike, Node, NodeKind, Scalar},
};
use crate::knowledge::diagnostics::{
    codes::Code,
    diagnostic::{first_hidden, is_hidden},
    report::Report,
    similar_word::nearest,
    source::{Located, Place},
};

/// The key of regular expressions, in which backslashes have a meaning.
const PATTERNS: &str = "patterns";

/// A map with a fixed list of known keys.
#[derive(Debug)]
pub(crate) struct Fields<'n> {
    /// The place of the whole map.
    pub(crate) place: Place,
    pairs: &'n [(Located<String>, Node)],
    /// Known keys that are probably misspelt: their absence is not reported again.
    meant: Vec<&'static str>,
}

impl<'n> Fields<'n> {
    /// Opens a map and reports keys that are not among `known`; `None` when the node is not a map.
    pub(crate) fn open(
        node: &'n Node,
        what: &str,
        known: &'static [&'static str],
        report: &mut Report<'_>,
    ) -> Option<Self> {
        let pairs = node.map(what, report)?;
        // A line that could not be read may have held any key.
        let mut meant = if node.is_damaged { known.to_vec() } else { Vec::new() };
        for (key, _) in pairs {
            if known.contains(&key.value.as_str()) {
                continue;
            }
            if let Some((_, hidden)) = first_hidden(&key.value) {
                let right: String = key.value.chars().filter(|c| !is_hidden(*c)).collect();
                meant.extend(known.iter().filter(|known| **known == right));
                report_hidden(&right, hidden, key.place, report);
                continue;
            }
            let unspaced = key.value.split_once(':').map(|(right, _)| right);
            if let Some(right) = unspaced.filter(|right| known.contains(right)) {
                meant.extend(known.iter().filter(|known| **known == right));
                let message = format!("“{right}:”后面少了空格");
                let reason = "YAML 的键和值之间必须是英文冒号加一个空格";
                let mend = "在冒号后面加一个英文空格";
                report.add(Code::UnknownKey, key.place, message, reason, mend);
                continue;
            }
            if let Some(name) = odd_space_around(&key.value) {
                let right = key.value.trim();
                meant.extend(known.iter().filter(|known| **known == right));
                let message = format!("“{right}”前后有{name}");
                let reason = "YAML 只认英文空格，其他空格成了键的一部分";
                report.add(Code::UnknownKey, key.place, message, reason, "删掉它，换成英文空格");
                continue;
            }
            if key.value.contains('：') {
                report.add(
                    Code::FullWidthColon,
                    report.inside(key.place, "：", 0),
                    "键后面是全角冒号“：”",
                    "键和值之间必须是英文冒号加一个空格",
                    "改成英文冒号加空格",
                );
                meant.extend(known.iter().filter(|known| key.value.starts_with(**known)));
                continue;
            }
            let guess = nearest(&key.value, known.iter().copied());
            meant.extend(guess);
            let mend = match guess {
                Some(guess) => format!("是不是想写“{guess}”？"),
                None => format!("这里可以写：{}", known.join("、")),
            };
            let message = format!("{what}没有“{}”这个键", key.value);
            report.add(Code::UnknownKey, key.place, message, "不认识的内容不会生效", mend);
        }
        keys_in_blocks(pairs, known, report);
        Some(Self { place: node.place, pairs, meant })
    }

    /// The value of a key, if it is written.
    pub(crate) fn get(&self, key: &str) -> Option<&'n Node> {
        self.pairs.iter().find(|(known, _)| known.value == key).map(|(_, node)| node)
    }

    /// The value of a required key; reports a missing one.
    pub(crate) fn require(&self, key: &str, report: &mut Report<'_>) -> Option<&'n Node> {
        let found = self.get(key);
        if found.is_none() && !self.is_meant(key) {
            let message = format!("缺少“{key}”");
            report.add(
                Code::MissingKey,
                self.place,
                message,
                "这个键是必填的",
                format!("补上 {key}: …"),
            );
        }
        found
    }

    /// Whether an unknown key is probably a misspelling of this one.
    pub(crate) fn is_meant(&self, key: &str) -> bool {
        self.meant.contains(&key)
    }

    /// The text of a key, if it is written.
    pub(crate) fn text(&self, key: &str, report: &mut Report<'_>) -> Option<Located<String>> {
        self.get(key)?.text(key, report)
    }

    /// The items under a key; none when the key is not written.
    pub(crate) fn list(&self, key: &str, report: &mut Report<'_>) -> &'n [Node] {
        self.get(key).map_or(&[], |node| node.list(key, report))
    }

    /// The texts of a list; items that are not text are reported and left out.
    pub(crate) fn texts(&self, key: &str, report: &mut Report<'_>) -> Vec<Located<String>> {
        self.list(key, report).iter().filter_map(|item| item.text(key, report)).collect()
    }
}

impl Node {
    /// Reads text that is not empty and says what was typed. `key` is named in messages.
    pub(crate) fn text(&self, key: &str, report: &mut Report<'_>) -> Option<Located<String>> {
        let text_use = if key == PATTERNS { TextUse::Pattern } else { TextUse::Prose };
        self.text_for(key, text_use, report)
    }

    /// As [`text`](Self::text), for a word of a list whose reader checks its signs.
    pub(crate) fn word(&self, key: &str, report: &mut Report<'_>) -> Option<Located<String>> {
        self.text_for(key, TextUse::Word, report)
    }

    fn text_for(
        &self,
        key: &str,
        text_use: TextUse,
        report: &mut Report<'_>,
    ) -> Option<Located<String>> {
        let scalar = self.scalar(key, "文字", report)?;
        if let Some(look) = scalar.looks_like {
            // Quoting a part of a number that a comma cut would leave it cut.
            if is_of_cut_number(scalar, self.place, key, report) {
                return None;
            }
            report.add(
                Code::NotText,
                self.place,
                format!("“{}”会被读成{}，不是文字", scalar.text, look.word()),
                format!("“{key}”要的是文字"),
                format!("加英文引号（不是“”）：\"{}\"", scalar.text),
            );
            return None;
        }
        if scalar.text.trim().is_empty() {
            self.report_empty(key, report);
            return None;
        }
        if !says_what_was_typed(scalar, self.place, key, text_use, report) {
            return None;
        }
        Some(Located { value: scalar.text.clone(), place: self.place })
    }

    /// The items of a list; any other kind of value is reported and has none.
    pub(crate) fn list(&self, key: &str, report: &mut Report<'_>) -> &[Node] {
        if let NodeKind::List(items) = &self.kind {
            return items;
        }
        if let NodeKind::Scalar(_) = &self.kind
            && let Some(source) = report.source(self.place.file)
            && let line = source.line_place(self.place.file, source.line_at(self.place.start))
            && let Some(slip) = Slip::of(source.slice(line), line, true)
        {
            let message = format!("“{key}”要写成列表：{}", slip.message);
            report.add(Code::WrongKind, slip.place, message, slip.reason, slip.mend);
            return &[];
        }
        self.report_kind(key, "列表", "写成列表：每项一行，以“- ”开头，或写在 [ ] 里", report);
        &[]
    }

    /// The pairs of a map; any other kind of value is reported and gives `None`.
    pub(crate) fn map(
        &self,
        what: &str,
        report: &mut Report<'_>,
    ) -> Option<&[(Located<String>, Node)]> {
        if let NodeKind::Map(pairs) = &self.kind {
            return Some(pairs);
        }
        if let NodeKind::Scalar(scalar) = &self.kind
            && scalar.text.contains('：')
            && scalar.text.starts_with(|c: char| c.is_ascii_lowercase())
        {
            let place = report.inside(self.place, "：", 0);
            let reason = "键和值之间必须是英文冒号加一个空格";
            report.add(
                Code::FullWidthColon,
                place,
                "键后面是全角冒号“：”",
                reason,
                "改成英文冒号加空格",
            );
            return None;
        }
        self.report_kind(what, "一组“键: 值”", "写成“键: 值”，英文冒号后面有一个空格", report);
        None
    }

    /// Reads a whole number in a range.
    pub(crate) fn number(
        &self,
        key: &str,
        range: RangeInclusive<u32>,
        report: &mut Report<'_>,
    ) -> Option<u32> {
        let scalar = self.scalar(key, "数字", report)?;
        let number = scalar.text.parse::<u32>().ok().filter(|_| scalar.looks_like.is_some());
        let fits = number.filter(|number| range.contains(number));
        if fits.is_none() {
            report.add(
                Code::OutOfRange,
                self.place,
                format!("“{key}”不能是“{}”", scalar.text),
                "",
                format!("写 {} 到 {} 之间的整数，不加引号", range.start(), range.end()),
            );
        }
        fits
    }

    /// Whether it is this number, without quotation marks.
    pub(crate) fn is_number(&self, number: u32) -> bool {
        matches!(&self.kind, NodeKind::Scalar(scalar)
            if scalar.looks_like.is_some() && scalar.text == number.to_string())
    }

    /// Reads `true` or `false`.
    pub(crate) fn truth(&self, key: &str, report: &mut Report<'_>) -> Option<bool> {
        self.choice(key, &[("true", true), ("false", false)], report)
    }

    /// Reads one of a few words.
    pub(crate) fn choice<T: Copy>(
        &self,
        key: &str,
        choices: &[(&'static str, T)],
        report: &mut Report<'_>,
    ) -> Option<T> {
        let scalar = self.scalar(key, "一个词", report)?;
        let found = choices.iter().find(|(word, _)| *word == scalar.text);
        if found.is_none() {
            if let Some((_, hidden)) = first_hidden(&scalar.text) {
                report_hidden(key, hidden, self.place, report);
                return None;
            }
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            if let Some(name) = odd_space_around(&scalar.text) {
                let message = format!("“{key}”的“{}”前后有{name}", scalar.text.trim());
                let reason = "YAML 只认英文空格，其他空格是文字";
                report.add(Code::OutOfRange, self.place, message, reason, "删掉它");
                return None;
            }
            let mend = match nearest(&scalar.text, words.iter().copied()) {
                Some(guess) => format!("是不是想写“{guess}”？可选：{}", words.join("、")),
                None => format!("可选：{}", words.join("、")),
            };
            let message = format!("“{key}”不能是“{}”", scalar.text);
            report.add(Code::OutOfRange, self.place, message, "", mend);
        }
        found.map(|(_, value)| *value)
    }

    /// Reads a day such as `2026-11-22`, quoted or not.
    pub(crate) fn date(&self, key: &str, report: &mut Report<'_>) -> Option<Date> {
        let scalar = self.scalar(key, "日期", report)?;
        // jiff accepts other forms, too; this one alone is documented.
        let date = scalar.text.parse::<Date>().ok().filter(|date| date.to_string() == scalar.text);
        if date.is_none() {
            report.add(
                Code::Date,
                self.place,
                format!("“{key}”的日期“{}”不对", scalar.text),
                "日期必须真实存在，写成 年-月-日",
                "写成 2026-11-22 这样",
            );
        }
        date
    }

    fn scalar(&self, key: &str, wanted: &str, report: &mut Report<'_>) -> Option<&Scalar> {
        let NodeKind::Scalar(scalar) = &self.kind else {
            let mend = "如果文字里有“: ”，或以 [ { - 开头，用英文引号把整句括起来";
            self.report_kind(key, wanted, mend, report);
            return None;
        };
        if scalar.looks_like == Some(Lookalike::Nothing) && scalar.text.is_empty() {
            self.report_empty(key, report);
            return None;
        }
        Some(scalar)
    }

    fn report_empty(&self, key: &str, report: &mut Report<'_>) {
        let line = report.source(self.place.file).map_or("", |source| {
            let line = source.span(self.place).line;
            source.line(line)
        });
        let (reason, mend) = comment_instead(line).unwrap_or(("", "写上内容，或删掉这一行"));
        report.add(Code::MissingKey, self.place, format!("“{key}”没有内容"), reason, mend);
    }

    fn report_kind(&self, what: &str, wanted: &str, mend: &str, report: &mut Report<'_>) {
        if let NodeKind::Refused = self.kind {
            return; // Reported already.
        }
        let what = what.trim_end();
        let message = format!("“{what}”要写成{wanted}，这里是{}", self.kind.word());
        report.add(Code::WrongKind, self.place, message, "", mend);
    }
}

/// Reports an invisible character in a key or in a word of a few.
fn report_hidden(name: &str, hidden: char, place: Place, report: &mut Report<'_>) {
    report.add(
        Code::HiddenCharacter,
        report.inside(place, hidden.encode_utf8(&mut [0; 4]), 0),
        format!("“{name}”里有看不见的字符（U+{:04X}）", u32::from(hidden)),
        "多半是粘贴带来的，看起来对，其实是另一个词",
        "删掉这一处重新输入",
    );
}

/// The name of a space at an end of a word that YAML does not take for one.
fn odd_space_around(word: &str) -> Option<&'static str> {
    let ends = [word.chars().next(), word.chars().next_back()];
    ends.into_iter().flatten().find_map(odd_space).map(|(_, name)| name)
}

impl Located<String> {
    /// Whether its length in characters is in a range; reports it if not.
    pub(crate) fn has_length(
        &self,
        key: &str,
        range: RangeInclusive<usize>,
        report: &mut Report<'_>,
    ) -> bool {
        let length = self.value.chars().count();
        let fits = range.contains(&length);
        if !fits {
            let (min, max) = (range.start(), range.end());
            let mend = if length > *max { "写得简短些" } else { "写得完整些" };
            report.add(
                Code::Length,
                self.place,
                format!("“{key}”有 {length} 字，应为 {min} 至 {max} 字"),
                "",
                mend,
            );
        }
        fits
    }

    /// Whether it is one line; reports it if not.
    pub(crate) fn is_one_line(&self, key: &str, report: &mut Report<'_>) -> bool {
        let fits = !self.value.contains('\n');
        if !fits {
            report.add(Code::Length, self.place, format!("“{key}”必须写在一行里"), "", "去掉换行");
        }
        fits
    }
}
