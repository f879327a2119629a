//! Customers, agents and their sessions.

use std::cmp::Reverse;

use jiff::Timestamp;

use super::{
    engine::{Memory, Tables},
    rows::{StoredAgentSession, StoredCustomer, cut},
};
use crate::journal::AgentId;
use crate::knowledge::Facts;
use crate::storage::{
    error::StorageError,
    records::{AgentRow, CustomerRow, NewCustomer, PLACES_KEPT, PlaceHash, SignInPlace, TokenHash},
};

impl Tables {
    fn agent(&self, id: AgentId) -> Option<&AgentRow> {
        self.agents.iter().find(|row| row.id == id)
    }

    /// Changes the account with this name. Returns its id.
    fn change_agent(
        &mut self,
        name: &str,
        change: impl FnOnce(&mut AgentRow),
    ) -> Result<AgentId, StorageError> {
        let found = self.agents.iter_mut().find(|row| row.name == name);
        let row = found.ok_or(StorageError::NotFound)?;
        self.disk.change()?;
        change(row);
        Ok(row.id)
    }

    fn end_sessions(&mut self, agent: AgentId) {
        self.agent_sessions.retain(|_, session| session.agent != agent);
    }
}

impl Memory {
    pub(in crate::storage) fn create_customer(
        &self,
        customer: NewCustomer,
    ) -> Result<(), StorageError> {
        let NewCustomer { token_hash, conversation, origin: _, facts, now: _, expires_at } =
            customer;
        self.write(|tables| {
            if tables.customers.contains_key(&token_hash)
                || tables.conversations.find(&conversation).is_some()
            {
                return Err(StorageError::Conflict);
            }
            tables.disk.change()?;
            tables.conversations.add(conversation.clone());
            let row = StoredCustomer { conversation, facts, expires_at: cut(expires_at) };
            tables.customers.insert(token_hash, row);
            Ok(())
        })
    }

    pub(in crate::storage) fn customer_by_token(
        &self,
        token_hash: TokenHash,
        now: Timestamp,
    ) -> Result<Option<CustomerRow>, StorageError> {
        self.read(|tables| {
            let found = tables.customers.get(&token_hash);
            let valid = found.filter(|customer| customer.expires_at > cut(now));
            Ok(valid.map(|customer| CustomerRow {
                conversation: customer.conversation.clone(),
                facts: customer.facts.clone(),
            }))
        })
    }

    pub(in crate::storage) fn set_customer_facts(
        &self,
        token_hash: TokenHash,
        facts: Facts,
    ) -> Result<(), StorageError> {
        self.write(|Tables { disk, customers, .. }| {
            let Some(customer) = customers.get_mut(&token_hash) else { return Ok(()) };
            disk.change()?;
            customer.facts = facts;
            Ok(())
        })
    }

    pub(in crate::storage) fn rewrite_facts(
        &self,
        keep: impl Fn(&Facts) -> Facts,
    ) -> Result<usize, StorageError> {
        self.write(|Tables { disk, customers, .. }| {
            let kept = |customer: &StoredCustomer| keep(&customer.facts);
            let changed = customers.values().filter(|one| kept(one) != one.facts).count();
            if changed > 0 {
                disk.change()?;
                for customer in customers.values_mut() {
                    customer.facts = kept(customer);
                }
            }
            Ok(changed)
        })
    }

    pub(in crate::storage) fn delete_expired_sessions(
        &self,
        now: Timestamp,
    ) -> Result<usize, StorageError> {
        self.write(|tables| {
            let now = cut(now);
            let is_over = |expires_at: Timestamp| expires_at <= now;
            let deleted = tables.customers.values().filter(|c| is_over(c.expires_at)).count()
                + tables.agent_sessions.values().filter(|s| is_over(s.expires_at)).count();
            if deleted > 0 {
                tables.disk.change()?;
                tables.customers.retain(|_, customer| !is_over(customer.expires_at));
                tables.agent_sessions.retain(|_, session| !is_over(session.expires_at));
            }
            Ok(deleted)
        })
    }

    pub(in crate::storage) fn add_agent(
        &self,
        name: &str,
        password_hash: &str,
        _now: Timestamp,
    ) -> Result<AgentId, StorageError> {
        self.write(|tables| {
            if tables.agents.iter().any(|row| row.name == name) {
                return Err(StorageError::NameTaken);
            }
            tables.disk.change()?;
            let id = AgentId(tables.agents.len() as i64 + 1);
            tables.agents.push(AgentRow {
                id,
                name: name.to_owned(),
                password_hash: password_hash.to_owned(),
                disabled: false,
            });
            Ok(id)
        })
    }

    pub(in crate::storage) fn list_agents(&self) -> Result<Vec<AgentRow>, StorageError> {
        self.read(|tables| Ok(tables.agents.clone()))
    }

    pub(in crate::storage) fn count_agents(&self) -> Result<usize, StorageError> {
        self.read(|tables| Ok(tables.agents.len()))
    }

    pub(in crate::storage) fn set_password(
        &self,
        name: &str,
        password_hash: &str,
    ) -> Result<AgentId, StorageError> {
        self.write(|tables| {
            let change = |row: &mut AgentRow| password_hash.clone_into(&mut row.password_hash);
            let agent = tables.change_agent(name, change)?;
            tables.end_sessions(agent);
            Ok(agent)
        })
    }

    pub(in crate::storage) fn set_disabled(
        &self,
        name: &str,
        disabled: bool,
    ) -> Result<AgentId, StorageError> {
        self.write(|tables| {
            let agent = tables.change_agent(name, |row| row.disabled = disabled)?;
            if disabled {
                tables.end_sessions(agent);
            }
            Ok(agent)
        })
    }

    pub(in crate::storage) fn agent_by_name(
        &self,
        name: &str,
    ) -> Result<Option<AgentRow>, StorageError> {
        self.read(|tables| Ok(tables.agents.iter().find(|row| row.name == name).cloned()))
    }

    pub(in crate::storage) fn create_agent_session(
        &self,
        token_hash: TokenHash,
        agent: &AgentRow,
        _now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StorageError> {
        self.write(|tables| {
            let is_as_seen = tables
                .agent(agent.id)
                .is_some_and(|row| !row.disabled && row.password_hash == agent.password_hash);
            if !is_as_seen {
                return Err(StorageError::NotFound);
            }
            if tables.agent_sessions.contains_key(&token_hash) {
                return Err(StorageError::Conflict);
            }
            tables.disk.change()?;
            let session = StoredAgentSession { agent: agent.id, expires_at: cut(expires_at) };
            tables.agent_sessions.insert(token_hash, session);
            Ok(())
        })
    }

    pub(in crate::storage) fn agent_by_session(
        &self,
        token_hash: TokenHash,
        now: Timestamp,
    ) -> Result<Option<AgentRow>, StorageError> {
        self.read(|tables| {
            let found = tables.agent_sessions.get(&token_hash);
            let valid = found.filter(|session| session.expires_at > cut(now));
            let row = valid.and_then(|session| tables.agent(session.agent));
            Ok(row.filter(|row| !row.disabled).cloned())
        })
    }

    pub(in crate::storage) fn delete_agent_session(
        &self,
        token_hash: TokenHash,
    ) -> Result<(), StorageError> {
        self.write(|tables| {
            if tables.agent_sessions.contains_key(&token_hash) {
                tables.disk.change()?;
                tables.agent_sessions.remove(&token_hash);
            }
            Ok(())
        })
    }

    pub(in crate::storage) fn sign_in_places(
        &self,
        first_day: i64,
    ) -> Result<Vec<SignInPlace>, StorageError> {
        self.read(|tables| {
            let kept = tables.places.iter().filter(|(_, day)| **day >= first_day);
            let mut places: Vec<_> = kept
                .map(|(&(agent, place), &day)| SignInPlace {
                    agent,
                    agent_name: tables.agent(agent).map(|row| row.name.clone()).unwrap_or_default(),
                    place,
                    day,
                })
                .collect();
            places.sort_by_key(|place| place.day);
            Ok(places)
        })
    }

    pub(in crate::storage) fn note_sign_in_place(
        &self,
        agent: AgentId,
        place: PlaceHash,
        day: i64,
    ) -> Result<(), StorageError> {
        self.write(|tables| {
            if tables.agent(agent).is_none() {
                return Err(StorageError::Conflict);
            }
            tables.disk.change()?;
            let noted = tables.places.entry((agent, place)).or_insert(day);
            *noted = day.max(*noted);
            let mut others: Vec<_> = tables
                .places
                .iter()
                .filter(|((whose, other), _)| *whose == agent && *other != place)
                .map(|(key, day)| (Reverse(*day), *key))
                .collect();
            others.sort_unstable();
            for (_, key) in others.into_iter().skip(PLACES_KEPT - 1) {
                tables.places.remove(&key);
            }
            Ok(())
        })
    }

    pub(in crate::storage) fn delete_sign_in_places(
        &self,
        first_day: i64,
    ) -> Result<(), StorageError> {
        self.write(|tables| {
            if tables.places.values().any(|day| *day < first_day) {
                tables.disk.change()?;
                tables.places.retain(|_, day| *day >= first_day);
            }
            Ok(())
        })
    }
}
