//! How likely an utterance is of each kind of the guard, by the weights that ship.
//!
//! They were fitted offline on sentences that were written from situations alone
//! (`assets/guard/`). They find what no rule names.

use std::sync::{Arc, LazyLock};

use crate::knowledge::GuardKind;
use crate::text::{ClassLikelihood, Classifier, FeatureRow, SeenFeature};

static SHIPPED: LazyLock<Arc<GuardWeights>> = LazyLock::new(|| {
    let text = include_str!("../../../assets/guard/weights.txt");
    Arc::new(
        GuardWeights::parse(text).expect("the weights in the binary are whole; tests load them"),
    )
});

/// The weights of n-grams and concepts for each kind, relative to harmless utterances. The classes are
/// the kinds, in their order.
#[derive(Debug)]
pub(crate) struct GuardWeights(Classifier);

/// How likely a part of an utterance is of some kind.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Likelihood<'t> {
    /// The part, at most 60 characters.
    pub(crate) part: &'t str,
    /// The byte of the text at which it starts.
    from: usize,
    /// The likeliest kind.
    pub(crate) kind: GuardKind,
    /// How likely it is of any kind, 0 to 1.
    pub(crate) of_any: f32,
    /// How likely it is of each kind, in the order of [`GuardKind::ALL`].
    of_kind: Vec<f32>,
}

impl Likelihood<'_> {
    /// How likely it is of that kind, 0 to 1.
    pub(crate) fn of(&self, kind: GuardKind) -> f32 {
        self.of_kind[kind as usize]
    }
}

impl GuardWeights {
    /// The weights that come with the program.
    pub(crate) fn shipped() -> Arc<Self> {
        SHIPPED.clone()
    }

    /// `None` when a line cannot be read, or the classes are not the kinds.
    fn parse(text: &str) -> Option<Self> {
        let classifier = Classifier::parse(text)?;
        (classifier.classes() == GuardKind::ALL.map(GuardKind::as_str)).then_some(Self(classifier))
    }

    /// The weights of a concept of `guard.yaml`, if it has any.
    pub(crate) fn concept(&self, name: &str) -> Option<FeatureRow> {
        self.0.concept(name)
    }

    /// How likely each part of a normalised text is of some kind. There is at least one part.
    pub(crate) fn likelihoods<'t>(
        &self,
        normalized: &'t str,
        concepts: &[SeenFeature<'_>],
    ) -> Vec<Likelihood<'t>> {
        let of_kind = |ClassLikelihood { part, from, class, of_class, of_any }| Likelihood {
            part,
            from,
            kind: GuardKind::ALL[class],
            of_any,
            of_kind: of_class,
        };
        self.0.likelihoods(normalized, concepts).into_iter().map(of_kind).collect()
    }

    /// What speaks most for the likeliest kind of a part, each with its log-odds.
    pub(crate) fn reasons(
        &self,
        likelihood: &Likelihood<'_>,
        concepts: &[SeenFeature<'_>],
    ) -> Vec<(String, f32)> {
        let Likelihood { part, from, kind, .. } = *likelihood;
        self.0.reasons((part, from), concepts, kind as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_know_every_kind() {
        let found = GuardWeights::shipped().likelihoods("我不想活了", &[]);
        assert_eq!(found[0].kind, GuardKind::Crisis);
        let others = GuardKind::ALL.into_iter().filter(|kind| *kind != GuardKind::Crisis);
        let next = others.map(|kind| found[0].of(kind)).fold(0.0, f32::max);
        assert!(found[0].of(GuardKind::Crisis) > next, "{found:?}");
        assert!(GuardWeights::parse("=classes crisis oops\n=bias 0 0\n=step 1\n").is_none());
    }
}
