//! Character n-grams.

use std::ops::RangeInclusive;

/// All n-grams of the text, in order of their start and then of their length.
///
/// A word of ASCII letters and digits counts as one character: its letters say as little about it
/// as the strokes of a Han character. A length of zero gives nothing.
///
/// # Examples
///
/// ```
/// use kefu::text::char_grams;
///
/// assert_eq!(char_grams("怎么还", 1..=2), ["怎", "怎么", "么", "么还", "还"]);
/// assert_eq!(char_grams("查p2p", 1..=2), ["查", "查p2p", "p2p"]);
/// ```
pub fn char_grams(normalized: &str, n: RangeInclusive<usize>) -> Vec<&str> {
    let mut bounds: Vec<usize> = Vec::with_capacity(normalized.len() / 3 + 1);
    let mut after_letter = false;
    for (at, c) in normalized.char_indices() {
        if !(after_letter && c.is_ascii_alphanumeric()) {
            bounds.push(at);
        }
        after_letter = c.is_ascii_alphanumeric();
    }
    bounds.push(normalized.len());
    let lengths = n.end().saturating_sub(*n.start()).saturating_add(1).min(bounds.len());
    let mut grams = Vec::with_capacity((bounds.len() - 1) * lengths);
    for (i, &from) in bounds.iter().enumerate() {
        let lengths = (*n.start()).max(1)..=*n.end();
        // An n-gram beyond the end of the text has no bound, and neither has a longer one.
        grams.extend(lengths.map_while(|length| {
            let to = *bounds.get(i.checked_add(length)?)?;
            normalized.get(from..to)
        }));
    }
    grams
}

/// The n-grams of lengths one and two, as [`char_grams`] gives them.
pub(crate) fn char_ngrams(normalized: &str) -> impl Iterator<Item = &str> {
    let mut units = char_units(normalized).peekable();
    let (mut from, mut pair) = (0, None);
    std::iter::from_fn(move || {
        if pair.is_some() {
            return pair.take();
        }
        let unit = units.next()?;
        pair = units.peek().and_then(|next| normalized.get(from..from + unit.len() + next.len()));
        from += unit.len();
        Some(unit)
    })
}

/// The n-grams of length one: the characters, with a word of ASCII letters and digits as one.
pub(crate) fn char_units(normalized: &str) -> impl Iterator<Item = &str> {
    let mut rest = normalized;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let word = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let (unit, after) = rest.split_at_checked(word.max(first.len_utf8()))?;
        rest = after;
        Some(unit)
    })
}

#[cfg(test)]
mod tests {
    use super::{char_grams, char_ngrams, char_units};

    #[test]
    fn short_grams_are_the_same_one_by_one() {
        for text in ["", "还", "p2p款", "查p2p", "a b", "提现100元ok吗"] {
            assert_eq!(char_units(text).collect::<Vec<_>>(), char_grams(text, 1..=1), "{text}");
            assert_eq!(char_ngrams(text).collect::<Vec<_>>(), char_grams(text, 1..=2), "{text}");
        }
    }

    #[test]
    fn grams_of_short_and_long_texts() {
        let cases: [(&str, &str, _, &[&str]); 5] = [
            ("nothing in, nothing out", "", 1..=3, &[]),
            ("shorter than n", "还", 2..=3, &[]),
            ("one length", "怎么还款", 3..=3, &["怎么还", "么还款"]),
            ("a word is one", "p2p款", 1..=2, &["p2p", "p2p款", "款"]),
            ("zero is no length", "还款", 0..=1, &["还", "款"]),
        ];
        for (shows, text, n, expected) in cases {
            assert_eq!(char_grams(text, n), expected, "{shows}");
        }
    }
}
