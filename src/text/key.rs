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
