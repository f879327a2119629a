//! The engine in memory: tables behind one lock.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;

use super::{
    disk::{Disk, Fault},
    rows::{ConversationTable, StoredAgentSession, StoredCustomer},
};
use crate::journal::AgentId;
use crate::storage::{
    error::StorageError,
    records::{AgentRow, PlaceHash, TokenHash},
};

/// A store in memory. Clones share it. [`Store::from`](crate::storage::Store) wraps it.
///
/// # Examples
///
/// ```
/// use jiff::Timestamp;
/// use kefu::storage::{Fault, Memory, StorageError, Store};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let memory = Memory::new(Timestamp::UNIX_EPOCH);
/// let store = Store::from(memory.clone());
/// memory.plant(Fault::Full);
/// let refused = store.add_agent("小林", "$argon2id$…", Timestamp::UNIX_EPOCH).await;
/// assert!(matches!(refused, Err(StorageError::Full(_))));
/// memory.mend();
/// assert!(store.add_agent("小林", "$argon2id$…", Timestamp::UNIX_EPOCH).await.is_ok());
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Memory {
    generation: u64,
    tables: Arc<Mutex<Tables>>,
}

#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) disk: Disk,
    pub(super) conversations: ConversationTable,
    pub(super) customers: BTreeMap<TokenHash, StoredCustomer>,
    /// Oldest first; ids count from 1.
    pub(super) agents: Vec<AgentRow>,
    pub(super) agent_sessions: BTreeMap<TokenHash, StoredAgentSession>,
    /// With the day of the last sign-in.
    pub(super) places: BTreeMap<(AgentId, PlaceHash), i64>,
}

impl Memory {
    /// An empty store, created at `now`.
    pub fn new(now: Timestamp) -> Self {
        Self { generation: now.as_microsecond() as u64, tables: Arc::default() }
    }

    /// Makes the store fail from now on. Replaces an earlier fault.
    pub fn plant(&self, fault: Fault) {
        self.lock().disk.fault = Some(fault);
    }

    /// Ends the fault. As on a disk, the store's health recovers with the next write.
    pub fn mend(&self) {
        self.lock().disk.fault = None;
    }

    pub(in crate::storage) fn generation(&self) -> u64 {
        self.generation
    }

    pub(in crate::storage) fn health(&self) -> Option<StorageError> {
        let disk = &self.lock().disk;
        if disk.is_closed { Some(StorageError::Stopped) } else { disk.failure.clone() }
    }

    pub(in crate::storage) fn probe(&self) -> Result<(), StorageError> {
        self.write(|tables| tables.disk.change())
    }

    pub(in crate::storage) fn close(&self) {
        self.lock().disk.is_closed = true;
    }

    pub(super) fn read<T>(
        &self,
        look: impl FnOnce(&Tables) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let tables = self.lock();
        tables.disk.read()?;
        look(&tables)
    }

    /// `work` must make its checks and ask the disk before it changes anything.
    pub(super) fn write<T>(
        &self,
        work: impl FnOnce(&mut Tables) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let mut tables = self.lock();
        tables.disk.admit()?;
        work(&mut tables)
    }

    fn lock(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
