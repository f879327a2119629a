//! What crosses a customer's socket.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::error::FrameError;
use crate::journal::{Choice, ConversationId, Occasion, ReplyKind};
use crate::knowledge::EntryId;

/// What a customer's client may send. The first frame is `hello`.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_debug_implementations, reason = "it holds tokens and what people typed")]
pub enum CustomerFrame {
    /// Signs in and resumes.
    Hello {
        /// [`PROTOCOL`](super::PROTOCOL).
        protocol: u32,
        /// From `POST /v1/customers`.
        token: String,
        /// The last `seq` that this client has; 0 or absent for none.
        #[serde(default)]
        last_seq: u64,
        /// The generation under which it was seen.
        #[serde(default)]
        generation: Option<String>,
        /// What the page knows of the customer; absent: what it told before still holds.
        #[serde(default)]
        facts: Option<BTreeMap<String, String>>,
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
        /// [`PROTOCOL`](super::PROTOCOL).
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
        /// The name of the server's own pages, which stands in the addresses of their scripts.
        build: &'static str,
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
        /// SHA-256 of `conversation:client_id`, 64 hex digits.
        client_id: String,
        /// Masked.
        text: String,
    },
    /// The customer pressed the button for a human.
    HumanAsked {
        /// SHA-256 of `conversation:client_id`, 64 hex digits.
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
        /// SHA-256 of `conversation:client_id`, 64 hex digits.
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
        /// SHA-256 of `conversation:client_id`, 64 hex digits.
        client_id: String,
        /// 1 to 5.
        stars: u8,
    },
    /// The episode is closed.
    Closed {},
}
