//! What can be measured between an utterance and one question.

use super::question::WeighedTerms;

/// One measure of a candidate question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// Cosine of TF-IDF vectors over runs of one to three characters.
    GramCosine,
    /// BM25 over runs of one and two characters, of what the utterance gives itself.
    GramOfUtterance,
    /// The same, of what the question gives itself.
    GramOfQuestion,
    /// BM25 over words, of what the utterance gives itself.
    WordOfUtterance,
    /// The same, of what the question gives itself.
    WordOfQuestion,
    /// Shared words other than stop words, by rarity, of all words of both.
    ContentJaccard,
    /// The shorter length over the longer.
    LengthRatio,
    /// 1 when only one of the two denies something.
    NegationDiffers,
    /// 1 when one names the opposite act of the other, such as 开通 and 关闭.
    Opposite,
    /// 1 when both say what kind of answer they want and the kinds differ.
    KindDiffers,
}

/// All features, in the order of [`Features`].
pub const FEATURES: [Feature; 10] = [
    Feature::GramCosine,
    Feature::GramOfUtterance,
    Feature::GramOfQuestion,
    Feature::WordOfUtterance,
    Feature::WordOfQuestion,
    Feature::ContentJaccard,
    Feature::LengthRatio,
    Feature::NegationDiffers,
    Feature::Opposite,
    Feature::KindDiffers,
];

/// The features of one candidate question, each from 0 to 1, in the order of [`FEATURES`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Features(pub(crate) [f32; FEATURES.len()]);

impl Features {
    /// Measures a question against an utterance.
    pub(crate) fn between(utterance: &WeighedTerms, question: &WeighedTerms) -> Self {
        let grams = utterance.grams.overlap(&question.grams);
        let words = utterance.words.overlap(&question.words);
        let (shorter, longer) =
            (utterance.chars.min(question.chars), utterance.chars.max(question.chars));
        let (here, there) = (utterance.signals, question.signals);
        let flag = |set| if set { 1.0 } else { 0.0 };
        Self(FEATURES.map(|feature| match feature {
            Feature::GramCosine => grams.cosine,
            Feature::GramOfUtterance => grams.of_utterance,
            Feature::GramOfQuestion => grams.of_question,
            Feature::WordOfUtterance => words.of_utterance,
            Feature::WordOfQuestion => words.of_question,
            Feature::ContentJaccard => words.jaccard,
            Feature::LengthRatio => shorter as f32 / longer.max(1) as f32,
            Feature::NegationDiffers => flag(here.negation_differs(there)),
            Feature::Opposite => flag(here.is_opposite(there)),
            Feature::KindDiffers => flag(here.kind_differs(there)),
        }))
    }

    /// One of them.
    pub fn get(&self, feature: Feature) -> f32 {
        self.0[feature as usize]
    }
}
