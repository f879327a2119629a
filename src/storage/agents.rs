//! Agents' accounts and sessions.

use std::fmt;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, ToSql};

use super::{
    error::StorageError,
    store::{Store, TokenHash},
};
use crate::journal::AgentId;

/// An agent's account.
#[derive(Clone, PartialEq, Eq)]
pub struct AgentRow {
    /// Never given to another agent.
    pub id: AgentId,
    /// For login and for customers to read.
    pub name: String,
    /// As the password hasher wrote it, with its salt and cost.
    pub password_hash: String,
    /// A disabled agent has no session and gets none.
    pub disabled: bool,
}

impl fmt::Debug for AgentRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without name and password hash: it may end up in a log.
        f.debug_struct("AgentRow")
            .field("id", &self.id)
            .field("disabled", &self.disabled)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Adds an agent.
    ///
    /// # Errors
    ///
    /// [`NameTaken`](StorageError::NameTaken).
    pub async fn add_agent(
        &self,
        name: &str,
        password_hash: &str,
        now: Timestamp,
    ) -> Result<AgentId, StorageError> {
        let values = (name.to_owned(), password_hash.to_owned(), now.as_microsecond());
        self.write(move |conn| {
            let added = conn
                .prepare_cached(
                    "INSERT INTO agent (name, password_hash, created_at) VALUES (?1, ?2, ?3)
                     ON CONFLICT (name) DO NOTHING",
                )?
                .execute(values)?;
            if added == 0 {
                return Err(StorageError::NameTaken);
            }
            Ok(AgentId(conn.last_insert_rowid()))
        })
        .await
    }

    /// All agents, in the order in which they were added.
    pub async fn list_agents(&self) -> Result<Vec<AgentRow>, StorageError> {
        self.read(|conn| {
            let mut statement = conn.prepare_cached(
                "SELECT id, name, password_hash, disabled FROM agent ORDER BY id",
            )?;
            let agents = statement.query_map([], agent)?.collect::<Result<_, _>>()?;
            Ok(agents)
        })
        .await
    }

    /// How many agents there are, disabled ones too.
    pub async fn count_agents(&self) -> Result<usize, StorageError> {
        self.read(|conn| {
            let count: i64 = conn
                .prepare_cached("SELECT count(*) FROM agent")?
                .query_row([], |row| row.get(0))?;
            Ok(count as usize)
        })
        .await
    }

    /// Sets another password, which ends all sessions of this agent.
    ///
    /// # Errors
    ///
    /// [`NotFound`](StorageError::NotFound).
    pub async fn set_password(
        &self,
        name: &str,
        password_hash: &str,
    ) -> Result<AgentId, StorageError> {
        let (name, password_hash) = (name.to_owned(), password_hash.to_owned());
        self.write(move |conn| {
            let agent = update(conn, &name, "password_hash", &password_hash)?;
            end_sessions(conn, agent)?;
            Ok(agent)
        })
        .await
    }

    /// Disables an agent, which ends all sessions of this agent, or enables it again.
    ///
    /// # Errors
    ///
    /// [`NotFound`](StorageError::NotFound).
    pub async fn set_disabled(&self, name: &str, disabled: bool) -> Result<AgentId, StorageError> {
        let name = name.to_owned();
        self.write(move |conn| {
            let agent = update(conn, &name, "disabled", &disabled)?;
            if disabled {
                end_sessions(conn, agent)?;
            }
            Ok(agent)
        })
        .await
    }

    /// The agent of this name.
    pub async fn agent_by_name(&self, name: &str) -> Result<Option<AgentRow>, StorageError> {
        let name = name.to_owned();
        self.read(move |conn| {
            Ok(conn
                .prepare_cached(
                    "SELECT id, name, password_hash, disabled FROM agent WHERE name = ?1",
                )?
                .query_row([name], agent)
                .optional()?)
        })
        .await
    }

    /// Stores a session of `agent`, the account as it was when the password was checked.
    ///
    /// # Errors
    ///
    /// [`NotFound`](StorageError::NotFound) when meanwhile it was disabled or its password
    /// changed, so that a login under way cannot outlive either.
    pub async fn create_agent_session(
        &self,
        token_hash: TokenHash,
        agent: &AgentRow,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StorageError> {
        let (now, expires_at) = (now.as_microsecond(), expires_at.as_microsecond());
        let values = (token_hash, now, expires_at, agent.id.0, agent.password_hash.clone());
        self.write(move |conn| {
            let added = conn
                .prepare_cached(
                    "INSERT INTO agent_session (token_hash, agent, created_at, expires_at)
                     SELECT ?1, id, ?2, ?3 FROM agent
                     WHERE id = ?4 AND password_hash = ?5 AND disabled = 0",
                )?
                .execute(values)?;
            if added == 0 { Err(StorageError::NotFound) } else { Ok(()) }
        })
        .await
    }

    /// The agent with this session; `None` when it is unknown, ended or expired at `now`.
    pub async fn agent_by_session(
        &self,
        token_hash: TokenHash,
        now: Timestamp,
    ) -> Result<Option<AgentRow>, StorageError> {
        self.read(move |conn| {
            Ok(conn
                .prepare_cached(
                    "SELECT id, name, password_hash, disabled
                     FROM agent_session JOIN agent ON id = agent
                     WHERE token_hash = ?1 AND expires_at > ?2 AND disabled = 0",
                )?
                .query_row((token_hash, now.as_microsecond()), agent)
                .optional()?)
        })
        .await
    }

    /// Ends a session, if there is one: the agent logged out.
    pub async fn delete_agent_session(&self, token_hash: TokenHash) -> Result<(), StorageError> {
        self.write(move |conn| {
            conn.prepare_cached("DELETE FROM agent_session WHERE token_hash = ?1")?
                .execute([token_hash])?;
            Ok(())
        })
        .await
    }
}

fn agent(row: &Row<'_>) -> rusqlite::Result<AgentRow> {
    Ok(AgentRow {
        id: AgentId(row.get(0)?),
        name: row.get(1)?,
        password_hash: row.get(2)?,
        disabled: row.get(3)?,
    })
}

fn update(
    conn: &Connection,
    name: &str,
    column: &'static str,
    value: &dyn ToSql,
) -> Result<AgentId, StorageError> {
    conn.prepare_cached(&format!("UPDATE agent SET {column} = ?1 WHERE name = ?2 RETURNING id"))?
        .query_row((value, name), |row| row.get(0).map(AgentId))
        .optional()?
        .ok_or(StorageError::NotFound)
}

fn end_sessions(conn: &Connection, agent: AgentId) -> Result<(), StorageError> {
    conn.prepare_cached("DELETE FROM agent_session WHERE agent = ?1")?.execute([agent.0])?;
    Ok(())
}
