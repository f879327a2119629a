//! From where agents have signed in.

use super::{error::StorageError, store::Store};
use crate::journal::AgentId;

/// SHA-256 of an agent and an address.
pub type PlaceHash = [u8; 32];

/// Places of one agent that are kept; the oldest go. Nobody signs in from more in a month.
pub const PLACES_KEPT: usize = 32;

/// An agent has signed in from somewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInPlace {
    /// Who.
    pub agent: AgentId,
    /// The account's name.
    pub agent_name: String,
    /// From where.
    pub place: PlaceHash,
    /// The day of the last time, in days since 1970-01-01 UTC.
    pub day: i64,
}

impl Store {
    /// All places that are not older than that day.
    pub async fn sign_in_places(&self, first_day: i64) -> Result<Vec<SignInPlace>, StorageError> {
        self.read(move |conn| {
            let mut statement = conn.prepare_cached(
                "SELECT agent, name, place, day FROM sign_in_place JOIN agent ON id = agent
                 WHERE day >= ?1 ORDER BY day",
            )?;
            let places = statement.query_map([first_day], |row| {
                Ok(SignInPlace {
                    agent: AgentId(row.get(0)?),
                    agent_name: row.get(1)?,
                    place: row.get(2)?,
                    day: row.get(3)?,
                })
            })?;
            Ok(places.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Notes that an agent signed in from there on that day.
    pub async fn note_sign_in_place(
        &self,
        agent: AgentId,
        place: PlaceHash,
        day: i64,
    ) -> Result<(), StorageError> {
        self.write(move |conn| {
            conn.prepare_cached(
                "INSERT INTO sign_in_place (agent, place, day) VALUES (?1, ?2, ?3)
                 ON CONFLICT (agent, place) DO UPDATE SET day = max(day, excluded.day)",
            )?
            .execute((agent.0, place, day))?;
            conn.prepare_cached(
                "DELETE FROM sign_in_place WHERE agent = ?1 AND place <> ?2 AND place NOT IN
                    (SELECT place FROM sign_in_place WHERE agent = ?1 AND place <> ?2
                     ORDER BY day DESC LIMIT ?3)",
            )?
            .execute((agent.0, place, PLACES_KEPT as i64 - 1))?;
            Ok(())
        })
        .await
    }

    /// Deletes the places that are older than that day.
    pub async fn delete_sign_in_places(&self, first_day: i64) -> Result<(), StorageError> {
        self.write(move |conn| {
            conn.prepare_cached("DELETE FROM sign_in_place WHERE day < ?1")?
                .execute([first_day])?;
            Ok(())
        })
        .await
    }
}
