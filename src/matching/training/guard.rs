//! Fits the weights of the guard.

use std::ops::Range;

use crate::knowledge::{Guard, GuardKind};
use crate::text::{ConceptFinder, LabelledText, fit_classifier, normalize, parts};

/// A sentence and its kind; `None`: it is harmless.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GuardSentence {
    /// As a customer types it.
    pub text: String,
    /// What the guard should find.
    pub kind: Option<GuardKind>,
}

/// Fits the weights of n-grams, and of the concepts of a guard, on sentences; the text of
/// `assets/guard/weights.txt` without its head.
pub fn fit_guard(guard: &Guard, sentences: &[GuardSentence]) -> String {
    let finder = ConceptFinder::new(&guard.concepts, &guard.harmless);
    let labelled = sentences.iter().flat_map(|one| {
        let normalized = normalize(&one.text).into_string();
        let text = finder.without_harmless(&normalized).into_owned();
        // Each part of a harmless story is harmless; of another story one sentence may be enough.
        let whole = std::iter::once(0..text.len());
        let parts = if one.kind.is_none() { parts(&text) } else { whole.collect() };
        let labelled = |bytes: Range<usize>| {
            let text = text.get(bytes).unwrap_or_default().to_owned();
            let seen = finder.see(&text);
            let concepts = seen.all().map(|(concept, _)| guard.concepts[concept].name.clone());
            let class = one.kind.map(|kind| kind as usize);
            LabelledText { concepts: concepts.collect(), class, text }
        };
        parts.into_iter().map(labelled).collect::<Vec<_>>()
    });
    fit_classifier(&GuardKind::ALL.map(GuardKind::as_str), labelled.collect())
}
