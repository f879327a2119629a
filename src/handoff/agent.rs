//! One agent as the desk sees it.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::journal::{AgentId, ConversationId};

/// Whether an agent who is signed in takes new conversations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AgentStatus {
    /// Offers may come.
    #[default]
    Ready,
    /// No offers. Set by the agent, or by the desk after an offer ran out.
    Break,
}

/// An agent who is signed in, as the console shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PresentAgent {
    /// Who.
    pub agent: AgentId,
    /// Whether offers may come.
    pub status: AgentStatus,
    /// Conversations held or offered.
    pub load: usize,
    /// Conversations that may be held or offered at the same time.
    pub capacity: usize,
}

/// What is known of an agent. Load outlives presence: who comes back still has it.
#[derive(Clone, Debug, Default)]
pub(super) struct Seat {
    pub(super) presence: Option<Presence>,
    /// As it was when the agent went: who comes back from a break is still on it.
    pub(super) status_before: AgentStatus,
    /// Held, offered or proposed.
    pub(super) load: BTreeSet<ConversationId>,
    /// For turns among equals: whose last offer is oldest goes first.
    pub(super) last_offer: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Presence {
    pub(super) capacity: usize,
    pub(super) status: AgentStatus,
}

impl Seat {
    /// Whether one more conversation may be offered now.
    pub(super) fn is_free(&self) -> bool {
        self.presence.is_some_and(|presence| {
            presence.status == AgentStatus::Ready && self.load.len() < presence.capacity
        })
    }
}
