//! Chance that is the same in every run.

/// A pseudo-random sequence from a seed (`SplitMix64`).
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    /// A number from `from` to `to`, both included.
    pub(crate) fn within(&mut self, from: usize, to: usize) -> usize {
        from + self.below(to - from + 1)
    }

    /// Whether the one of `n` cases comes.
    pub(crate) fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }

    pub(crate) fn character(&mut self, from: &str) -> char {
        let characters: Vec<char> = from.chars().collect();
        characters[self.below(characters.len())]
    }

    /// `n` characters of a set.
    pub(crate) fn characters(&mut self, from: &str, n: usize) -> String {
        (0..n).map(|_| self.character(from)).collect()
    }

    pub(crate) fn digits(&mut self, n: usize) -> String {
        self.characters("0123456789", n)
    }

    /// Digits of which the first is not zero.
    pub(crate) fn number(&mut self, n: usize) -> String {
        let first = self.character("123456789");
        format!("{first}{}", self.digits(n - 1))
    }

    /// A day of these years: year, month, day.
    pub(crate) fn day(&mut self, from: usize, to: usize) -> (usize, usize, usize) {
        (self.within(from, to), self.within(1, 12), self.within(1, 28))
    }
}
