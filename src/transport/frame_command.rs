//! Parts of a command that the sessions of customers and agents share.

use super::{
    api_error::ApiError,
    socket::End,
    wire::{Close, ErrorCode, PROTOCOL},
};
use crate::journal::{ClientId, ClientIdHash, ConversationId};
use crate::service::{Command, Overrun};

/// Records read at once. A customer's client must request the next page.
pub(super) const PAGE: usize = 200;

/// A frame's command to the conversation, with the client's own id for the ack.
pub(super) type FrameCommand = Result<(Command, Option<String>), (ApiError, Option<String>)>;

/// The refusal of a frame above the limit. A client far above it is closed instead.
pub(super) fn too_many(overrun: Overrun) -> Result<ApiError, End> {
    match overrun {
        Overrun::Wait(wait) => Ok(ApiError::rate_limited("too many frames; slow down", wait)),
        Overrun::Flood => Err(End::Closed(Close::Slow)),
    }
}

/// Whether the session goes on after a ping or pong of RFC 6455, which has no error reply.
pub(super) fn control(taken: Result<(), Overrun>) -> Result<(), End> {
    match taken {
        Ok(()) | Err(Overrun::Wait(_)) => Ok(()),
        Err(Overrun::Flood) => Err(End::Closed(Close::Slow)),
    }
}

/// The refusal of a first frame that is not a valid `hello`.
pub(super) fn no_hello(protocol: Option<u64>) -> ApiError {
    match protocol {
        Some(version) if version != u64::from(PROTOCOL) => ApiError::new(
            ErrorCode::UnsupportedProtocol,
            "unsupported protocol version: this server speaks version 1",
        ),
        Some(_) | None => ApiError::new(ErrorCode::BadFrame, "the first frame must be a hello"),
    }
}

/// The client id to echo in a refusal: only a valid one, as any other may contain anything.
pub(super) fn told(client_id: &str) -> Option<String> {
    ClientId::new(client_id).map(|id| id.as_str().to_owned())
}

/// Checks the client's own id of a message. The conversation gets only its hash.
pub(super) fn with_id(
    conversation: &ConversationId,
    client_id: String,
    act: impl FnOnce(ClientIdHash) -> Command,
) -> FrameCommand {
    let Some(id) = ClientId::new(&client_id) else {
        let message = "client_id must have 1 to 64 characters of A-Z a-z 0-9 _ -";
        return Err((ApiError::new(ErrorCode::BadValue, message), None));
    };
    Ok((act(ClientIdHash::of(conversation, &id)), Some(client_id)))
}
