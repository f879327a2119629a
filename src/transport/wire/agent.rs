//! What crosses an agent's socket.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::{FoundNote, FrameError};
use crate::journal::{CandidateNote, ConversationId, HandoffReason, Occasion, ReplyKind};
use crate::knowledge::{EntryId, IntentId};

/// What an agent's client may send. The first frame is `hello`.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_debug_implementations, reason = "it holds tokens and what people typed")]
pub enum AgentFrame {
    /// Signs in; answered by `snapshot`.
    Hello {
        /// [`PROTOCOL`](super::PROTOCOL).
        protocol: u32,
        /// From `POST /v1/agents/login`.
        token: String,
    },
    /// Whether new conversations may be offered.
    Status {
        /// `ready` or `break`.
        status: AgentStatus,
    },
    /// Takes a conversation that is offered, waiting, or has left a message.
    Accept {
        /// Which.
        conversation: ConversationId,
        /// As last seen.
        epoch: u64,
    },
    /// Lets an offer pass.
    Decline {
        /// Which.
        conversation: ConversationId,
    },
    /// Says something to the customer.
    Send {
        /// In which conversation.
        conversation: ConversationId,
        /// As last seen.
        epoch: u64,
        /// The client's own id of the message.
        client_id: String,
        /// The message.
        text: String,
    },
    /// Gives the conversation back to the bot.
    ReturnToBot {
        /// Which.
        conversation: ConversationId,
        /// As last seen.
        epoch: u64,
    },
    /// Ends the episode.
    Close {
        /// Which.
        conversation: ConversationId,
        /// As last seen.
        epoch: u64,
    },
    /// Asks for older records of an own conversation.
    History {
        /// Which.
        conversation: ConversationId,
        /// Records before this `seq`, at most 200.
        before_seq: u64,
    },
    /// Asks for the whole desk: the client has missed a change of it.
    Desk {},
    /// Renews the lease.
    Ping {},
}

/// Whether an agent takes new conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentStatus {
    /// Offers may come.
    Ready,
    /// No offers.
    Break,
}

/// What an agent's client may receive.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AgentEvent {
    /// The answer to `hello`: replaces all that the client knew.
    Snapshot {
        /// [`PROTOCOL`](super::PROTOCOL).
        protocol: u32,
        /// The agent's own name.
        name: String,
        /// The agent's own status.
        status: AgentStatus,
        /// The name of the server's own pages, which stands in the addresses of their scripts.
        build: &'static str,
        /// Own conversations, each with its last records, at most 200 and 32 KiB.
        conversations: Vec<OpenConversation>,
    },
    /// The whole desk: after `snapshot`, when the client asks, and when more has changed than
    /// fits into a `desk_changed`.
    Desk {
        /// Rises with each change.
        desk_seq: u64,
        /// The first who wait, and one that is offered to this agent.
        waiting: Vec<Waiting>,
        /// How many wait in all.
        waiting_total: usize,
        /// The oldest left messages that no agent has taken.
        messages: Vec<LeftMessage>,
        /// How many there are in all.
        messages_total: usize,
        /// The agent's own status; an offer that ran out changes it to `break`.
        status: AgentStatus,
        /// Conversations that an agent may have at the same time.
        conversations_max: usize,
    },
    /// What has changed at the desk, one change or several.
    DeskChanged {
        /// The `desk_seq` that the client must have; else it has missed a change.
        prev: u64,
        /// The new one.
        desk_seq: u64,
        /// Those who came, or of whom something is another.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        waiting: Vec<Waiting>,
        /// Those who are no longer shown; the client need not know them.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        left: Vec<ConversationId>,
        /// How many wait in all.
        waiting_total: usize,
        /// Messages that came, or of which something is another.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        messages: Vec<LeftMessage>,
        /// Messages that are no longer shown.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        messages_left: Vec<ConversationId>,
        /// How many messages there are in all.
        messages_total: usize,
        /// The agent's own status.
        status: AgentStatus,
        /// Conversations that an agent may have at the same time.
        conversations_max: usize,
    },
    /// A conversation is now this agent's.
    Opened(OpenConversation),
    /// One more record of an own conversation, in order, once.
    Record {
        /// Of which.
        conversation: ConversationId,
        /// The conversation's epoch now.
        epoch: u64,
        /// What happened.
        record: AgentRecord,
    },
    /// Older records that `history` asked for.
    History {
        /// Of which.
        conversation: ConversationId,
        /// Oldest first.
        records: Vec<AgentRecord>,
    },
    /// The conversation is no longer this agent's.
    Released {
        /// Which.
        conversation: ConversationId,
    },
    /// The agent's message is on disk.
    Ack {
        /// In which conversation.
        conversation: ConversationId,
        /// Of which message.
        client_id: String,
        /// Its place.
        seq: u64,
        /// Words in it that somebody should look at.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        found: Vec<FoundNote>,
    },
    /// A frame was refused.
    Error(FrameError),
    /// The answer to `ping`.
    Pong {},
    /// The server is going away; come back after this time.
    Draining {
        /// With jitter, milliseconds.
        retry_after_ms: u64,
    },
}

/// An own conversation of an agent.
#[derive(Debug, Serialize)]
pub struct OpenConversation {
    /// Which.
    pub conversation: ConversationId,
    /// Its epoch.
    pub epoch: u64,
    /// Its last records, oldest first.
    pub records: Vec<AgentRecord>,
    /// Contacts left with consent, oldest first.
    pub contacts: Vec<String>,
}

/// A conversation in the queue.
#[derive(Clone, Debug, Serialize)]
pub struct Waiting {
    /// Which.
    pub conversation: ConversationId,
    /// Its epoch, for `accept`.
    pub epoch: u64,
    /// Since when the customer waits.
    pub since: Timestamp,
    /// Why a human is wanted.
    pub reason: HandoffReason,
    /// 0 to 9; larger first.
    pub priority: u8,
    /// Among those of one priority, smaller first; then by conversation.
    pub order: i64,
    /// Until when it is offered to this agent.
    pub offered_until: Option<Timestamp>,
    /// Whether it is offered to somebody else now.
    pub offered_elsewhere: bool,
}

/// A conversation whose customer left a message.
#[derive(Clone, Debug, Serialize)]
pub struct LeftMessage {
    /// Which.
    pub conversation: ConversationId,
    /// Its epoch, for `accept`.
    pub epoch: u64,
    /// When it was left.
    pub at: Timestamp,
    /// Masked.
    pub text: String,
}

/// An event as an agent sees it.
#[derive(Debug, Serialize)]
pub struct AgentRecord {
    /// Its place.
    pub seq: u64,
    /// For display only.
    pub at: Timestamp,
    /// What happened.
    pub event: AgentView,
}

/// An event as an agent sees it.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AgentView {
    /// A new episode begins.
    EpisodeStarted {
        /// From 1.
        episode: u32,
    },
    /// The customer's words.
    CustomerSaid {
        /// Masked.
        text: String,
        /// Words in it that an agent should look at, by the rules of now.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        found: Vec<FoundNote>,
    },
    /// The customer pressed the button for a human.
    HumanAsked {},
    /// The bot's words, with what it found.
    BotSaid {
        /// What kind of reply.
        kind: ReplyKind,
        /// In the safe Markdown subset.
        text: String,
        /// The entry that answered.
        entry: Option<EntryId>,
        /// The intent acted on.
        intent: Option<IntentId>,
        /// Best first, at most three.
        candidates: Vec<CandidateNote>,
    },
    /// An agent's words.
    AgentSaid {
        /// The agent's name.
        agent: String,
        /// SHA-256 of `conversation:client_id`, 64 hex digits.
        client_id: String,
        /// Masked.
        text: String,
    },
    /// The system's words to the customer.
    Noticed {
        /// On what occasion.
        occasion: Occasion,
        /// Plain text.
        text: String,
    },
    /// Waiting for a human.
    Queued {
        /// Why.
        reason: HandoffReason,
        /// 0 to 9.
        priority: u8,
    },
    /// Offered to an agent.
    Offered {
        /// The agent's name.
        agent: String,
    },
    /// An offer was let pass.
    OfferEnded {
        /// The agent's name.
        agent: String,
    },
    /// An agent has it now.
    AgentJoined {
        /// The agent's name.
        agent: String,
    },
    /// The agent's connection is gone.
    AgentLost {
        /// The agent's name.
        agent: String,
    },
    /// The agent is back.
    AgentBack {
        /// The agent's name.
        agent: String,
    },
    /// The bot has it again.
    ReturnedToBot {},
    /// The customer was asked to leave a message.
    MessageAsked {},
    /// The customer left a message.
    MessageLeft {
        /// Masked.
        text: String,
        /// Whether a contact was left.
        has_contact: bool,
    },
    /// The customer has waited so long for the agent's answer.
    AgentReminded {
        /// The agent's name.
        agent: String,
        /// Seconds.
        waited_s: u32,
    },
    /// The customer was warned for silence.
    IdleWarned {},
    /// Over.
    Ended {},
    /// Rated.
    Rated {
        /// 1 to 5.
        stars: u8,
        /// Masked.
        comment: String,
    },
    /// Closed.
    Closed {},
}
