//! The places from which agents have signed in.

use super::{engine::Sqlite, statements};
use crate::journal::AgentId;
use crate::storage::{
    error::StorageError,
    records::{PLACES_KEPT, PlaceHash, SignInPlace},
};

impl Sqlite {
    pub(in crate::storage) async fn sign_in_places(
        &self,
        first_day: i64,
    ) -> Result<Vec<SignInPlace>, StorageError> {
        self.read(move |session| {
            session.rows(statements::SIGN_IN_PLACES, [first_day], |row| {
                Ok(SignInPlace {
                    agent: AgentId(row.get(0)?),
                    agent_name: row.get(1)?,
                    place: row.get(2)?,
                    day: row.get(3)?,
                })
            })
        })
        .await
    }

    pub(in crate::storage) async fn note_sign_in_place(
        &self,
        agent: AgentId,
        place: PlaceHash,
        day: i64,
    ) -> Result<(), StorageError> {
        self.write(move |session| {
            session.execute(statements::NOTE_SIGN_IN_PLACE, (agent.0, place, day))?;
            let kept_beside = PLACES_KEPT as i64 - 1;
            session.execute(statements::KEEP_NEWEST_PLACES, (agent.0, place, kept_beside))?;
            Ok(())
        })
        .await
    }

    pub(in crate::storage) async fn delete_sign_in_places(
        &self,
        first_day: i64,
    ) -> Result<(), StorageError> {
        self.write(move |session| {
            session.execute(statements::DELETE_SIGN_IN_PLACES, [first_day])?;
            Ok(())
        })
        .await
    }
}
