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

/// The weights of n-grams and concepts for each kind, relative to harmless utterances.
#[derive(Debug)]
pub(crate) struct GuardWeights {
    classifier: Classifier,
    /// The kind of each class.
    kinds: Vec<GuardKind>,
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

impl GuardWeights {
    /// The weights that come with the program.
    pub(crate) fn shipped() -> Arc<Self> {
        SHIPPED.clone()
    }

    /// `None` when a line cannot be read, or a class is no kind.
    fn parse(text: &str) -> Option<Self> {
        let classifier = Classifier::parse(text)?;
        let kinds = classifier.classes().iter().map(|name| GuardKind::named(name));
        let kinds = kinds.collect::<Option<_>>()?;
        Some(Self { classifier, kinds })
    }

    /// The weights of a concept of `guard.yaml`, if it has any.
    pub(crate) fn concept(&self, name: &str) -> Option<FeatureRow> {
        self.classifier.concept(name)
    }

    /// How likely each part of a normalised text is of some kind. There is at least one part.
    pub(crate) fn likelihoods<'t>(
        &self,
        normalized: &'t str,
        concepts: &[SeenFeature<'_>],
    ) -> Vec<Likelihood<'t>> {
        let of_kind = |ClassLikelihood { part, class, of_class, of_any }| Likelihood {
            part,
            kind: self.kinds[class],
            of_kind: of_class,
            of_any,
        };
        self.classifier.likelihoods(normalized, concepts).into_iter().map(of_kind).collect()
    }

    /// What speaks most for a kind in a part of a text, each with its log-odds.
    pub(crate) fn reasons(
        &self,
        text: &str,
        part: &str,
        concepts: &[SeenFeature<'_>],
        kind: GuardKind,
    ) -> Vec<(String, f32)> {
        let class = self.kinds.iter().position(|known| *known == kind);
        class.map_or_else(Vec::new, |class| self.classifier.reasons(text, part, concepts, class))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_know_every_kind() {
        assert_eq!(GuardWeights::shipped().kinds, GuardKind::ALL);
        assert!(GuardWeights::parse("=classes crisis oops\n=bias 0 0\n=step 1\n").is_none());
    }
}
