//! What can be measured between an utterance and one question.

use super::{question::WeighedTerms, topic::EntryFit};

/// One measure of a candidate question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Feature {
    /// How well the utterance fits the entry as a whole: all of its questions and its answer.
    Entry,
    /// BM25 over runs of one and two characters, of what the utterance gives itself.
    RunsOfUtterance,
    /// The same, of what the question gives itself.
    RunsOfQuestion,
    /// Words that both have, stop words aside, weighed by rarity, of all words of both.
    Words,
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
pub const FEATURES: [Feature; 8] = [
    Feature::Entry,
    Feature::RunsOfUtterance,
    Feature::RunsOfQuestion,
    Feature::Words,
    Feature::LengthRatio,
    Feature::NegationDiffers,
    Feature::Opposite,
    Feature::KindDiffers,
];

/// The features of one candidate question, each from 0 to 1, in the order of [`FEATURES`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Features([f32; FEATURES.len()]);

impl Features {
    /// Measures a question against an utterance.
    pub(crate) fn between(
        utterance: &WeighedTerms,
        question: &WeighedTerms,
        entry: EntryFit,
    ) -> Self {
        let runs = utterance.runs.overlap(&question.runs);
        let words = utterance.words.overlap(&question.words);
        let (shorter, longer) =
            (utterance.chars.min(question.chars), utterance.chars.max(question.chars));
        let (here, there) = (utterance.signals, question.signals);
        let flag = |set| if set { 1.0 } else { 0.0 };
        Self(FEATURES.map(|feature| match feature {
            Feature::Entry => entry.fit * (1.0 - 0.6 * entry.one),
            Feature::RunsOfUtterance => entry.one * runs.utterance,
            Feature::RunsOfQuestion => entry.one * runs.question,
            Feature::Words => entry.one * words.both,
            Feature::LengthRatio => entry.one * shorter as f32 / longer.max(1) as f32,
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
