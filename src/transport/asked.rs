//! What the sessions of customers and agents share in asking a conversation for something.

use super::{api_error::ApiError, wire::ErrorCode};
use crate::journal::ClientId;
use crate::service::Act;

/// Events or records read at once; a customer's client has to ask before it gets more.
pub(super) const PAGE: usize = 200;

/// What a frame asks of the conversation, with the client's own id for the ack.
pub(super) type Asked = Result<(Act, Option<String>), (ApiError, Option<String>)>;

pub(super) fn too_many() -> ApiError {
    ApiError::new(ErrorCode::RateLimited, "too many frames; slow down")
}

/// Checks the client's own id of a message.
pub(super) fn with_id(client_id: String, act: impl FnOnce(ClientId) -> Act) -> Asked {
    let Some(id) = ClientId::new(&client_id) else {
        let message = "client_id must be 1 to 64 of A-Z a-z 0-9 _ -";
        return Err((ApiError::new(ErrorCode::BadValue, message), None));
    };
    Ok((act(id), Some(client_id)))
}
