//! The protocol, version 1: every frame that crosses a socket, as JSON text.
//!
//! `web/protocol.js` mirrors these types; `tests/it/protocol.rs` holds the two together.
//! Clients ignore frames and fields that they do not know; the server refuses them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::journal::{CandidateNote, Choice, ConversationId, HandoffReason, Occasion, ReplyKind};
use crate::knowledge::{EntryId, IntentId};

/// The version that `hello` must carry.
pub const PROTOCOL: u32 = 1;

/// What a customer's client may send. The first frame is `hello`.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum CustomerFrame {
    /// Signs in and resumes.
    Hello {
        /// [`PROTOCOL`].
        protocol: u32,
        /// From `POST /v1/customers`.
        token: String,
        /// The last `seq` that this client has; 0 or absent for none.
        #[serde(default)]
        last_seq: u64,
        /// The generation under which it was seen.
        #[serde(default)]
        generation: Option<String>,
    },
    /// An utterance, or a pressed choice with its label as the text.
    Send {
        /// The client's own id of the message.
        client_id: String,
        /// The utterance.
        text: String,
        /// The entry of the pressed button.
        #[serde(default)]
        choice: Option<EntryId>,
    },
    /// The button for a human.
    AskHuman {
        /// The client's own id of the press.
        client_id: String,
    },
    /// Leaves the queue, back to the bot.
    LeaveQueue {},
    /// Leaves a message for the agents.
    LeaveMessage {
        /// The client's own id of the message.
        client_id: String,
        /// The message.
        text: String,
        /// How to be reached; kept apart from the transcript. Needs `consent`.
        #[serde(default)]
        contact: Option<String>,
        /// Whether the customer agreed that the contact be kept.
        #[serde(default)]
        consent: bool,
    },
    /// Rates the episode that has just ended.
    Rate {
        /// The client's own id of the rating.
        client_id: String,
        /// 1 to 5.
        stars: u8,
        /// May be empty.
        #[serde(default)]
        comment: String,
    },
    /// Ends the episode.
    End {},
    /// Asks for what comes after `last_seq`: the next page, or after a gap was noticed.
    Resume {
        /// The last `seq` that this client has.
        last_seq: u64,
    },
    /// Keeps the socket alive.
    Ping {},
}

/// What a customer's client may receive.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CustomerEvent {
    /// The answer to `hello`; the events after `last_seq` follow.
    Welcome {
        /// [`PROTOCOL`].
        protocol: u32,
        /// The conversation's id.
        conversation: ConversationId,
        /// Changes only when history was lost or deleted on the server.
        generation: String,
        /// Set when the client's `last_seq` cannot be continued: forget all and start at 0.
        resync: bool,
        /// The bot's first words, in the safe Markdown subset.
        text: String,
        /// Buttons under them.
        hot_questions: Vec<Choice>,
        /// The longest utterance, in characters.
        utterance_max_chars: u16,
    },
    /// One event of the conversation, in order, once.
    Event {
        /// Its place.
        seq: u64,
        /// The `seq` of the last event before it that this customer may see; 0 for none.
        prev: u64,
        /// For display only.
        at: Timestamp,
        /// What happened.
        event: CustomerView,
    },
    /// All events up to here were sent. With `more`, ask with `resume`.
    CaughtUp {
        /// The last `seq` sent, or the client's own.
        seq: u64,
        /// Whether the page was full.
        more: bool,
    },
    /// The message and all that followed from it are on disk.
    Ack {
        /// Of which message.
        client_id: String,
        /// Its place.
        seq: u64,
    },
    /// The place in the queue, sent at each change while waiting.
    Queue {
        /// From 1.
        place: usize,
        /// How many wait in all.
        waiting: usize,
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

/// An event as a customer sees it.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CustomerView {
    /// A new episode begins.
    EpisodeStarted {
        /// From 1.
        episode: u32,
    },
    /// The customer's own words.
    CustomerSaid {
        /// The client's own id.
        client_id: String,
        /// Masked.
        text: String,
    },
    /// The customer pressed the button for a human.
    HumanAsked {
        /// The client's own id.
        client_id: String,
    },
    /// The bot's.
    BotSaid {
        /// What kind of reply.
        kind: ReplyKind,
        /// In the safe Markdown subset.
        text: String,
        /// Buttons.
        choices: Vec<Choice>,
        /// Whether to show a button for a human.
        offer_human: bool,
    },
    /// The agent's.
    AgentSaid {
        /// The agent's name.
        agent: String,
        /// Plain text.
        text: String,
    },
    /// The system's.
    Noticed {
        /// On what occasion.
        occasion: Occasion,
        /// Plain text.
        text: String,
    },
    /// Waiting for a human.
    Queued {},
    /// A human answers from now on.
    AgentJoined {
        /// The agent's name.
        agent: String,
    },
    /// The bot answers from now on.
    ReturnedToBot {},
    /// A message may be left.
    MessageAsked {},
    /// A message was left.
    MessageLeft {
        /// The client's own id.
        client_id: String,
        /// Masked.
        text: String,
    },
    /// Over; it may be rated until then.
    Ended {
        /// Until when; absent: nothing to rate.
        rate_until: Option<Timestamp>,
    },
    /// The rating given.
    Rated {
        /// The client's own id.
        client_id: String,
        /// 1 to 5.
        stars: u8,
    },
    /// The episode is closed.
    Closed {},
}

/// What an agent's client may send. The first frame is `hello`.
#[derive(Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum AgentFrame {
    /// Signs in; answered by `snapshot`.
    Hello {
        /// [`PROTOCOL`].
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
        /// [`PROTOCOL`].
        protocol: u32,
        /// The agent's own name.
        name: String,
        /// The agent's own status.
        status: AgentStatus,
        /// Own conversations, each with its last 200 records.
        conversations: Vec<OpenConversation>,
    },
    /// Who waits, whole, at each change.
    Desk {
        /// In the order in which they will be served.
        waiting: Vec<Waiting>,
        /// Left messages that no agent has taken, oldest first.
        messages: Vec<LeftMessage>,
        /// The agent's own status; an offer that ran out changes it to `break`.
        status: AgentStatus,
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
    /// 0 to 9.
    pub priority: u8,
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
        /// The agent client's own id.
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

/// Why a frame was refused.
#[derive(Debug, Serialize)]
pub struct FrameError {
    /// Stable.
    pub code: ErrorCode,
    /// For developers, in English.
    pub message: String,
    /// The frame's own id, where it had one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The frame's conversation, where it named one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    /// When a retry may go through, milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

/// Every reason for which a frame or a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Not JSON, an unknown type, a missing or unknown field.
    BadFrame,
    /// A field out of its range.
    BadValue,
    /// The `client_id` was used for another content.
    ClientIdReused,
    /// The utterance is longer than `utterance_max_chars`, or empty.
    BadLength,
    /// Too many messages; nothing was stored.
    RateLimited,
    /// The conversation's owner has changed since; look again.
    Fenced,
    /// The conversation is not this agent's.
    NotOwner,
    /// It cannot be done in the conversation's present state.
    WrongPhase,
    /// No such conversation for this client.
    UnknownConversation,
    /// The token is wrong, over or revoked.
    Unauthorized,
    /// The page's origin is not on the allow-list.
    ForbiddenOrigin,
    /// Another protocol version.
    UnsupportedProtocol,
    /// The disk is full or the store is not reachable; nothing was stored.
    Unavailable,
    /// The server is going away.
    Draining,
    /// A fault of the server, logged there.
    Internal,
}
