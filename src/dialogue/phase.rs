//! The phases of a conversation, and their owners.

use jiff::Timestamp;

use crate::journal::AgentId;
use crate::knowledge::EntryId;

/// The only one who may speak to the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The bot answers.
    Bot,
    /// The customer waits for an agent; the bot is silent.
    Queue,
    /// This agent answers, even while the connection is lost for a moment.
    Agent(AgentId),
    /// Nobody: before the first message, and after the end.
    Nobody,
}

/// How long and how urgently a customer waits for a human. The conversation keeps it when an agent
/// takes it, so that a customer whose agent is lost gets the old place in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// When a human was first asked for.
    pub since: Timestamp,
    /// 0 to 9; a larger number is served first.
    pub priority: u8,
}

impl Wait {
    /// The priority of a handoff without an intent of its own: equal, so that they are served in
    /// order.
    pub const NORMAL_PRIORITY: u8 = 5;

    /// The least priority with which a person in danger waits. A full queue has room for it.
    pub(super) const DANGER_PRIORITY: u8 = Self::NORMAL_PRIORITY + 1;
}

/// The phase of a conversation: what it is waiting for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The bot answers whatever comes.
    BotActive {
        /// Utterances in a row for which nothing was found.
        misses: u8,
    },
    /// The bot has asked which entry is meant.
    Clarifying {
        /// As above.
        misses: u8,
        /// The choices shown, in order.
        choices: Vec<EntryId>,
    },
    /// The customer was asked to leave a message; the bot goes on answering meanwhile.
    LeavingMessage {
        /// As above.
        misses: u8,
    },
    /// In the queue, not offered to anybody.
    Queued {
        /// Decides the place in the queue.
        wait: Wait,
        /// When the time limit of the queue started. Unlike `wait.since` it starts anew after a
        /// lost agent, else that customer would be sent away at once.
        entered_at: Timestamp,
    },
    /// In the queue, offered to one agent.
    Offered {
        /// As above.
        wait: Wait,
        /// As above.
        entered_at: Timestamp,
        /// The agent to whom it is offered.
        agent: AgentId,
        /// When the offer ends.
        until: Timestamp,
    },
    /// An agent answers.
    AgentActive {
        /// The agent who owns the conversation.
        agent: AgentId,
        /// The place in the queue if the agent is lost.
        wait: Wait,
    },
    /// The agent's connection is gone for now.
    AgentLost {
        /// The agent who owns the conversation.
        agent: AgentId,
        /// As above.
        wait: Wait,
        /// Until when the agent may come back.
        until: Timestamp,
    },
    /// The customer left a message.
    MessageLeft,
    /// The episode is over; a rating is taken.
    Rating {
        /// When the time for a rating ends.
        until: Timestamp,
    },
    /// The episode is over, or none has begun.
    Closed,
}

impl Phase {
    /// The owner of a conversation in this phase.
    pub fn owner(&self) -> Owner {
        match self {
            Self::BotActive { .. } | Self::Clarifying { .. } | Self::LeavingMessage { .. } => {
                Owner::Bot
            }
            Self::Queued { .. } | Self::Offered { .. } => Owner::Queue,
            Self::AgentActive { agent, .. } | Self::AgentLost { agent, .. } => Owner::Agent(*agent),
            Self::MessageLeft | Self::Rating { .. } | Self::Closed => Owner::Nobody,
        }
    }

    /// Utterances in a row for which nothing was found; 0 if the bot is not the owner.
    pub(super) fn misses(&self) -> u8 {
        match self {
            Self::BotActive { misses }
            | Self::Clarifying { misses, .. }
            | Self::LeavingMessage { misses } => *misses,
            Self::Queued { .. }
            | Self::Offered { .. }
            | Self::AgentActive { .. }
            | Self::AgentLost { .. }
            | Self::MessageLeft
            | Self::Rating { .. }
            | Self::Closed => 0,
        }
    }

    /// The same phase with at least this priority, if a human has the conversation or will have it.
    pub(super) fn raised_to(&self, priority: u8) -> Option<Self> {
        let mut raised = self.clone();
        match &mut raised {
            Self::Queued { wait, .. }
            | Self::Offered { wait, .. }
            | Self::AgentActive { wait, .. }
            | Self::AgentLost { wait, .. } => wait.priority = wait.priority.max(priority),
            Self::BotActive { .. }
            | Self::Clarifying { .. }
            | Self::LeavingMessage { .. }
            | Self::MessageLeft
            | Self::Rating { .. }
            | Self::Closed => return None,
        }
        Some(raised)
    }

    pub(super) fn wait(&self) -> Option<Wait> {
        match self {
            Self::Queued { wait, .. }
            | Self::Offered { wait, .. }
            | Self::AgentActive { wait, .. }
            | Self::AgentLost { wait, .. } => Some(*wait),
            Self::BotActive { .. }
            | Self::Clarifying { .. }
            | Self::LeavingMessage { .. }
            | Self::MessageLeft
            | Self::Rating { .. }
            | Self::Closed => None,
        }
    }
}
