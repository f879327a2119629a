//! A long episode is followed by another.

use super::fixture;
use crate::dialogue::{CustomerAct, Input, State, World, state::EPISODE_RECORDS_MAX, turn};
use crate::journal::{ClientIdHash, EpisodeEvent, Event, Record};
use crate::knowledge::{Circumstances, KnowledgeBase};
use crate::matching::Outcome;

/// A customer who repeats a message until the episode is long, with this outcome of matching.
fn long(base: &KnowledgeBase, outcome: &Outcome) -> (State, Vec<Record>) {
    let find = |_: &str, _: Circumstances<'_>| Some(outcome.clone());
    let (mut state, mut journal) = (State::new(), Vec::new());
    while state.seq() < EPISODE_RECORDS_MAX + 10 {
        let second = i64::try_from(state.seq()).unwrap();
        let world = World { find: &find, ..fixture::world(base, second) };
        let client_id = ClientIdHash::default();
        let says = CustomerAct::Says { client_id, text: "提现".into(), choice: None };
        let events = turn(&state, Input::Customer(says), &world).unwrap().events;
        for record in state.number(world.now, events) {
            state.apply(&record);
            journal.push(record);
        }
    }
    (state, journal)
}

fn episodes(journal: &[Record]) -> usize {
    let is_start =
        |record: &&Record| matches!(record.event, Event::Episode(EpisodeEvent::Started { .. }));
    journal.iter().filter(is_start).count()
}

#[test]
fn another_begins_where_the_bot_neither_asks_nor_waits() {
    let base = fixture::base();
    let (state, journal) = long(&base, &fixture::answers("withdraw.time"));
    assert_eq!((episodes(&journal), state.episode(), state.epoch()), (2, 2, 1));
    assert!(journal.len() as u64 - state.fold_from() < 20, "little is left to fold");
    let mut folded = State::new();
    let from = usize::try_from(state.fold_from()).unwrap() - 1;
    journal.iter().skip(from).for_each(|record| folded.apply(record));
    assert_eq!(folded, state);
}
