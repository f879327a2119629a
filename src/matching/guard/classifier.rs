//! How likely an utterance is of each kind of the guard, by its characters and pairs of characters.
//!
//! A multinomial logistic regression (softmax) over the presence of n-grams, fitted offline on
//! sentences that were written from situations alone (`assets/guard/`). It finds what no rule names,
//! and knows nothing of a knowledge base.

use std::{
    collections::HashMap,
    fmt::Write,
    sync::{Arc, LazyLock},
};

use foldhash::fast::FixedState;

use crate::knowledge::GuardKind;
use crate::matching::terms::key::key;
use crate::text::char_grams;

/// How many kinds are told apart, besides harmless utterances.
pub(crate) const KINDS: usize = GuardKind::ALL.len();

/// The longest text that is judged at once, in characters. A longer one is judged in parts: most
/// of a long story is harmless, and would outweigh the one sentence that is not.
const WINDOW: usize = 60;

/// How far one part begins after the one before, in characters.
const STEP: usize = 30;

/// How many n-grams explain a finding.
const SHOWN_MAX: usize = 5;

static SHIPPED: LazyLock<Arc<Classifier>> = LazyLock::new(|| {
    let text = include_str!("../../../assets/guard/weights.txt");
    let classifier = Classifier::parse(text);
    Arc::new(classifier.expect("the weights in the binary are whole; tests load them"))
});

/// The weights of n-grams for each kind, relative to harmless utterances.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Classifier {
    bias: [f32; KINDS],
    /// The log-odds of one step of a weight.
    step: f32,
    rows: HashMap<u64, [i8; KINDS], FixedState>,
}

/// How likely a part of an utterance is of some kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Likelihood<'t> {
    /// The part, at most 60 characters.
    pub(crate) part: &'t str,
    /// The likeliest kind.
    pub(crate) kind: GuardKind,
    /// How likely it is of that kind, 0 to 1.
    pub(crate) of_kind: f32,
    /// How likely it is of any kind, 0 to 1.
    pub(crate) of_any: f32,
}

impl Classifier {
    /// The weights that come with the program.
    pub(crate) fn shipped() -> Arc<Self> {
        SHIPPED.clone()
    }

    /// Reads what [`Self::write`] wrote; `None` when a line cannot be read.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut classifier = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut parts = line.split_ascii_whitespace();
            match parts.next()? {
                "bias" => {
                    for bias in &mut classifier.bias {
                        *bias = parts.next()?.parse().ok()?;
                    }
                }
                "step" => classifier.step = parts.next()?.parse().ok()?,
                ngram => {
                    let mut row = [0; KINDS];
                    for weight in &mut row {
                        *weight = parts.next()?.parse().ok()?;
                    }
                    classifier.rows.insert(key(ngram), row);
                }
            }
        }
        (classifier.step > 0.0).then_some(classifier)
    }

    /// The text form of weights: a bias for each kind, the step, and a line of whole steps for each
    /// n-gram. N-grams without a step are left out.
    pub(crate) fn write(bias: &[f64; KINDS], rows: &[(&str, [f64; KINDS])]) -> String {
        let all = rows.iter().flat_map(|(_, row)| row);
        let largest = all.fold(0.0_f64, |largest, weight| largest.max(weight.abs()));
        let step = (largest / 127.0).max(f64::MIN_POSITIVE);
        let mut text = String::from("bias");
        for bias in bias {
            write!(text, " {bias:.3}").expect("a text in memory can be written");
        }
        writeln!(text, "\nstep {step:.5}").expect("a text in memory can be written");
        for (ngram, row) in rows {
            let row = row.map(|weight| (weight / step).round() as i8);
            if row.iter().any(|weight| *weight != 0) {
                let row = row.map(|weight| weight.to_string());
                writeln!(text, "{ngram} {}", row.join(" "))
                    .expect("a text in memory can be written");
            }
        }
        text
    }

    /// How likely each part of a normalised text is of some kind. There is at least one part.
    pub(crate) fn likelihoods<'t>(&self, normalized: &'t str) -> Vec<Likelihood<'t>> {
        parts(normalized).into_iter().map(|part| self.of_part(part)).collect()
    }

    fn of_part<'t>(&self, part: &'t str) -> Likelihood<'t> {
        let scores = self.scores(part);
        // Harmless utterances have a score of 0.
        let most = scores.iter().fold(0.0_f32, |most, score| most.max(*score));
        let odds = scores.map(|score| libm::expf(score - most));
        let all: f32 = odds.iter().sum();
        let mut best = 0;
        for (place, score) in scores.iter().enumerate() {
            if *score > scores[best] {
                best = place;
            }
        }
        let whole = all + libm::expf(-most);
        let kind = GuardKind::ALL[best];
        Likelihood { part, kind, of_kind: odds[best] / whole, of_any: all / whole }
    }

    fn scores(&self, part: &str) -> [f32; KINDS] {
        let mut sums = [0_i32; KINDS];
        for row in distinct(part).into_iter().filter_map(|(key, _)| self.rows.get(&key)) {
            for (sum, weight) in sums.iter_mut().zip(row) {
                *sum += i32::from(*weight);
            }
        }
        std::array::from_fn(|kind| self.bias[kind] + sums[kind] as f32 * self.step)
    }

    /// The n-grams that speak most for a kind, each with its log-odds.
    pub(crate) fn reasons(&self, normalized: &str, kind: GuardKind) -> Vec<(String, f32)> {
        let column = kind as usize;
        let mut reasons: Vec<(i8, &str)> = distinct(normalized)
            .into_iter()
            .filter_map(|(key, ngram)| Some((self.rows.get(&key)?[column], ngram)))
            .filter(|(weight, _)| *weight > 0)
            .collect();
        reasons.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        let shown = reasons.into_iter().take(SHOWN_MAX);
        shown.map(|(weight, ngram)| (ngram.to_owned(), f32::from(weight) * self.step)).collect()
    }
}

/// The different n-grams of a text with their keys, sorted by key.
pub(crate) fn distinct(text: &str) -> Vec<(u64, &str)> {
    let mut ngrams: Vec<(u64, &str)> =
        char_grams(text, 1..=2).into_iter().map(|ngram| (key(ngram), ngram)).collect();
    ngrams.sort_unstable();
    ngrams.dedup();
    ngrams
}

/// The parts of a text that are judged one by one.
fn parts(text: &str) -> Vec<&str> {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let mut parts = Vec::new();
    let mut from = 0;
    loop {
        let to = starts.get(from + WINDOW).copied();
        let start = starts.get(from).copied().unwrap_or_default();
        parts.extend(text.get(start..to.unwrap_or(text.len())));
        if to.is_none() {
            return parts;
        }
        from += STEP;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(of: &[(GuardKind, f64)]) -> [f64; KINDS] {
        let mut row = [0.0; KINDS];
        for (kind, weight) in of {
            row[*kind as usize] = *weight;
        }
        row
    }

    fn classifier() -> Classifier {
        let rows = [
            ("死", row(&[(GuardKind::Crisis, 4.0)])),
            ("想死", row(&[(GuardKind::Crisis, 3.0), (GuardKind::Distress, 1.0)])),
            ("笑死", row(&[(GuardKind::Crisis, -8.0)])),
            ("骗", row(&[(GuardKind::Fraud, 5.0)])),
            ("零", row(&[])),
        ];
        Classifier::parse(&Classifier::write(&[-3.0; KINDS], &rows)).unwrap()
    }

    #[test]
    fn characters_and_pairs_speak_for_kinds() {
        let classifier = classifier();
        assert_eq!(classifier.rows.len(), 4, "a row without weight is left out");
        let cases = [
            // (what it shows, text, kind if it is likelier than not)
            ("a pair", "我想死", Some(GuardKind::Crisis)),
            ("against it", "笑死我了", None),
            ("another kind", "被骗了", Some(GuardKind::Fraud)),
            ("nothing known", "怎么提现", None),
            ("nothing at all", "", None),
        ];
        for (shows, text, expected) in cases {
            let [Likelihood { kind, of_any, .. }] = classifier.likelihoods(text)[..] else {
                panic!("one part: {text}");
            };
            assert_eq!((of_any > 0.5).then_some(kind), expected, "{shows}: {of_any}");
        }
        let reasons = classifier.reasons("我想死", GuardKind::Crisis);
        let ngrams: Vec<&str> = reasons.iter().map(|(ngram, _)| ngram.as_str()).collect();
        assert_eq!(ngrams, ["死", "想死"]);
    }

    #[test]
    fn one_sentence_of_a_long_story_is_enough() {
        let classifier = classifier();
        for before in [0, 29, 59, 60, 61, 200] {
            let story = format!("{}我想死{}", "话".repeat(before), "说".repeat(90));
            let parts = classifier.likelihoods(&story);
            let is_found = |one: &Likelihood<'_>| one.of_any > 0.5 && one.kind == GuardKind::Crisis;
            assert!(parts.iter().any(is_found), "{before} {parts:?}");
        }
    }

    #[test]
    fn broken_weights_are_refused() {
        for broken in ["", "bias 1 2", "step x", "step 0.1\n死 1 2 3"] {
            assert!(Classifier::parse(broken).is_none(), "{broken}");
        }
        assert!(!Classifier::shipped().rows.is_empty());
    }
}
