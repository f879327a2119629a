//! The sentences of a knowledge base that the guard's weights are fitted on, besides those that
//! were written for it.

use crate::knowledge::{GuardKind, KnowledgeBase};
use crate::matching::GuardSentence;

/// The questions of entries as harmless sentences, and the examples of intents as sentences of the
/// kind that the guard acts on them for. Questions about fraud are left out: a person in danger
/// may ask them.
pub fn guard_sentences(base: &KnowledgeBase) -> Vec<GuardSentence> {
    let one = |text: &str, kind: Option<GuardKind>| GuardSentence { text: text.to_owned(), kind };
    let entries = base.entries.iter().filter(|entry| !base.policy.tells_of_fraud(entry));
    let questions = entries.flat_map(|entry| entry.questions().map(move |text| one(text, None)));
    let examples = base.intents.iter().flat_map(|intent| {
        let kind = base.guard.kind_of(&intent.id);
        intent.examples.iter().map(move |text| one(text, kind))
    });
    questions.chain(examples).collect()
}
