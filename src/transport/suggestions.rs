//! Suggestions while a customer types.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
    http::{HeaderMap, header::CACHE_CONTROL},
    response::IntoResponse,
};
use serde::{Deserialize, Serialize};

use super::{api, api_error::ApiError, app::App, wire::ErrorCode};
use crate::knowledge::EntryId;
use crate::matching::Suggestion;

/// A longer text is not the start of a question.
const TEXT_MAX_CHARS: usize = 200;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SuggestionQuery {
    text: String,
}

#[derive(Serialize)]
struct SuggestionResponse {
    /// Best first.
    suggestions: Vec<SuggestionView>,
}

#[derive(Serialize)]
struct SuggestionView {
    entry: EntryId,
    /// A question of the entry, to be sent unchanged.
    text: String,
    /// Ranges of characters, from 0, end excluded.
    matched: Vec<[usize; 2]>,
}

impl From<Suggestion> for SuggestionView {
    fn from(suggestion: Suggestion) -> Self {
        let Suggestion { entry, wording, matched } = suggestion;
        let matched = matched.into_iter().map(|range| [range.start, range.end]).collect();
        Self { entry, text: wording, matched }
    }
}

/// `GET /v1/suggestions?text=…`, with the customer's token as a bearer token. The text is not sent
/// yet: it is neither stored nor logged, and no cache may keep the answer.
pub(crate) async fn suggest(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    typing: Result<Query<SuggestionQuery>, QueryRejection>,
) -> Result<impl IntoResponse, ApiError> {
    // A browser sends no origin when a page requests its own server.
    if headers.contains_key("origin") && !app.origins.admits(&headers) {
        return Err(ApiError::forbidden_origin());
    }
    let token = api::bearer(&headers)?;
    let Some(customer) = app.service.customers.by_token(token).await? else {
        return Err(ApiError::new(ErrorCode::Unauthorized, "the token is invalid or expired"));
    };
    app.typing
        .take(&customer.conversation)
        .map_err(|wait| ApiError::rate_limited("too many requests of this customer", wait))?;
    let Ok(Query(SuggestionQuery { text })) = typing else {
        return Err(ApiError::new(
            ErrorCode::BadFrame,
            "invalid query: expected text=… and nothing else",
        ));
    };
    if text.chars().count() > TEXT_MAX_CHARS {
        return Err(ApiError::new(
            ErrorCode::BadLength,
            "the text must have at most 200 characters",
        ));
    }
    let suggestions = app.service.questions.suggest(&text, &customer.facts).await;
    let suggestions = suggestions.into_iter().map(SuggestionView::from).collect();
    Ok(([(CACHE_CONTROL, "no-store")], Json(SuggestionResponse { suggestions })))
}
