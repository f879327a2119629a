//! What the second encoder adds to a ranking, and its fitted weight.

use std::sync::LazyLock;

use super::ranking::{Ranked, SecondLook, set_margins};

/// The weight that comes with the program.
static SHIPPED: LazyLock<SecondWeight> = LazyLock::new(|| {
    let text = include_str!("../../../assets/encoder.txt");
    SecondWeight::parse(text).expect("the weight in the binary is whole; tests load it")
});

/// What a cosine of the second encoder adds to the score of an entry of a single wording, less
/// the mean cosine of all candidates. With more wordings it counts less, as a single wording does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct SecondWeight(pub(crate) f32);

/// The name of the weight in its file.
const NAME: &str = "cosine";

impl SecondWeight {
    /// The weight that comes with the program.
    pub(crate) fn shipped() -> Self {
        *SHIPPED
    }

    /// Reads a line of the name and the number. `None` when the name is missing or unknown, or the
    /// number cannot be read.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let line = text.lines().find(|line| !line.starts_with('#'))?;
        let number = line.strip_prefix(NAME)?.trim().parse::<f32>().ok()?;
        number.is_finite().then_some(Self(number))
    }

    /// The line that [`Self::parse`] reads, without a head.
    pub(crate) fn to_text(self) -> String {
        format!("{NAME} {:.3}\n", self.0)
    }
}

/// Ranks candidates again by the largest cosine of each to the utterance, in their order.
///
/// Only differences to the mean cosine count, so that an entry of many wordings, of which the
/// cosine says little, neither wins nor loses by that.
pub(crate) fn rank_again(ranked: &mut [Ranked], cosines: &[f32], weight: SecondWeight) {
    let mean = cosines.iter().sum::<f32>() / cosines.len().max(1) as f32;
    for (one, &cosine) in ranked.iter_mut().zip(cosines) {
        let share = weight.0 * one.best.features.singleness() * (cosine - mean);
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
        assert_eq!(SecondWeight::parse(&SecondWeight(6.25).to_text()), Some(SecondWeight(6.25)));
        for wrong in ["", "cosin 1", "cosine", "cosine one", "cosine inf"] {
            assert_eq!(SecondWeight::parse(wrong), None, "{wrong}");
        }
    }
}
