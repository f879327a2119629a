//! Slips of the keyboard that make a line unreadable: a full-width sign, an odd or a missing space.

use std::sync::LazyLock;

use regex::Regex;

use crate::knowledge::diagnostics::{codes::Code, source::Place};

/// One slip on a line.
pub(super) struct Slip {
    pub(super) code: Code,
    pub(super) place: Place,
    pub(super) message: String,
    pub(super) reason: &'static str,
    pub(super) mend: &'static str,
}

const SPACES: &str = "YAML 只认英文空格，其他空格是文字";

impl Slip {
    /// The slip on a line, if there is one. `is_here` for the line that could not be read: a line
    /// before it must look like a key or an item.
    pub(super) fn of(text: &str, line: Place, is_here: bool) -> Option<Slip> {
        let words = text.trim_start_matches([' ', '-', '\t']);
        let indent = text.len() - words.len();
        let at = |from: usize, length: usize| {
            let start = line.start + from;
            Place { start, end: start + length, ..line }
        };
        let slip = |code, place, message: String, reason, mend| {
            Some(Slip { code, place, message, reason, mend })
        };
        if let Some((space, name)) = words.chars().next().and_then(odd_space) {
            let rest = words.trim_start();
            if is_here || looks_like_structure(rest) {
                let length = words.len() - rest.len();
                let dash = text.get(..indent).is_some_and(|before| before.ends_with('-'));
                let message = if dash {
                    format!("短横后面是{name}")
                } else {
                    format!("这一行用{name}缩进")
                };
                let mend = "删掉它，换成英文空格";
                return slip(Code::Syntax, at(indent, length.max(space)), message, SPACES, mend);
            }
        }
        let after_key = words.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let from = text.len() - after_key.len();
        let has_key = after_key.len() < words.len();
        if has_key && after_key.starts_with('：') {
            let place = at(from, '：'.len_utf8());
            let message = "键后面是全角冒号“：”".to_owned();
            let reason = "YAML 的键和值之间必须是英文冒号加一个空格";
            return slip(Code::FullWidthColon, place, message, reason, "改成英文冒号加空格");
        }
        let any_key = words.trim_start_matches(char::is_alphanumeric);
        let wide = any_key.strip_prefix('：').filter(|_| any_key.len() < words.len());
        if wide.is_some_and(|value| value.trim_start().starts_with(['[', '{'])) {
            let place = at(text.len() - any_key.len(), '：'.len_utf8());
            let message = "键后面是全角冒号“：”".to_owned();
            let reason = "YAML 的键和值之间必须是英文冒号加一个空格";
            return slip(Code::FullWidthColon, place, message, reason, "改成英文冒号加空格");
        }
        let mut after_colon = after_key.strip_prefix(':').unwrap_or_default().chars();
        let next = after_colon.next().filter(|_| has_key);
        if let Some((length, name)) = next.and_then(odd_space) {
            let message = format!("冒号后面是{name}");
            return slip(Code::Syntax, at(from + 1, length), message, SPACES, "换成英文空格");
        }
        let is_name = words.starts_with(|c: char| c.is_ascii_lowercase());
        if is_here && is_name && next.is_some_and(|c| !c.is_whitespace() && c != '/' && c != ':') {
            let message = "冒号后面少了空格".to_owned();
            let reason = "YAML 的键和值之间必须是英文冒号加一个空格";
            return slip(Code::Syntax, at(from, 1), message, reason, "在冒号后面加一个英文空格");
        }
        let here = || Self::of_value(text, line).or_else(|| Self::of_item(text, line));
        is_here.then(here).flatten()
    }

    /// The slip at the start of a value: brackets of a text, or an item beside its key.
    fn of_value(text: &str, line: Place) -> Option<Slip> {
        static BRACKETS: LazyLock<Regex> = LazyLock::new(|| {
            let start = r"^\s*(?:- +)?(?:[A-Za-z_]+: +)?";
            let brackets = r"(\[[^\[\]]*\]|\{[^{}]*\})\s*[^\s#,:\]}]";
            Regex::new(&format!("{start}{brackets}")).expect("a valid pattern")
        });
        static ITEM: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"^\s*(?:- +)?[A-Za-z_]+: +(-)\s").expect("a valid pattern")
        });
        let of = |pattern: &Regex, message: &str, reason, mend| {
            let found = pattern.captures(text)?.get(1)?;
            let (start, end) = (line.start + found.start(), line.start + found.end());
            let (code, place) = (Code::Syntax, Place { start, end, ..line });
            Some(Slip { code, place, message: message.to_owned(), reason, mend })
        };
        let brackets = of(
            &BRACKETS,
            "以括号开头的文字没有加引号",
            "开头的 [ 或 { 是列表或一组“键: 值”的开头，括号后面不能再有文字",
            "用英文引号把整句括起来",
        );
        brackets.or_else(|| {
            of(
                &ITEM,
                "列表项不能和键写在一行里",
                "冒号后面的“- ”是列表项的开头",
                "列表项从下一行写起，每项一行；是文字：用英文引号把整句括起来",
            )
        })
    }

    /// The slip at the start of a line that was meant as an item or a comment.
    fn of_item(text: &str, line: Place) -> Option<Slip> {
        let words = text.trim_start_matches([' ', '\t']);
        let first = words.chars().next()?;
        let second = words.chars().nth(1);
        let start = line.start + (text.len() - words.len());
        let place = Place { start, end: start + first.len_utf8(), ..line };
        let code = Code::Syntax;
        let item = "列表项以英文短横加一个空格开头";
        match first {
            '-' if second.is_some_and(|c| !c.is_whitespace() && c != '-') => Some(Slip {
                code,
                place,
                message: "短横后面少了空格".to_owned(),
                reason: item,
                mend: "在短横后面加一个英文空格",
            }),
            '*' if second.is_none_or(char::is_whitespace) => Some(Slip {
                code,
                place,
                message: "“*”不是列表项的开头".to_owned(),
                reason: item,
                mend: "改成英文短横加一个空格",
            }),
            '－' | '–' | '—' | '‐' | '−' | '•' | '·' | '●' => Some(Slip {
                code,
                place,
                message: format!("“{first}”不是英文短横"),
                reason: item,
                mend: "改成英文短横加一个空格",
            }),
            '＃' => Some(Slip {
                code,
                place,
                message: "全角的“＃”不是注释".to_owned(),
                reason: "注释以英文的 # 开头",
                mend: "改成英文的 #",
            }),
            _ => None,
        }
    }
}

fn looks_like_structure(words: &str) -> bool {
    let after = words.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    words.starts_with("- ") || (after.len() < words.len() && after.starts_with([':', '：']))
}

/// The length and the Chinese name of a space that YAML does not take for one.
pub(super) fn odd_space(c: char) -> Option<(usize, &'static str)> {
    let name = match c {
        '\u{3000}' => "全角空格",
        '\u{a0}' | '\u{202f}' => "不换行空格",
        '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{205f}' => "特殊宽度的空格",
        _ => return None,
    };
    Some((c.len_utf8(), name))
}
