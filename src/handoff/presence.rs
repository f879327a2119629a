//! Keeps the records of conversations in step with the presence of their agents.

use std::time::Duration;

use super::{desk::Desk, errand::Errand, moment::Moment};
use crate::journal::{AgentId, ConversationId};

/// A conversation is told again after this time if no record of it came, as on a full disk.
const TELL_AGAIN: Duration = Duration::from_secs(5);

impl Desk {
    /// Notes whether the conversation's records match its agent's presence. Must be called when
    /// either may have changed.
    pub(super) fn compare_presence(&mut self, conversation: &ConversationId) {
        let Some(held) = self.holdings.held.get(conversation) else { return };
        let is_unaware = self.is_lost(held.agent).is_some_and(|is_lost| is_lost != held.is_lost);
        if is_unaware {
            self.holdings.unaware.insert(conversation.clone());
        } else {
            self.holdings.unaware.remove(conversation);
        }
    }

    /// Compares all conversations that the agent owns.
    pub(super) fn compare_presence_of(&mut self, agent: AgentId) {
        let held: Vec<_> = self.held_by(agent).cloned().collect();
        for conversation in held {
            self.compare_presence(&conversation);
        }
    }

    /// Whether the agent is lost; `None` for an agent who has yet to come back after a restart.
    fn is_lost(&self, agent: AgentId) -> Option<bool> {
        if self.status(agent).is_some() {
            return Some(false);
        }
        (!self.leases.has(agent)).then_some(true)
    }

    /// The reports on agents that conversations must get now.
    pub(super) fn news_of_agents(&mut self, now: Moment) -> Vec<Errand> {
        let mut errands = Vec::new();
        for conversation in &self.holdings.unaware {
            let Some(held) = self.holdings.held.get_mut(conversation) else { continue };
            let is_lost = !held.is_lost;
            let is_told = |(told, at): (bool, Moment)| told == is_lost && now < at.plus(TELL_AGAIN);
            if held.told.is_some_and(is_told) {
                continue;
            }
            held.told = Some((is_lost, now));
            let (conversation, agent) = (conversation.clone(), held.agent);
            errands.push(if is_lost {
                Errand::AgentLost { conversation, agent }
            } else {
                Errand::AgentBack { conversation, agent }
            });
        }
        errands
    }

    /// When [`Desk::news_of_agents`] repeats a report without any other change.
    pub(super) fn news_again_at(&self) -> Option<Moment> {
        let told = |conversation| self.holdings.held.get(conversation)?.told;
        self.holdings.unaware.iter().filter_map(told).map(|(_, at)| at.plus(TELL_AGAIN)).min()
    }
}
