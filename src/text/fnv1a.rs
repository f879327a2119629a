//! A small hash that is the same on every machine. It is not cryptographic.

/// The 64-bit Fowler/Noll/Vo hash, variant 1a, over numbers instead of bytes. Each seed gives
/// another hash; 0 gives the standard one.
pub(crate) fn fnv1a(seed: u64, numbers: impl IntoIterator<Item = u64>) -> u64 {
    numbers.into_iter().fold(0xcbf2_9ce4_8422_2325 ^ seed, |hash, number| {
        (hash ^ number).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The hash of a text's bytes.
pub(crate) fn fnv1a_of(text: &str) -> u64 {
    fnv1a(0, text.bytes().map(u64::from))
}

#[cfg(test)]
mod tests {
    use super::fnv1a_of;

    #[test]
    fn it_is_the_common_one() {
        // From the list on the authors' page.
        assert_eq!(fnv1a_of(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a_of("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a_of("foobar"), 0x8594_4171_f739_67e8);
    }
}
