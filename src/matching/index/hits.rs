//! The best questions by BM25.

/// A question that was found, with its BM25 score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Hit {
    pub(crate) question: u32,
    pub(crate) score: f32,
}

/// The best hits of a query so far, and fewer than as many again that may be among them.
#[derive(Default)]
pub(super) struct BestHits {
    hits: Vec<Hit>,
    /// The score of the worst of the best; most hits of a query have a smaller one.
    least: f32,
}

impl BestHits {
    pub(super) fn clear(&mut self) {
        self.hits.clear();
        self.least = 0.0;
    }

    /// Adds a hit, unless `limit` others are better.
    pub(super) fn push(&mut self, hit: Hit, limit: usize) {
        if hit.score < self.least {
            return;
        }
        self.hits.push(hit);
        if self.hits.len() >= limit.saturating_mul(2) {
            self.drop_others(limit);
        }
    }

    fn drop_others(&mut self, limit: usize) {
        if let Some(last) = limit.checked_sub(1).filter(|&last| last < self.hits.len()) {
            let (_, worst, _) =
                self.hits.select_nth_unstable_by(last, |one, other| one.order(*other));
            self.least = worst.score;
        }
        self.hits.truncate(limit);
    }

    /// The best hits, best first, at most `limit`.
    pub(super) fn best(&mut self, limit: usize) -> &[Hit] {
        self.drop_others(limit);
        self.hits.sort_unstable_by(|one, other| one.order(*other));
        &self.hits
    }
}

impl Hit {
    /// Better hits first; of equally good ones the question written first.
    fn order(self, other: Self) -> std::cmp::Ordering {
        other.score.total_cmp(&self.score).then(self.question.cmp(&other.question))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_best_are_those_of_all_sorted(
            scores in proptest::collection::vec(0_u8..20, 0..200),
            limit in 0_usize..30,
        ) {
            let hits = scores.iter().zip(0..);
            let hits: Vec<Hit> =
                hits.map(|(&score, question)| Hit { question, score: score.into() }).collect();
            let mut best = BestHits::default();
            for &hit in hits.iter().rev() {
                best.push(hit, limit);
            }
            let mut sorted = hits;
            sorted.sort_by(|one, other| one.order(*other));
            sorted.truncate(limit);
            prop_assert_eq!(best.best(limit), sorted);
        }
    }
}
