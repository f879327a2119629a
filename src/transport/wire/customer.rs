//! The frames of a customer's socket.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{error::FrameError, facts::DroppedFactsView};
use crate::journal::{Choice, ConversationId, Occasion, ReplyKind};
use crate::knowledge::{EntryId, GivenFacts};

/// A frame that a customer's client sends. The first is `hello`.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[expect(missing_debug_implementations, reason = "it holds tokens and what people typed")]
pub enum CustomerFrame {
    /// Signs in and resumes.
    Hello {
        /// The protocol version, [`PROTOCOL`](super::PROTOCOL).
        protocol: u32,
        /// The token from `POST /v1/customers`.
        token: String,
        /// The last `seq` that this client has; 0 or absent for none.
        #[serde(default)]
        last_seq: u64,
        /// The generation of that `seq`.
        #[serde(default)]
        generation: Option<String>,
        /// The page's facts about the customer. Without them, the facts that were sent before hold.
        /// Those that the knowledge does not declare are dropped.
        #[serde(default)]
        facts: Option<GivenFacts>,
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
    /// A press of the button for a human.
    AskHuman {
        /// The client's own id of the press.
        client_id: String,
    },
    /// Leaves the queue and goes back to the bot.
    LeaveQueue {},
    /// Leaves a message for the agents.
    LeaveMessage {
        /// The client's own id of the message.
        client_id: String,
        /// The message.
        text: String,
        /// Contact details, stored apart from the transcript. Need `consent`.
        #[serde(default)]
        contact: Option<String>,
        /// Whether the customer agreed to their storage.
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
    /// Requests the events after `last_seq`: the next page, or after a gap.
    Resume {
        /// The last `seq` that this client has.
        last_seq: u64,
    },
    /// Keeps the socket alive.
    Ping {},
}

/// A frame that a customer's client receives.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FrameToCustomer {
    /// The answer to `hello`; the events after `last_seq` follow.
    Welcome {
        /// The protocol version, [`PROTOCOL`](super::PROTOCOL).
        protocol: u32,
        /// The conversation's id.
        conversation: ConversationId,
        /// Changes only when history was lost or deleted on the server.
        generation: String,
        /// The client's `last_seq` cannot be continued: it must drop its state and start at 0.
        resync: bool,
        /// The bot's welcome text, in the safe Markdown subset.
        text: String,
        /// Buttons below it.
        hot_questions: Vec<Choice>,
        /// The longest utterance, in characters.
        utterance_max_chars: u16,
        /// The build id of the server's pages, as in the addresses of their scripts.
        build: &'static str,
        /// The facts of `hello` that were dropped; left out if there are none.
        #[serde(skip_serializing_if = "Option::is_none")]
        dropped_facts: Option<DroppedFactsView>,
    },
    /// One event of the conversation, in order, once.
    Event {
        /// Its `seq`.
        seq: u64,
        /// The `seq` of the event before it that this customer may see; 0 for none.
        prev: u64,
        /// For display only.
        at: Timestamp,
        /// The event.
        event: CustomerView,
    },
    /// All events up to here were sent. With `more`, request the next page with `resume`.
    CaughtUp {
        /// The last `seq` sent, or the client's own.
        seq: u64,
        /// Whether the page was full.
        more: bool,
    },
    /// The message and its consequences are on disk.
    Ack {
        /// The client's own id of the message.
        client_id: String,
        /// Its `seq`.
        seq: u64,
    },
    /// The place in the queue, sent at each change while waiting.
    Queue {
        /// From 1.
        place: usize,
        /// The length of the queue.
        waiting: usize,
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

/// An event as a customer sees it.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum CustomerView {
    /// An episode started.
    EpisodeStarted {
        /// Its number, from 1.
        episode: u32,
    },
    /// An utterance of the customer.
    CustomerSaid {
        /// SHA-256 of `conversation:client_id`, 64 hex digits.
        client_id: String,
        /// The text, masked.
        text: String,
    },
    /// The customer pressed the button for a human.
    HumanAsked {
        /// SHA-256 of `conversation:client_id`, 64 hex digits.
        client_id: String,
    },
    /// A reply of the bot.
    BotSaid {
        /// The kind of the reply.
        kind: ReplyKind,
        /// In the safe Markdown subset.
        text: String,
        /// What to do in order, one line of the same subset each; the page folds them under the
        /// text.
        steps: Vec<String>,
        /// The law, rule or contract that an answer rests on.
        source: Option<String>,
        /// The day on which an answer was last checked against its source.
        checked: Option<Date>,
        /// Buttons.
        choices: Vec<Choice>,
        /// Whether to show a button for a human.
        offer_human: bool,
        /// Whether it is said to a person in danger: the page lets nothing cover it.
        urgent: bool,
    },
    /// A message of an agent.
    AgentSaid {
        /// The agent's name.
        agent: String,
        /// Plain text.
        text: String,
    },
    /// A notice of the system.
    Noticed {
        /// The occasion.
        occasion: Occasion,
        /// Plain text.
        text: String,
    },
    /// The customer waits for a human.
    Queued {},
    /// A human answers from now on.
    AgentJoined {
        /// The agent's name.
        agent: String,
    },
    /// The bot answers from now on.
    ReturnedToBot {},
    /// The customer is asked to leave a message.
    MessageAsked {},
    /// The customer left a message.
    MessageLeft {
        /// SHA-256 of `conversation:client_id`, 64 hex digits.
        client_id: String,
        /// The message, masked.
        text: String,
    },
    /// The episode is over.
    Ended {
        /// Until when a rating is taken; absent: there is nothing to rate.
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
