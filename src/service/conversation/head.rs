//! The head of a conversation: its latest committed position.

use std::sync::Arc;

use crate::dialogue::{Owner, State};
use crate::journal::Record;
use crate::service::wording::ViolationReport;

/// Newest records that stay in memory for the sessions. A session that is further behind reads the
/// store.
const FRESH_MAX: usize = 32;

/// The latest committed position of a conversation.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// The last event's `seq`; 0 before the first.
    pub seq: u64,
    /// Raised at each change of owner.
    pub epoch: u64,
    /// The only one who may speak to the customer.
    pub owner: Owner,
    /// Whether the customer waits in the queue.
    pub is_waiting: bool,
    /// The newest records, without a gap up to `seq`. Empty while nothing happens.
    fresh: Arc<[Arc<Record>]>,
}

/// An input was taken: it and its consequences are on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The `seq` of the message when it was first taken; for an input that is not a message, the
    /// `seq` of the last event.
    pub seq: u64,
    /// Rule violations in an agent's message, which the agent should look at.
    pub found: Vec<ViolationReport>,
}

impl Head {
    /// The head of a conversation without fresh records.
    pub(super) fn of(state: &State) -> Self {
        Self {
            seq: state.seq(),
            epoch: state.epoch(),
            owner: state.owner(),
            is_waiting: state.owner() == Owner::Queue,
            fresh: Arc::default(),
        }
    }

    /// The head after these records, which led to this state.
    pub(super) fn after(&self, state: &State, records: &[Record]) -> Self {
        let kept = FRESH_MAX.saturating_sub(records.len()).min(self.fresh.len());
        let kept = self.fresh.iter().skip(self.fresh.len() - kept).cloned();
        let new = records.iter().skip(records.len().saturating_sub(FRESH_MAX)).cloned();
        Self { fresh: kept.chain(new.map(Arc::new)).collect(), ..Self::of(state) }
    }

    /// Whether records are in memory.
    pub(super) fn has_fresh(&self) -> bool {
        !self.fresh.is_empty()
    }

    /// The same head without records in memory.
    pub(super) fn at_rest(&self) -> Self {
        Self { fresh: Arc::default(), ..self.clone() }
    }

    /// At most `limit` records after `seq`; `None` if memory does not have all of them.
    pub(super) fn records_after(&self, seq: u64, limit: usize) -> Option<Vec<Record>> {
        if seq >= self.seq {
            return Some(Vec::new());
        }
        let first = self.fresh.first()?.seq;
        let skipped = usize::try_from(seq.checked_add(1)?.checked_sub(first)?).ok()?;
        Some(self.fresh.iter().skip(skipped).take(limit).map(|record| (**record).clone()).collect())
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::journal::{EpisodeEvent, Event};

    /// The head after commits with these numbers of records.
    fn head(commits: &[usize]) -> Head {
        let mut state = State::new();
        let mut head = Head::of(&state);
        for commit in commits {
            let events = vec![Event::Episode(EpisodeEvent::IdleWarned); *commit];
            let records = state.number(Timestamp::UNIX_EPOCH, events);
            for record in &records {
                state.apply(record);
            }
            head = head.after(&state, &records);
        }
        head
    }

    #[test]
    fn what_is_fresh_needs_no_store_and_what_is_not_needs_it() {
        let most = FRESH_MAX as u64;
        let cases = [
            // (what it shows, commits, after, limit, places)
            ("all", &[2, 3][..], 0, 10, Some(vec![1, 2, 3, 4, 5])),
            ("the last commit", &[2, 3], 2, 10, Some(vec![3, 4, 5])),
            ("within a commit", &[2, 3], 3, 10, Some(vec![4, 5])),
            ("no more than wanted", &[2, 3], 1, 2, Some(vec![2, 3])),
            ("nothing new", &[2, 3], 5, 10, Some(vec![])),
            ("beyond the end", &[2, 3], 9, 10, Some(vec![])),
            ("nothing at all", &[], 0, 10, Some(vec![])),
            ("too old", &[2, FRESH_MAX], 1, 10, None),
            ("a long commit", &[FRESH_MAX + 2], most, 10, Some(vec![most + 1, most + 2])),
            ("the start of a long commit", &[FRESH_MAX + 2], 1, 10, None),
        ];
        for (shows, commits, after, limit, expected) in cases {
            let records = head(commits).records_after(after, limit);
            let places = records.map(|records| records.iter().map(|r| r.seq).collect::<Vec<_>>());
            assert_eq!(places, expected, "{shows}");
        }
        assert_eq!(head(&[2]).at_rest().records_after(0, 10), None, "at rest there is the store");
    }
}
