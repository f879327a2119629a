//! The types that cross the store's face. No engine has types of its own there.

use std::fmt;

use jiff::Timestamp;

use super::error::StorageError;
use crate::journal::{AgentId, ConversationId, Record};
use crate::knowledge::Facts;

/// SHA-256 of a session token; the token itself is never stored.
pub type TokenHash = [u8; 32];

/// SHA-256 of an agent and an address.
pub type PlaceHash = [u8; 32];

/// Places of one agent that are kept; the oldest go. Nobody signs in from more in a month.
pub const PLACES_KEPT: usize = 32;

/// Records that one fold may read. An episode has dozens; a journal written before episodes
/// were remembered is read from its first record. Beyond it the fold is refused, so that one
/// conversation can neither fill memory nor keep a reader for longer than a second or so.
pub const FOLD_MAX: usize = 200_000;

/// All that one step of a conversation stores, in one transaction.
#[derive(Clone, Debug)]
pub struct Append {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Its last `seq` as the step saw it; 0 before the first event.
    pub expected_seq: u64,
    /// The events, numbered from `expected_seq + 1` without a gap.
    pub records: Vec<Record>,
    /// The contact that came with one of these events.
    pub contact: Option<Contact>,
    /// Whether, after the step, something may yet happen without the customer: such a
    /// conversation is folded at start.
    pub is_open: bool,
    /// The `seq` of the record from which folding is enough after this step; 0 and 1: all
    /// records are needed.
    pub fold_from: u64,
}

impl Append {
    /// Whether the records follow `expected_seq` without a gap.
    pub(super) fn is_in_order(&self) -> bool {
        (self.expected_seq + 1..).zip(&self.records).all(|(seq, record)| record.seq == seq)
    }
}

/// How a customer wants to be called back.
#[derive(Clone, PartialEq, Eq)]
pub struct Contact {
    /// The event with which it came.
    pub seq: u64,
    /// Personal data, unmasked.
    pub text: String,
    /// When the customer consented to its use.
    pub consented_at: Timestamp,
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without the text: it may end up in a log.
        f.debug_struct("Contact").field("seq", &self.seq).finish_non_exhaustive()
    }
}

/// An open conversation with the records from which its state is folded.
#[derive(Clone, Debug)]
pub struct OpenConversation {
    /// Its place among all conversations, by which the next page is asked for.
    pub place: u64,
    /// Which conversation.
    pub id: ConversationId,
    /// From the record where folding may begin, in order. An error is about this conversation
    /// alone: [`StorageError::TooLongToFold`].
    pub records: Result<Vec<Record>, StorageError>,
}

/// A customer on the first visit.
#[derive(Clone, Debug)]
pub struct NewCustomer {
    /// Of the session's token.
    pub token_hash: TokenHash,
    /// The one conversation, made here.
    pub conversation: ConversationId,
    /// The site that embeds the widget, if a browser told it.
    pub origin: Option<String>,
    /// What is known of the customer.
    pub facts: Facts,
    /// When.
    pub now: Timestamp,
    /// End of the session, however busy it is.
    pub expires_at: Timestamp,
}

/// A customer whose session is valid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerRow {
    /// The customer's conversation.
    pub conversation: ConversationId,
    /// What is known of the customer.
    pub facts: Facts,
}

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
