//! Traditional to Simplified Chinese, character by character.

use std::sync::LazyLock;

/// The Simplified form of a character, or the character itself.
pub(crate) fn simplify(c: char) -> char {
    if c < FIRST_HAN {
        return c;
    }
    match TABLE.binary_search_by_key(&c, |&(from, _)| from) {
        Ok(at) => TABLE.get(at).map_or(c, |&(_, to)| to),
        Err(_) => c,
    }
}

/// Start of the first block of Han characters (Extension A) in Unicode.
const FIRST_HAN: char = '\u{3400}';

static TABLE: LazyLock<Vec<(char, char)>> =
    LazyLock::new(|| parse(include_str!("../../../assets/t2s.txt")));

/// Reads lines of two characters, from and to. The result is sorted by the first. No second
/// character is a first one, so that simplifying is idempotent.
fn parse(lines: &str) -> Vec<(char, char)> {
    let mut pairs: Vec<(char, char)> = lines
        .lines()
        .filter_map(|line| {
            let mut chars = line.chars();
            Some((chars.next()?, chars.next()?))
        })
        .collect();
    pairs.sort_unstable();
    let once = pairs.clone();
    for (_, to) in &mut pairs {
        while let Ok(at) = once.binary_search_by_key(to, |&(from, _)| from) {
            *to = once[at].1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::{FIRST_HAN, TABLE, parse, simplify};

    #[test]
    fn the_table_is_whole_and_leads_nowhere_twice() {
        assert!(TABLE.len() > 4_000);
        for &(from, to) in TABLE.iter() {
            assert!(from >= FIRST_HAN, "{from}");
            assert_eq!(simplify(from), to);
            assert_eq!(simplify(to), to, "{from}");
        }
    }

    #[test]
    fn chains_are_followed_to_their_end() {
        assert_eq!(parse("薴苧\n苧苎\n"), [('苧', '苎'), ('薴', '苎')]);
    }
}
