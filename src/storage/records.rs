//! The types of the store's interface, which all engines share.

use std::fmt;

use jiff::Timestamp;

use super::error::StorageError;
use crate::compliance::ContactText;
use crate::journal::{AgentId, ConversationId, Record};
use crate::knowledge::Facts;

/// SHA-256 of a session token; the token itself is never stored.
pub type TokenHash = [u8; 32];

/// SHA-256 of an agent and an address.
pub type PlaceHash = [u8; 32];

/// Places that are kept for one agent; the oldest are dropped. No agent signs in from more in a
/// month.
pub const PLACES_KEPT: usize = 32;

/// Records that one fold may read. An episode has dozens, but a journal from before episodes were
/// tracked is read from its first record. A longer fold is refused, so that one conversation can
/// neither fill the memory nor block a reader for longer than about a second.
pub const FOLD_MAX: usize = 200_000;

/// All that one turn of a conversation stores, in one transaction.
#[derive(Clone, Debug)]
pub struct Append {
    /// The conversation.
    pub conversation: ConversationId,
    /// The conversation's last `seq` before the turn; 0 before the first record.
    pub expected_seq: u64,
    /// The records, numbered from `expected_seq + 1` without a gap.
    pub records: Vec<Record>,
    /// The contact details that came with one of these records.
    pub contact: Option<Contact>,
    /// Whether anything may happen without the customer after this turn. Such a conversation is
    /// folded at the start of a server.
    pub is_open: bool,
    /// The `seq` from which the state can be folded after this turn; 0 and 1 mean all records.
    pub fold_from: u64,
}

impl Append {
    /// Whether the records follow `expected_seq` without a gap.
    pub(super) fn is_in_order(&self) -> bool {
        (self.expected_seq + 1..).zip(&self.records).all(|(seq, record)| record.seq == seq)
    }
}

/// Contact details of a customer who wants to be called back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The `seq` of the message with which they came.
    pub seq: u64,
    /// The contact details, unmasked.
    pub text: ContactText,
    /// When the customer consented to their use.
    pub consented_at: Timestamp,
}

/// An open conversation with the records from which its state is folded.
#[derive(Clone, Debug)]
pub struct OpenConversation {
    /// The position among all conversations, which the next page starts after.
    pub place: u64,
    /// The conversation.
    pub id: ConversationId,
    /// The records to fold, in order. The error [`StorageError::TooLongToFold`] concerns only this
    /// conversation.
    pub records: Result<Vec<Record>, StorageError>,
}

/// A new customer.
#[derive(Clone, Debug)]
pub struct NewCustomer {
    /// Hash of the session's token.
    pub token_hash: TokenHash,
    /// The customer's conversation, created with the customer.
    pub conversation: ConversationId,
    /// The origin of the page that embeds the widget, if the browser sent it.
    pub origin: Option<String>,
    /// What the host told about the customer.
    pub facts: Facts,
    /// When the customer was created.
    pub now: Timestamp,
    /// When the session ends, however active it is.
    pub expires_at: Timestamp,
}

/// A customer with a valid session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerRow {
    /// The customer's conversation.
    pub conversation: ConversationId,
    /// What the host told about the customer.
    pub facts: Facts,
}

/// An agent's account.
#[derive(Clone, PartialEq, Eq)]
pub struct AgentRow {
    /// The id, never reused.
    pub id: AgentId,
    /// The name for signing in, which customers also read.
    pub name: String,
    /// The hash with its salt and cost, a PHC string.
    pub password_hash: String,
    /// Whether the account is disabled. A disabled agent has no session and gets none.
    pub disabled: bool,
}

impl fmt::Debug for AgentRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without name and password hash: the output may end up in a log.
        f.debug_struct("AgentRow")
            .field("id", &self.id)
            .field("disabled", &self.disabled)
            .finish_non_exhaustive()
    }
}

/// A place from which an agent has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignInPlace {
    /// The agent.
    pub agent: AgentId,
    /// The account's name.
    pub agent_name: String,
    /// Hash of the agent and the address.
    pub place: PlaceHash,
    /// The day of the last sign-in, in days since 1970-01-01 UTC.
    pub day: i64,
}
