//! How likely a text is of each class, by its characters, pairs of characters and concepts.
//!
//! A multinomial logistic regression (softmax) over the presence of features, fitted offline. It
//! finds what no rule names.

use std::{collections::HashMap, fmt::Write, ops::Range};

use foldhash::fast::FixedState;

use crate::text::{grams::char_ngrams, key::key};

/// The sign before the name of a concept: no text in normal form has it.
pub(super) const CONCEPT_SIGN: char = '@';

/// The longest text that is judged at once, in characters. A longer one is judged in parts: most
/// of a long story is of no class, and would outweigh the one sentence that is.
const WINDOW: usize = 60;

/// How far one part begins after the one before, in characters: a fraction of [`WINDOW`].
const STEP: usize = 30;

/// How many features explain a class.
const SHOWN_MAX: usize = 5;

/// The weights of features for each class, relative to a text of no class.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Classifier {
    classes: Vec<String>,
    bias: Vec<f32>,
    /// The log-odds of one step of a weight.
    step: f32,
    /// The row of each feature, by its key.
    rows: HashMap<u64, FeatureRow, FixedState>,
    /// The rows one after the other, each with a weight for each class.
    weights: Vec<i8>,
}

/// The place of a feature's weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FeatureRow(u32);

/// A concept in a text, with its weights.
#[derive(Clone, Debug)]
pub(crate) struct SeenFeature<'c> {
    /// The name of the concept.
    pub(crate) name: &'c str,
    pub(crate) row: FeatureRow,
    /// Where it stands, in bytes of the text.
    pub(crate) places: &'c [Range<usize>],
}

/// How likely a part of a text is of some class.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ClassLikelihood<'t> {
    /// The part, at most 60 characters.
    pub(crate) part: &'t str,
    /// The byte of the text at which it starts.
    pub(crate) from: usize,
    /// The index of the likeliest class.
    pub(crate) class: usize,
    /// How likely it is of each class, 0 to 1.
    pub(crate) of_class: Vec<f32>,
    /// How likely it is of any class, 0 to 1.
    pub(crate) of_any: f32,
}

impl Classifier {
    /// Reads what [`Self::write`] wrote; `None` when a line cannot be read.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut classifier = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut parts = line.split_ascii_whitespace();
            match parts.next()? {
                "=classes" => classifier.classes = parts.map(str::to_owned).collect(),
                "=bias" => {
                    classifier.bias = parts.map(|bias| bias.parse().ok()).collect::<Option<_>>()?;
                }
                "=step" => classifier.step = parts.next()?.parse().ok()?,
                feature => {
                    let row = FeatureRow(u32::try_from(classifier.rows.len()).ok()?);
                    classifier.rows.insert(key(feature), row);
                    for weight in parts {
                        classifier.weights.push(weight.parse().ok()?);
                    }
                    let whole = classifier.rows.len() * classifier.classes.len();
                    if classifier.weights.len() != whole {
                        return None;
                    }
                }
            }
        }
        let count = classifier.classes.len();
        let is_whole = count > 0 && classifier.bias.len() == count && classifier.step > 0.0;
        is_whole.then_some(classifier)
    }

    /// The text form of weights: the classes, a bias for each, the step, and a line of whole steps
    /// for each feature. Features without a step are left out. No feature begins with `=`.
    pub(super) fn write(classes: &[&str], bias: &[f64], rows: &[(&str, Vec<f64>)]) -> String {
        let all = rows.iter().flat_map(|(_, row)| row);
        let largest = all.fold(0.0_f64, |largest, weight| largest.max(weight.abs()));
        let step = (largest / 127.0).max(f64::MIN_POSITIVE);
        let bias: Vec<String> = bias.iter().map(|bias| format!("{bias:.3}")).collect();
        let mut text =
            format!("=classes {}\n=bias {}\n=step {step:.5}\n", classes.join(" "), bias.join(" "));
        for (feature, row) in rows {
            let row: Vec<i8> = row.iter().map(|weight| (weight / step).round() as i8).collect();
            if row.iter().any(|weight| *weight != 0) {
                let row: Vec<String> = row.iter().map(i8::to_string).collect();
                writeln!(text, "{feature} {}", row.join(" "))
                    .expect("a text in memory can be written");
            }
        }
        text
    }

    /// The names of the classes, in the order of their indexes.
    pub(crate) fn classes(&self) -> &[String] {
        &self.classes
    }

    /// The weights of a concept, if it has any.
    pub(crate) fn concept(&self, name: &str) -> Option<FeatureRow> {
        self.rows.get(&key(&concept_feature(name))).copied()
    }

    /// How likely each part of a normalised text with these concepts is of some class. There is at
    /// least one part.
    pub(crate) fn likelihoods<'t>(
        &self,
        normalized: &'t str,
        concepts: &[SeenFeature<'_>],
    ) -> Vec<ClassLikelihood<'t>> {
        let of_part = |bytes| self.of_part(normalized, bytes, concepts);
        parts(normalized).into_iter().map(of_part).collect()
    }

    fn of_part<'t>(
        &self,
        text: &'t str,
        bytes: Range<usize>,
        concepts: &[SeenFeature<'_>],
    ) -> ClassLikelihood<'t> {
        let part = text.get(bytes.clone()).unwrap_or_default();
        let scores = self.scores(part, inside(concepts, &bytes));
        // A text of no class has a score of 0.
        let most = scores.iter().fold(0.0_f32, |most, score| most.max(*score));
        let mut of_class: Vec<f32> =
            scores.into_iter().map(|score| libm::expf(score - most)).collect();
        let all: f32 = of_class.iter().sum();
        let whole = all + libm::expf(-most);
        for odds in &mut of_class {
            *odds /= whole;
        }
        let mut class = 0;
        for (place, share) in of_class.iter().enumerate() {
            if *share > of_class[class] {
                class = place;
            }
        }
        ClassLikelihood { part, from: bytes.start, class, of_class, of_any: all / whole }
    }

    fn scores<'s>(
        &self,
        part: &str,
        concepts: impl Iterator<Item = &'s SeenFeature<'s>>,
    ) -> Vec<f32> {
        let mut sums = vec![0_i32; self.classes.len()];
        let ngrams = distinct(part).into_iter().filter_map(|(key, _)| self.rows.get(&key));
        for row in ngrams.copied().chain(concepts.map(|concept| concept.row)) {
            for (sum, weight) in sums.iter_mut().zip(self.row(row)) {
                *sum += i32::from(*weight);
            }
        }
        let scored = sums.into_iter().zip(&self.bias);
        scored.map(|(sum, bias)| bias + sum as f32 * self.step).collect()
    }

    fn row(&self, FeatureRow(row): FeatureRow) -> &[i8] {
        let count = self.classes.len();
        let from = row as usize * count;
        &self.weights[from..from + count]
    }

    /// The features of a part of a text, from this byte on, that speak most for a class, each with
    /// its log-odds. Concepts are named.
    pub(crate) fn reasons(
        &self,
        (part, from): (&str, usize),
        concepts: &[SeenFeature<'_>],
        class: usize,
    ) -> Vec<(String, f32)> {
        let concepts = inside(concepts, &(from..from + part.len()));
        let ngrams = distinct(part)
            .into_iter()
            .filter_map(|(key, ngram)| Some((*self.rows.get(&key)?, ngram.to_owned())));
        let concepts = concepts.map(|one| (one.row, format!("{CONCEPT_SIGN}{}", one.name)));
        let mut reasons: Vec<(i8, String)> = ngrams
            .chain(concepts)
            .map(|(row, name)| (self.row(row)[class], name))
            .filter(|(weight, _)| *weight > 0)
            .collect();
        reasons.sort_by(|one, other| other.cmp(one));
        let shown = reasons.into_iter().take(SHOWN_MAX);
        shown.map(|(weight, name)| (name, f32::from(weight) * self.step)).collect()
    }
}

/// The feature of a concept.
pub(super) fn concept_feature(name: &str) -> String {
    format!("{CONCEPT_SIGN}{name}")
}

/// The concepts inside a range.
fn inside<'s, 'c>(
    concepts: &'s [SeenFeature<'c>],
    bytes: &Range<usize>,
) -> impl Iterator<Item = &'s SeenFeature<'c>> + use<'s, 'c> {
    let bytes = bytes.clone();
    concepts.iter().filter(move |one| {
        one.places.iter().any(|place| bytes.start <= place.start && place.end <= bytes.end)
    })
}

/// The different n-grams of a text with their keys, sorted by key.
pub(super) fn distinct(text: &str) -> Vec<(u64, &str)> {
    let mut ngrams: Vec<(u64, &str)> = Vec::with_capacity(2 * text.chars().count());
    ngrams.extend(char_ngrams(text).map(|ngram| (key(ngram), ngram)));
    ngrams.sort_unstable();
    ngrams.dedup();
    ngrams
}

/// The ranges of the parts of a text that are judged one by one, in bytes.
pub(crate) fn parts(text: &str) -> Vec<Range<usize>> {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).step_by(STEP).collect();
    let mut parts = Vec::with_capacity(starts.len().max(1));
    loop {
        let start = starts.get(parts.len()).copied().unwrap_or_default();
        let to = starts.get(parts.len() + WINDOW / STEP).copied();
        parts.push(start..to.unwrap_or(text.len()));
        if to.is_none() {
            return parts;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLASSES: [&str; 3] = ["crisis", "distress", "fraud"];

    fn classifier() -> Classifier {
        let rows = [
            ("死", vec![4.0, 0.0, 0.0]),
            ("想死", vec![3.0, 1.0, 0.0]),
            ("笑死", vec![-8.0, 0.0, 0.0]),
            ("骗", vec![0.0, 0.0, 5.0]),
            ("@对方", vec![0.0, 0.0, 4.0]),
            ("零", vec![0.0; 3]),
        ];
        Classifier::parse(&Classifier::write(&CLASSES, &[-3.0; 3], &rows)).unwrap()
    }

    fn likely(found: &ClassLikelihood<'_>) -> Option<&'static str> {
        (found.of_any > 0.5).then_some(CLASSES[found.class])
    }

    #[test]
    fn characters_and_pairs_speak_for_classes() {
        let classifier = classifier();
        assert_eq!(classifier.rows.len(), 5, "a row without weight is left out");
        let cases = [
            // (what it shows, text, class if it is likelier than not)
            ("a pair", "我想死", Some("crisis")),
            ("against it", "笑死我了", None),
            ("another class", "被骗了", Some("fraud")),
            ("nothing known", "怎么提现", None),
            ("nothing at all", "", None),
        ];
        for (shows, text, expected) in cases {
            let found = classifier.likelihoods(text, &[]);
            assert_eq!(found.len(), 1, "{shows}");
            assert_eq!(likely(&found[0]), expected, "{shows}: {found:?}");
        }
        let reasons = classifier.reasons(("我想死", 0), &[], 0);
        let ngrams: Vec<&str> = reasons.iter().map(|(ngram, _)| ngram.as_str()).collect();
        assert_eq!(ngrams, ["死", "想死"]);
    }

    #[test]
    fn concepts_speak_where_they_stand() {
        let classifier = classifier();
        assert_eq!(classifier.concept("不认识"), None);
        let row = classifier.concept("对方").unwrap();
        let text = format!("那个人说{}", "话".repeat(100));
        let places: Vec<Range<usize>> = std::iter::once(0..9).collect();
        let seen = [SeenFeature { name: "对方", row, places: &places }];
        let found: Vec<Option<&str>> =
            classifier.likelihoods(&text, &seen).iter().map(likely).collect();
        assert_eq!(found, [Some("fraud"), None, None]);
        let reasons = classifier.reasons((&text, 0), &seen, 2);
        assert_eq!(reasons.len(), 1);
        assert_eq!(reasons[0].0, "@对方");
    }

    #[test]
    fn one_sentence_of_a_long_story_is_enough() {
        let classifier = classifier();
        for before in [0, 29, 59, 60, 61, 200] {
            let story = format!("{}我想死{}", "话".repeat(before), "说".repeat(90));
            let parts = classifier.likelihoods(&story, &[]);
            assert!(parts.iter().any(|one| likely(one) == Some("crisis")), "{before} {parts:?}");
        }
    }

    #[test]
    fn broken_weights_are_refused() {
        let broken = [
            "",
            "=classes a\n=bias 1 2\n=step 0.1",
            "=classes a\n=bias 1\n=step x",
            "=classes a\n=bias 1\n=step 0",
            "=classes a b\n=bias 1 2\n=step 0.1\n死 1 2 3",
            "=classes a b\n=bias 1 2\n=step 0.1\n死 1\n活 1 2 3",
            "=classes a\n=bias 1\n=step 0.1\n死 300",
        ];
        for broken in broken {
            assert!(Classifier::parse(broken).is_none(), "{broken}");
        }
        assert!(Classifier::parse("=classes a\n=bias 1\n=step 0.1\n死 3").is_some());
    }
}
