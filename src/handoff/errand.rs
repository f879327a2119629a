//! The desk's requests to conversations.

use crate::journal::{AgentId, ConversationId};

/// An offer that the shell is to send to the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The conversation to be offered.
    pub conversation: ConversationId,
    /// The agent to whom it is offered.
    pub agent: AgentId,
    /// The conversation's epoch, as the desk knows it.
    pub epoch: u64,
}

/// A staffing notice that the shell is to send to the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffingNotice {
    /// The conversation of the waiting customer.
    pub conversation: ConversationId,
    /// Whether an agent is ready.
    pub is_staffed: bool,
}

/// A request that the shell is to send to a conversation. After the records that follow from it,
/// its end is reported to [`Desk::answered`](super::Desk::answered).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Offer the conversation to an agent.
    Offer(Offer),
    /// End the offer, because the agent takes none now.
    EndOffer {
        /// The offered conversation.
        conversation: ConversationId,
        /// The agent to whom it is offered.
        agent: AgentId,
    },
    /// Tell the customer that the last ready agent has left, or that an agent is ready again.
    Tell(StaffingNotice),
    /// The owner is lost.
    AgentLost {
        /// The conversation.
        conversation: ConversationId,
        /// Its owner.
        agent: AgentId,
    },
    /// The owner is back.
    AgentBack {
        /// The conversation.
        conversation: ConversationId,
        /// Its owner.
        agent: AgentId,
    },
}

impl Errand {
    /// The conversation that the errand is for.
    pub fn conversation(&self) -> &ConversationId {
        match self {
            Self::Offer(Offer { conversation, .. })
            | Self::EndOffer { conversation, .. }
            | Self::Tell(StaffingNotice { conversation, .. })
            | Self::AgentLost { conversation, .. }
            | Self::AgentBack { conversation, .. } => conversation,
        }
    }
}
