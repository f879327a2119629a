//! What may happen to a conversation, and what the dialogue says to it.

use std::fmt;

use jiff::{Timestamp, civil::Date};
use thiserror::Error;

use super::{phase::Wait, timer::Timer};
use crate::compliance::Masked;
use crate::journal::{AgentId, ClientIdHash};
use crate::knowledge::{Circumstances, EntryId, Facts, KnowledgeBase};
use crate::matching::Outcome;

/// What may happen, grouped by who acts. Texts are masked before they get here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The customer does something.
    Customer(CustomerAct),
    /// An agent does something.
    Agent {
        /// The one who acts.
        agent: AgentId,
        /// The conversation's epoch as this agent last saw it.
        epoch: u64,
        /// What the agent does.
        act: AgentAct,
    },
    /// The desk tells or proposes something.
    Desk(DeskAct),
    /// A timer of the conversation has run out, see [`State::timer`](super::State::timer).
    Due(Timer),
}

/// What the customer does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CustomerAct {
    /// Types something or presses a choice.
    Says {
        /// Of the client's own id.
        client_id: ClientIdHash,
        /// What was said, or the choice's label.
        text: Masked,
        /// The entry of the button, if one was pressed.
        choice: Option<EntryId>,
    },
    /// Presses the button for a human.
    AsksHuman {
        /// Of the client's own id of the press.
        client_id: ClientIdHash,
    },
    /// No longer wants to wait.
    LeavesQueue,
    /// Leaves a message for the agents.
    LeavesMessage {
        /// Of the client's own id.
        client_id: ClientIdHash,
        /// The message.
        text: Masked,
        /// Whether a contact came with it.
        has_contact: bool,
    },
    /// Rates the episode.
    Rates {
        /// Of the client's own id.
        client_id: ClientIdHash,
        /// 1 to 5.
        stars: u8,
        /// May be empty.
        comment: Masked,
    },
    /// Ends the episode.
    Ends,
}

/// What an agent does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgentAct {
    /// Takes what was offered, waits in the queue, or left a message.
    Accepts,
    /// Lets an offer pass, whatever the epoch.
    Declines,
    /// Says something to the customer.
    Says {
        /// Of the agent client's own id.
        client_id: ClientIdHash,
        /// What was said.
        text: Masked,
    },
    /// Gives the conversation back to the bot.
    ReturnsToBot,
    /// Ends the episode.
    Closes,
}

/// What the desk tells or proposes. All but an offer may be sent again, and to conversations
/// that it no longer concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeskAct {
    /// Offers the conversation to an agent.
    Offers {
        /// To this one.
        agent: AgentId,
        /// The epoch that the desk saw.
        epoch: u64,
    },
    /// Takes the offer to an agent back.
    Withdraws {
        /// From this one.
        agent: AgentId,
    },
    /// The agent's lease is over.
    AgentLost {
        /// The one who is gone.
        agent: AgentId,
    },
    /// The agent is there again.
    AgentBack {
        /// The one who is back.
        agent: AgentId,
    },
    /// Whether anybody is ready to take the customer has changed.
    Staffing {
        /// Whether anybody is.
        is_staffed: bool,
    },
}

impl Input {
    /// The hash of the client's own id of the message, where somebody sends one.
    pub fn client_id(&self) -> Option<&ClientIdHash> {
        match self {
            Self::Customer(
                CustomerAct::Says { client_id, .. }
                | CustomerAct::AsksHuman { client_id }
                | CustomerAct::LeavesMessage { client_id, .. }
                | CustomerAct::Rates { client_id, .. },
            )
            | Self::Agent { act: AgentAct::Says { client_id, .. }, .. } => Some(client_id),
            Self::Customer(CustomerAct::LeavesQueue | CustomerAct::Ends)
            | Self::Agent { .. }
            | Self::Desk(_)
            | Self::Due(_) => None,
        }
    }
}

/// What [`turn`](super::turn()) must know besides state and input.
pub struct World<'a> {
    /// The stamp of the events, which never stands before that of an earlier one.
    pub now: Timestamp,
    /// What the clock shows. After it was set back it stands before `now`.
    pub clock: Timestamp,
    /// The day where the agents work, for the validity of entries.
    pub today: Date,
    /// What is known of the customer.
    pub facts: &'a Facts,
    /// The knowledge base that is searched.
    pub base: &'a KnowledgeBase,
    /// Finds what an utterance asks for; called at most once a turn, where the bot is to
    /// answer.
    pub find: &'a Find<'a>,
    /// Whether a human can be had.
    pub duty: Duty,
    /// The name of the agent who acts, as the customer reads it; else of no meaning.
    pub agent_name: &'a str,
}

/// Finds what an utterance without tags asks for, among what is served in these
/// circumstances. `None`: the bot failed, and a human is to help.
pub type Find<'a> = dyn Fn(&str, Circumstances<'_>) -> Option<Outcome> + 'a;

impl<'a> World<'a> {
    /// The world at this moment, by the hours and the knowledge of `base`.
    pub fn new(
        base: &'a KnowledgeBase,
        facts: &'a Facts,
        now: Timestamp,
        desk: AtDesk,
        find: &'a Find<'a>,
    ) -> Self {
        let open = base.hours.is_open(now);
        // Only who comes outside the hours is told when they begin.
        let next_opening = if open { String::new() } else { base.hours.next_opening_text(now) };
        let AtDesk { is_staffed, queue_is_full } = desk;
        let duty = Duty { open, agents_present: is_staffed, queue_is_full, next_opening };
        Self {
            now,
            clock: now,
            today: base.hours.date(now),
            facts,
            base,
            find,
            duty,
            agent_name: "",
        }
    }

    /// What decides which entries are served.
    pub(crate) fn circumstances(&self) -> Circumstances<'_> {
        Circumstances { today: self.today, facts: self.facts }
    }
}

impl fmt::Debug for World<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("now", &self.now)
            .field("today", &self.today)
            .field("duty", &self.duty)
            .finish_non_exhaustive()
    }
}

/// What the desk shows of itself. By default nobody is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AtDesk {
    /// Whether an agent is there to take conversations.
    pub is_staffed: bool,
    /// Whether as many customers wait as may.
    pub queue_is_full: bool,
}

/// Whether a human can be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Whether it is within the agents' hours.
    pub open: bool,
    /// Whether an agent is signed in and not on a break, as the desk's `is_staffed` says.
    pub agents_present: bool,
    /// Whether as many wait as the policy's `queue_max` lets wait, as the desk's `is_full` says.
    pub queue_is_full: bool,
    /// When the hours begin next, to be read, such as “11月23日（周一）09:00”.
    pub next_opening: String,
}

impl Duty {
    /// Whether somebody will serve the queue.
    pub fn has_human(&self) -> bool {
        self.open && self.agents_present
    }

    /// Whether a customer with this priority may join the queue, and will be served. A full
    /// queue refuses nobody who comes before the others, as people in danger do.
    pub fn has_room_for(&self, priority: u8) -> bool {
        self.has_human() && (!self.queue_is_full || priority > Wait::NORMAL_PRIORITY)
    }
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
