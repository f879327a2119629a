//! The two numbers of a candidate: the score of the ranker, and the calibrated confidence.

/// The score that the ranker gave a candidate: larger is better, without bounds.
///
/// Scores order the candidates of one utterance. To compare candidates of two utterances, use
/// their [`Confidence`].
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Score(f32);

impl Score {
    pub(crate) fn new(score: f32) -> Self {
        Self(score)
    }

    /// The number.
    pub fn get(self) -> f32 {
        self.0
    }
}

/// How likely it is, from 0 to 1, that a candidate answers the utterance.
///
/// A confidence is calibrated: among first candidates given about 0.8 on held-out utterances,
/// about eight in ten were right. It is not a BM25 score, which has no upper bound and
/// means nothing across two utterances.
///
/// # Examples
///
/// ```
/// use kefu::matching::Confidence;
///
/// assert!(Confidence::new(0.8) > Confidence::new(0.6));
/// assert_eq!(Confidence::new(1.2), None); // out of range
/// ```
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Confidence(f32);

impl Confidence {
    /// The confidence when the utterance equals a question. That question was reviewed to be
    /// answered by its entry, so only a mistake in the files remains possible.
    pub(crate) const EXACT: Self = Self(0.995);

    /// The largest confidence of anything but an equal question, so that an equal one is first.
    pub(crate) const INEXACT_MAX: f32 = 0.99;

    /// `None` when it is not within 0 to 1.
    pub fn new(confidence: f32) -> Option<Self> {
        (0.0..=1.0).contains(&confidence).then_some(Self(confidence))
    }

    /// The confidence of an estimated chance, at most [`Self::INEXACT_MAX`].
    pub(crate) fn inexact(chance: f64) -> Self {
        Self((chance as f32).clamp(0.0, Self::INEXACT_MAX))
    }

    /// The smaller of two.
    pub(crate) fn min(self, other: Self) -> Self {
        Self(self.0.min(other.0))
    }

    /// The larger of two.
    pub(crate) fn max(self, other: Self) -> Self {
        Self(self.0.max(other.0))
    }

    /// The number, from 0 to 1.
    pub fn get(self) -> f32 {
        self.0
    }
}
