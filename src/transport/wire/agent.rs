//! The frames of an agent's socket.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::error::{FrameError, ViolationView};
use crate::journal::{CandidateNote, ConversationId, HandoffReason, Occasion, ReplyKind};
use crate::knowledge::{EntryId, GuardKind, IntentId};

/// A frame that an agent's client sends. The first is `hello`.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_debug_implementations, reason = "it holds tokens and what people typed")]
pub enum AgentFrame {
    /// Signs in; answered by `snapshot`.
    Hello {
        /// The protocol version, [`PROTOCOL`](super::PROTOCOL).
        protocol: u32,
        /// The token from `POST /v1/agents/login`.
        token: String,
    },
    /// Whether new conversations may be offered.
    Status {
        /// `ready` or `break`.
        status: AgentStatusView,
    },
    /// Takes a conversation that is offered, waits, or has an open message.
    Accept {
        /// The conversation.
        conversation: ConversationId,
        /// The epoch as the client last saw it.
        epoch: u64,
    },
    /// Lets an offer pass.
    Decline {
        /// The conversation.
        conversation: ConversationId,
    },
    /// Sends a message to the customer.
    Send {
        /// The conversation.
        conversation: ConversationId,
        /// The epoch as the client last saw it.
        epoch: u64,
        /// The client's own id of the message.
        client_id: String,
        /// The message.
        text: String,
    },
    /// Gives the conversation back to the bot.
    ReturnToBot {
        /// The conversation.
        conversation: ConversationId,
        /// The epoch as the client last saw it.
        epoch: u64,
    },
    /// Ends the episode.
    Close {
        /// The conversation.
        conversation: ConversationId,
        /// The epoch as the client last saw it.
        epoch: u64,
    },
    /// Requests older records of an own conversation.
    History {
        /// The conversation.
        conversation: ConversationId,
        /// The records before this `seq`, at most 200.
        before_seq: u64,
    },
    /// Requests the whole desk, because the client has missed a change.
    Desk {},
    /// Renews the lease.
    Ping {},
}

/// Whether an agent takes new conversations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentStatusView {
    /// Offers may come.
    Ready,
    /// No offers.
    Break,
}

/// A frame that an agent's client receives.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FrameToAgent {
    /// The answer to `hello`. It replaces the client's whole state.
    Snapshot {
        /// The protocol version, [`PROTOCOL`](super::PROTOCOL).
        protocol: u32,
        /// The agent's own name.
        name: String,
        /// The agent's own status.
        status: AgentStatusView,
        /// The build id of the server's pages, as in the addresses of their scripts.
        build: &'static str,
        /// The agent's own conversations, each with its last records, at most 200 and 32 KiB.
        conversations: Vec<OwnConversation>,
    },
    /// The whole desk: after `snapshot`, on request, and when more has changed than fits into a
    /// `desk_changed`.
    Desk {
        /// The number of the last change.
        desk_seq: u64,
        /// The first waiting customers, and the one that is offered to this agent.
        waiting: Vec<WaitingView>,
        /// The length of the queue.
        waiting_total: usize,
        /// The oldest open messages.
        messages: Vec<LeftMessage>,
        /// The number of open messages.
        messages_total: usize,
        /// The agent's own status; an offer that ran out changes it to `break`.
        status: AgentStatusView,
        /// Conversations that an agent may have at the same time.
        conversations_max: usize,
    },
    /// Changes of the desk.
    DeskChanged {
        /// The `desk_seq` that the client must have. If it has another, it has missed a change.
        prev: u64,
        /// The new `desk_seq`.
        desk_seq: u64,
        /// Waiting customers that are new or have changed.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        waiting: Vec<WaitingView>,
        /// Conversations that are no longer shown. The client may not know them.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        left: Vec<ConversationId>,
        /// The length of the queue.
        waiting_total: usize,
        /// Messages that are new or have changed.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        messages: Vec<LeftMessage>,
        /// Messages that are no longer shown.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        messages_left: Vec<ConversationId>,
        /// The number of open messages.
        messages_total: usize,
        /// The agent's own status.
        status: AgentStatusView,
        /// Conversations that an agent may have at the same time.
        conversations_max: usize,
    },
    /// A conversation that the agent now owns.
    Opened(OwnConversation),
    /// A new record of an own conversation, in order, once.
    Record {
        /// The conversation.
        conversation: ConversationId,
        /// The conversation's epoch now.
        epoch: u64,
        /// The record.
        record: AgentRecord,
    },
    /// The older records that `history` requested.
    History {
        /// The conversation.
        conversation: ConversationId,
        /// Oldest first.
        records: Vec<AgentRecord>,
    },
    /// The agent no longer owns the conversation.
    Released {
        /// The conversation.
        conversation: ConversationId,
    },
    /// The agent's message is on disk.
    Ack {
        /// The conversation.
        conversation: ConversationId,
        /// The client's own id of the message.
        client_id: String,
        /// Its `seq`.
        seq: u64,
        /// Rule violations in it, which the agent should look at.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        found: Vec<ViolationView>,
    },
    /// A frame was refused.
    Error(FrameError),
    /// The answer to `ping`.
    Pong {},
    /// The server stops. Reconnect after this time.
    Draining {
        /// Milliseconds, with jitter.
        retry_after_ms: u64,
    },
}

/// An own conversation of an agent.
#[derive(Debug, Serialize)]
pub struct OwnConversation {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its epoch.
    pub epoch: u64,
    /// Its last records, oldest first.
    pub records: Vec<AgentRecord>,
    /// Contact details left with consent, oldest first.
    pub contacts: Vec<String>,
}

/// A conversation in the queue.
#[derive(Clone, Debug, Serialize)]
pub struct WaitingView {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its epoch, for `accept`.
    pub epoch: u64,
    /// Since when the customer waits.
    pub since: Timestamp,
    /// Why a human is needed.
    pub reason: HandoffReason,
    /// 0 to 9; a larger number is served first.
    pub priority: u8,
    /// The most urgent danger that the customer told of.
    pub danger: Option<GuardKind>,
    /// The order within one priority, smaller first; then by conversation.
    pub order: i64,
    /// Until when it is offered to this agent.
    pub offered_until: Option<Timestamp>,
    /// Whether it is offered to another agent now.
    pub offered_elsewhere: bool,
}

/// A conversation whose customer left a message.
#[derive(Clone, Debug, Serialize)]
pub struct LeftMessage {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its epoch, for `accept`.
    pub epoch: u64,
    /// When it was left.
    pub at: Timestamp,
    /// The message, masked.
    pub text: String,
}

/// A record as an agent sees it.
#[derive(Debug, Serialize)]
pub struct AgentRecord {
    /// Its `seq`.
    pub seq: u64,
    /// For display only.
    pub at: Timestamp,
    /// The event.
    pub event: AgentView,
}

/// An event as an agent sees it.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum AgentView {
    /// An episode started.
    EpisodeStarted {
        /// Its number, from 1.
        episode: u32,
    },
    /// An utterance of the customer.
    CustomerSaid {
        /// The text, masked.
        text: String,
        /// Rule violations in it by the present rules, which the agent should look at.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        found: Vec<ViolationView>,
    },
    /// The customer pressed the button for a human.
    HumanAsked {},
    /// A reply of the bot, with its candidates.
    BotSaid {
        /// The kind of the reply.
        kind: ReplyKind,
        /// In the safe Markdown subset.
        text: String,
        /// What to do in order, one line of the same subset each.
        steps: Vec<String>,
        /// The law, rule or contract that an answer rests on.
        source: Option<String>,
        /// The day on which an answer was last checked against its source.
        checked: Option<Date>,
        /// The entry that answered.
        entry: Option<EntryId>,
        /// The intent that the bot acted on.
        intent: Option<IntentId>,
        /// Best first, at most three.
        candidates: Vec<CandidateNote>,
    },
    /// A message of an agent.
    AgentSaid {
        /// The agent's name.
        agent: String,
        /// SHA-256 of `conversation:client_id`, 64 hex digits.
        client_id: String,
        /// The text, masked.
        text: String,
    },
    /// A notice of the system to the customer.
    Noticed {
        /// The occasion.
        occasion: Occasion,
        /// Plain text.
        text: String,
    },
    /// The customer's utterance before tells of danger.
    DangerFound {
        /// The kind of danger.
        kind: GuardKind,
        /// The intent whose texts help.
        intent: IntentId,
    },
    /// With the utterance before, the customer turned to a subject without danger.
    DangerOver {},
    /// The customer was queued.
    Queued {
        /// Why a human is needed.
        reason: HandoffReason,
        /// 0 to 9.
        priority: u8,
    },
    /// The conversation was offered to an agent.
    Offered {
        /// The agent's name.
        agent: String,
    },
    /// The agent let the offer pass.
    OfferEnded {
        /// The agent's name.
        agent: String,
    },
    /// An agent took the conversation.
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
    /// The bot has the conversation again.
    ReturnedToBot {},
    /// The customer was asked to leave a message.
    MessageAsked {},
    /// The customer left a message.
    MessageLeft {
        /// The message, masked.
        text: String,
        /// Whether contact details came with it.
        has_contact: bool,
    },
    /// The agent was reminded of a waiting customer.
    AgentReminded {
        /// The agent's name.
        agent: String,
        /// How long the customer has waited, in seconds.
        waited_s: u32,
    },
    /// The customer was silent and was warned.
    IdleWarned {},
    /// The episode is over.
    Ended {},
    /// The customer rated the episode.
    Rated {
        /// 1 to 5.
        stars: u8,
        /// The comment, masked.
        comment: String,
    },
    /// The episode is closed.
    Closed {},
}
