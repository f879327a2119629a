//! How much of a difference between two runs chance can make.

/// How often the queries are drawn anew.
pub const RESAMPLES: usize = 10_000;

/// With fewer queries the resamples are too much alike to stand for chance.
pub const QUERIES_FOR_CHANCE_MIN: usize = 30;

/// After how many resamples progress is told.
const TOLD_EVERY: usize = 100;

/// Fixed, so that the same two runs always compare alike.
const SEED: u64 = 0x6b65_6675;

/// The generator `SplitMix64` of Steele, Lea and Flood: small, and good enough to draw with.
#[derive(Debug)]
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to below `end`, each as likely as the others but for 1 in 2⁴⁸ or less.
    fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.next()) * end as u128) >> 64) as usize
    }
}

/// Draws `count` queries with replacement, again and again, and hands over how often each one
/// was drawn. `tell` hears how many resamples of how many are done.
pub fn resample(count: usize, mut each: impl FnMut(&[u32]), tell: &mut dyn FnMut(usize, usize)) {
    let mut random = SplitMix64(SEED);
    let mut weights = vec![0; count];
    for done in 0..RESAMPLES {
        weights.fill(0);
        for _ in 0..count {
            weights[random.below(count)] += 1;
        }
        each(&weights);
        if done % TOLD_EVERY == 0 {
            tell(done, RESAMPLES);
        }
    }
}

/// The ends between which 95 % of what was drawn lies; `None` of nothing.
pub fn interval(mut drawn: Vec<f64>) -> Option<(f64, f64)> {
    drawn.sort_by(f64::total_cmp);
    let last = drawn.len().checked_sub(1)? as f64;
    let low = drawn.get((last * 0.025).floor() as usize)?;
    let high = drawn.get((last * 0.975).ceil() as usize)?;
    Some((*low, *high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_generator_is_the_one_that_others_know() {
        let mut random = SplitMix64(1_234_567);
        // The first numbers of the reference implementation with this seed.
        let expected = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973];
        assert_eq!([random.next(), random.next()], expected);
    }

    #[test]
    fn each_resample_is_as_large_as_the_whole_and_no_query_is_favoured() {
        let mut sums = [0_u64; 5];
        let mut rounds = 0;
        let each = |weights: &[u32]| {
            assert_eq!(weights.iter().sum::<u32>(), 5);
            weights.iter().zip(&mut sums).for_each(|(weight, sum)| *sum += u64::from(*weight));
            rounds += 1;
        };
        resample(5, each, &mut |_, _| {});
        assert_eq!(rounds, RESAMPLES);
        // 10,000 each are expected, with a standard deviation of √(50,000 × 0.2 × 0.8) = 89.
        assert!(sums.iter().all(|sum| sum.abs_diff(10_000) < 400), "{sums:?}");
    }

    #[test]
    fn an_interval_leaves_out_the_tails() {
        let drawn = (0..=200).rev().map(f64::from).collect();
        assert_eq!(interval(drawn), Some((5.0, 195.0)));
        assert_eq!(interval(Vec::new()), None);
    }
}
