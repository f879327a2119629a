//! One agent as the desk sees it.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::moment::Moment;
use crate::journal::{AgentId, ConversationId};

/// An agent whose socket is closed for less than this time counts as present: reloading a page, or
/// a socket that reconnects, takes less.
pub(super) const FLAP: Duration = Duration::from_secs(3);

/// Whether an agent who is signed in takes new conversations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AgentStatus {
    /// Offers may come.
    #[default]
    Ready,
    /// No offers. Set by the agent, or by the desk after an offer ran out in silence.
    Break,
}

/// An agent who is signed in, as the console shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PresentAgent {
    /// The agent.
    pub agent: AgentId,
    /// Whether offers may come.
    pub status: AgentStatus,
    /// Whether the console is connected now.
    pub is_here: bool,
    /// Conversations held, offered, or being accepted.
    pub load: usize,
    /// Conversations that may be held at the same time.
    pub capacity: usize,
}

/// The desk's record of an agent. Load outlives presence: an agent who comes back still has it.
#[derive(Clone, Debug, Default)]
pub(super) struct Seat {
    pub(super) presence: Option<Presence>,
    /// The status when the agent left: an agent who comes back from a break is still on it.
    pub(super) status_before: AgentStatus,
    /// Signed out or lost. `false` for an agent who has yet to come back after a restart.
    pub(super) has_gone: bool,
    /// Conversations that the agent owns.
    pub(super) held: BTreeSet<ConversationId>,
    /// Offered, or proposed and not yet committed. At most one, except in old journals.
    pub(super) asked: BTreeSet<ConversationId>,
    /// Being accepted, with the number of requests in flight: an agent may use several sockets.
    pub(super) accepting: BTreeMap<ConversationId, usize>,
    /// Round-robin tie-break: least recently offered first.
    pub(super) last_offer: Option<Moment>,
    /// When the agent last accepted, answered, returned or closed a conversation.
    pub(super) last_act: Option<Moment>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Presence {
    pub(super) status: AgentStatus,
    /// When the last socket closed; the lease runs on.
    pub(super) away_since: Option<Moment>,
}

impl Presence {
    /// Whether a socket is open, or was within `FLAP`.
    fn is_here(&self, now: Moment) -> bool {
        self.away_since.is_none_or(|since| now < since.plus(FLAP))
    }
}

impl Seat {
    /// Conversations held, offered, or being accepted.
    pub(super) fn load(&self) -> usize {
        let accepting = self.accepting.keys().filter(|id| !self.held.contains(*id));
        let asked =
            |id: &&ConversationId| !self.held.contains(*id) && !self.accepting.contains_key(*id);
        self.held.len() + accepting.count() + self.asked.iter().filter(asked).count()
    }

    /// Whether the agent may take this conversation besides those held and being accepted. An
    /// offered conversation does not count: an agent who takes another one lets the offer go.
    pub(super) fn has_room_for(&self, conversation: &ConversationId, limit: usize) -> bool {
        let accepting = self.accepting.keys().filter(|id| !self.held.contains(*id));
        let others = self.held.iter().chain(accepting).filter(|id| *id != conversation).count();
        self.held.contains(conversation) || others < limit
    }

    /// Whether one more conversation may be offered now. An agent gets one offer at a time: until
    /// it is answered, it is unknown whether the agent is there for the next.
    pub(super) fn is_free(&self, limit: usize) -> bool {
        self.is_ready() && self.asked.is_empty() && self.load() < limit
    }

    /// Whether the agent takes new conversations and is connected.
    pub(super) fn is_ready(&self) -> bool {
        self.presence.is_some_and(|presence| {
            presence.status == AgentStatus::Ready && presence.away_since.is_none()
        })
    }

    /// As [`Self::is_ready`], but an agent whose socket closed within `FLAP` counts, too.
    pub(super) fn is_ready_soon(&self, now: Moment) -> bool {
        self.presence
            .is_some_and(|presence| presence.status == AgentStatus::Ready && presence.is_here(now))
    }

    /// Whether an offer to the agent may stand. After a restart it stands until the agent is back
    /// or the offer runs out.
    pub(super) fn may_answer(
        &self,
        conversation: &ConversationId,
        limit: usize,
        now: Moment,
    ) -> bool {
        match self.presence {
            Some(_) => self.is_ready_soon(now) && self.has_room_for(conversation, limit),
            None => !self.has_gone,
        }
    }

    /// Records an act of the agent.
    pub(super) fn acted(&mut self, at: Moment) {
        self.last_act = self.last_act.max(Some(at));
    }
}
