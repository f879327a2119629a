//! The features of an utterance and one candidate question.
//!
//! To add a feature: add a variant, its place in [`FEATURES`], its key and its name, and its
//! measure in [`Features::between`]. Then `kefu fit` finds its weights.

use crate::matching::{
    index::{
        alignment::Alignment,
        lexicon::Bag,
        lexicons::Lexicons,
        rows::{QuestionText, Shape},
    },
    terms::{kinds::Kinds, signals::Rivals},
};

/// A measure of how a candidate question relates to the utterance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// How well the utterance fits the entry as a whole: all of its questions and its answer.
    Entry,
    /// The cosine of the utterance and the centroid of the entry's questions, by the embeddings.
    MeaningOfEntry,
    /// The cosine of the utterance and the question, by the embeddings.
    Meaning,
    /// BM25 over n-grams of one and two characters, relative to that of the utterance with itself.
    NgramsOfUtterance,
    /// The same, relative to that of the question with itself.
    NgramsOfQuestion,
    /// How much of the utterance the entry has as a whole, word by word: the mean, by idf, of the
    /// best cosine of each word with any word of its wordings or its answer.
    Alignment,
    /// The share of the utterance's characters that are nowhere in the entry, its answer included.
    Missing,
    /// The weighted Jaccard index of the words, stop words aside, weighed by idf.
    Words,
    /// The weighted Jaccard index of the syllables and pairs of syllables.
    Sounds,
    /// The shorter length divided by the longer.
    LengthRatio,
    /// 1 when exactly one of the two has a negation.
    NegationDiffers,
    /// 1 when they name opposite acts, such as 开通 and 关闭.
    Opposite,
    /// 1 when both ask for a kind of answer, such as when or how much, and the kinds differ.
    KindDiffers,
    /// 1 when both name numbers and have none in common.
    NumberDiffers,
    /// 1 when they name different rivals of one group, such as 花呗 and 借呗.
    RivalDiffers,
}

/// All features, in the order of [`Features`].
pub const FEATURES: [Feature; 15] = [
    Feature::Entry,
    Feature::MeaningOfEntry,
    Feature::Meaning,
    Feature::NgramsOfUtterance,
    Feature::NgramsOfQuestion,
    Feature::Alignment,
    Feature::Missing,
    Feature::Words,
    Feature::Sounds,
    Feature::LengthRatio,
    Feature::NegationDiffers,
    Feature::Opposite,
    Feature::KindDiffers,
    Feature::NumberDiffers,
    Feature::RivalDiffers,
];

impl Feature {
    /// Whether it says nothing of an entry of a single wording, where its weight stays 0: with few
    /// words, what the entry does not have is mere chance.
    pub(crate) fn fades(self) -> bool {
        matches!(self, Self::Alignment | Self::Missing)
    }

    /// Its name in `assets/ranker.txt` and in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::MeaningOfEntry => "meaning_of_entry",
            Self::Meaning => "meaning",
            Self::NgramsOfUtterance => "ngrams_of_utterance",
            Self::NgramsOfQuestion => "ngrams_of_question",
            Self::Alignment => "alignment",
            Self::Missing => "missing",
            Self::Words => "words",
            Self::Sounds => "sounds",
            Self::LengthRatio => "length_ratio",
            Self::NegationDiffers => "negation_differs",
            Self::Opposite => "opposite",
            Self::KindDiffers => "kind_differs",
            Self::NumberDiffers => "number_differs",
            Self::RivalDiffers => "rival_differs",
        }
    }
}

/// The measures of an entry or intent as a whole, the same for all of its questions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct OfEntry {
    /// [`Feature::Entry`].
    pub(crate) fit: f32,
    /// [`Feature::MeaningOfEntry`].
    pub(crate) meaning: f32,
    /// How many wordings it has.
    pub(crate) questions: u32,
}

/// The features of one candidate question, each from 0 to 1, in the order of [`FEATURES`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Features {
    values: [f32; FEATURES.len()],
    /// How many wordings the entry has.
    questions: u32,
}

impl Features {
    /// Measures a question against an utterance, both weighed by the lexicons. `meaning` is their
    /// cosine by the embeddings.
    pub(crate) fn between(
        utterance: (&Kinds<Bag>, Shape),
        question: &QuestionText<'_>,
        (lexicons, rivals): (&Lexicons, &Rivals),
        meaning: f32,
        of_entry: OfEntry,
    ) -> Self {
        let (bags, shape) = utterance;
        let overlaps = bags.as_ref().zip(question.rows).zip(lexicons.as_ref());
        let overlaps = overlaps.map(|((bag, row), lexicon)| bag.overlap(row, lexicon));
        let shorter = shape.chars.min(question.shape.chars);
        let longer = shape.chars.max(question.shape.chars);
        let (own, other) = (shape.signals, question.shape.signals);
        let flag = |set| if set { 1.0 } else { 0.0 };
        let values = FEATURES.map(|feature| match feature {
            Feature::Entry => of_entry.fit,
            Feature::MeaningOfEntry => of_entry.meaning.max(0.0),
            Feature::Meaning => meaning.max(0.0),
            Feature::NgramsOfUtterance => overlaps.ngrams.utterance,
            Feature::NgramsOfQuestion => overlaps.ngrams.question,
            // They take the most time, so `align` sets them for the best candidates alone.
            Feature::Alignment | Feature::Missing => 0.0,
            Feature::Words => overlaps.words.both,
            Feature::Sounds => overlaps.sounds.both,
            Feature::LengthRatio => shorter as f32 / longer.max(1) as f32,
            Feature::NegationDiffers => flag(own.negation_differs(other)),
            Feature::Opposite => flag(own.is_opposite(other)),
            Feature::KindDiffers => flag(own.kind_differs(other)),
            Feature::NumberDiffers => flag(own.number_differs(other)),
            Feature::RivalDiffers => flag(rivals.differ(own, other)),
        });
        Self { values, questions: of_entry.questions }
    }

    /// Sets the features of the utterance's alignment with the entry.
    pub(crate) fn align(&mut self, alignment: Alignment) {
        self.values[Feature::Alignment as usize] = alignment.words;
        self.values[Feature::Missing as usize] = alignment.missing;
    }

    /// The value of a feature.
    pub fn get(&self, feature: Feature) -> f32 {
        self.values[feature as usize]
    }

    /// How much a single question counts against its entry as a whole, from 0 to 1: 1 for the
    /// only question, little for one of many.
    pub(crate) fn singleness(&self) -> f32 {
        2.0 / (1.0 + self.questions.max(1) as f32)
    }
}
