//! Agents' accounts and sessions.

use jiff::Timestamp;

use super::{
    engine::Sqlite,
    session::{SqlRow, SqliteSession},
    statements,
};
use crate::journal::AgentId;
use crate::storage::{
    error::StorageError,
    records::{AgentRow, TokenHash},
};

impl Sqlite {
    pub(in crate::storage) async fn add_agent(
        &self,
        name: &str,
        password_hash: &str,
        now: Timestamp,
    ) -> Result<AgentId, StorageError> {
        let values = (name.to_owned(), password_hash.to_owned(), now.as_microsecond());
        self.write(move |session| {
            if session.execute(statements::ADD_AGENT, values)? == 0 {
                return Err(StorageError::NameTaken);
            }
            Ok(AgentId(session.last_key()))
        })
        .await
    }

    pub(in crate::storage) async fn list_agents(&self) -> Result<Vec<AgentRow>, StorageError> {
        self.read(|session| session.rows(statements::ALL_AGENTS, [], agent)).await
    }

    pub(in crate::storage) async fn count_agents(&self) -> Result<usize, StorageError> {
        self.read(|session| {
            let count = session.row(statements::COUNT_AGENTS, [], |row| row.number(0))?;
            Ok(count.unwrap_or_default() as usize)
        })
        .await
    }

    pub(in crate::storage) async fn set_password(
        &self,
        name: &str,
        password_hash: &str,
    ) -> Result<AgentId, StorageError> {
        let values = (password_hash.to_owned(), name.to_owned());
        self.write(move |session| {
            let agent = session.row(statements::SET_PASSWORD, values, |row| row.get(0))?;
            end_sessions(session, agent.ok_or(StorageError::NotFound)?)
        })
        .await
    }

    pub(in crate::storage) async fn set_disabled(
        &self,
        name: &str,
        disabled: bool,
    ) -> Result<AgentId, StorageError> {
        let values = (disabled, name.to_owned());
        self.write(move |session| {
            let agent = session.row(statements::SET_DISABLED, values, |row| row.get(0))?;
            let agent = agent.ok_or(StorageError::NotFound)?;
            if disabled { end_sessions(session, agent) } else { Ok(AgentId(agent)) }
        })
        .await
    }

    pub(in crate::storage) async fn agent_by_name(
        &self,
        name: &str,
    ) -> Result<Option<AgentRow>, StorageError> {
        let name = name.to_owned();
        self.read(move |session| session.row(statements::AGENT_BY_NAME, [name], agent)).await
    }

    pub(in crate::storage) async fn create_agent_session(
        &self,
        token_hash: TokenHash,
        agent: &AgentRow,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StorageError> {
        let (now, expires_at) = (now.as_microsecond(), expires_at.as_microsecond());
        let values = (token_hash, now, expires_at, agent.id.0, agent.password_hash.clone());
        self.write(move |session| {
            let added = session.execute(statements::ADD_AGENT_SESSION, values)?;
            if added == 0 { Err(StorageError::NotFound) } else { Ok(()) }
        })
        .await
    }

    pub(in crate::storage) async fn agent_by_session(
        &self,
        token_hash: TokenHash,
        now: Timestamp,
    ) -> Result<Option<AgentRow>, StorageError> {
        let values = (token_hash, now.as_microsecond());
        self.read(move |session| session.row(statements::AGENT_BY_SESSION, values, agent)).await
    }

    pub(in crate::storage) async fn delete_agent_session(
        &self,
        token_hash: TokenHash,
    ) -> Result<(), StorageError> {
        self.write(move |session| {
            session.execute(statements::DELETE_AGENT_SESSION, [token_hash])?;
            Ok(())
        })
        .await
    }
}

fn agent(row: SqlRow<'_>) -> Result<AgentRow, StorageError> {
    Ok(AgentRow {
        id: AgentId(row.get(0)?),
        name: row.get(1)?,
        password_hash: row.get(2)?,
        disabled: row.get(3)?,
    })
}

fn end_sessions(session: &SqliteSession, agent: i64) -> Result<AgentId, StorageError> {
    session.execute(statements::DELETE_AGENT_SESSIONS, [agent])?;
    Ok(AgentId(agent))
}
