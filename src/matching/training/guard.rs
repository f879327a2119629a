//! Fits the weights of the guard's classifier.
//!
//! Multinomial logistic regression with an L2 penalty, by stochastic gradient descent with a step
//! for each weight (`AdaGrad`; Duchi, Hazan and Singer 2011). Nothing here is random: the sentences
//! are taken in the order of a hash, so the same sentences give the same weights.

use std::collections::{BTreeMap, BTreeSet};

use crate::knowledge::GuardKind;
use crate::matching::guard::classifier::{Classifier, KINDS, distinct};
use crate::text::{fnv1a_of, normalize};

/// Kinds and the class of harmless sentences, which comes last.
const CLASSES: usize = KINDS + 1;

/// How often every sentence is taken.
const ROUNDS: usize = 60;

/// The largest step of a weight.
const RATE: f64 = 0.5;

/// The strength of the penalty, for the sum over all sentences: weights of rare n-grams stay small.
const PENALTY: f64 = 3.0;

/// An n-gram of fewer sentences says too little.
const SENTENCES_MIN: usize = 3;

/// A weight below this share of the largest is noise and left out.
const WEIGHT_MIN: f64 = 0.04;

/// A sentence and its kind; `None`: it is harmless.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GuardSentence {
    /// As a customer types it.
    pub text: String,
    /// What the guard should find.
    pub kind: Option<GuardKind>,
}

/// Fits the weights on sentences; the text of `assets/guard/weights.txt` without its head.
pub fn fit_guard(sentences: &[GuardSentence]) -> String {
    let all: BTreeSet<(u64, String, Option<GuardKind>)> = sentences
        .iter()
        .map(|one| {
            let normalized = normalize(&one.text).into_string();
            (fnv1a_of(&normalized), normalized, one.kind)
        })
        .filter(|(_, normalized, _)| !normalized.is_empty())
        .collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, normalized, _) in &all {
        for (_, ngram) in distinct(normalized) {
            *counts.entry(ngram).or_default() += 1;
        }
    }
    counts.retain(|_, count| *count >= SENTENCES_MIN);
    let names: Vec<&str> = counts.keys().copied().collect();
    let numbers: BTreeMap<&str, usize> = names.iter().copied().zip(0..).collect();
    let cases: Vec<(Vec<usize>, usize)> = all
        .iter()
        .map(|(_, normalized, kind)| {
            let ngrams = distinct(normalized).into_iter();
            let ngrams = ngrams.filter_map(|(_, ngram)| numbers.get(ngram).copied()).collect();
            (ngrams, kind.map_or(KINDS, |kind| kind as usize))
        })
        .collect();
    let counts: Vec<usize> = counts.into_values().collect();
    let GuardFit { bias, weights, .. } = GuardFit::of(&cases, &counts);
    let relative = |row: &[f64; CLASSES]| std::array::from_fn(|kind| row[kind] - row[KINDS]);
    let rows: Vec<[f64; KINDS]> = weights.iter().map(relative).collect();
    let largest = rows.iter().flatten().fold(0.0_f64, |most, weight| most.max(weight.abs()));
    let is_heard = |row: &[f64; KINDS]| row.iter().any(|one| one.abs() >= largest * WEIGHT_MIN);
    let rows: Vec<(&str, [f64; KINDS])> =
        names.into_iter().zip(rows).filter(|(_, row)| is_heard(row)).collect();
    Classifier::write(&relative(&bias), &rows)
}

/// The weights while they are fitted, with the sums of squared gradients.
struct GuardFit {
    bias: [f64; CLASSES],
    weights: Vec<[f64; CLASSES]>,
    bias_squares: [f64; CLASSES],
    squares: Vec<[f64; CLASSES]>,
}

impl GuardFit {
    fn of(cases: &[(Vec<usize>, usize)], counts: &[usize]) -> Self {
        let mut fit = Self {
            bias: [0.0; CLASSES],
            weights: vec![[0.0; CLASSES]; counts.len()],
            bias_squares: [1e-8; CLASSES],
            squares: vec![[1e-8; CLASSES]; counts.len()],
        };
        for _ in 0..ROUNDS {
            for (ngrams, class) in cases {
                fit.take(ngrams, *class, counts);
            }
        }
        fit
    }

    fn take(&mut self, ngrams: &[usize], class: usize, counts: &[usize]) {
        let mut scores = self.bias;
        for &ngram in ngrams {
            for (score, weight) in scores.iter_mut().zip(&self.weights[ngram]) {
                *score += weight;
            }
        }
        let most = scores.iter().fold(f64::MIN, |most, score| most.max(*score));
        let odds = scores.map(|score| libm::exp(score - most));
        let sum: f64 = odds.iter().sum();
        let mut errors = odds.map(|odds| odds / sum);
        errors[class] -= 1.0;
        step(&mut self.bias, &mut self.bias_squares, &errors, 0.0);
        for &ngram in ngrams {
            // Each sentence with the n-gram bears its share of the penalty.
            let penalty = PENALTY / counts[ngram] as f64;
            step(&mut self.weights[ngram], &mut self.squares[ngram], &errors, penalty);
        }
    }
}

fn step(
    weights: &mut [f64; CLASSES],
    squares: &mut [f64; CLASSES],
    errors: &[f64; CLASSES],
    penalty: f64,
) {
    for ((weight, square), error) in weights.iter_mut().zip(squares).zip(errors) {
        let gradient = error + penalty * *weight;
        *square += gradient * gradient;
        *weight -= RATE * gradient / libm::sqrt(*square);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_of_a_kind_are_told_from_harmless_ones() {
        let one = |text: &str, kind| GuardSentence { text: text.to_owned(), kind };
        let mut sentences = Vec::new();
        for name in ["妈妈", "老师", "同事", "朋友", "邻居", "客户"] {
            sentences.push(one(&format!("我不想活了告诉{name}"), Some(GuardKind::Crisis)));
            sentences.push(one(&format!("{name}被骗转账了"), Some(GuardKind::Fraud)));
            sentences.push(one(&format!("怎么给{name}转账"), None));
            sentences.push(one(&format!("{name}笑死我了"), None));
        }
        let text = fit_guard(&sentences);
        sentences.reverse();
        assert_eq!(fit_guard(&sentences), text, "the order does not matter");
        let classifier = Classifier::parse(&text).unwrap();
        let cases = [
            ("真的不想活了", Some(GuardKind::Crisis)),
            ("哥哥被骗转账", Some(GuardKind::Fraud)),
            ("怎么给哥哥转账", None),
            ("笑死我", None),
        ];
        for (text, expected) in cases {
            let found = classifier.likelihoods(text)[0];
            assert_eq!((found.of_any > 0.5).then_some(found.kind), expected, "{text} {found:?}");
        }
    }
}
