//! The agents' side of the desk: who is there, who has room, and which offers go on to others.

use thiserror::Error;

use super::{
    agent::{AgentStatus, FLAP, Presence, PresentAgent, Seat},
    desk::Desk,
    moment::Moment,
};
use crate::journal::{AgentId, ConversationId};

/// The agent has as many conversations as may be at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the agent has as many conversations as may be at the same time")]
pub struct AtLimit;

impl Desk {
    /// Conversations that an agent may have at the same time. What an agent has beyond it
    /// stays.
    pub fn set_limit(&mut self, conversations: usize) {
        self.limit = conversations;
    }

    /// The agent signed in, or came back: then the status stays. The lease is renewed.
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

    /// The agent is still there. After a lease that ended while the socket was stuck, this is
    /// a return.
    pub fn agent_pinged(&mut self, agent: AgentId, now: Moment) {
        if self.status(agent).is_some() {
            self.leases.renew(agent, now);
        } else {
            self.agent_present(agent, now);
        }
    }

    /// The agent is ready or takes a break. Nothing happens for one who is not signed in.
    pub fn agent_status(&mut self, agent: AgentId, status: AgentStatus) {
        let seat = self.agents.get_mut(&agent);
        let Some(presence) = seat.and_then(|seat| seat.presence.as_mut()) else { return };
        let before = std::mem::replace(&mut presence.status, status);
        if (before, status) == (AgentStatus::Break, AgentStatus::Ready) {
            self.forget_passed(agent);
        }
        self.agents_changed.insert(agent);
    }

    /// The agent's last socket has closed. No offers come until the agent is back; after a
    /// moment, what is offered goes on. What the agent holds stays.
    pub fn agent_away(&mut self, agent: AgentId, now: Moment) {
        let seat = self.agents.get_mut(&agent);
        if let Some(presence) = seat.and_then(|seat| seat.presence.as_mut()) {
            presence.away_since.get_or_insert(now);
        }
    }

    /// The agent signed out or was lost. What the agent holds stays held until the
    /// conversations say otherwise.
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

    /// Agents whose leases are over are lost; gives them. To be called before [`Desk::errands`].
    pub fn end_leases(&mut self, now: Moment) -> Vec<AgentId> {
        let over = self.leases.over(now);
        for agent in &over {
            self.agent_gone(*agent);
        }
        over
    }

    /// Keeps a place for a conversation that the agent wants to accept, before the
    /// conversation is asked: however many are accepted at once, the limit holds. To be given
    /// back with [`Desk::give_back`] when the conversation has answered, whatever it said.
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

    /// Gives back what [`Desk::reserve`] kept.
    pub fn give_back(&mut self, agent: AgentId, conversation: &ConversationId) {
        let Some(seat) = self.agents.get_mut(&agent) else { return };
        let Some(times) = seat.accepting.get_mut(conversation) else { return };
        *times -= 1;
        if *times == 0 {
            seat.accepting.remove(conversation);
        }
    }

    /// Who is signed in, by id.
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

    /// Whether anybody is signed in and not on a break, even if all are busy.
    pub fn is_staffed(&self, now: Moment) -> bool {
        self.agents.values().any(|seat| seat.is_ready_soon(now))
    }

    pub(super) fn free(&self) -> impl Iterator<Item = (AgentId, &Seat)> {
        let is_free = |(_, seat): &(&AgentId, &Seat)| seat.is_free(self.limit);
        self.agents.iter().filter(is_free).map(|(agent, seat)| (*agent, seat))
    }

    /// When somebody who is away will have been so for too long.
    pub(super) fn away_at(&self, now: Moment) -> Option<Moment> {
        let away = self.agents.values().filter_map(|seat| seat.presence?.away_since);
        away.map(|since| since.plus(FLAP)).filter(|at| *at > now).min()
    }

    /// An agent who comes back, or is ready again, takes the first, though it was let pass.
    fn forget_passed(&mut self, agent: AgentId) {
        let passed = self.queue.passed().filter(|place| place.passed.contains_key(&agent));
        let passed: Vec<_> = passed.map(|place| place.waiting.conversation.clone()).collect();
        for conversation in passed {
            self.queue.change(&conversation, |place| place.passed.remove(&agent));
        }
    }
}
