//! Fits the weights of the guard.

use crate::knowledge::{Guard, GuardKind};
use crate::text::{ConceptFinder, LabelledText, fit_classifier, normalize};

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
    let labelled = sentences.iter().map(|one| {
        let normalized = normalize(&one.text).into_string();
        let text = finder.without_harmless(&normalized).into_owned();
        let seen = finder.see(&text);
        let concepts = seen.all().map(|(concept, _)| guard.concepts[concept].name.clone());
        let class = one.kind.map(|kind| kind as usize);
        LabelledText { concepts: concepts.collect(), class, text }
    });
    fit_classifier(&GuardKind::ALL.map(GuardKind::as_str), labelled.collect())
}
