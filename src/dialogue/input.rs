//! What may happen to a conversation, and what the dialogue says to it.

use jiff::{Timestamp, civil::Date};
use thiserror::Error;

use crate::journal::{AgentId, ClientIdHash, Event};
use crate::knowledge::{Circumstances, EntryId, Facts, KnowledgeBase};
use crate::matching::Outcome;

/// What may happen. Texts are masked already.
#[derive(Clone, Debug)]
pub enum Input<'a> {
    /// The customer typed something or pressed a choice.
    Says {
        /// The client's own id.
        client_id: ClientIdHash,
        /// What was said, or the choice's label.
        text: String,
        /// Whether masking destroyed a password or code in it.
        secret: bool,
        /// The entry of the button, if one was pressed.
        choice: Option<EntryId>,
        /// What matching found. `None` where nobody looked because bot and nobody do not
        /// own the conversation; while the bot owns it, it counts as nothing found.
        outcome: Option<&'a Outcome>,
    },
    /// The customer pressed the button for a human.
    AsksHuman {
        /// The client's own id of the press.
        client_id: ClientIdHash,
    },
    /// The customer no longer wants to wait.
    LeavesQueue,
    /// The customer left a message for the agents.
    LeavesMessage {
        /// The client's own id.
        client_id: ClientIdHash,
        /// The message.
        text: String,
        /// Whether a contact came with it.
        has_contact: bool,
    },
    /// The customer rated the episode.
    Rates {
        /// The client's own id.
        client_id: ClientIdHash,
        /// 1 to 5.
        stars: u8,
        /// May be empty.
        comment: String,
    },
    /// The customer ended the episode.
    Ends,
    /// The desk offers the conversation to an agent.
    Offer {
        /// To whom.
        agent: AgentId,
        /// The epoch that the desk saw, as below.
        epoch: u64,
    },
    /// An agent takes what was offered, waits in the queue, or left a message.
    Accept {
        /// Who.
        agent: AgentId,
        /// As the agent saw it.
        epoch: u64,
    },
    /// An agent lets an offer pass.
    Decline {
        /// Who.
        agent: AgentId,
    },
    /// The owning agent says something.
    AgentSays {
        /// Who.
        agent: AgentId,
        /// As the agent saw it.
        epoch: u64,
        /// The agent client's own id.
        client_id: ClientIdHash,
        /// What was said.
        text: String,
    },
    /// The owning agent gives it back to the bot.
    ReturnToBot {
        /// Who.
        agent: AgentId,
        /// As the agent saw it.
        epoch: u64,
    },
    /// The owning agent ends the episode.
    AgentCloses {
        /// Who.
        agent: AgentId,
        /// As the agent saw it.
        epoch: u64,
    },
    /// The agent's lease is over. May be sent to conversations that are not that agent's.
    AgentLost {
        /// Who.
        agent: AgentId,
    },
    /// The agent is there again. May be sent to conversations that are not that agent's.
    AgentBack {
        /// Who.
        agent: AgentId,
    },
    /// Whether anybody is ready to take the customer has changed: the desk tells those who
    /// wait. May be sent again, and to conversations that no longer wait.
    Staffing {
        /// Whether anybody is.
        is_staffed: bool,
    },
    /// Time has come, see [`State::deadline`](super::State::deadline). Too early is harmless.
    Tick,
}

/// What [`step`](super::step) must know besides state and input.
#[derive(Clone, Debug)]
pub struct World<'a> {
    /// The moment of the events.
    pub now: Timestamp,
    /// The day where the agents work, for the validity of entries.
    pub today: Date,
    /// What is known of the customer.
    pub facts: &'a Facts,
    /// The knowledge base that `outcome` was found in.
    pub base: &'a KnowledgeBase,
    /// Whether a human can be had.
    pub duty: Duty,
    /// The name of the agent who accepts, as the customer reads it; else of no meaning.
    pub agent_name: &'a str,
}

impl World<'_> {
    /// What decides which entries are served.
    pub(crate) fn circumstances(&self) -> Circumstances<'_> {
        Circumstances { today: self.today, facts: self.facts }
    }
}

/// Whether a human can be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Whether it is within the agents' hours.
    pub open: bool,
    /// Whether an agent is signed in and not on a break, as the desk's `is_staffed` says.
    pub agents_present: bool,
    /// When the hours begin next, to be read, such as “11月23日（周一）09:00”.
    pub next_opening: String,
}

impl Duty {
    /// Whether somebody will serve the queue.
    pub fn has_human(&self) -> bool {
        self.open && self.agents_present
    }
}

/// What follows from an input.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Write these, all or none; see [`State::number`](super::State::number). Empty: there
    /// is nothing to do, and that is right.
    Events(Vec<Event>),
    /// The message was taken before, at this place. Nothing to write.
    Duplicate {
        /// Where.
        seq: u64,
    },
}

/// Why an input is not taken. The state stays as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The owner has changed since the epoch that came with the input.
    #[error("the conversation has changed hands since")]
    Fenced,
    /// It is somebody else's: another agent's, or offered to another one.
    #[error("the conversation is not this agent's")]
    NotOwner,
    /// The client id was used for another message.
    #[error("the client id was used for another message")]
    ClientIdReused,
    /// It does not go with what the conversation is waiting for.
    #[error("the conversation is in another phase")]
    WrongPhase,
    /// More characters than the policy allows.
    #[error("the text is too long")]
    TooLong,
    /// Nothing but spaces.
    #[error("the text is empty")]
    Empty,
    /// Not 1 to 5.
    #[error("stars go from 1 to 5")]
    StarsOutOfRange,
}
