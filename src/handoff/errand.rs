//! What the desk asks of conversations.

use crate::journal::{AgentId, ConversationId};

/// An offer for the shell to put to the conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Which conversation.
    pub conversation: ConversationId,
    /// To this agent.
    pub agent: AgentId,
    /// Of the conversation, as the desk knows it.
    pub epoch: u64,
}

/// A customer for the shell to tell whether anybody is ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Whether somebody is ready.
    pub is_staffed: bool,
}

/// Something for the shell to put to a conversation. What became of it comes back by
/// [`Desk::answered`](super::Desk::answered), after the records that followed from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Errand {
    /// Offer it to an agent.
    Offer(Offer),
    /// End the offer: its agent takes none now.
    EndOffer {
        /// Which conversation.
        conversation: ConversationId,
        /// To whom it is offered.
        agent: AgentId,
    },
    /// Tell its customer that nobody is ready any more, or somebody again.
    Tell(Telling),
    /// The agent who owns it is lost.
    AgentLost {
        /// Which conversation.
        conversation: ConversationId,
        /// Its owner.
        agent: AgentId,
    },
    /// The agent who owns it is back.
    AgentBack {
        /// Which conversation.
        conversation: ConversationId,
        /// Its owner.
        agent: AgentId,
    },
}

impl Errand {
    /// Which conversation it is for.
    pub fn conversation(&self) -> &ConversationId {
        match self {
            Self::Offer(Offer { conversation, .. })
            | Self::EndOffer { conversation, .. }
            | Self::Tell(Telling { conversation, .. })
            | Self::AgentLost { conversation, .. }
            | Self::AgentBack { conversation, .. } => conversation,
        }
    }
}
