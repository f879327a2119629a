//! Finds the characters of a text that another text also has.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

use super::{grams::char_grams, normalize::normalized::Normalized};

/// The ranges of the original text whose characters also occur in the other, normalized text, in
/// characters from 0, in order and disjoint.
///
/// A number or a word of Latin letters counts as one character. Characters that normalization drops
/// belong to the range around them.
pub(crate) fn shared_ranges(text: &Normalized, other: &str) -> Vec<Range<usize>> {
    let others = char_grams(other, 1..=1);
    let mut shared: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    for unit in char_grams(text.as_str(), 1..=1) {
        let from = at;
        at += unit.chars().count();
        if !others.contains(&unit) {
            continue;
        }
        match shared.last_mut() {
            Some(last) if last.end == from => last.end = at,
            _ => shared.push(from..at),
        }
    }
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for range in shared.into_iter().map(|range| text.original_range(range)) {
        match ranges.last_mut() {
            // Parts of one spelled-out number.
            Some(last) if last.end > range.start => last.end = last.end.max(range.end),
            _ => ranges.push(range),
        }
    }
    ranges
}

/// The text with 【】 around ranges of its characters, which must be in order and disjoint.
///
/// A combining mark, such as that of a key cap, stays with its character.
pub(crate) fn mark(text: &str, ranges: &[Range<usize>]) -> String {
    let mut marked = String::with_capacity(text.len() + ranges.len() * '【'.len_utf8() * 2);
    let mut ranges = ranges.iter();
    let mut range = ranges.next();
    let mut is_open = false;
    for (c, at) in text.chars().zip(0..) {
        if is_open && range.is_some_and(|range| range.end <= at) && c.width() != Some(0) {
            marked.push('】');
            is_open = false;
            range = ranges.next();
        }
        if !is_open && range.is_some_and(|range| range.start <= at) {
            marked.push('【');
            is_open = true;
        }
        marked.push(c);
    }
    if is_open {
        marked.push('】');
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::{mark, shared_ranges};
    use crate::text::normalize;

    fn marked(text: &str, other: &str) -> String {
        let other = normalize(other).into_string();
        mark(text, &shared_ranges(&normalize(text), &other))
    }

    #[test]
    fn what_is_shared_is_marked_in_the_original() {
        let cases = [
            // (what it shows, text, other, marked)
            ("nothing shared", "你好", "怎么还款", "你好"),
            ("nothing at all", "", "怎么还款", ""),
            ("all of it", "怎么还款", "怎么还款", "【怎么还款】"),
            ("stretches", "提现什么时候到", "提现多久到账", "【提现】什么时候【到】"),
            ("Traditional", "提現要多久", "提现多久到账", "【提現】要【多久】"),
            ("full width", "ＡＰＰ打不开１０次", "app闪退10次", "【ＡＰＰ】打不开【１０次】"),
            ("what is dropped goes along", "「提 现😀多久」", "提现多久", "「【提 现😀多久】」"),
            ("a key cap", "按1️⃣键", "选1", "按【1️⃣】键"),
            ("an accent", "e\u{301}cole 还款", "ecole", "【e\u{301}cole】 还款"),
            ("a folded number, whole", "充三万五没到", "充值35000", "【充三万五】没到"),
            ("another number", "充三万没到", "充值35000", "【充】三万没到"),
            ("folded money", "还五百块钱", "500元还款", "【还五百块钱】"),
            ("a price", "还￥500", "500元还款", "【还￥500】"),
        ];
        for (shows, text, other, expected) in cases {
            assert_eq!(marked(text, other), expected, "{shows}");
        }
    }
}
