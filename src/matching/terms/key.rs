//! Terms as numbers.

use crate::text::fnv1a_of;

/// Characters of 21 bits that fit into one key.
const KEY_CHARS: usize = 3;

/// A term as a number. Up to three characters are the number themselves; longer terms are
/// told apart by a hash of 63 bits.
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
