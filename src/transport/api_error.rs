//! Errors as clients of the API get them.

use std::{borrow::Cow, time::Duration};

use axum::{
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER},
    },
    response::{IntoResponse, Response},
};
use serde::Serialize;

use super::wire::{ErrorCode, Retry};
use crate::dialogue::Refusal;
use crate::service::{AccountError, ServiceError};
use crate::storage::StorageError;

/// A refusal: a stable code and a sentence for developers. Its cause is logged, not sent.
#[derive(Clone, Debug)]
pub(crate) struct ApiError {
    pub(crate) code: ErrorCode,
    pub(crate) message: Cow<'static, str>,
    /// The time until the limit admits a retry, in milliseconds.
    wait_ms: Option<u64>,
}

/// The content type of every error body.
const JSON: &str = "application/json";

impl ApiError {
    pub(crate) fn new(code: ErrorCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code, message: message.into(), wait_ms: None }
    }

    /// The limit is reached, and admits one more after `wait`.
    pub(crate) fn rate_limited(message: &'static str, wait: Duration) -> Self {
        // Rounded up: a client that comes a moment early would be refused again.
        let wait_ms = u64::try_from(wait.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX);
        Self {
            code: ErrorCode::RateLimited,
            message: message.into(),
            wait_ms: Some(wait_ms.max(1)),
        }
    }

    pub(crate) fn forbidden_origin() -> Self {
        Self::new(ErrorCode::ForbiddenOrigin, "the page's origin is not on the allow-list")
    }

    /// The error for a status that the libraries under our handlers decided.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        let (code, message) = match status {
            StatusCode::NOT_FOUND => (ErrorCode::UnknownPath, "no route has this path"),
            StatusCode::METHOD_NOT_ALLOWED => (
                ErrorCode::WrongMethod,
                "this path does not take this method; the Allow header lists those it takes",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => {
                (ErrorCode::TooLarge, "the body must have at most 16 KiB")
            }
            StatusCode::REQUEST_TIMEOUT => {
                (ErrorCode::TooSlow, "the request must come within 10 s")
            }
            StatusCode::URI_TOO_LONG | StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE => {
                (ErrorCode::BadRequest, "the head of the request must have at most 16 KiB")
            }
            status if status.is_server_error() => (ErrorCode::Internal, "a fault of the server"),
            _ => (ErrorCode::BadRequest, "not a valid HTTP request"),
        };
        Self::new(code, message)
    }

    /// The JSON body of the response.
    fn json(&self) -> String {
        let body = Body { error: Inner { code: self.code, message: &self.message } };
        serde_json::to_string(&body).expect("two strings are JSON")
    }

    /// The time after which a retry makes sense, in milliseconds.
    pub(crate) fn retry_after_ms(&self) -> Option<u64> {
        match self.code.retry() {
            Retry::After(ms) => Some(self.wait_ms.unwrap_or(ms)),
            Retry::Never => None,
        }
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.code.status()).expect("the table holds statuses of HTTP")
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let (code, message) = match refusal {
            Refusal::Fenced => (ErrorCode::Fenced, "the conversation's owner has changed"),
            Refusal::NotOwner => (ErrorCode::NotOwner, "the conversation is not yours"),
            Refusal::ClientIdReused => {
                (ErrorCode::ClientIdReused, "client_id was used for another message: use a new one")
            }
            Refusal::WrongPhase => {
                (ErrorCode::WrongPhase, "the conversation's present state does not allow this")
            }
            Refusal::TooLong => (ErrorCode::BadLength, "the text is too long"),
            Refusal::Empty => (ErrorCode::BadLength, "the text must not be empty"),
            Refusal::StarsOutOfRange => (ErrorCode::BadValue, "stars must be 1 to 5"),
        };
        Self::new(code, message)
    }
}

impl From<StorageError> for ApiError {
    fn from(error: StorageError) -> Self {
        let (code, message) = match &error {
            StorageError::Conflict => (
                ErrorCode::Conflict,
                "the conversation has changed meanwhile: read it again, then decide",
            ),
            StorageError::NameTaken => (ErrorCode::Conflict, "the name is taken"),
            StorageError::DuplicateClientId => {
                (ErrorCode::ClientIdReused, "client_id was used before")
            }
            StorageError::NotFound => (ErrorCode::UnknownConversation, "no such conversation"),
            StorageError::Busy => {
                (ErrorCode::Unavailable, "too many writes wait: nothing was stored, try again")
            }
            StorageError::InUse { .. }
            | StorageError::NotWritable { .. }
            | StorageError::Full(_)
            | StorageError::Stopped
            | StorageError::Io(_)
            | StorageError::Engine(_) => (
                ErrorCode::Unavailable,
                "the store cannot be written: nothing was stored, try again later",
            ),
            // A retry does not help with these.
            StorageError::Corrupt { .. }
            | StorageError::TooLongToFold { .. }
            | StorageError::NewerSchema { .. }
            | StorageError::OldEngine { .. } => (ErrorCode::Internal, "a fault of the server"),
        };
        if code == ErrorCode::Internal {
            tracing::error!(%error, "stored data cannot be read");
        } else if !error.is_outage() {
            // An outage is logged once where it is noticed, and shown by `/readyz`.
            tracing::warn!(%error, "a write was refused");
        }
        Self::new(code, message)
    }
}

impl From<ServiceError> for ApiError {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Refused(refusal) => refusal.into(),
            ServiceError::Wording(_) => {
                Self::new(ErrorCode::RefusedWords, "a rule forbids this message: see found")
            }
            ServiceError::AtLimit(_) => {
                Self::new(ErrorCode::AtLimit, "the agent has reached the limit of conversations")
            }
            ServiceError::Storage(error) => error.into(),
            ServiceError::Busy => Self::new(
                ErrorCode::RateLimited,
                "too many inputs wait for this conversation: slow down",
            ),
            ServiceError::Draining => {
                Self::new(ErrorCode::Draining, "the server stops: reconnect after retry_after_ms")
            }
            ServiceError::Failed => Self::new(ErrorCode::Internal, "a fault of the server"),
        }
    }
}

impl From<AccountError> for ApiError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::SignIn => Self::new(ErrorCode::Unauthorized, "name or password is wrong"),
            AccountError::Limited { retry_after } => {
                Self::rate_limited("too many attempts to sign in", retry_after)
            }
            AccountError::Storage(error) => error.into(),
            AccountError::Name | AccountError::Password => Self::new(
                ErrorCode::BadValue,
                "the name must have 1 to 40 characters, the password 10 to 256",
            ),
            AccountError::Hash(error) => {
                tracing::error!(%error, "password hash failed");
                Self::new(ErrorCode::Internal, "a fault of the server")
            }
        }
    }
}

/// The body of an error for bytes that could not be parsed as a request.
pub(crate) fn error_body(status: StatusCode) -> String {
    ApiError::of_status(status).json()
}

/// Gives an error of axum the form of our errors. Axum answers with plain text or an empty body if
/// no route has the path or the method, or if an extractor of a handler fails.
pub(crate) async fn in_our_form(answer: Response) -> Response {
    let status = answer.status();
    let is_json = answer.headers().get(CONTENT_TYPE).is_some_and(|kind| kind == JSON);
    if is_json || !(status.is_client_error() || status.is_server_error()) {
        return answer;
    }
    let (mut head, _) = answer.into_parts();
    let (ours, body) = ApiError::of_status(status).into_response().into_parts();
    // All other headers stay: `Allow` lists the right methods.
    head.headers.remove(CONTENT_LENGTH);
    head.headers.extend(ours.headers);
    Response::from_parts(head, body)
}

#[derive(Serialize)]
struct Body<'a> {
    error: Inner<'a>,
}

#[derive(Serialize)]
struct Inner<'a> {
    code: ErrorCode,
    message: &'a str,
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, retry_after) = (self.status(), self.retry_after_ms());
        let mut response = (status, [(CONTENT_TYPE, JSON)], self.json()).into_response();
        if let Some(ms) = retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(ms.div_ceil(1_000)));
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use std::{io, sync::Arc};

    use super::*;

    /// The code as clients read it, the status, and whether a retry may succeed.
    fn told(error: impl Into<ApiError>) -> (String, u16, bool) {
        let error = error.into();
        let code = serde_json::to_string(&error.code).unwrap();
        let has_retry = error.retry_after_ms().is_some();
        let response = error.into_response();
        assert_eq!(response.headers().contains_key(RETRY_AFTER), has_retry, "{code}");
        (code.trim_matches('"').to_owned(), response.status().as_u16(), has_retry)
    }

    #[test]
    fn each_error_of_storage_reaches_the_client_with_its_own_meaning() {
        let cause = || Arc::new(io::Error::other("a test"));
        let path = || "/data".into();
        let cases = [
            (StorageError::Conflict, "conflict", 409, false),
            (StorageError::NameTaken, "conflict", 409, false),
            (StorageError::DuplicateClientId, "client_id_reused", 409, false),
            (StorageError::NotFound, "unknown_conversation", 404, false),
            (StorageError::Busy, "unavailable", 503, true),
            (StorageError::Full(cause()), "unavailable", 503, true),
            (StorageError::Io(cause()), "unavailable", 503, true),
            (StorageError::Engine(cause()), "unavailable", 503, true),
            (StorageError::Stopped, "unavailable", 503, true),
            (StorageError::InUse { dir: path() }, "unavailable", 503, true),
            (StorageError::NotWritable { path: path(), source: cause() }, "unavailable", 503, true),
            (StorageError::NewerSchema { found: 9, known: 1 }, "internal", 500, false),
            (
                StorageError::OldEngine { engine: "SQLite", found: "3.0", needed: "3.1" },
                "internal",
                500,
                false,
            ),
            (StorageError::Corrupt { what: "a row".to_owned() }, "internal", 500, false),
            (StorageError::TooLongToFold { max: 1 }, "internal", 500, false),
        ];
        for (error, code, status, may_retry) in cases {
            let shows = format!("{error:?}");
            let expected = (code.to_owned(), status, may_retry);
            assert_eq!(told(error.clone()), expected, "{shows}");
            assert_eq!(told(ServiceError::Storage(error)), expected, "{shows}, of the service");
        }
    }

    #[test]
    fn only_busy_and_outages_are_worth_trying_again() {
        assert_eq!(told(ServiceError::Busy).0, "rate_limited", "this client alone is too fast");
        assert_eq!(told(AccountError::Storage(StorageError::Busy)).0, "unavailable");
        assert_eq!(told(AccountError::SignIn), ("unauthorized".to_owned(), 401, false));
    }
}
