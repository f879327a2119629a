//! The curve from the evidence of a candidate to the probability that it is right.

use std::{fmt::Write, sync::LazyLock};

use super::logistic::{Observed, Prior, dot, fit, log_odds, logistic};
use crate::matching::rank::{features::Feature, ranking::Ranked};

/// The curve that comes with the program.
static SHIPPED: LazyLock<ShippedCurve> = LazyLock::new(|| {
    let text = include_str!("../../../assets/confidence.txt");
    ShippedCurve::parse(text).expect("the curve in the binary is whole; tests load it")
});

/// The names of the evidence, in the order of [`evidence`]. Each has two coefficients, as the
/// ranker's weights have: one for an entry of a single wording, one for an entry of very many.
const EVIDENCE: [&str; 10] = [
    "constant",
    "margin",
    "near_tie",
    "entry",
    "meaning_of_entry",
    "meaning",
    "ngrams_of_utterance",
    "words",
    "alignment",
    "missing",
];

/// The names of the other lines.
const FURTHER: [&str; 5] =
    ["hold_outs", "missed", "shown", "young_answerable", "young_unanswerable"];

/// Which evidence says nothing of an entry of a single wording, as [`Feature::fades`] tells.
pub(crate) const EVIDENCE_FADES: [bool; EVIDENCE.len()] =
    [false, false, false, false, false, false, false, false, true, true];

/// How many coefficients the curve has.
pub(crate) const INPUTS: usize = 2 * EVIDENCE.len();

/// The inputs of the curve for one candidate, each of the order of one.
pub(crate) type Evidence = [f64; INPUTS];

/// A lead of more log-odds than this is no further evidence.
const MARGIN_MAX: f32 = 8.0;

/// The prior standard deviations of a knowledge base's correction: small, because the features
/// mean the same in every knowledge base.
const CORRECTION_DEVIATIONS: [f64; 2] = [0.5, 0.25];

/// The curve as it was fitted on the shipped knowledge, and how hold-outs differ from
/// utterances there.
///
/// The authors of an entry make its similar questions as different as they can. So a held-out
/// question is far from the remaining ones, while an utterance is mostly close to one of them.
/// The shipped hold-outs therefore have a correction of their own, and another knowledge base is
/// corrected by the difference between its hold-outs and the shipped ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct ShippedCurve {
    pub(crate) coefficients: Evidence,
    /// The correction of the log-odds for hold-outs of the shipped knowledge: a constant and a
    /// factor.
    pub(crate) hold_outs: [f64; 2],
    /// The miss rate of the shipped hold-outs. A base with a smaller miss rate has wordings that
    /// are as close to one another as utterances are, so its hold-outs are expected to need less
    /// of the correction.
    pub(crate) miss_rate: f64,
    /// From the log-odds that the first entry is right to the log-odds that the right one is
    /// among the choices: a constant and a factor.
    pub(crate) shown: [f64; 2],
    /// The confidences of the first candidate in young knowledge bases, for utterances that an
    /// entry answers: the middles of as many equal parts of them.
    pub(crate) young_answerable: Quantiles,
    /// The same for utterances that nothing answers.
    pub(crate) young_unanswerable: Quantiles,
}

/// How many parts a distribution of confidences is told in.
pub(crate) const QUANTILES: usize = 20;

/// The middles of equal parts of a distribution, in rising order.
pub(crate) type Quantiles = [f64; QUANTILES];

/// The middles of equal parts of weighted values; 0 without values.
pub(crate) fn quantiles(mut values: Vec<(f64, f64)>) -> Quantiles {
    values.sort_by(|one, other| one.0.total_cmp(&other.0));
    let all: f64 = values.iter().map(|&(_, weight)| weight).sum();
    std::array::from_fn(|part| {
        let most = all * (part as f64 + 0.5) / QUANTILES as f64;
        let mut below = 0.0;
        let middle = values.iter().find(|&&(_, weight)| {
            below += weight;
            below >= most
        });
        middle.map_or(0.0, |&(value, _)| value)
    })
}

/// The middle of one of `steps` equal parts, read off a straight line between two middles.
pub(crate) fn between(middles: &Quantiles, step: usize, steps: usize) -> f64 {
    let last = QUANTILES - 1;
    let place = (step as f64 + 0.5) / steps as f64 * QUANTILES as f64 - 0.5;
    let place = place.clamp(0.0, last as f64);
    let (below, part) = (place as usize, place.fract());
    middles[below] + part * (middles[(below + 1).min(last)] - middles[below])
}

/// The curve of one knowledge base: the shipped one with its log-odds corrected.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Curve {
    shipped: ShippedCurve,
    /// A constant and a factor.
    correction: [f64; 2],
}

impl ShippedCurve {
    /// The curve that comes with the program.
    pub(crate) fn get() -> &'static Self {
        &SHIPPED
    }

    /// The log-odds, before any correction, that a candidate is right.
    pub(crate) fn log_odds(&self, evidence: &Evidence) -> f64 {
        dot(&self.coefficients, evidence)
    }

    /// Reads lines of a name and its numbers. `None` when a name is missing or unknown, or a
    /// number cannot be read.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut numbers: Vec<Option<Vec<f64>>> = vec![None; EVIDENCE.len() + FURTHER.len()];
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut parts = line.split_ascii_whitespace();
            let Some(name) = parts.next() else { continue };
            let names = EVIDENCE.iter().chain(&FURTHER);
            let place = names.into_iter().position(|known| *known == name)?;
            numbers[place] = Some(parts.map(|part| part.parse().ok()).collect::<Option<_>>()?);
        }
        let two = |place: usize| <[f64; 2]>::try_from(numbers[place].as_deref()?).ok();
        let mut coefficients = [0.0; INPUTS];
        for place in 0..EVIDENCE.len() {
            [coefficients[2 * place], coefficients[2 * place + 1]] = two(place)?;
        }
        let after = EVIDENCE.len();
        let [miss_rate] = <[f64; 1]>::try_from(numbers[after + 1].as_deref()?).ok()?;
        let (hold_outs, shown) = (two(after)?, two(after + 2)?);
        let quantiles = |place: usize| Quantiles::try_from(numbers[place].as_deref()?).ok();
        let (young_answerable, young_unanswerable) = (quantiles(after + 3)?, quantiles(after + 4)?);
        Some(Self {
            coefficients,
            hold_outs,
            miss_rate,
            shown,
            young_answerable,
            young_unanswerable,
        })
    }

    /// The lines that [`Self::parse`] reads, without a head.
    pub(crate) fn to_text(self) -> String {
        let mut text = String::new();
        let mut line = |name: &str, numbers: &[f64]| {
            write!(text, "{name:<18}").expect(WRITABLE);
            for number in numbers {
                write!(text, " {number:>9.3}").expect(WRITABLE);
            }
            text.push('\n');
        };
        for (name, two) in EVIDENCE.iter().zip(self.coefficients.chunks(2)) {
            line(name, two);
        }
        line("hold_outs", &self.hold_outs);
        line("missed", &[self.miss_rate]);
        line("shown", &self.shown);
        line("young_answerable", &self.young_answerable);
        line("young_unanswerable", &self.young_unanswerable);
        text
    }
}

const WRITABLE: &str = "a text in memory can be written";

impl Curve {
    /// The curve of a base with these hold-outs and their miss rate. The inputs of an observation
    /// are those of [`correction_inputs`].
    pub(crate) fn of_hold_outs(observed: &[Observed<2>], miss_rate: f64) -> Self {
        let shipped = *ShippedCurve::get();
        let part = (miss_rate / shipped.miss_rate.max(f64::MIN_POSITIVE)).min(1.0);
        // The expected correction of hold-outs is none where all of them find their entry.
        let expected = [part * shipped.hold_outs[0], 1.0 + part * (shipped.hold_outs[1] - 1.0)];
        let found =
            fit(&Prior { mean: expected, standard_deviation: CORRECTION_DEVIATIONS }, observed);
        let correction = [found[0] - expected[0], 1.0 + found[1] - expected[1]];
        Self { shipped, correction }
    }

    /// The curve corrected by utterances too, which say what hold-outs only estimate.
    pub(crate) fn with_utterances(self, observed: &[Observed<2>]) -> Self {
        let prior = Prior { mean: self.correction, standard_deviation: CORRECTION_DEVIATIONS };
        Self { correction: fit(&prior, observed), ..self }
    }

    /// The shipped curve with its log-odds corrected by a constant and a factor.
    pub(crate) fn corrected(correction: [f64; 2]) -> Self {
        Self { shipped: *ShippedCurve::get(), correction }
    }

    /// The constant and the factor of the correction.
    pub(crate) fn correction(&self) -> [f64; 2] {
        self.correction
    }

    /// The probability, strictly between 0 and 1, that a candidate is right.
    pub(crate) fn at(&self, evidence: &Evidence) -> f64 {
        logistic(self.log_odds(evidence))
    }

    /// The probability that the right entry is among the choices that would be shown with it.
    pub(crate) fn shown_at(&self, evidence: &Evidence) -> f64 {
        let [constant, factor] = self.shipped.shown;
        logistic(constant + factor * self.log_odds(evidence))
    }

    /// The chance that the right entry is among the choices, where the first has this chance.
    pub(crate) fn shown_where(&self, chance: f64) -> f64 {
        let [constant, factor] = self.shipped.shown;
        logistic(constant + factor * log_odds(chance))
    }

    fn log_odds(&self, evidence: &Evidence) -> f64 {
        let [constant, factor] = self.correction;
        constant + factor * self.shipped.log_odds(evidence)
    }
}

/// The evidence of a ranked candidate.
pub(crate) fn evidence(ranked: &Ranked) -> Evidence {
    let of = |feature| f64::from(ranked.best.features.get(feature));
    let margin = f64::from(ranked.margin.clamp(-MARGIN_MAX, MARGIN_MAX));
    let values = [
        1.0,
        margin,
        libm::exp(-margin.max(0.0)),
        of(Feature::Entry),
        of(Feature::MeaningOfEntry),
        of(Feature::Meaning),
        of(Feature::NgramsOfUtterance),
        of(Feature::Words),
        of(Feature::Alignment),
        of(Feature::Missing),
    ];
    let singleness = f64::from(ranked.best.features.singleness());
    std::array::from_fn(|place| {
        values[place / 2] * if place % 2 == 0 { singleness } else { 1.0 - singleness }
    })
}

/// The inputs of a base's correction: a constant, and the shipped curve's log-odds.
pub(crate) fn correction_inputs(evidence: &Evidence) -> [f64; 2] {
    [1.0, ShippedCurve::get().log_odds(evidence)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let curve = ShippedCurve {
            coefficients: std::array::from_fn(|place| place as f64 / 4.0),
            hold_outs: [-1.5, 0.75],
            miss_rate: 0.5,
            shown: [0.5, 1.0],
            young_answerable: std::array::from_fn(|part| part as f64 / 20.0),
            young_unanswerable: std::array::from_fn(|part| part as f64 / 40.0),
        };
        assert_eq!(ShippedCurve::parse(&curve.to_text()), Some(curve));
        assert_eq!(ShippedCurve::parse(&curve.to_text().replace("missed", "lost")), None);
    }

    /// Hold-outs with these log-odds by the shipped curve, `right` of them right.
    fn hold_outs(log_odds: f64, right: usize, all: usize) -> Vec<Observed<2>> {
        let one =
            |number| Observed { inputs: [1.0, log_odds], weight: 1.0, is_right: number < right };
        (0..all).map(one).collect()
    }

    #[test]
    fn hold_outs_that_do_as_expected_correct_nothing() {
        let shipped = ShippedCurve::get();
        for miss_rate in [0.0, shipped.miss_rate] {
            let [constant, factor] = Curve::of_hold_outs(&[], miss_rate).correction;
            assert!(constant.abs() < 1e-12 && (factor - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn a_base_whose_hold_outs_do_worse_is_trusted_less() {
        let corrected = |right| {
            let curve = Curve::of_hold_outs(&hold_outs(1.0, right, 100), 0.3);
            curve.correction[0] + curve.correction[1]
        };
        assert!(corrected(20) < corrected(60));
        assert!(corrected(60) < corrected(95));
    }
}
