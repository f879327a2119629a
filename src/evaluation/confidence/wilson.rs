//! The interval of a share.

use super::by_confidence::share;

/// The 97.5 % point of the normal distribution: 95 % lie within it on both sides.
const Z: f64 = 1.959_963_984_540_054;

/// The 95 % interval of a share of `trials`, by Wilson's score method.
///
/// It stays within 0 to 1 and holds for few trials too. Without trials it is the whole range.
/// E. B. Wilson, “Probable inference, the law of succession, and statistical inference”,
/// Journal of the American Statistical Association 22 (1927).
///
/// # Examples
///
/// ```
/// use kefu::evaluation::wilson;
///
/// let (low, high) = wilson(9, 10);
/// assert!(low < 0.9 && 0.9 < high && high < 1.0);
/// ```
pub fn wilson(hits: usize, trials: usize) -> (f64, f64) {
    if trials == 0 {
        return (0.0, 1.0);
    }
    let (n, p) = (trials as f64, share(hits, trials));
    let scale = 1.0 + Z * Z / n;
    let middle = (p + Z * Z / (2.0 * n)) / scale;
    let half = Z / scale * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_those_of_the_books() {
        let cases = [
            // (what it shows, hits, trials, low, high)
            // 3.8415 / (10 + 3.8415) = 0.2775 is where the upper end for none of ten lies.
            ("none of ten", 0, 10, 0.0, 0.2775),
            ("all of ten, its mirror image", 10, 10, 0.7225, 1.0),
            // (0.5 + 0.19207) / 1.38415 = 0.5; 1.96 / 1.38415 × √(0.025 + 0.0096) = 0.2634.
            ("half of ten", 5, 10, 0.2366, 0.7634),
            ("81 of 263, in Newcombe's table of 1998", 81, 263, 0.2553, 0.3662),
            ("no trials", 0, 0, 0.0, 1.0),
        ];
        for (shows, hits, trials, low, high) in cases {
            let found = wilson(hits, trials);
            assert!((found.0 - low).abs() < 5e-5, "{shows}: {found:?}");
            assert!((found.1 - high).abs() < 5e-5, "{shows}: {found:?}");
        }
    }
}
