//! The places from which agents have signed in lately.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Mutex,
};

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::{limits::AddressKey, lock::lock};
use crate::journal::AgentId;
use crate::storage::{PLACES_KEPT, PlaceHash, StorageError, Store};

/// An agent is known at an address for 30 days after a sign-in from there.
pub(crate) const KNOWN_DAYS: i64 = 30;

/// The days since 1970-01-01, UTC.
pub(crate) fn day(now: Timestamp) -> i64 {
    now.as_second().div_euclid(24 * 60 * 60)
}

/// The places of all agents, as they are stored.
#[derive(Debug, Default)]
pub(crate) struct KnownPlaces(Mutex<HashMap<String, AgentPlaces>>);

/// One agent's places, each with the day of the last sign-in.
#[derive(Debug)]
struct AgentPlaces {
    agent: AgentId,
    days: BTreeMap<PlaceHash, i64>,
}

impl KnownPlaces {
    /// Reads the stored places.
    pub(crate) async fn read(store: &Store, today: i64) -> Result<Self, StorageError> {
        let known = Self::default();
        for place in store.sign_in_places(today - KNOWN_DAYS).await? {
            known.insert(place.agent, &place.agent_name, place.place, place.day);
        }
        Ok(known)
    }

    /// Whether the agent with this name signed in from this address within the last 30 days.
    pub(crate) fn is_known(&self, name: &str, from: AddressKey, today: i64) -> bool {
        let known = lock(&self.0);
        let Some(places) = known.get(name) else { return false };
        let day = places.days.get(&place_hash(places.agent, from));
        day.is_some_and(|day| today - day <= KNOWN_DAYS)
    }

    /// Records a sign-in, at most once a day on disk. If the write fails, the place is known until
    /// the next start.
    pub(crate) async fn note(
        &self,
        store: &Store,
        (agent, name): (AgentId, &str),
        from: AddressKey,
        today: i64,
    ) -> Result<(), StorageError> {
        let place = place_hash(agent, from);
        if !self.insert(agent, name, place, today) {
            return Ok(());
        }
        store.note_sign_in_place(agent, place, today).await
    }

    /// Records the place in memory. Returns whether it is new for this day.
    fn insert(&self, agent: AgentId, name: &str, place: PlaceHash, day: i64) -> bool {
        let mut known = lock(&self.0);
        let places = known
            .entry(name.to_owned())
            .or_insert_with(|| AgentPlaces { agent, days: BTreeMap::new() });
        if places.days.insert(place, day) == Some(day) {
            return false;
        }
        places.days.retain(|_, other| day - *other <= KNOWN_DAYS);
        while places.days.len() > PLACES_KEPT {
            let oldest = places.days.iter().filter(|(other, _)| **other != place);
            let Some(oldest) = oldest.min_by_key(|(_, day)| **day).map(|(place, _)| *place) else {
                break;
            };
            places.days.remove(&oldest);
        }
        true
    }
}

/// A hash, so that no address stands in the file. An attacker who has the file can still try all
/// addresses of IPv4.
fn place_hash(agent: AgentId, from: AddressKey) -> PlaceHash {
    let mut hash = Sha256::new();
    hash.update(b"kefu sign-in place ");
    hash.update(agent.0.to_le_bytes());
    hash.update(from.text().as_bytes());
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    fn from(n: u32) -> AddressKey {
        IpAddr::from(Ipv4Addr::from(n)).into()
    }

    #[tokio::test]
    async fn a_place_is_known_for_thirty_days_and_after_a_restart() {
        let dir = tempfile::tempdir().unwrap();
        let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        let store = Store::open(dir.path(), now).unwrap();
        let lin = store.add_agent("林", "x", now).await.unwrap();
        let wang = store.add_agent("王", "x", now).await.unwrap();
        let today = day(now);
        let known = KnownPlaces::default();
        known.note(&store, (lin, "林"), from(1), today).await.unwrap();
        let read = KnownPlaces::read(&store, today + 30).await.unwrap();
        for known in [known, read] {
            assert!(known.is_known("林", from(1), today + 30));
            assert!(!known.is_known("林", from(1), today + 31), "too long ago");
            assert!(!known.is_known("林", from(2), today), "elsewhere");
            assert!(!known.is_known("王", from(1), today), "somebody else");
        }
        assert_ne!(place_hash(lin, from(1)), place_hash(wang, from(1)));
        let read = KnownPlaces::read(&store, today + 31).await.unwrap();
        assert!(!read.is_known("林", from(1), today));
    }

    #[tokio::test]
    async fn an_agent_has_so_many_places_and_the_newest_stay() {
        let dir = tempfile::tempdir().unwrap();
        let now: Timestamp = "2026-03-02T09:00:00Z".parse().unwrap();
        let store = Store::open(dir.path(), now).unwrap();
        let lin = store.add_agent("林", "x", now).await.unwrap();
        let known = KnownPlaces::default();
        let count = PLACES_KEPT as u32 + 5;
        for n in 0..count {
            let today = i64::from(n / 4);
            known.note(&store, (lin, "林"), from(n), today).await.unwrap();
        }
        let read = KnownPlaces::read(&store, 0).await.unwrap();
        for known in [known, read] {
            assert!(known.is_known("林", from(count - 1), 0));
            assert!(!known.is_known("林", from(0), 0));
            assert_eq!(known.0.lock().unwrap()["林"].days.len(), PLACES_KEPT);
        }
    }
}
