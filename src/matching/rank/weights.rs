//! The weights of the features, fitted by `kefu fit` and shipped in `assets/ranker.txt`.

use std::{fmt::Write, sync::LazyLock};

use super::features::{FEATURES, Features};

/// The weights that come with the program.
static SHIPPED: LazyLock<Weights> = LazyLock::new(|| {
    let text = include_str!("../../../assets/ranker.txt");
    Weights::parse(text).expect("the weights in the binary are whole; tests load them")
});

/// The weights of the features.
///
/// Each feature has two weights, because an entry of one wording is compared by that wording and
/// an entry of many by all of them together. The weight of an entry is interpolated by its
/// number of wordings. Scores are log-odds: the softmax of the scores of an utterance's
/// candidates is the fitted chance of each to be the right one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Weights([Weight; FEATURES.len()]);

/// The two weights of a feature.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Weight {
    /// For an entry of a single wording.
    pub(crate) single: f32,
    /// For an entry of very many.
    pub(crate) many: f32,
}

/// How many weights there are: two for each feature.
pub(crate) const WEIGHTS: usize = 2 * FEATURES.len();

impl Weights {
    /// The weights that come with the program.
    pub(crate) fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads lines of a feature's key, its weight for a single wording and its weight for many.
    /// `None` when a feature is missing or unknown, or a weight cannot be read.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut weights = [None; FEATURES.len()];
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut parts = line.split_ascii_whitespace();
            let Some(key) = parts.next() else { continue };
            let feature = FEATURES.iter().position(|feature| feature.key() == key)?;
            let mut number = || parts.next()?.parse().ok();
            weights[feature] = Some(Weight { single: number()?, many: number()? });
        }
        let mut read = [Weight::default(); FEATURES.len()];
        for (read, weight) in read.iter_mut().zip(weights) {
            *read = weight?;
        }
        Some(Self(read))
    }

    /// The lines that [`Self::parse`] reads, without a head.
    pub(crate) fn to_text(self) -> String {
        let mut text = String::new();
        for (feature, weight) in FEATURES.iter().zip(self.0) {
            let Weight { single, many } = weight;
            writeln!(text, "{:<18}{single:>8.3}{many:>8.3}", feature.key())
                .expect("a text in memory can be written");
        }
        text
    }

    /// The weights from the coefficients of [`inputs`].
    pub(crate) fn of_numbers(numbers: &[f64; WEIGHTS]) -> Self {
        let weight = |place: usize| Weight {
            single: numbers[2 * place] as f32,
            many: numbers[2 * place + 1] as f32,
        };
        Self(std::array::from_fn(weight))
    }

    /// The weights as coefficients of [`inputs`].
    pub(crate) fn to_numbers(self) -> [f64; WEIGHTS] {
        std::array::from_fn(|place| {
            let Weight { single, many } = self.0[place / 2];
            f64::from(if place % 2 == 0 { single } else { many })
        })
    }

    /// The contribution of each feature to the score, in the order of [`FEATURES`].
    pub(crate) fn shares(&self, features: &Features) -> [f32; FEATURES.len()] {
        let singleness = features.singleness();
        std::array::from_fn(|place| {
            let Weight { single, many } = self.0[place];
            (many + (single - many) * singleness) * features.get(FEATURES[place])
        })
    }
}

/// A question's features as inputs of the fit: each feature twice, for its two weights.
pub(crate) fn inputs(features: &Features) -> [f32; WEIGHTS] {
    let singleness = features.singleness();
    std::array::from_fn(|place| {
        let share = if place % 2 == 0 { singleness } else { 1.0 - singleness };
        share * features.get(FEATURES[place / 2])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let numbers = std::array::from_fn(|place| place as f64 / 8.0 - 1.0);
        let weights = Weights::of_numbers(&numbers);
        assert_eq!(Weights::parse(&weights.to_text()), Some(weights));
    }

    #[test]
    fn a_missing_or_unknown_feature_is_refused() {
        let text = Weights::shipped().to_text();
        let without = text.lines().skip(1).collect::<Vec<_>>().join("\n");
        assert_eq!(Weights::parse(&without), None);
        assert_eq!(Weights::parse(&format!("{text}\nbeauty 1 1")), None);
    }
}
