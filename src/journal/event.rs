//! What can happen in a conversation.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AgentId, ClientId};
use crate::knowledge::{EntryId, IntentId};

/// One event at its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// From 1, without a gap, never reused.
    pub seq: u64,
    /// For display and timers; order is by `seq` alone.
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

/// What can happen. Texts are masked before they get here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// A first message, or one after the close, begins an episode; from 1.
    /// Owner becomes the bot. `epoch` is the new one, here and below.
    EpisodeStarted {
        /// Its number.
        episode: u32,
        /// The new epoch.
        epoch: u64,
    },
    /// The customer typed, or pressed a choice (then `text` is its label).
    CustomerSaid {
        /// The client's own id.
        client_id: ClientId,
        /// What was said, masked.
        text: String,
        /// The entry of the button, if one was pressed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        choice: Option<EntryId>,
    },
    /// The customer pressed the button for a human.
    HumanAsked {
        /// The client's own id of the press.
        client_id: ClientId,
    },
    /// The bot answered.
    BotSaid(Reply),
    /// An agent answered. `agent` is who owned the conversation.
    AgentSaid {
        /// Who.
        agent: AgentId,
        /// The agent client's own id.
        client_id: ClientId,
        /// What was said, masked.
        text: String,
    },
    /// The system tells the customer something, in words of the policy.
    Noticed(Notice),
    /// Owner becomes the queue.
    Queued {
        /// The new epoch.
        epoch: u64,
        /// Why a human is wanted.
        reason: HandoffReason,
        /// 0 to 9, larger first.
        priority: u8,
        /// Since when the customer waits; kept when an agent is lost or lets an offer pass.
        since: Timestamp,
    },
    /// The desk offers it to an agent; the queue still owns it.
    Offered {
        /// To whom.
        agent: AgentId,
        /// Until when it may be accepted.
        until: Timestamp,
    },
    /// The offer was declined or ran out; the place in the queue is kept.
    OfferEnded {
        /// Who let it pass.
        agent: AgentId,
    },
    /// Owner becomes the agent.
    AgentJoined {
        /// The new epoch.
        epoch: u64,
        /// Who.
        agent: AgentId,
    },
    /// The owning agent's connection is gone; there is time until `until` to come back.
    AgentLost {
        /// Who.
        agent: AgentId,
        /// End of the grace time.
        until: Timestamp,
    },
    /// The lost agent came back in time.
    AgentBack {
        /// Who.
        agent: AgentId,
    },
    /// Owner becomes the bot again.
    ReturnedToBot {
        /// The new epoch.
        epoch: u64,
    },
    /// No human can be had: the customer is asked to leave a message. Owner is the bot.
    MessageAsked {
        /// Raised if the queue owned it, else as it was.
        epoch: u64,
    },
    /// The customer left a message for the agents. Nobody owns the conversation until the
    /// customer writes again or an agent takes the message up.
    MessageLeft {
        /// The new epoch.
        epoch: u64,
        /// The client's own id.
        client_id: ClientId,
        /// What was written, masked.
        text: String,
        /// Whether a contact was left (kept apart, under this event's seq).
        has_contact: bool,
    },
    /// The customer has waited so long for the agent's answer, and the agent was reminded.
    AgentReminded {
        /// Who.
        agent: AgentId,
        /// Since the first words without an answer, or since the agent joined; seconds.
        waited_s: u32,
    },
    /// The customer was silent and was warned.
    IdleWarned,
    /// The conversation is over and may be rated until `until`. Nobody owns it.
    Ended {
        /// The new epoch.
        epoch: u64,
        /// Why.
        cause: CloseCause,
        /// Until when a rating is taken; `None`: there was nothing to rate.
        rate_until: Option<Timestamp>,
    },
    /// The customer rated the episode.
    Rated {
        /// The client's own id.
        client_id: ClientId,
        /// 1 to 5.
        stars: u8,
        /// In the customer's words, masked; may be empty.
        comment: String,
    },
    /// Rated, or the time for it is over.
    Closed,
}

impl Event {
    /// The client's own id of the message, where somebody sent one.
    pub fn client_id(&self) -> Option<&ClientId> {
        match self {
            Self::CustomerSaid { client_id, .. }
            | Self::HumanAsked { client_id }
            | Self::AgentSaid { client_id, .. }
            | Self::MessageLeft { client_id, .. }
            | Self::Rated { client_id, .. } => Some(client_id),
            Self::EpisodeStarted { .. }
            | Self::BotSaid(_)
            | Self::Noticed(_)
            | Self::Queued { .. }
            | Self::Offered { .. }
            | Self::OfferEnded { .. }
            | Self::AgentJoined { .. }
            | Self::AgentLost { .. }
            | Self::AgentBack { .. }
            | Self::ReturnedToBot { .. }
            | Self::MessageAsked { .. }
            | Self::AgentReminded { .. }
            | Self::IdleWarned
            | Self::Ended { .. }
            | Self::Closed => None,
        }
    }

    /// The epoch from this event on; `None` where the owner stays.
    pub fn epoch(&self) -> Option<u64> {
        match self {
            Self::EpisodeStarted { epoch, .. }
            | Self::Queued { epoch, .. }
            | Self::AgentJoined { epoch, .. }
            | Self::ReturnedToBot { epoch }
            | Self::MessageAsked { epoch }
            | Self::MessageLeft { epoch, .. }
            | Self::Ended { epoch, .. } => Some(*epoch),
            Self::CustomerSaid { .. }
            | Self::HumanAsked { .. }
            | Self::BotSaid(_)
            | Self::AgentSaid { .. }
            | Self::Noticed(_)
            | Self::Offered { .. }
            | Self::OfferEnded { .. }
            | Self::AgentLost { .. }
            | Self::AgentBack { .. }
            | Self::AgentReminded { .. }
            | Self::IdleWarned
            | Self::Rated { .. }
            | Self::Closed => None,
        }
    }
}

/// Something the bot said, with what an agent or auditor wants to know of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// What kind of reply.
    pub kind: ReplyKind,
    /// In the safe Markdown subset.
    pub text: String,
    /// The entry that answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryId>,
    /// The intent that was acted on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intent: Option<IntentId>,
    /// Buttons: choices of a clarification, or follow-ups of an answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// Whether a button to reach a human is shown.
    #[serde(default)]
    pub offer_human: bool,
    /// What matching found, best first, at most three. For agents only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<CandidateNote>,
    /// Hash of the knowledge base that answered. For agents and audit only.
    pub knowledge: String,
}

/// What kind of reply the bot gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReplyKind {
    /// An entry's answer.
    Answer,
    /// "Did you mean…".
    Clarify,
    /// Nothing found.
    Fallback,
    /// An intent's own words.
    Intent,
}

/// A button: an entry and its standard question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What it answers with.
    pub entry: EntryId,
    /// What it says.
    pub label: String,
}

/// One candidate, as shown to an agent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CandidateNote {
    /// The entry.
    pub entry: EntryId,
    /// Its standard question.
    pub question: String,
    /// 0 to 1, rounded to three places.
    pub confidence: f32,
}

/// A sentence of the system to the customer: on what occasion, and in which words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// On what occasion.
    pub occasion: Occasion,
    /// The words, variables filled in.
    pub text: String,
}

/// On what occasion the system speaks; each has its text in the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// Joined the queue.
    Queued,
    /// Outside of the agents' hours; a message may be left.
    OffHours,
    /// Inside the hours with no agent to be had; a message may be left.
    NoAgent,
    /// An agent joined.
    AgentJoined,
    /// The agent's connection was lost for good; queued again at the old place.
    AgentLost,
    /// Given back to the bot.
    BackToBot,
    /// The customer left the queue.
    LeftQueue,
    /// The message is kept.
    MessageKept,
    /// Silent for a while.
    Idle,
    /// Over; please rate.
    Rate,
    /// Thanks for the rating.
    Rated,
    /// A password or code was sent, and destroyed.
    SecretDestroyed,
    /// No agent is ready any more; the place in the queue is kept.
    QueueUnstaffed,
    /// An agent is ready again.
    QueueStaffed,
}

/// Why a human is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoffReason {
    /// The customer pressed the button or said so.
    Asked,
    /// Misses in a row.
    Misses,
    /// An intent such as fraud or complaint.
    Intent,
    /// An entry that always goes to a human.
    Entry,
    /// The agent who had it was lost.
    AgentLost,
}

/// Why a conversation ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseCause {
    /// The agent closed it.
    Agent,
    /// The customer closed it.
    Customer,
    /// Silence.
    Idle,
}
