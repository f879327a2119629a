//! What each feature is worth, as it was fitted and ships in `assets/ranker.txt`.

use std::{fmt::Write, sync::LazyLock};

use super::features::{FEATURES, Features};

/// The weights that come with the program.
static SHIPPED: LazyLock<Weights> = LazyLock::new(|| {
    let text = include_str!("../../../assets/ranker.txt");
    Weights::parse(text).expect("the weights in the binary are whole; tests load them")
});

/// What each feature adds to a score.
///
/// An entry of one wording is judged by that wording, one of many by all of them together. So
/// each feature has two weights, one for the first kind and one for the second; those in
/// between get a weight in between. Scores are log-odds: the softmax of the scores of an
/// utterance's candidates is the fitted chance that each is the one it asks for.
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

/// How many numbers the weights are made of.
pub(crate) const WEIGHTS: usize = 2 * FEATURES.len();

impl Weights {
    /// The weights that come with the program.
    pub(crate) fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads lines of a feature's key, its weight for a single wording and that for many.
    /// `None` when one is missing, unknown or no number.
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

    /// What [`Self::parse`] reads, without a head.
    pub(crate) fn to_text(self) -> String {
        let mut text = String::new();
        for (feature, weight) in FEATURES.iter().zip(self.0) {
            let Weight { single, many } = weight;
            writeln!(text, "{:<18}{single:>8.3}{many:>8.3}", feature.key())
                .expect("a text in memory can be written");
        }
        text
    }

    /// From the numbers that [`inputs`] are multiplied by.
    pub(crate) fn of_numbers(numbers: &[f64; WEIGHTS]) -> Self {
        let weight = |place: usize| Weight {
            single: numbers[2 * place] as f32,
            many: numbers[2 * place + 1] as f32,
        };
        Self(std::array::from_fn(weight))
    }

    /// The numbers that [`inputs`] are multiplied by.
    pub(crate) fn to_numbers(self) -> [f64; WEIGHTS] {
        std::array::from_fn(|place| {
            let Weight { single, many } = self.0[place / 2];
            f64::from(if place % 2 == 0 { single } else { many })
        })
    }

    /// What each feature gives to the score, in the order of [`FEATURES`].
    pub(crate) fn shares(&self, features: &Features) -> [f32; FEATURES.len()] {
        let single = features.singleness();
        std::array::from_fn(|place| {
            let Weight { single: one, many } = self.0[place];
            (many + (one - many) * single) * features.get(FEATURES[place])
        })
    }
}

/// A question's features as the numbers that [`Weights::of_numbers`] weighs.
pub(crate) fn inputs(features: &Features) -> [f32; WEIGHTS] {
    let single = features.singleness();
    std::array::from_fn(|place| {
        let part = if place % 2 == 0 { single } else { 1.0 - single };
        part * features.get(FEATURES[place / 2])
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
