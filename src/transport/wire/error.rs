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

/// What a client may do with a request or frame that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The same may go through after this time, milliseconds, where no other time is known.
    After(u64),
    /// The same is refused again, until something else has changed.
    Never,
}

/// A row: what the code means; its name in Rust and on the wire; the HTTP statuses, the usual one
/// first; whether the same may be tried again.
macro_rules! error_codes {
    ($(
        $(#[doc = $meaning:literal])+
        $code:ident = $wire:literal, [$status:literal $(, $more:literal)*], $retry:expr;
    )+) => {
        /// Every reason for which a frame or a request is refused.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
        pub enum ErrorCode {
            $($(#[doc = $meaning])+ #[serde(rename = $wire)] $code,)+
        }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$code),+];

            /// As it goes over the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$code => $wire),+ }
            }

            /// The HTTP statuses that it comes with, the usual one first.
            pub fn statuses(self) -> &'static [u16] {
                match self { $(Self::$code => &[$status $(, $more)*]),+ }
            }

            /// The usual HTTP status.
            pub(crate) fn status(self) -> u16 {
                match self { $(Self::$code => $status),+ }
            }

            /// Whether the same may be tried again.
            pub fn retry(self) -> Retry {
                match self { $(Self::$code => $retry),+ }
            }

            /// What it means, in Markdown.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$code => concat!($($meaning),+)),+ }
            }
        }
    };
}

error_codes! {
    /// Not JSON, an unknown type, or a missing or unknown field.
    BadFrame = "bad_frame", [400], Retry::Never;
    /// A field is out of its range.
    BadValue = "bad_value", [400], Retry::Never;
    /// The text is empty, or too long.
    BadLength = "bad_length", [400], Retry::Never;
    /// Not an HTTP request, a head over 16 KiB (431), a path that is too long (414) or not UTF-8,
    /// or no WebSocket handshake where one is needed.
    BadRequest = "bad_request", [400, 414, 431], Retry::Never;
    /// No route has this path.
    UnknownPath = "unknown_path", [404], Retry::Never;
    /// The path has no route for this method; `Allow` names the methods that it has.
    WrongMethod = "wrong_method", [405], Retry::Never;
    /// The body of the request is larger than 16 KiB.
    TooLarge = "too_large", [413], Retry::Never;
    /// The body of the request did not come in 10 s.
    TooSlow = "too_slow", [408], Retry::Never;
    /// A rule of `compliance.yaml` forbids an agent's message; `found` names the rules. Nothing was
    /// stored.
    RefusedWords = "refused_words", [409], Retry::Never;
    /// The token, the name or the password is wrong.
    Unauthorized = "unauthorized", [401], Retry::Never;
    /// The page's origin is not on the list.
    ForbiddenOrigin = "forbidden_origin", [403], Retry::Never;
    /// There is no such conversation for this client.
    UnknownConversation = "unknown_conversation", [404], Retry::Never;
    /// The `client_id` was used for another message.
    ClientIdReused = "client_id_reused", [409], Retry::Never;
    /// Another write came first. Read the conversation again before deciding.
    Conflict = "conflict", [409], Retry::Never;
    /// The conversation's owner has changed. Read it again before deciding.
    Fenced = "fenced", [409], Retry::Never;
    /// The agent does not own the conversation.
    NotOwner = "not_owner", [409], Retry::Never;
    /// The conversation's state does not allow it.
    WrongPhase = "wrong_phase", [409], Retry::Never;
    /// The agent has reached the limit of conversations.
    AtLimit = "at_limit", [409], Retry::Never;
    /// The server speaks another version of the protocol.
    UnsupportedProtocol = "unsupported_protocol", [409], Retry::Never;
    /// Too many frames or requests. Nothing was stored.
    RateLimited = "rate_limited", [429], Retry::After(1_000);
    /// A fault of the server, which is in its log.
    Internal = "internal", [500], Retry::Never;
    /// The disk is full, too many writes wait, or the store cannot be reached. Nothing was
    /// acknowledged.
    Unavailable = "unavailable", [503], Retry::After(2_000);
    /// The server is going away.
    Draining = "draining", [503], Retry::After(2_000);
}
