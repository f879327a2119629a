//! The sentences of a knowledge base that the guard's weights are fitted on, besides those that
//! were written for it.

use super::fit_tasks::SentenceGroup;
use crate::knowledge::{Expected, GuardKind, KnowledgeBase, Split};
use crate::matching::GuardSentence;

/// Words of ordinary groups that may be about a danger after all.
const DOUBTFUL: [&str; 10] = ["骗", "诈", "盗", "偷", "抢", "假", "死", "套现", "威胁", "未成年"];

/// The ordinary sentences, as harmless: questions of entries, utterances of the `fit` part of the
/// tests, and groups of sentences of the trade. Examples and utterances of an intent are of the
/// kind that the guard acts on it for. What is about fraud is left out: a person in danger may ask it.
pub fn guard_sentences(base: &KnowledgeBase, groups: &[SentenceGroup]) -> Vec<GuardSentence> {
    let one = |text: &str, kind: Option<GuardKind>| GuardSentence { text: text.to_owned(), kind };
    let entries = base.entries.iter().filter(|entry| !base.policy.tells_of_fraud(entry));
    let questions = entries.flat_map(|entry| entry.questions().map(move |text| one(text, None)));
    let examples = base.intents.iter().flat_map(|intent| {
        let kind = base.guard.kind_of(&intent.id);
        intent.examples.iter().map(move |text| one(text, kind))
    });
    let is_ordinary = |id| base.entry(id).is_some_and(|one| !base.policy.tells_of_fraud(one));
    let cases = base.tests.cases.iter().filter(|case| case.split == Split::Fit);
    let utterances = cases.flat_map(|case| {
        let kind = match &case.expected {
            Expected::Entry(id) if is_ordinary(id) => Some(None),
            Expected::Intent(id) => Some(base.guard.kind_of(id)),
            Expected::NoAnswer(_) | Expected::Harmless(_) => Some(None),
            Expected::Guard(kind) => Some(Some(*kind)),
            Expected::Entry(_) | Expected::Clarify(_) => None,
        };
        let said = kind.map(|kind| case.say.iter().map(move |said| one(&said.text, kind)));
        said.into_iter().flatten()
    });
    let is_doubtful = |text: &String| DOUBTFUL.iter().any(|word| text.contains(word));
    let groups = groups.iter().filter(|group| !group.iter().any(is_doubtful));
    let ordinary = groups.flatten().map(|text| one(text, None));
    questions.chain(examples).chain(utterances).chain(ordinary).collect()
}
