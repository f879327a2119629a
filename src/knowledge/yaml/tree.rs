//! A YAML file as a tree in which every value and every key knows its place.
//!
//! serde's derived readers stop at the first mistake, lose the place inside tagged enums, and
//! read `12345` or `no` as a string.

use crate::knowledge::diagnostics::source::{Located, Place};

/// One value.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) kind: NodeKind,
    /// Whether lines of a map could not be read, which may have held any of its keys.
    pub(crate) is_damaged: bool,
}

/// The kind of a value.
#[derive(Debug)]
pub(crate) enum NodeKind {
    Scalar(Scalar),
    List(Vec<Node>),
    /// Pairs in file order. A key that is written twice is reported and kept once.
    Map(Vec<(Located<String>, Node)>),
    /// An alias or another value that was reported already.
    Refused,
}

impl NodeKind {
    /// In Chinese.
    pub(crate) fn word(&self) -> &'static str {
        match self {
            NodeKind::Scalar(scalar) if scalar.looks_like == Some(Lookalike::Nothing) => "空值",
            NodeKind::Scalar(_) => "一个值",
            NodeKind::List(_) => "列表",
            NodeKind::Map(_) => "一组“键: 值”",
            NodeKind::Refused => "别名",
        }
    }
}

/// A scalar, and the type that YAML would guess for it.
#[derive(Debug)]
pub(crate) struct Scalar {
    /// The text after escapes and folding.
    pub(crate) text: String,
    /// The type that YAML would guess; `None` for text, and for every quoted scalar or block.
    pub(crate) looks_like: Option<Lookalike>,
    pub(crate) notation: Notation,
    pub(crate) flow: Flow,
}

/// What is around a scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    /// Lines and indentation.
    Outside,
    /// Braces, in which commas separate pairs.
    Braces,
    /// Brackets, in which commas separate items.
    Brackets,
}

/// The way in which a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notation {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    /// A block after `|`: line breaks stay.
    Literal,
    /// A block after `>`: line breaks become spaces.
    Folded,
}

/// A type that YAML 1.1 or 1.2 guesses for unquoted text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lookalike {
    Nothing,
    Truth,
    Number,
    Date,
}

impl Lookalike {
    /// In Chinese.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Lookalike::Nothing => "空值",
            Lookalike::Truth => "真假值",
            Lookalike::Number => "数字",
            Lookalike::Date => "日期",
        }
    }

    /// The type that YAML guesses for an unquoted scalar; `None` for text.
    pub(crate) fn of(text: &str) -> Option<Self> {
        // Most texts are Chinese: their first byte is enough.
        if text.bytes().next().is_some_and(|first| !first.is_ascii()) {
            return None;
        }
        let lower = text.to_ascii_lowercase();
        match lower.as_str() {
            "" | "~" | "null" => return Some(Self::Nothing),
            "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" => return Some(Self::Truth),
            ".inf" | "+.inf" | "-.inf" | ".nan" => return Some(Self::Number),
            _ => {}
        }
        if is_date(&lower) {
            return Some(Self::Date);
        }
        is_number(lower.strip_prefix(['+', '-']).unwrap_or(&lower)).then_some(Self::Number)
    }
}

/// Whether a text is a decimal, hexadecimal, octal or binary number, perhaps with `_`, an exponent
/// or base 60.
fn is_number(text: &str) -> bool {
    let digits_of =
        |text: &str, radix| !text.is_empty() && text.chars().all(|c| c == '_' || c.is_digit(radix));
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(rest) = text.strip_prefix(prefix) {
            return digits_of(rest, radix);
        }
    }
    let (mantissa, exponent) = text.split_once('e').map_or((text, None), |(m, e)| (m, Some(e)));
    let exponent_fits =
        exponent.is_none_or(|e| digits_of(e.strip_prefix(['+', '-']).unwrap_or(e), 10));
    let starts_right = mantissa.trim_start_matches('.').starts_with(|c: char| c.is_ascii_digit());
    let parts_fit = mantissa.chars().all(|c| c.is_ascii_digit() || matches!(c, '_' | ':' | '.'));
    let points = mantissa.matches('.').count();
    let sexagesimal_fits =
        !mantissa.contains(':') || mantissa.split([':', '.']).all(|part| digits_of(part, 10));
    starts_right && parts_fit && points <= 1 && exponent_fits && sexagesimal_fits
}

/// Whether a text is a date such as `2026-11-22`, perhaps with a time of day.
fn is_date(text: &str) -> bool {
    let day = text.split(['t', ' ']).next().unwrap_or_default();
    let parts: Vec<&str> = day.split('-').collect();
    let fits = |part: &str, lengths: std::ops::RangeInclusive<usize>| {
        lengths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit())
    };
    matches!(parts.as_slice(),
        [year, month, day] if fits(year, 4..=4) && fits(month, 1..=2) && fits(day, 1..=2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_unquoted_text_is_taken_for() {
        let cases = [
            // (what it shows, text, taken for)
            ("words", "提现多久到账", None),
            ("a number with a unit", "200人", None),
            ("a phone number with dashes", "400-000-0000", None),
            ("a span of time", "09:00-21:00", None),
            ("a word of a e and digits", "e5", None),
            ("one point", ".", None),
            ("an integer", "12345", Some(Lookalike::Number)),
            ("a fraction", "-1.5", Some(Lookalike::Number)),
            ("an exponent", "1e3", Some(Lookalike::Number)),
            ("hexadecimal", "0x1F", Some(Lookalike::Number)),
            ("base 60, a time of day", "21:30", Some(Lookalike::Number)),
            ("with underscores", "50_000", Some(Lookalike::Number)),
            ("no", "no", Some(Lookalike::Truth)),
            ("Off", "Off", Some(Lookalike::Truth)),
            ("nothing", "", Some(Lookalike::Nothing)),
            ("tilde", "~", Some(Lookalike::Nothing)),
            ("a date", "2026-11-22", Some(Lookalike::Date)),
            ("a date with a time", "2026-11-22T09:00:00", Some(Lookalike::Date)),
        ];
        for (shows, text, expected) in cases {
            assert_eq!(Lookalike::of(text), expected, "{shows}");
        }
    }
}
