//! The store's handle for the shell.

use std::path::Path;

use jiff::Timestamp;

use super::{
    error::StorageError,
    memory::Memory,
    records::{
        AgentRow, Append, Contact, CustomerRow, FOLD_MAX, NewCustomer, OpenConversation, PlaceHash,
        SignInPlace, TokenHash,
    },
    sqlite::Sqlite,
};
use crate::journal::{AgentId, ClientIdHash, ConversationId, Record};
use crate::knowledge::Facts;

/// Records per read, so that a long conversation does not block other readers.
const PAGE: usize = 500;

/// The stored data of one site. Clones share one engine.
///
/// Every writing method returns after its commit is durable, or with an error. After an error that
/// [`StorageError::is_outage`] the write may still have been stored: read before deciding again. If
/// the future of a write is dropped, the write may still happen. Times are stored in whole
/// microseconds.
///
/// Dropping the last clone blocks until all accepted writes are stored. [`close`](Self::close) does
/// the same without blocking.
///
/// # Examples
///
/// ```
/// use jiff::Timestamp;
/// use kefu::storage::Store;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let dir = tempfile::tempdir()?;
/// let now: Timestamp = "2026-03-02T09:00:00Z".parse()?;
/// let store = Store::open(dir.path(), now)?;
/// let agent = store.add_agent("小林", "$argon2id$…", now).await?;
/// assert_eq!(store.agent_by_name("小林").await?.map(|row| row.id), Some(agent));
/// assert!(Store::open(dir.path(), now).is_err()); // one process, one store
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Store(Engine);

#[derive(Clone, Debug)]
enum Engine {
    Sqlite(Sqlite),
    Memory(Memory),
}

/// Calls a method of the engine. `SQLite` is asynchronous, memory is not. A third engine is one
/// more line here.
macro_rules! ask {
    ($store:ident.$method:ident($($argument:expr),*)) => {
        match &$store.0 {
            Engine::Sqlite(engine) => engine.$method($($argument),*).await,
            Engine::Memory(engine) => engine.$method($($argument),*),
        }
    };
}

impl From<Sqlite> for Store {
    fn from(sqlite: Sqlite) -> Self {
        Self(Engine::Sqlite(sqlite))
    }
}

impl From<Memory> for Store {
    fn from(memory: Memory) -> Self {
        Self(Engine::Memory(memory))
    }
}

impl Store {
    /// Opens the data folder for a server. Creates it if it is missing, and locks it against a
    /// second server.
    ///
    /// Migrates an older schema. Blocks, so it is for the start of the program.
    ///
    /// # Errors
    ///
    /// [`InUse`](StorageError::InUse), [`NotWritable`](StorageError::NotWritable),
    /// [`NewerSchema`](StorageError::NewerSchema), [`Full`](StorageError::Full) and the other
    /// failures: a test write is made at once.
    pub fn open(dir: &Path, now: Timestamp) -> Result<Self, StorageError> {
        Sqlite::open(dir, now).map(Self::from)
    }

    /// Opens the same data beside a running server, for `kefu agent` and `kefu train`. Only agents'
    /// accounts may be written.
    ///
    /// It takes no lock: `SQLite` lets two processes write in turn, and accounts have no owner in
    /// memory. Conversations belong to the server's tasks, which would not see another process's
    /// append. Without a server it creates the folder and the schema, and holds the lock meanwhile.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open); `InUse` if the schema is old and a server is running.
    pub fn open_shared(dir: &Path, now: Timestamp) -> Result<Self, StorageError> {
        Sqlite::open_shared(dir, now).map(Self::from)
    }

    /// An empty store in memory, which is lost with its last clone. A test that plants faults keeps
    /// the [`Memory`] itself.
    pub fn memory(now: Timestamp) -> Self {
        Memory::new(now).into()
    }

    /// Whether the folder holds the data of a server.
    pub fn exists(dir: &Path) -> bool {
        Sqlite::exists(dir)
    }

    /// The generation of the history. If it has changed, a client's sequence numbers belong to
    /// another history, and the client must start afresh.
    pub fn generation(&self) -> u64 {
        match &self.0 {
            Engine::Sqlite(engine) => engine.generation(),
            Engine::Memory(engine) => engine.generation(),
        }
    }

    /// Why the last write failed; `None` if it succeeded. For `/readyz`.
    ///
    /// Only a successful write clears it: without traffic call [`probe`](Self::probe).
    pub fn health(&self) -> Option<StorageError> {
        match &self.0 {
            Engine::Sqlite(engine) => engine.health(),
            Engine::Memory(engine) => engine.health(),
        }
    }

    /// Makes a test write, and so updates [`health`](Self::health).
    pub async fn probe(&self) -> Result<(), StorageError> {
        ask!(self.probe())
    }

    /// Stores the accepted writes and closes the files. Afterwards all clones answer
    /// [`Stopped`](StorageError::Stopped). The folder stays locked until the last clone is dropped.
    pub async fn close(&self) {
        ask!(self.close());
    }
}

/// Conversations: their records in order, and contact details apart.
impl Store {
    /// Appends the events of one turn. They are durable when this returns.
    ///
    /// # Errors
    ///
    /// [`Conflict`](StorageError::Conflict) if the conversation's last `seq` is not `expected_seq`,
    /// the records do not follow it without a gap, or the contact belongs to no record;
    /// [`DuplicateClientId`](StorageError::DuplicateClientId); [`NotFound`](StorageError::NotFound)
    /// for an unknown conversation; and the failures of storage. A refused append stores nothing.
    pub async fn append(&self, append: Append) -> Result<(), StorageError> {
        if !append.is_in_order() {
            return Err(StorageError::Conflict);
        }
        ask!(self.append(append))
    }

    /// At most `limit` records after `after_seq`, in order; none for an unknown conversation.
    pub async fn records_after(
        &self,
        conversation: &ConversationId,
        after_seq: u64,
        limit: usize,
    ) -> Result<Vec<Record>, StorageError> {
        ask!(self.records_after(conversation, after_seq, limit))
    }

    /// All records, in order.
    pub async fn records(
        &self,
        conversation: &ConversationId,
    ) -> Result<Vec<Record>, StorageError> {
        let mut records: Vec<Record> = Vec::new();
        loop {
            let after = last_seq_of(&records);
            let page = self.records_after(conversation, after, PAGE).await?;
            let is_last = page.len() < PAGE;
            records.extend(page);
            if is_last {
                return Ok(records);
            }
        }
    }

    /// The records from which the state is folded, in order: those from the stored
    /// [`fold_from`](Append::fold_from) on. Empty for an unknown conversation.
    ///
    /// # Errors
    ///
    /// [`TooLongToFold`](StorageError::TooLongToFold) if there are more than [`FOLD_MAX`].
    pub async fn records_to_fold(
        &self,
        conversation: &ConversationId,
    ) -> Result<Vec<Record>, StorageError> {
        let mut records: Vec<Record> = Vec::new();
        loop {
            let after = last_seq_of(&records);
            let page = ask!(self.records_to_fold(conversation, after, PAGE))?;
            let is_last = page.len() < PAGE;
            records.extend(page);
            if records.len() > FOLD_MAX {
                return Err(StorageError::TooLongToFold { max: FOLD_MAX });
            }
            if is_last {
                return Ok(records);
            }
        }
    }

    /// The record of the client's message with this id; `None` if there is none.
    pub async fn record_of_client_id(
        &self,
        conversation: &ConversationId,
        client_id: &ClientIdHash,
    ) -> Result<Option<Record>, StorageError> {
        ask!(self.record_of_client_id(conversation, client_id))
    }

    /// The last `seq`, 0 before the first event.
    ///
    /// # Errors
    ///
    /// [`NotFound`](StorageError::NotFound) for an unknown conversation.
    pub async fn last_seq(&self, conversation: &ConversationId) -> Result<u64, StorageError> {
        ask!(self.last_seq(conversation))
    }

    /// A page of the open conversations after `after_place`, oldest first, each with its [records
    /// to fold](Self::records_to_fold): one read for many conversations at the start of a server.
    /// Start with 0; an empty page is the end. A conversation that is too long to fold is in the
    /// page with that error.
    pub async fn open_to_fold(
        &self,
        after_place: u64,
    ) -> Result<Vec<OpenConversation>, StorageError> {
        ask!(self.open_to_fold(after_place))
    }

    /// All conversations, newest first.
    pub async fn conversations(&self) -> Result<Vec<ConversationId>, StorageError> {
        ask!(self.conversations())
    }

    /// The contact details that were left in a conversation, in order.
    pub async fn contacts(
        &self,
        conversation: &ConversationId,
    ) -> Result<Vec<Contact>, StorageError> {
        ask!(self.contacts(conversation))
    }
}

/// Customers' sessions, each with its conversation.
impl Store {
    /// Stores a customer and a conversation without events.
    ///
    /// # Errors
    ///
    /// [`Conflict`](StorageError::Conflict) if the token or the conversation exists.
    pub async fn create_customer(&self, customer: NewCustomer) -> Result<(), StorageError> {
        ask!(self.create_customer(customer))
    }

    /// The customer with this token; `None` if the token is unknown or expired at `now`.
    pub async fn customer_by_token(
        &self,
        token_hash: TokenHash,
        now: Timestamp,
    ) -> Result<Option<CustomerRow>, StorageError> {
        ask!(self.customer_by_token(token_hash, now))
    }

    /// Replaces the facts of the customer with this token.
    pub async fn set_customer_facts(
        &self,
        token_hash: TokenHash,
        facts: Facts,
    ) -> Result<(), StorageError> {
        ask!(self.set_customer_facts(token_hash, facts))
    }

    /// Keeps of each customer's facts those that `keep` returns, and leaves no byte of the others
    /// on disk. Returns the number of changed customers. Blocks writers while it copies, so it is
    /// for the start of a server.
    pub async fn rewrite_facts(
        &self,
        keep: impl Fn(&Facts) -> Facts + Send + 'static,
    ) -> Result<usize, StorageError> {
        ask!(self.rewrite_facts(keep))
    }

    /// Deletes the sessions of customers and agents that ended before `now`. Returns their number.
    ///
    /// Conversations stay, but their customers cannot come back to them.
    pub async fn delete_expired_sessions(&self, now: Timestamp) -> Result<usize, StorageError> {
        ask!(self.delete_expired_sessions(now))
    }
}

/// Agents' accounts and sessions.
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
        ask!(self.add_agent(name, password_hash, now))
    }

    /// All agents, in the order of their creation.
    pub async fn list_agents(&self) -> Result<Vec<AgentRow>, StorageError> {
        ask!(self.list_agents())
    }

    /// The number of agents, including disabled ones.
    pub async fn count_agents(&self) -> Result<usize, StorageError> {
        ask!(self.count_agents())
    }

    /// Sets another password, and ends all sessions of this agent.
    ///
    /// # Errors
    ///
    /// [`NotFound`](StorageError::NotFound).
    pub async fn set_password(
        &self,
        name: &str,
        password_hash: &str,
    ) -> Result<AgentId, StorageError> {
        ask!(self.set_password(name, password_hash))
    }

    /// Disables an agent and ends all sessions of this agent, or enables the agent again.
    ///
    /// # Errors
    ///
    /// [`NotFound`](StorageError::NotFound).
    pub async fn set_disabled(&self, name: &str, disabled: bool) -> Result<AgentId, StorageError> {
        ask!(self.set_disabled(name, disabled))
    }

    /// The agent with this name.
    pub async fn agent_by_name(&self, name: &str) -> Result<Option<AgentRow>, StorageError> {
        ask!(self.agent_by_name(name))
    }

    /// Stores a session of `agent`, the account as it was when its password was checked.
    ///
    /// # Errors
    ///
    /// [`NotFound`](StorageError::NotFound) if the account was disabled or its password changed
    /// meanwhile, so that a login in progress does not outlive either.
    pub async fn create_agent_session(
        &self,
        token_hash: TokenHash,
        agent: &AgentRow,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StorageError> {
        ask!(self.create_agent_session(token_hash, agent, now, expires_at))
    }

    /// The agent of this session; `None` if the session is unknown, ended or expired at `now`.
    pub async fn agent_by_session(
        &self,
        token_hash: TokenHash,
        now: Timestamp,
    ) -> Result<Option<AgentRow>, StorageError> {
        ask!(self.agent_by_session(token_hash, now))
    }

    /// Ends a session if it exists: the agent signed out.
    pub async fn delete_agent_session(&self, token_hash: TokenHash) -> Result<(), StorageError> {
        ask!(self.delete_agent_session(token_hash))
    }

    /// All sign-in places since `first_day`, oldest day first.
    pub async fn sign_in_places(&self, first_day: i64) -> Result<Vec<SignInPlace>, StorageError> {
        ask!(self.sign_in_places(first_day))
    }

    /// Records that an agent signed in from this place on this day.
    pub async fn note_sign_in_place(
        &self,
        agent: AgentId,
        place: PlaceHash,
        day: i64,
    ) -> Result<(), StorageError> {
        ask!(self.note_sign_in_place(agent, place, day))
    }

    /// Deletes the places that are older than `first_day`.
    pub async fn delete_sign_in_places(&self, first_day: i64) -> Result<(), StorageError> {
        ask!(self.delete_sign_in_places(first_day))
    }
}

fn last_seq_of(records: &[Record]) -> u64 {
    records.last().map_or(0, |record| record.seq)
}
