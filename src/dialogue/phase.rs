//! Who owns a conversation, and what it is waiting for.

use jiff::Timestamp;

use crate::journal::AgentId;
use crate::knowledge::EntryId;

/// Who may speak to the customer. There is exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// The bot answers.
    Bot,
    /// The customer waits for an agent; the bot is silent.
    Queue,
    /// This agent answers, even while the connection is lost for a moment.
    Agent(AgentId),
    /// Before the first message, and after the end.
    Nobody,
}

/// How long and how urgently a customer waits for a human. It goes with the conversation
/// from the queue to the agent, so that who loses an agent is not served last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    /// When a human was first wanted.
    pub since: Timestamp,
    /// 0 to 9, larger first.
    pub priority: u8,
}

impl Wait {
    /// Of everybody whom no intent gives another: equal, so that they are served in order.
    pub const NORMAL_PRIORITY: u8 = 5;
}

/// What a conversation is waiting for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The bot answers whatever comes.
    BotActive {
        /// Utterances in a row that nothing was found for.
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
        /// Decides the place.
        wait: Wait,
        /// From when the time limit of the queue runs. Unlike `wait.since` it is new after
        /// a lost agent, else that customer would be sent away at once.
        entered_at: Timestamp,
    },
    /// In the queue, offered to one agent.
    Offered {
        /// As above.
        wait: Wait,
        /// As above.
        entered_at: Timestamp,
        /// To whom.
        agent: AgentId,
        /// Until when.
        until: Timestamp,
    },
    /// An agent answers.
    AgentActive {
        /// Who.
        agent: AgentId,
        /// For the queue, if the agent is lost.
        wait: Wait,
    },
    /// The agent's connection is gone for now.
    AgentLost {
        /// Who.
        agent: AgentId,
        /// As above.
        wait: Wait,
        /// Until when the agent may come back.
        until: Timestamp,
    },
    /// The customer left a message.
    MessageLeft,
    /// Over; a rating is taken.
    Rating {
        /// Until when.
        until: Timestamp,
    },
    /// Over, or not begun.
    Closed,
}

impl Phase {
    /// Who owns a conversation in this phase.
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

    /// Utterances in a row that nothing was found for; 0 where the bot does not own.
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
