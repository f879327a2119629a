//! What the tables of customers and agents hold.

use jiff::Timestamp;

use crate::journal::{AgentId, ConversationId};
use crate::knowledge::Facts;

#[derive(Debug)]
pub(super) struct Customer {
    pub(super) conversation: ConversationId,
    pub(super) facts: Facts,
    pub(super) expires_at: Timestamp,
}

#[derive(Debug)]
pub(super) struct AgentSession {
    pub(super) agent: AgentId,
    pub(super) expires_at: Timestamp,
}
