//! Knowledge bases of many questions, and snapshots that are checked to answer.

use kefu::knowledge::{Entry, KnowledgeBase};
use kefu::matching::Snapshot;

use crate::corpus::{Chance, FRAMES, TODAY, content_words, shipped};

/// Wordings of one generated entry.
const WORDINGS: usize = 10;

/// The shipped knowledge base with its entries replaced by generated ones. Each question puts two
/// or three words of the shipped questions into a common frame.
pub(crate) fn generated(questions: usize, seed: u64) -> KnowledgeBase {
    let mut base = shipped();
    let (words, model) = (content_words(&base), base.entries[0].clone());
    let mut chance = Chance(seed);
    base.entries = (0..questions / WORDINGS)
        .map(|number| {
            let matter: Vec<&str> = (0..3).map(|_| chance.pick(&words).as_str()).collect();
            let mut wordings: Vec<String> = (0..WORDINGS)
                .map(|_| {
                    let (before, after) = *chance.pick(&FRAMES);
                    let left_out = chance.below(4);
                    let kept = matter.iter().enumerate().filter(|(at, _)| *at != left_out);
                    let kept: String = kept.map(|(_, word)| *word).collect();
                    let extra = chance.pick(&words);
                    format!("{before}{kept}{extra}{after}")
                })
                .collect();
            Entry {
                id: format!("generated.n{number}").as_str().into(),
                standard_question: wordings.remove(0),
                similar_questions: wordings,
                not: Vec::new(),
                ..model.clone()
            }
        })
        .collect();
    base
}

/// A snapshot, with the share of the base's own standard questions that find their entry
/// first: a fast wrong answer is not a result.
pub(crate) fn checked_snapshot(base: KnowledgeBase) -> Snapshot {
    let snapshot = Snapshot::build(base).expect("the index is in memory");
    for entry in snapshot.base.entries.iter().filter(|entry| entry.is_served_on(TODAY)).take(50) {
        let outcome = snapshot.find(&entry.standard_question, TODAY);
        let first = outcome.ranked.first().map(|candidate| &candidate.question);
        assert_eq!(first, Some(&entry.standard_question), "a question finds itself");
    }
    snapshot
}
