//! Reads the body of a request completely, within limits of time and size, before its handler runs.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, HttpBody, to_bytes},
    extract::Request,
    http::{HeaderValue, header::CONNECTION},
    middleware::Next,
    response::{IntoResponse, Response},
};

use http_body_util::LengthLimitError;

use super::{api_error::ApiError, connections::ConnectionSlot, wire::ErrorCode};

/// The largest body of a request.
const BODY_MAX_BYTES: usize = 16 * 1024;

/// A body must be complete within this time. 16 KiB take a second on the slowest mobile networks.
const BODY_WITHIN: Duration = Duration::from_secs(10);

const TOO_LARGE: (ErrorCode, &str) = (ErrorCode::TooLarge, "the body must have at most 16 KiB");

/// Reads the body, or refuses the request and closes the connection.
pub(crate) async fn whole(request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    // A body with too large an announced length is refused at once.
    if body.size_hint().lower() > BODY_MAX_BYTES as u64 {
        return refuse(TOO_LARGE);
    }
    let read = tokio::time::timeout(BODY_WITHIN, to_bytes(body, BODY_MAX_BYTES)).await;
    refuse(match read {
        Ok(Ok(bytes)) => {
            if let Some(slot) = head.extensions.get::<Arc<ConnectionSlot>>() {
                slot.body_came();
            }
            return next.run(Request::from_parts(head, Body::from(bytes))).await;
        }
        Ok(Err(error)) if is_too_large(&error) => TOO_LARGE,
        // A client whose connection broke does not get this answer.
        Ok(Err(_)) => (ErrorCode::BadFrame, "the body is not valid HTTP"),
        Err(_) => (ErrorCode::TooSlow, "the body must come within 10 s"),
    })
}

fn is_too_large(error: &axum::Error) -> bool {
    let source = std::error::Error::source(error);
    source.and_then(|source| source.downcast_ref::<LengthLimitError>()).is_some()
}

fn refuse((code, message): (ErrorCode, &'static str)) -> Response {
    let mut response = ApiError::new(code, message).into_response();
    // The rest of the body may still come, and is not a request.
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
