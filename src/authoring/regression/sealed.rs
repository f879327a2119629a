//! The sealed part of the tests, of which nothing but numbers comes out.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::{figure::Figure, judge::judge, kind::BaseIndex, verdict::Verdict};
use crate::knowledge::{Expected, Floor, KindName, SealedCase};
use crate::matching::Snapshot;
use crate::parallel::Threads;

/// Asks the sealed utterances, as the server would be asked on that day: one figure for each kind
/// of cases, and for each kind with a floor.
pub fn sealed_figures(snapshot: &Snapshot, today: Date, threads: Threads) -> Vec<Figure> {
    let tests = &snapshot.base.tests;
    let index = BaseIndex::of(&snapshot.base);
    let counts = threads.map(&tests.sealed, |case| count(&index, case, snapshot, today));
    let mut kinds: BTreeMap<&KindName, SealedCount> = BTreeMap::new();
    for (kind, count) in &counts {
        kinds.entry(kind).or_default().add(*count);
    }
    let limited = tests.floors.keys().filter_map(Floor::sealed_kind);
    let names: BTreeSet<&KindName> = kinds.keys().copied().chain(limited).collect();
    let figure = |kind: &KindName| {
        let SealedCount { held, asked, hits } = kinds.get(kind).copied().unwrap_or_default();
        let floor = Floor::Sealed(kind.clone());
        let limit = tests.floors.get(&floor).copied();
        let value = (asked > 0).then(|| hits as f64 / asked as f64);
        Figure { floor, hits, of: asked, value, limit, held, asked, unasked: Vec::new() }
    };
    names.into_iter().map(figure).collect()
}

/// How many sealed utterances did well.
#[derive(Clone, Copy, Debug, Default)]
struct SealedCount {
    held: usize,
    asked: usize,
    hits: usize,
}

impl SealedCount {
    fn add(&mut self, other: Self) {
        self.held += other.held;
        self.asked += other.asked;
        self.hits += other.hits;
    }
}

/// Asks the utterances of a case.
fn count(
    index: &BaseIndex<'_>,
    case: &SealedCase,
    snapshot: &Snapshot,
    today: Date,
) -> (KindName, SealedCount) {
    let case = case.opened();
    let mut count = SealedCount { held: case.say.len(), ..SealedCount::default() };
    if let Ok(kind) = index.kind(case, today) {
        for said in &case.say {
            let judged = judge(snapshot, case, said, kind.clone(), today);
            count.asked += 1;
            count.hits += usize::from(did_well(&case.expected, judged.verdict));
        }
    }
    (index.kind_name(case), count)
}

/// An entry may answer or be among the choices, and of the choices that are expected one must be
/// shown, as the figures `helped` and `clarify` have it; anything else must be as expected.
pub(in super::super) fn did_well(expected: &Expected, verdict: Verdict) -> bool {
    match expected {
        Expected::Entry(_) | Expected::Clarify(_) => !verdict.is_failure(),
        Expected::Intent(_)
        | Expected::NoAnswer(_)
        | Expected::Guard(_)
        | Expected::Harmless(_) => verdict == Verdict::Right,
    }
}
