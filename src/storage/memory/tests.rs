//! Tests of the memory engine only: it answers at once, and fails as planted.

use futures_util::FutureExt;
use jiff::Timestamp;

use super::{Fault, Memory};
use crate::journal::{ConversationId, EpisodeEvent, Event, Record};
use crate::knowledge::Facts;
use crate::storage::{Append, NewCustomer, StorageError, Store};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn conversation() -> ConversationId {
    ConversationId::new("0123456789abcdef0123456789abcdef")
}

fn append(expected_seq: u64) -> Append {
    let record =
        Record { seq: expected_seq + 1, at: NOW, event: Event::Episode(EpisodeEvent::IdleWarned) };
    Append {
        conversation: conversation(),
        expected_seq,
        records: vec![record],
        contact: None,
        is_open: true,
        fold_from: 0,
    }
}

/// Its futures never wait, so they need no runtime.
struct AtOnce(Store);

impl AtOnce {
    fn new(memory: &Memory) -> Self {
        let store = Store::from(memory.clone());
        let customer = NewCustomer {
            token_hash: [1; 32],
            conversation: conversation(),
            origin: None,
            facts: Facts::default(),
            now: NOW,
            expires_at: Timestamp::MAX,
        };
        store.create_customer(customer).now_or_never().unwrap().unwrap();
        Self(store)
    }

    fn append(&self, expected_seq: u64) -> Result<(), StorageError> {
        self.0.append(append(expected_seq)).now_or_never().unwrap()
    }

    fn last_seq(&self) -> Result<u64, StorageError> {
        self.0.last_seq(&conversation()).now_or_never().unwrap()
    }
}

#[test]
fn a_lost_and_an_unseen_append_look_alike_to_the_caller() {
    let memory = Memory::new(NOW);
    let store = AtOnce::new(&memory);
    for (fault, last_seq) in [(Fault::NextAppendIsLost, 0), (Fault::NextAppendIsStoredUnseen, 1)] {
        memory.plant(fault);
        assert!(matches!(store.append(0), Err(StorageError::Io(_))), "{fault:?}");
        assert!(matches!(store.0.health(), Some(StorageError::Io(_))), "{fault:?}");
        assert_eq!(store.last_seq().unwrap(), last_seq, "{fault:?}");
    }
    assert!(matches!(store.append(0), Err(StorageError::Conflict)), "it was stored after all");
    store.append(1).unwrap();
    assert!(store.0.health().is_none(), "the fault was of one append");
}

#[test]
fn a_refused_append_leaves_the_fault_to_the_next() {
    let memory = Memory::new(NOW);
    let store = AtOnce::new(&memory);
    memory.plant(Fault::NextAppendIsLost);
    assert!(matches!(store.append(7), Err(StorageError::Conflict)));
    assert!(matches!(store.append(0), Err(StorageError::Io(_))));
    store.append(0).unwrap();
}

#[test]
fn a_busy_or_unreadable_store_is_so_until_it_is_mended() {
    let memory = Memory::new(NOW);
    let store = AtOnce::new(&memory);
    memory.plant(Fault::Busy);
    for _ in 0..2 {
        assert!(matches!(store.append(0), Err(StorageError::Busy)));
    }
    assert_eq!(store.last_seq().unwrap(), 0, "reads go on");
    assert!(store.0.health().is_none(), "back-pressure is no outage");

    memory.plant(Fault::Unreadable);
    assert!(matches!(store.last_seq(), Err(StorageError::Io(_))));
    store.append(0).unwrap();
    memory.mend();
    assert_eq!(store.last_seq().unwrap(), 1);
}

#[test]
fn two_stores_share_nothing_and_clones_share_all() {
    let memory = Memory::new(NOW);
    let store = AtOnce::new(&memory);
    let other = AtOnce::new(&Memory::new(NOW));
    store.append(0).unwrap();
    assert_eq!(other.last_seq().unwrap(), 0);
    assert_eq!(AtOnce(store.0.clone()).last_seq().unwrap(), 1);
}
