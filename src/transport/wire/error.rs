//! Why a frame or a request is refused.

use serde::Serialize;

use crate::journal::ConversationId;

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
    /// For `refused_words`: what was found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<FoundNote>,
    /// When a retry may go through, milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

/// Words that a rule of the operator found.
#[derive(Debug, Serialize)]
pub struct FoundNote {
    /// The rule's code, such as `CP001`.
    pub rule: String,
    /// What the rule is about, Chinese.
    pub name: String,
    /// As they stand in the message.
    pub words: String,
    /// What to say instead, Chinese.
    pub mend: String,
    /// Whether they may not be sent at all.
    pub forbidden: bool,
}

/// Every reason for which a frame or a request is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Not JSON, an unknown type, a missing or unknown field.
    BadFrame,
    /// A field out of its range.
    BadValue,
    /// No request that HTTP knows, a path that is not UTF-8, or no WebSocket handshake where
    /// one is needed.
    BadRequest,
    /// Nothing is at this path.
    UnknownPath,
    /// The path is there, and not for this method.
    WrongMethod,
    /// The `client_id` was used for another content.
    ClientIdReused,
    /// The conversation went on meanwhile; look again, then decide again.
    Conflict,
    /// The utterance is longer than `utterance_max_chars`, or empty.
    BadLength,
    /// The body of a request is over 16 KiB.
    TooLarge,
    /// The body of a request did not come in time.
    TooSlow,
    /// A rule of the operator does not let an agent say it; nothing was stored.
    RefusedWords,
    /// Too many messages; nothing was stored.
    RateLimited,
    /// The conversation's owner has changed since; look again.
    Fenced,
    /// The conversation is not this agent's.
    NotOwner,
    /// It cannot be done in the conversation's present state.
    WrongPhase,
    /// The agent has as many conversations as may be at the same time.
    AtLimit,
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
