//! The body of a request: whole, within a time and a size, before anything is done with it.

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{HeaderValue, header::CONNECTION},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{api_error::ApiError, door::Seat, wire::ErrorCode};

/// The largest body of a request.
const BODY_MAX_BYTES: usize = 16 * 1024;

/// A body must have come whole within this time; 16 KiB take a second on the worst of
/// mobile networks.
const BODY_WITHIN: Duration = Duration::from_secs(10);

/// Reads the body, or refuses the request and lets the connection go.
pub(crate) async fn whole(request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let read = tokio::time::timeout(BODY_WITHIN, to_bytes(body, BODY_MAX_BYTES)).await;
    let refused = match read {
        Ok(Ok(bytes)) => {
            if let Some(seat) = head.extensions.get::<Arc<Seat>>() {
                seat.body_came();
            }
            return next.run(Request::from_parts(head, Body::from(bytes))).await;
        }
        // A client whose connection broke does not hear it.
        Ok(Err(_)) => ApiError::new(ErrorCode::TooLarge, "the body is larger than 16 KiB"),
        Err(_) => ApiError::new(ErrorCode::TooSlow, "the body did not come in time"),
    };
    let mut response = refused.into_response();
    // The rest of the body may still come, and is no request.
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
