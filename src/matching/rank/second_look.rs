//! What the second encoder adds to a ranking, and its fitted numbers.

use std::{fmt::Write, sync::LazyLock};

use super::ranking::{Ranked, SecondLook, set_margins};

/// The numbers that come with the program.
static SHIPPED: LazyLock<SecondWeights> = LazyLock::new(|| {
    let text = include_str!("../../../assets/encoder.txt");
    SecondWeights::parse(text).expect("the numbers in the binary are whole; tests load them")
});

/// The names of the numbers in their order.
const NAMES: [&str; 4] = ["score", "constant", "log_odds", "cosine"];

/// How much the second encoder counts against an entry of a single wording. With more wordings
/// it counts less, as a single wording does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SecondWeights {
    /// What a cosine adds to the score, less the mean cosine of all candidates.
    pub(crate) score: f32,
    /// What is added to the log-odds that the first candidate is right: a constant, a factor of
    /// those log-odds, and a factor of its cosine.
    pub(crate) curve: [f64; 3],
}

impl SecondWeights {
    /// The numbers that come with the program.
    pub(crate) fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads lines of a name and a number. `None` when a name is missing or unknown, or a number
    /// cannot be read.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut numbers = [None; NAMES.len()];
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut parts = line.split_ascii_whitespace();
            let Some(name) = parts.next() else { continue };
            let place = NAMES.iter().position(|known| *known == name)?;
            numbers[place] = Some(parts.next()?.parse::<f64>().ok()?);
        }
        let [score, constant, log_odds, cosine] = numbers;
        Some(Self { score: score? as f32, curve: [constant?, log_odds?, cosine?] })
    }

    /// The lines that [`Self::parse`] reads, without a head.
    pub(crate) fn to_text(self) -> String {
        let mut text = String::new();
        let numbers = [self.score.into()].into_iter().chain(self.curve);
        for (name, number) in NAMES.iter().zip(numbers) {
            writeln!(text, "{name:<10}{number:>9.3}").expect("a text in memory can be written");
        }
        text
    }

    /// The log-odds that a candidate is right, from those before the second look at it.
    pub(crate) fn log_odds(&self, before: f64, ranked: &Ranked, look: SecondLook) -> f64 {
        let singleness = f64::from(ranked.best.features.singleness());
        let [constant, log_odds, cosine] = self.curve;
        before + singleness * (constant + log_odds * before + cosine * f64::from(look.cosine))
    }
}

/// Ranks candidates again by the largest cosine of each to the utterance, in their order.
///
/// Only differences to the mean cosine count, so that an entry of many wordings, of which the
/// cosine says little, neither wins nor loses by that.
pub(crate) fn rank_again(ranked: &mut [Ranked], cosines: &[f32], weights: &SecondWeights) {
    let mean = cosines.iter().sum::<f32>() / cosines.len().max(1) as f32;
    for (one, &cosine) in ranked.iter_mut().zip(cosines) {
        let share = weights.score * one.best.features.singleness() * (cosine - mean);
        one.second = Some(SecondLook { cosine, share });
        one.score += share;
    }
    ranked.sort_by(|one, other| other.score.total_cmp(&one.score));
    set_margins(ranked);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let weights = SecondWeights { score: 6.25, curve: [-1.5, 0.125, 3.0] };
        assert_eq!(SecondWeights::parse(&weights.to_text()), Some(weights));
        assert_eq!(SecondWeights::parse("score 1\nconstant 1\nlog_odds 1"), None);
    }
}
