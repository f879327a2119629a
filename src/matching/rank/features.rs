//! What can be measured between an utterance and one question.
//!
//! To add a feature: give it a variant and a place in [`FEATURES`], a key and a name, and say
//! in [`Features::between`] how it is measured. Then `kefu fit` finds its weights.

use crate::matching::{
    index::{
        lexicon::Bag,
        lexicons::Lexicons,
        rows::{QuestionText, Shape},
    },
    terms::kinds::Kinds,
};

/// One measure of a candidate question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// How well the utterance fits the entry as a whole: all of its questions and its answer.
    Entry,
    /// How near the meaning of the utterance comes to that of the entry's questions together,
    /// by the embeddings.
    MeaningOfEntry,
    /// How near it comes to that of the question.
    Meaning,
    /// BM25 over runs of one and two characters, of what the utterance gives itself.
    NgramsOfUtterance,
    /// The same, of what the question gives itself.
    NgramsOfQuestion,
    /// Words that both have, stop words aside, weighed by rarity, of all words of both.
    Words,
    /// Syllables and pairs of them that both have, of all syllables of both.
    Sounds,
    /// The shorter length over the longer.
    LengthRatio,
    /// 1 when only one of the two denies something.
    NegationDiffers,
    /// 1 when one names the opposite act of the other, such as 开通 and 关闭.
    Opposite,
    /// 1 when both say what kind of answer they want and the kinds differ.
    KindDiffers,
    /// 1 when both name numbers and none is the same.
    NumberDiffers,
    /// 1 when they name different things of one family, such as 花呗 and 借呗.
    RivalDiffers,
}

/// All features, in the order of [`Features`].
pub const FEATURES: [Feature; 13] = [
    Feature::Entry,
    Feature::MeaningOfEntry,
    Feature::Meaning,
    Feature::NgramsOfUtterance,
    Feature::NgramsOfQuestion,
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
    /// Its name in `assets/ranker.txt` and in what programs read.
    pub fn key(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::MeaningOfEntry => "meaning_of_entry",
            Self::Meaning => "meaning",
            Self::NgramsOfUtterance => "ngrams_of_utterance",
            Self::NgramsOfQuestion => "ngrams_of_question",
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

/// What is measured of an entry or intent as a whole, the same for all of its questions.
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
    /// Measures a question against an utterance, both weighed by the lexicons. `meaning` is the
    /// cosine between the two.
    pub(crate) fn between(
        utterance: (&Kinds<Bag>, Shape),
        question: &QuestionText<'_>,
        lexicons: &Lexicons,
        meaning: f32,
        of_entry: OfEntry,
    ) -> Self {
        let (bags, shape) = utterance;
        let overlaps = bags.as_ref().zip(question.rows).zip(lexicons.as_ref());
        let overlaps = overlaps.map(|((bag, row), lexicon)| bag.overlap(row, lexicon));
        let shorter = shape.chars.min(question.shape.chars);
        let longer = shape.chars.max(question.shape.chars);
        let (here, there) = (shape.signals, question.shape.signals);
        let flag = |set| if set { 1.0 } else { 0.0 };
        let values = FEATURES.map(|feature| match feature {
            Feature::Entry => of_entry.fit,
            Feature::MeaningOfEntry => of_entry.meaning.max(0.0),
            Feature::Meaning => meaning.max(0.0),
            Feature::NgramsOfUtterance => overlaps.ngrams.utterance,
            Feature::NgramsOfQuestion => overlaps.ngrams.question,
            Feature::Words => overlaps.words.both,
            Feature::Sounds => overlaps.sounds.both,
            Feature::LengthRatio => shorter as f32 / longer.max(1) as f32,
            Feature::NegationDiffers => flag(here.negation_differs(there)),
            Feature::Opposite => flag(here.is_opposite(there)),
            Feature::KindDiffers => flag(here.kind_differs(there)),
            Feature::NumberDiffers => flag(here.number_differs(there)),
            Feature::RivalDiffers => flag(here.thing_differs(there)),
        });
        Self { values, questions: of_entry.questions }
    }

    /// One of them.
    pub fn get(&self, feature: Feature) -> f32 {
        self.values[feature as usize]
    }

    /// What a single question says beside its entry as a whole, from 0 to 1: everything when
    /// it is the only one, little when it is one of many.
    pub(crate) fn singleness(&self) -> f32 {
        2.0 / (1.0 + self.questions.max(1) as f32)
    }
}
