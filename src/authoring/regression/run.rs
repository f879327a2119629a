//! Runs the tests of a knowledge base that people may read: the regression set and the `fit` part.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{
    confidence::{area, error},
    figure::{Figure, Unasked},
    judge::{JudgedUtterance, judge},
    kind::{BaseIndex, CaseKind},
    sealed::sealed_figures,
    unserved::Unserved,
};
use crate::knowledge::{Case, EntryId, Floor, KnowledgeBase, Said, Split};
use crate::matching::Snapshot;
use crate::parallel::Threads;

/// The tests of a knowledge base beside what came of them.
#[derive(Debug)]
pub struct Regression<'s> {
    /// Those that people may read, in the order of the files.
    pub judged: Vec<JudgedUtterance<'s>>,
    left_out: Vec<LeftOut<'s>>,
    base: &'s KnowledgeBase,
}

/// A case whose utterances cannot be asked, and the entry that they need.
#[derive(Clone, Copy, Debug)]
struct LeftOut<'s> {
    case: &'s Case,
    why: Unserved,
    entry: &'s EntryId,
}

/// Asks the test utterances of one part, or of both that people may read, as the server would be
/// asked on that day. `progress` is told how many are done, of how many.
pub fn run_tests<'s>(
    snapshot: &'s Snapshot,
    today: Date,
    only: Option<Split>,
    progress: &mut dyn FnMut(usize, usize),
) -> Regression<'s> {
    let (to_ask, left_out) = to_ask(&snapshot.base, today, only);
    let skipped = utterances(&left_out);
    let total = skipped + to_ask.len();
    let judged = to_ask.iter().zip(skipped + 1..).map(|(one, done)| {
        let judged = one.judge(snapshot, today);
        progress(done, total);
        judged
    });
    Regression { judged: judged.collect(), left_out, base: &snapshot.base }
}

/// Asks the test utterances of one part on several threads.
pub(super) fn judge_part(
    snapshot: &Snapshot,
    today: Date,
    part: Split,
    threads: Threads,
) -> Vec<JudgedUtterance<'_>> {
    let (to_ask, _) = to_ask(&snapshot.base, today, Some(part));
    threads.map(&to_ask, |one| one.judge(snapshot, today))
}

/// The limits that a knowledge base does not keep on that day; empty when it keeps all.
pub fn figures_under_floors(snapshot: &Snapshot, today: Date, threads: Threads) -> Vec<Figure> {
    let floors = &snapshot.base.tests.floors;
    if floors.is_empty() {
        return Vec::new();
    }
    let (to_ask, left_out) = to_ask(&snapshot.base, today, Some(Split::Test));
    let judged = threads.map(&to_ask, |one| one.judge(snapshot, today));
    let run = Regression { judged, left_out, base: &snapshot.base };
    let has_sealed = floors.keys().any(|floor| matches!(floor, Floor::Sealed(_)));
    let sealed = has_sealed.then(|| sealed_figures(snapshot, today, threads));
    let figures = run.figures().into_iter().chain(sealed.into_iter().flatten());
    figures.filter(|figure| !figure.is_kept()).collect()
}

/// An utterance to ask.
struct ToAsk<'s> {
    case: &'s Case,
    said: &'s Said,
    kind: CaseKind,
}

/// The utterances to ask on that day, and the cases that are left out.
fn to_ask(
    base: &KnowledgeBase,
    today: Date,
    only: Option<Split>,
) -> (Vec<ToAsk<'_>>, Vec<LeftOut<'_>>) {
    let index = BaseIndex::of(base);
    let (mut to_ask, mut left_out) = (Vec::new(), Vec::new());
    for case in base.tests.cases.iter().filter(|case| only.is_none_or(|only| only == case.split)) {
        match index.kind(case, today) {
            Ok(kind) => {
                let one = |said| ToAsk { case, said, kind: kind.clone() };
                to_ask.extend(case.say.iter().map(one));
            }
            Err((why, entry)) => left_out.push(LeftOut { case, why, entry }),
        }
    }
    (to_ask, left_out)
}

impl<'s> ToAsk<'s> {
    fn judge(&self, snapshot: &Snapshot, today: Date) -> JudgedUtterance<'s> {
        judge(snapshot, self.case, self.said, self.kind.clone(), today)
    }
}

impl Regression<'_> {
    /// Utterances left out, since what they expect is not served to such a customer on that
    /// day.
    pub fn skipped(&self) -> usize {
        utterances(&self.left_out)
    }

    /// The figures over the regression set: those that every root has, and one for each intent
    /// with a floor of its own.
    pub fn figures(&self) -> Vec<Figure> {
        let index = BaseIndex::of(self.base);
        let set = self.regression_set();
        let is_of_intent = |floor: &&Floor| matches!(floor, Floor::Intent(_));
        let of_intents = self.base.tests.floors.keys().filter(is_of_intent).cloned();
        let floors = Floor::ALL.into_iter().chain(of_intents);
        floors.map(|floor| self.figure(floor, &set, &index)).collect()
    }

    /// The judged utterances of the regression set.
    pub(super) fn regression_set(&self) -> Vec<&JudgedUtterance<'_>> {
        self.judged.iter().filter(|one| one.case.split == Split::Test).collect()
    }

    /// One figure; `set` is the regression set.
    fn figure(&self, floor: Floor, set: &[&JudgedUtterance<'_>], index: &BaseIndex<'_>) -> Figure {
        let counted: Vec<bool> = set.iter().filter_map(|one| one.counts_for(&floor)).collect();
        let (hits, of) = (counted.iter().filter(|is_hit| **is_hit).count(), counted.len());
        let value = if floor == Floor::Auroc {
            area(set)
        } else if floor == Floor::EceMax {
            error(set)
        } else {
            (of > 0).then(|| hits as f64 / of as f64)
        };
        let is_held = |case: &Case| case.split == Split::Test && index.is_held_for(case, &floor);
        let held = self.base.tests.cases.iter().filter(|case| is_held(case));
        let held: usize = held.map(|case| case.say.len()).sum();
        let mut unasked: BTreeMap<(Unserved, &EntryId), usize> = BTreeMap::new();
        for one in self.left_out.iter().filter(|one| is_held(one.case)) {
            *unasked.entry((one.why, one.entry)).or_default() += one.case.say.len();
        }
        let asked = held - unasked.values().sum::<usize>();
        let unasked = unasked.into_iter().map(|((why, entry), utterances)| Unasked {
            why,
            entry: entry.clone(),
            utterances,
        });
        let unasked = unasked.collect();
        let limit = self.base.tests.floors.get(&floor).copied();
        Figure { floor, hits, of, value, limit, held, asked, unasked }
    }
}

fn utterances(left_out: &[LeftOut<'_>]) -> usize {
    left_out.iter().map(|one| one.case.say.len()).sum()
}
