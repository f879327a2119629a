//! Keys: terms as numbers.

use super::fnv1a::fnv1a_of;

/// How many characters, of 21 bits each, fit into a key.
const KEY_CHARS: usize = 3;

/// The key of a term. A term of up to three characters is encoded exactly; a longer one is hashed
/// to 63 bits.
pub(crate) fn key(term: &str) -> u64 {
    let mut key = 0;
    for (place, c) in term.chars().enumerate() {
        if place == KEY_CHARS {
            return fnv1a_of(term) | 1 << 63;
        }
        key = key << 21 | (u64::from(c) + 1);
    }
    key
}

/// The term of a key, if it has at most three characters.
pub(crate) fn short_term(key: u64) -> Option<String> {
    if key >> 63 == 1 {
        return None;
    }
    let code = |place: usize| (key >> (21 * place)) as u32 & 0x1F_FFFF;
    let codes = (0..KEY_CHARS).rev().map(code).filter(|&code| code > 0);
    codes.map(|code| char::from_u32(code - 1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_term_comes_back_from_its_key() {
        for term in ["", "提", "提现", "手续费", "p2p", "\0", "\u{10FFFF}"] {
            assert_eq!(short_term(key(term)).as_deref(), Some(term));
        }
        assert_eq!(short_term(key("提现手续费")), None);
    }
}
