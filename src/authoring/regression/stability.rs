//! How far the share of direct answers moves when a few wordings go.

use jiff::civil::Date;

use super::{reaction::Reaction, run::judge_part};
use crate::knowledge::{Expected, KnowledgeBase, Split};
use crate::matching::{Earlier, MatchingError, Snapshot};
use crate::parallel::Threads;
use crate::text::fnv1a;

/// Of a hundred similar questions, how many are taken out.
const TAKEN_OUT_PERCENT: u64 = 1;

/// The coverage of the regression set, with all wordings and with a hundredth of them taken out.
/// What a base loses by taking wordings out, it gains by adding them again.
#[derive(Clone, Debug, PartialEq)]
pub struct Stability {
    /// With all wordings.
    pub whole: AnsweredShare,
    /// By seed.
    pub thinned: Vec<Thinned>,
}

/// The coverage without some wordings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thinned {
    /// What decided which wordings were taken out.
    pub seed: u64,
    /// How many were.
    pub taken_out: usize,
    /// The coverage without them.
    pub coverage: AnsweredShare,
}

/// Which share of the utterances with an entry is answered at once, rightly or wrongly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnsweredShare {
    /// How many are answered.
    pub answered: usize,
    /// Of how many.
    pub of: usize,
}

impl AnsweredShare {
    /// In points of a hundred; 0 of none.
    pub fn points(self) -> f64 {
        self.answered as f64 / self.of.max(1) as f64 * 100.0
    }

    fn of(snapshot: &Snapshot, today: Date, threads: Threads) -> Self {
        let judged = judge_part(snapshot, today, Split::Test, threads);
        let reactions = judged.iter().filter(|one| matches!(one.case.expected, Expected::Entry(_)));
        let is_answered = |reaction: &Reaction| reaction.answer().is_some();
        Self {
            answered: reactions.clone().filter(|one| is_answered(&one.reaction)).count(),
            of: reactions.count(),
        }
    }
}

impl Stability {
    /// Builds the knowledge base again without a hundredth of its wordings, once for each seed,
    /// and asks the regression set of each.
    pub fn measure(
        snapshot: &Snapshot,
        today: Date,
        seeds: impl IntoIterator<Item = u64>,
        threads: Threads,
    ) -> Result<Self, MatchingError> {
        let thinned = seeds.into_iter().map(|seed| {
            let mut base = snapshot.base.clone();
            let taken_out = take_out(&mut base, seed);
            let earlier = Earlier { snapshot: Some(snapshot), ..Earlier::default() };
            let rebuilt = Snapshot::rebuild(base, snapshot.embeddings().clone(), earlier, threads)?;
            let coverage = AnsweredShare::of(&rebuilt, today, threads);
            Ok(Thinned { seed, taken_out, coverage })
        });
        let thinned = thinned.collect::<Result<_, MatchingError>>()?;
        Ok(Self { whole: AnsweredShare::of(snapshot, today, threads), thinned })
    }

    /// The largest move of the coverage, up or down, in points.
    pub fn largest_move(&self) -> f64 {
        let moves = self.thinned.iter().map(|one| one.coverage.points() - self.whole.points());
        moves.map(f64::abs).fold(0.0, f64::max)
    }
}

/// Takes a hundredth of the similar questions out, chosen by a hash of the wording and the seed, so
/// that the choice is the same everywhere. Returns how many.
fn take_out(base: &mut KnowledgeBase, seed: u64) -> usize {
    let mut taken_out = 0;
    for entry in base.entries.edit().iter_mut() {
        let before = entry.similar_questions.len();
        entry.similar_questions.retain(|wording| !is_drawn(wording, seed));
        taken_out += before - entry.similar_questions.len();
    }
    taken_out
}

fn is_drawn(wording: &str, seed: u64) -> bool {
    let mixed = fnv1a(seed, wording.bytes().map(u64::from));
    let stirred = (mixed ^ mixed >> 31).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    stirred % 100 < TAKEN_OUT_PERCENT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundredth_is_drawn_and_each_seed_draws_others() {
        let wordings: Vec<String> = (0..20_000).map(|number| format!("第{number}句")).collect();
        let drawn = |seed| wordings.iter().filter(move |wording| is_drawn(wording, seed));
        for seed in 1..=5 {
            let share = drawn(seed).count() as f64 / wordings.len() as f64;
            assert!((0.008..0.012).contains(&share), "seed {seed}: {share}");
        }
        let both = drawn(1).filter(|wording| is_drawn(wording, 2)).count();
        assert!(both < 10, "{both}");
    }

    #[test]
    fn the_largest_move_may_go_down() {
        let coverage = |answered| AnsweredShare { answered, of: 200 };
        let thinned = |seed, answered| Thinned { seed, taken_out: 3, coverage: coverage(answered) };
        let stability =
            Stability { whole: coverage(100), thinned: vec![thinned(1, 102), thinned(2, 95)] };
        assert!((stability.largest_move() - 2.5).abs() < 1e-9);
    }
}
