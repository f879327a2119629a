//! The inputs of the dialogue, and its reasons to refuse one.

use std::fmt;

use jiff::{Timestamp, civil::Date};
use thiserror::Error;

use super::{phase::Wait, timer::Timer};
use crate::compliance::TypedText;
use crate::journal::{AgentId, ClientIdHash};
use crate::knowledge::{Circumstances, Entry, EntryId, Facts, KnowledgeBase};
use crate::matching::Outcome;

/// An input, grouped by who acts. Its texts are as they were typed: the turn masks them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The customer does something.
    Customer(CustomerAct),
    /// An agent does something.
    Agent {
        /// The agent who acts.
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

/// An act of the customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CustomerAct {
    /// Types something or presses a choice.
    Says {
        /// Hash of the client's own message id.
        client_id: ClientIdHash,
        /// The utterance, or the label of the choice.
        text: TypedText,
        /// The entry of the button, if one was pressed.
        choice: Option<EntryId>,
    },
    /// Presses the button for a human.
    AsksHuman {
        /// Hash of the client's own id of the press.
        client_id: ClientIdHash,
    },
    /// No longer wants to wait.
    LeavesQueue,
    /// Leaves a message for the agents.
    LeavesMessage {
        /// Hash of the client's own message id.
        client_id: ClientIdHash,
        /// The message.
        text: TypedText,
        /// Whether a contact came with it.
        has_contact: bool,
    },
    /// Rates the episode.
    Rates {
        /// Hash of the client's own message id.
        client_id: ClientIdHash,
        /// 1 to 5.
        stars: u8,
        /// May be empty.
        comment: TypedText,
    },
    /// Ends the episode.
    Ends,
}

/// An act of an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgentAct {
    /// Takes a conversation that was offered, waits in the queue, or has an open message.
    Accepts,
    /// Lets an offer pass, whatever the epoch.
    Declines,
    /// Says something to the customer.
    Says {
        /// Hash of the agent client's own message id.
        client_id: ClientIdHash,
        /// The message.
        text: TypedText,
    },
    /// Gives the conversation back to the bot.
    ReturnsToBot,
    /// Ends the episode.
    Closes,
}

/// A report or a proposal of the desk. All but an offer may be sent again, and may reach a
/// conversation that they no longer concern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeskAct {
    /// Offers the conversation to an agent.
    Offers {
        /// The agent to whom it is offered.
        agent: AgentId,
        /// The epoch that the desk saw.
        epoch: u64,
    },
    /// Takes the offer to an agent back.
    Withdraws {
        /// The agent to whom it was offered.
        agent: AgentId,
    },
    /// The agent's lease is over.
    AgentLost {
        /// The lost agent.
        agent: AgentId,
    },
    /// The agent is there again.
    AgentBack {
        /// The agent who is back.
        agent: AgentId,
    },
    /// An agent has become ready, or the last ready agent has left.
    Staffing {
        /// Whether an agent is ready.
        is_staffed: bool,
    },
}

impl Input {
    /// The hash of the client's own message id; `None` for an input that is not a message.
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

/// All that [`turn`](super::turn()) needs besides state and input.
pub struct World<'a> {
    /// The stamp of the events, never before the stamp of an earlier event.
    pub now: Timestamp,
    /// The wall clock's reading. It is before `now` after the clock was set back.
    pub clock: Timestamp,
    /// The day where the agents work, for the validity of entries.
    pub today: Date,
    /// What the host told about the customer.
    pub facts: &'a Facts,
    /// The knowledge base that is searched.
    pub base: &'a KnowledgeBase,
    /// The matcher. It is called at most once a turn: for an utterance, whoever answers it. Only
    /// what its guard found counts where the bot does not answer.
    pub find: &'a Find<'a>,
    /// Whether a human can be reached.
    pub duty: Duty,
    /// The acting agent's name as the customer reads it. Unused for other inputs.
    pub agent_name: &'a str,
}

/// Matches an utterance without tags among the entries that are served in these circumstances.
/// `None`: the bot failed, and a human is to help.
pub type Find<'a> = dyn Fn(&str, Circumstances<'_>) -> Option<Outcome> + 'a;

impl<'a> World<'a> {
    /// The world at this moment, by the hours and the knowledge of `base`.
    pub fn new(
        base: &'a KnowledgeBase,
        facts: &'a Facts,
        now: Timestamp,
        desk: DeskState,
        find: &'a Find<'a>,
    ) -> Self {
        let open = base.hours.is_open(now);
        // The next opening is told outside the hours only.
        let next_opening = if open { String::new() } else { base.hours.next_opening_text(now) };
        let DeskState { is_staffed, queue_is_full } = desk;
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

    /// The entry, if it is served.
    pub(super) fn served(&self, id: &EntryId) -> Option<&'a Entry> {
        let entry = self.base.entry(id)?;
        entry.is_served_in(self.circumstances()).then_some(entry)
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

/// The state of the desk that a turn needs. The default: no agent is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DeskState {
    /// Whether an agent is there to take conversations.
    pub is_staffed: bool,
    /// Whether the queue has reached its limit.
    pub queue_is_full: bool,
}

/// Whether a human can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// Whether it is within the agents' working hours.
    pub open: bool,
    /// Whether an agent is signed in and not on a break, as the desk's `is_staffed` says.
    pub agents_present: bool,
    /// Whether the queue has reached the policy's `queue_max`, as the desk's `is_full` says.
    pub queue_is_full: bool,
    /// When the hours begin next, as text, such as “11月23日（周一）09:00”.
    pub next_opening: String,
}

impl Duty {
    /// Whether an agent will serve the queue.
    pub fn has_human(&self) -> bool {
        self.open && self.agents_present
    }

    /// Whether a customer with this priority may join the queue and will be served. A full queue
    /// refuses only normal and low priorities: people in danger always get in.
    pub fn has_room_for(&self, priority: u8) -> bool {
        self.has_human() && (!self.queue_is_full || priority > Wait::NORMAL_PRIORITY)
    }
}

/// Why an input is refused. The state stays as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// The owner has changed since the epoch that came with the input.
    #[error("the conversation has changed hands since")]
    Fenced,
    /// Another agent owns the conversation, or it is offered to another agent.
    #[error("the conversation is not this agent's")]
    NotOwner,
    /// The client id was used for another message.
    #[error("the client id was used for another message")]
    ClientIdReused,
    /// The input does not fit the phase of the conversation.
    #[error("the conversation is in another phase")]
    WrongPhase,
    /// More characters than the policy allows.
    #[error("the text is too long")]
    TooLong,
    /// The text is empty or only white space.
    #[error("the text is empty")]
    Empty,
    /// Not 1 to 5.
    #[error("stars go from 1 to 5")]
    StarsOutOfRange,
}
