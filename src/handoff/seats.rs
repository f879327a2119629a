//! The agents' side of the desk: presence, status and capacity.

use thiserror::Error;

use super::{
    agent::{AgentStatus, FLAP, Presence, PresentAgent, Seat},
    desk::Desk,
    moment::Moment,
};
use crate::journal::{AgentId, ConversationId};

/// The agent has reached the limit of conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the agent has as many conversations as may be at the same time")]
pub struct AtLimit;

impl Desk {
    /// Sets how many conversations an agent may have at the same time. An agent who has more keeps
    /// them.
    pub fn set_limit(&mut self, conversations: usize) {
        self.limit = conversations;
    }

    /// The agent signed in or came back, and keeps the status from before. Renews the lease.
    pub fn agent_present(&mut self, agent: AgentId, now: Moment) {
        self.leases.renew(agent, now);
        let seat = self.agents.entry(agent).or_default();
        let was_here = seat.presence.is_some_and(|presence| presence.away_since.is_none());
        let status = seat.presence.map_or(seat.status_before, |presence| presence.status);
        seat.presence = Some(Presence { status, away_since: None });
        seat.has_gone = false;
        if !was_here {
            self.forget_passed(agent);
        }
        self.agents_changed.insert(agent);
        self.compare_presence_of(agent);
    }

    /// The agent sent a ping. After a lease that ended while the socket was stuck, this counts as a
    /// return.
    pub fn agent_pinged(&mut self, agent: AgentId, now: Moment) {
        if self.status(agent).is_some() {
            self.leases.renew(agent, now);
        } else {
            self.agent_present(agent, now);
        }
    }

    /// The agent is ready or takes a break. Changes nothing for an agent who is not signed in.
    pub fn agent_status(&mut self, agent: AgentId, status: AgentStatus) {
        let seat = self.agents.get_mut(&agent);
        let Some(presence) = seat.and_then(|seat| seat.presence.as_mut()) else { return };
        let before = std::mem::replace(&mut presence.status, status);
        if (before, status) == (AgentStatus::Break, AgentStatus::Ready) {
            self.forget_passed(agent);
        }
        self.agents_changed.insert(agent);
    }

    /// The agent's last socket has closed. No offers come until the agent is back. After a moment
    /// an open offer goes to another agent. The agent keeps the conversations held.
    pub fn agent_away(&mut self, agent: AgentId, now: Moment) {
        let seat = self.agents.get_mut(&agent);
        if let Some(presence) = seat.and_then(|seat| seat.presence.as_mut()) {
            presence.away_since.get_or_insert(now);
        }
    }

    /// The agent signed out or was lost. The agent keeps the conversations held until their records
    /// say otherwise.
    pub fn agent_gone(&mut self, agent: AgentId) {
        self.leases.end(agent);
        if let Some(seat) = self.agents.get_mut(&agent) {
            seat.has_gone = true;
            if let Some(presence) = seat.presence.take() {
                seat.status_before = presence.status;
            }
        }
        self.agents_changed.insert(agent);
        self.compare_presence_of(agent);
    }

    /// Signs out the agents whose leases have ended, and returns them. Call it before
    /// [`Desk::errands`].
    pub fn end_leases(&mut self, now: Moment) -> Vec<AgentId> {
        let over = self.leases.over(now);
        for agent in &over {
            self.agent_gone(*agent);
        }
        over
    }

    /// Reserves room for a conversation that the agent wants to accept, before the conversation is
    /// asked: the limit holds, however many are accepted at once. Return the room with
    /// [`Desk::give_back`] when the conversation has answered, whatever the answer.
    pub fn reserve(
        &mut self,
        agent: AgentId,
        conversation: &ConversationId,
    ) -> Result<(), AtLimit> {
        let limit = self.limit;
        let seat = self.agents.entry(agent).or_default();
        if !seat.has_room_for(conversation, limit) {
            return Err(AtLimit);
        }
        *seat.accepting.entry(conversation.clone()).or_default() += 1;
        Ok(())
    }

    /// Returns the room that [`Desk::reserve`] took.
    pub fn give_back(&mut self, agent: AgentId, conversation: &ConversationId) {
        let Some(seat) = self.agents.get_mut(&agent) else { return };
        let Some(times) = seat.accepting.get_mut(conversation) else { return };
        *times -= 1;
        if *times == 0 {
            seat.accepting.remove(conversation);
        }
    }

    /// The agents who are signed in, by id.
    pub fn agents(&self) -> impl Iterator<Item = PresentAgent> {
        self.agents.iter().filter_map(|(agent, seat)| {
            let Presence { status, away_since } = seat.presence?;
            Some(PresentAgent {
                agent: *agent,
                status,
                is_here: away_since.is_none(),
                load: seat.load(),
                capacity: self.limit,
            })
        })
    }

    /// Whether an agent is signed in and not on a break, even if all are busy.
    pub fn is_staffed(&self, now: Moment) -> bool {
        self.agents.values().any(|seat| seat.is_ready_soon(now))
    }

    pub(super) fn free(&self) -> impl Iterator<Item = (AgentId, &Seat)> {
        let is_free = |(_, seat): &(&AgentId, &Seat)| seat.is_free(self.limit);
        self.agents.iter().filter(is_free).map(|(agent, seat)| (*agent, seat))
    }

    /// When the next agent will have been away for longer than `FLAP`.
    pub(super) fn away_at(&self, now: Moment) -> Option<Moment> {
        let away = self.agents.values().filter_map(|seat| seat.presence?.away_since);
        away.map(|since| since.plus(FLAP)).filter(|at| *at > now).min()
    }

    /// Lifts the pauses of an agent who comes back or is ready again: the first in the queue is
    /// offered anew.
    fn forget_passed(&mut self, agent: AgentId) {
        let passed = self.queue.passed().filter(|place| place.passed.contains_key(&agent));
        let passed: Vec<_> = passed.map(|place| place.waiting.conversation.clone()).collect();
        for conversation in passed {
            self.queue.change(&conversation, |place| place.passed.remove(&agent));
        }
    }
}
