//! The sealed tests of two knowledge bases, of which only numbers are told.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::super::regression::{BaseIndex, Verdict, did_well};
use super::{
    change::{ChangeKind, Side},
    compare::{Ask, key, known_utterances, side},
};
use crate::knowledge::{Circumstances, Facts, KindName, KnowledgeBase, SealedCase};
use crate::matching::Snapshot;

/// How the sealed utterances of a kind come out in two knowledge bases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedChange {
    /// The kind.
    pub kind: KindName,
    /// How many were asked.
    pub asked: usize,
    /// How many are treated differently.
    pub changed: usize,
    /// How many did well before.
    pub old_hits: usize,
    /// How many do well now.
    pub new_hits: usize,
}

/// Asks both the sealed utterances of either, each once. Those that people may read elsewhere, in
/// a test or as a question, are not counted.
pub fn sealed_changes(old: &Snapshot, new: &Snapshot, today: Date) -> Vec<SealedChange> {
    let (old_base, new_base) = (&old.base, &new.base);
    let open = known_utterances(old_base, new_base).into_iter();
    let mut seen: BTreeSet<(String, Facts)> =
        open.map(|Ask { utterance, facts }| (key(&utterance), facts)).collect();
    let mut changes: BTreeMap<KindName, SealedChange> = BTreeMap::new();
    for base in [new_base, old_base] {
        let index = BaseIndex::of(base);
        for case in base.tests.sealed.iter().map(SealedCase::opened) {
            let circumstances = Circumstances { today, facts: &case.facts };
            let kind = index.kind_name(case);
            let change = changes.entry(kind.clone()).or_insert_with(|| SealedChange {
                kind,
                asked: 0,
                changed: 0,
                old_hits: 0,
                new_hits: 0,
            });
            for said in &case.say {
                if !seen.insert((key(&said.text), case.facts.clone())) {
                    continue;
                }
                let sides = [old, new].map(|one| side(one, &said.text, circumstances));
                let [old_did_well, new_did_well] = [(old_base, &sides[0]), (new_base, &sides[1])]
                    .map(|(base, side): (&KnowledgeBase, &Side)| {
                        let choices_max = usize::from(base.policy.clarify_choices);
                        let expected = &case.expected;
                        let reaction = &side.reaction;
                        let verdict = Verdict::of(expected, reaction, choices_max, &base.guard);
                        did_well(expected, verdict)
                    });
                change.asked += 1;
                change.changed += usize::from(ChangeKind::between(&sides[0], &sides[1]).is_some());
                change.old_hits += usize::from(old_did_well);
                change.new_hits += usize::from(new_did_well);
            }
        }
    }
    changes.into_values().filter(|change| change.asked > 0).collect()
}
