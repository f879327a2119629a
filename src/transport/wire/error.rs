//! Errors of frames and requests.

use serde::Serialize;

use crate::journal::ConversationId;

/// The refusal of a frame.
#[derive(Debug, Serialize)]
pub struct FrameError {
    /// The code, which is stable.
    pub code: ErrorCode,
    /// A sentence for developers, in English. It may change.
    pub message: String,
    /// The frame's own id, if it had a valid one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The frame's conversation, if it named one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    /// For `refused_words`: the rule violations.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<ViolationView>,
    /// When a retry may go through, milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

/// A violation of one of the operator's rules.
#[derive(Debug, Serialize)]
pub struct ViolationView {
    /// The rule's code, such as `CP001`.
    pub rule: String,
    /// The rule's subject, Chinese.
    pub name: String,
    /// The words as they stand in the message.
    pub words: String,
    /// The advice for a better wording, Chinese.
    pub mend: String,
    /// Whether the rule forbids the message.
    pub forbidden: bool,
}

/// The codes of refused frames and requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Not JSON, an unknown type, or a missing or unknown field.
    BadFrame,
    /// A field is out of its range.
    BadValue,
    /// Not an HTTP request, a path that is not UTF-8, or no WebSocket handshake where one is
    /// needed.
    BadRequest,
    /// No route has this path.
    UnknownPath,
    /// The path has no route for this method.
    WrongMethod,
    /// The `client_id` was used for another message.
    ClientIdReused,
    /// Another write came first. Read the conversation again before deciding.
    Conflict,
    /// The utterance is longer than `utterance_max_chars`, or empty.
    BadLength,
    /// The body of the request is larger than 16 KiB.
    TooLarge,
    /// The body of the request did not come in time.
    TooSlow,
    /// A rule of the operator forbids an agent's message. Nothing was stored.
    RefusedWords,
    /// Too many frames or requests. Nothing was stored.
    RateLimited,
    /// The conversation's owner has changed. Read it again before deciding.
    Fenced,
    /// The agent does not own the conversation.
    NotOwner,
    /// The conversation's state does not allow it.
    WrongPhase,
    /// The agent has reached the limit of conversations.
    AtLimit,
    /// The client has no such conversation.
    UnknownConversation,
    /// The token is invalid, expired or revoked.
    Unauthorized,
    /// The page's origin is not on the allow-list.
    ForbiddenOrigin,
    /// The protocol version is not supported.
    UnsupportedProtocol,
    /// The store cannot be written now. Nothing was stored.
    Unavailable,
    /// The server stops.
    Draining,
    /// A fault of the server, which has logged it.
    Internal,
}
