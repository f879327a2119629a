//! Quotation marks, commas and number signs that are read as text, and one that is not.

use super::text::YamlText;
use crate::knowledge::{
    diagnostics::{codes::Code, report::Report},
    yaml::tree::{Flow, Notation},
};

/// Reports a number such as 1,000 that is cut in two between brackets.
pub(super) fn cut_number(typed: &YamlText<'_, '_>, report: &mut Report<'_>) -> bool {
    let is_item = typed.is_plain() && typed.scalar.flow != Flow::Outside;
    if !is_item || !typed.scalar.text.ends_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let rest = typed.after().strip_prefix(',').unwrap_or_default();
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    if digits != 3 {
        return false;
    }
    let length = typed.raw.len();
    report.add(
        Code::CutNumber,
        typed.part(length, 1),
        format!("“{}”里的数字被逗号切成了两项", typed.key),
        "方括号、花括号里，英文逗号是分隔，后面没有空格也一样",
        "用英文引号把整句括起来，或去掉数字里的逗号",
    );
    true
}

/// Whether this is the rest of a number that [`cut_number`] reports: three digits after a comma
/// that follows a digit.
pub(super) fn is_rest_of_number(typed: &YamlText<'_, '_>) -> bool {
    let before = typed.source.text.get(..typed.place.start).unwrap_or_default();
    let first = before.strip_suffix(',').unwrap_or_default();
    typed.is_plain()
        && typed.scalar.flow != Flow::Outside
        && first.ends_with(|c: char| c.is_ascii_digit())
        && typed.raw.len() == 3
        && typed.raw.bytes().all(|byte| byte.is_ascii_digit())
}

/// The key of other wordings, each of which is one item.
pub(super) const SIMILAR: &str = "similar";

/// Warns of signs that look like notation and are read as text, and of a comma that is notation and
/// looks like text.
pub(super) fn without_effect(typed: &YamlText<'_, '_>, report: &mut Report<'_>) {
    if has_unspaced_comma(typed) {
        report.add(
            Code::MarkWithoutEffect,
            typed.part(typed.raw.len(), 1),
            format!("“{}”里的“,”后面没有空格，也分成了两项", typed.key),
            "方括号里，英文逗号是分隔，后面没有空格也一样",
            "是一句话：用英文引号把整句括起来；是两项：逗号后面加一个空格",
        );
    }
    let found = around(typed)
        .or_else(|| at_the_end(typed))
        .or_else(|| twice(typed))
        .or_else(|| number_sign(typed))
        .or_else(|| comma(typed))
        .or_else(|| several(typed));
    let Some(Mark { sign, nth, message, mend }) = found else { return };
    let place = report.inside(typed.place, sign, nth);
    let message = format!("“{}”{message}", typed.key);
    report.add(Code::MarkWithoutEffect, place, message, "它是文字，客户会看到它", mend);
}

/// A sign that has no effect.
struct Mark {
    sign: &'static str,
    /// Its number among equal signs of the raw text, from 0.
    nth: usize,
    message: &'static str,
    mend: &'static str,
}

const QUOTES: &str = "要把整句括起来，用英文引号；不用括的，去掉引号";

/// Whether a comma without a space follows, where another one of the list has one.
fn has_unspaced_comma(typed: &YamlText<'_, '_>) -> bool {
    let rest = typed.after().strip_prefix(',').filter(|rest| {
        let is_item = typed.is_plain() && typed.scalar.flow == Flow::Brackets && !typed.is_name();
        is_item && !rest.starts_with([' ', '\t', '\n', '\r'])
    });
    let before = typed.source.text.get(..typed.place.start).unwrap_or_default();
    let is_spaced = |rest: &str| {
        before.ends_with(", ")
            || typed.source.has_spaced_comma(typed.source.text.len() - rest.len())
    };
    rest.is_some_and(is_spaced)
}

/// Signs with which people separate wordings.
fn several(typed: &YamlText<'_, '_>) -> Option<Mark> {
    let signs = ["；", "##", "|", "｜"];
    let sign = signs.into_iter().find(|sign| typed.scalar.text.contains(sign))?;
    let mend = "几句话：每句一行，各以“- ”开头；是一句话：去掉这个符号";
    (typed.key == SIMILAR)
        .then_some(Mark { sign, nth: 0, message: "里的符号不会分成几句", mend })
}

/// Chinese quotation marks around the whole text.
fn around(typed: &YamlText<'_, '_>) -> Option<Mark> {
    const PAIRS: [(&str, &str); 10] = [
        ("“", "”"),
        ("‘", "’"),
        ("＂", "＂"),
        ("＇", "＇"),
        ("“", "\""),
        ("”", "”"),
        ("”", "“"),
        ("’", "‘"),
        ("「", "」"),
        ("『", "』"),
    ];
    if !typed.is_plain() {
        return None;
    }
    // The reader of an id tells what is wrong with one.
    let is_id = |inner: &str| {
        inner.contains('.') && inner.bytes().all(|b| b.is_ascii_lowercase() || b"._-".contains(&b))
    };
    let text = typed.scalar.text.as_str();
    let (sign, _) = PAIRS.into_iter().find(|(first, last)| {
        let inner = text.strip_prefix(first).and_then(|rest| rest.strip_suffix(last));
        inner.is_some_and(|inner| {
            !inner.contains(['“', '”', '‘', '’', '＂', '＇', '「', '」', '『', '』'])
                && !is_id(inner)
        })
    })?;
    Some(Mark {
        sign, nth: 0, message: "整句外面是中文引号，不是英文引号", mend: QUOTES
    })
}

/// An ASCII quotation mark at the end whose other is missing.
fn at_the_end(typed: &YamlText<'_, '_>) -> Option<Mark> {
    if !typed.is_plain() {
        return None;
    }
    let sign = ["\"", "'"].into_iter().find(|sign| typed.scalar.text.ends_with(sign))?;
    let count = typed.scalar.text.matches(sign).count();
    (count % 2 == 1).then_some(Mark {
        sign,
        nth: count - 1,
        message: "只有结尾有引号，开头没有",
        mend: QUOTES,
    })
}

/// Quotation marks that are doubled where one is enough.
fn twice(typed: &YamlText<'_, '_>) -> Option<Mark> {
    let is_double = typed.scalar.notation == Notation::DoubleQuoted;
    let signs = if is_double { &["''"][..] } else { &["''", "\"\""] };
    let sign = signs.iter().find(|sign| typed.scalar.text.contains(**sign))?;
    Some(Mark {
        sign, nth: 0, message: "里连着有两个引号", mend: "只写一个，或用中文引号“”"
    })
}

/// A full-width number sign, or an ASCII one after another space than that of ASCII.
fn number_sign(typed: &YamlText<'_, '_>) -> Option<Mark> {
    let text = typed.scalar.text.as_str();
    if !typed.is_plain() || !text.contains(['＃', '#']) {
        return None;
    }
    let mend = "是注释：用英文的 #，前面空两个英文空格；是文字：用英文引号把整句括起来";
    let mut before = ' ';
    let mut seen = [0, 0];
    for c in text.chars() {
        let follows_odd_space = before.is_whitespace() && before != ' ';
        if c == '＃' && (before == ' ' || follows_odd_space) {
            let message = "里的全角“＃”不是注释";
            return Some(Mark { sign: "＃", nth: seen[0], message, mend });
        }
        if c == '#' && follows_odd_space {
            let message = "里的“#”前面不是英文空格，不是注释";
            return Some(Mark { sign: "#", nth: seen[1], message, mend });
        }
        seen[0] += usize::from(c == '＃');
        seen[1] += usize::from(c == '#');
        before = c;
    }
    None
}

/// A Chinese comma between brackets, which separates nothing.
fn comma(typed: &YamlText<'_, '_>) -> Option<Mark> {
    if !typed.is_plain() || typed.scalar.flow != Flow::Brackets {
        return None;
    }
    let mut depth = 0_usize;
    let (mut full, mut listing) = (0, 0);
    let message = "里的中文逗号、顿号不会分成几项";
    let mend = "分成几项：用英文逗号加一个空格；是一句话：用英文引号把整句括起来";
    for c in typed.scalar.text.chars() {
        match c {
            '（' | '“' | '《' | '「' | '(' => depth += 1,
            '）' | '”' | '》' | '」' | ')' => depth = depth.saturating_sub(1),
            '，' if depth == 0 => return Some(Mark { sign: "，", nth: full, message, mend }),
            '、' if depth == 0 => return Some(Mark { sign: "、", nth: listing, message, mend }),
            _ => {}
        }
        full += usize::from(c == '，');
        listing += usize::from(c == '、');
    }
    None
}
