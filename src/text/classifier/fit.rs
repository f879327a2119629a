//! Fits the weights of a classifier. Offline only.
//!
//! Multinomial logistic regression with an L2 penalty, by stochastic gradient descent with a step
//! for each weight (`AdaGrad`; Duchi, Hazan and Singer 2011). Nothing here is random: the sentences
//! are taken in the order of a hash, so the same sentences give the same weights.

use std::collections::{BTreeMap, BTreeSet};

use super::model::{Classifier, concept_feature, distinct};
use crate::text::fnv1a::fnv1a_of;

/// How often every sentence is taken.
const ROUNDS: usize = 60;

/// The largest step of a weight.
const RATE: f64 = 0.5;

/// The strength of the penalty, for the sum over all sentences: weights of rare features stay small.
const PENALTY: f64 = 1.0;

/// A feature of fewer sentences says too little.
const SENTENCES_MIN: usize = 3;

/// A weight below this share of the largest is noise and left out.
const WEIGHT_MIN: f64 = 0.04;

/// A sentence that the weights are fitted on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LabelledText {
    /// In normal form.
    pub(crate) text: String,
    /// The names of its concepts.
    pub(crate) concepts: BTreeSet<String>,
    /// The index of its class; `None`: of no class.
    pub(crate) class: Option<usize>,
}

/// Fits the weights on sentences; the text that [`Classifier::parse`] reads.
pub(crate) fn fit_classifier(classes: &[&str], sentences: Vec<LabelledText>) -> String {
    let all: BTreeSet<(u64, LabelledText)> = sentences
        .into_iter()
        .filter(|one| !one.text.is_empty())
        .map(|one| (fnv1a_of(&one.text), one))
        .collect();
    let features: Vec<(Vec<String>, usize)> = all
        .iter()
        .map(|(_, one)| {
            let ngrams = distinct(&one.text).into_iter().map(|(_, ngram)| ngram.to_owned());
            let concepts = one.concepts.iter().map(|name| concept_feature(name));
            (ngrams.chain(concepts).collect(), one.class.unwrap_or(classes.len()))
        })
        .collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for feature in features.iter().flat_map(|(features, _)| features) {
        *counts.entry(feature).or_default() += 1;
    }
    counts.retain(|_, count| *count >= SENTENCES_MIN);
    let names: Vec<&str> = counts.keys().copied().collect();
    let numbers: BTreeMap<&str, usize> = names.iter().copied().zip(0..).collect();
    let cases: Vec<(Vec<usize>, usize)> = features
        .iter()
        .map(|(features, class)| {
            let numbers = features.iter().filter_map(|one| numbers.get(one.as_str()).copied());
            (numbers.collect(), *class)
        })
        .collect();
    let counts: Vec<usize> = counts.into_values().collect();
    let ClassifierFit { bias, weights, count, .. } =
        ClassifierFit::of(&cases, &counts, classes.len() + 1);
    let none = count - 1;
    let relative = |row: &[f64]| row[..none].iter().map(|weight| weight - row[none]).collect();
    let rows: Vec<Vec<f64>> = weights.chunks_exact(count).map(relative).collect();
    let largest = rows.iter().flatten().fold(0.0_f64, |most, weight| most.max(weight.abs()));
    let is_heard = |row: &[f64]| row.iter().any(|one| one.abs() >= largest * WEIGHT_MIN);
    let rows: Vec<(&str, Vec<f64>)> =
        names.into_iter().zip(rows).filter(|(_, row)| is_heard(row)).collect();
    let bias: Vec<f64> = relative(&bias);
    Classifier::write(classes, &bias, &rows)
}

/// The weights while they are fitted, with the sums of squared gradients. The last class is that of
/// texts of no class.
struct ClassifierFit {
    /// The number of classes.
    count: usize,
    bias: Vec<f64>,
    weights: Vec<f64>,
    bias_squares: Vec<f64>,
    squares: Vec<f64>,
}

impl ClassifierFit {
    fn of(cases: &[(Vec<usize>, usize)], counts: &[usize], count: usize) -> Self {
        let mut fit = Self {
            count,
            bias: vec![0.0; count],
            weights: vec![0.0; counts.len() * count],
            bias_squares: vec![1e-8; count],
            squares: vec![1e-8; counts.len() * count],
        };
        for _ in 0..ROUNDS {
            for (features, class) in cases {
                fit.take(features, *class, counts);
            }
        }
        fit
    }

    fn take(&mut self, features: &[usize], class: usize, counts: &[usize]) {
        let count = self.count;
        let mut scores = self.bias.clone();
        for &feature in features {
            let row = &self.weights[feature * count..][..count];
            for (score, weight) in scores.iter_mut().zip(row) {
                *score += weight;
            }
        }
        let most = scores.iter().fold(f64::MIN, |most, score| most.max(*score));
        let mut errors: Vec<f64> = scores.iter().map(|score| libm::exp(score - most)).collect();
        let sum: f64 = errors.iter().sum();
        for odds in &mut errors {
            *odds /= sum;
        }
        errors[class] -= 1.0;
        step(&mut self.bias, &mut self.bias_squares, &errors, 0.0);
        for &feature in features {
            // Each sentence with the feature bears its share of the penalty.
            let penalty = PENALTY / counts[feature] as f64;
            let row = feature * count..(feature + 1) * count;
            let squares = &mut self.squares[row.clone()];
            step(&mut self.weights[row], squares, &errors, penalty);
        }
    }
}

fn step(weights: &mut [f64], squares: &mut [f64], errors: &[f64], penalty: f64) {
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
    fn sentences_of_a_class_are_told_from_others() {
        let one = |text: String, concepts: &[&str], class| LabelledText {
            text,
            concepts: concepts.iter().map(|&name| name.to_owned()).collect(),
            class,
        };
        let mut sentences = Vec::new();
        for name in ["妈妈", "老师", "同事", "朋友", "邻居", "客户"] {
            sentences.push(one(format!("我不想活了告诉{name}"), &[], Some(0)));
            sentences.push(one(format!("{name}被骗转账了"), &["被骗"], Some(1)));
            sentences.push(one(format!("怎么给{name}转账"), &[], None));
            sentences.push(one(format!("{name}笑死我了"), &[], None));
        }
        let classes = ["crisis", "fraud"];
        let text = fit_classifier(&classes, sentences.clone());
        assert!(text.contains("\n@被骗 "), "{text}");
        sentences.reverse();
        assert_eq!(fit_classifier(&classes, sentences), text, "the order does not matter");
        let classifier = Classifier::parse(&text).unwrap();
        let cases = [
            ("真的不想活了", Some("crisis")),
            ("哥哥被骗转账", Some("fraud")),
            ("怎么给哥哥转账", None),
            ("笑死我", None),
        ];
        for (text, expected) in cases {
            let [found] = &classifier.likelihoods(text, &[])[..] else { panic!("one part") };
            let class = (found.of_any > 0.5).then_some(classes[found.class]);
            assert_eq!(class, expected, "{text} {found:?}");
        }
    }
}
