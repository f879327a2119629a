//! The HTTP endpoints: a token for a customer, sign-in for an agent, one-shot questions.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Json,
    body::Bytes,
    extract::{ConnectInfo, State},
    http::{
        HeaderMap, StatusCode,
        header::{ACCESS_CONTROL_ALLOW_ORIGIN, AUTHORIZATION, CACHE_CONTROL},
    },
    response::IntoResponse,
};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{
    api_error::ApiError,
    app::App,
    json, peer,
    wire::{DroppedFactsView, ErrorCode},
};
use crate::journal::{Choice, ConversationId};
use crate::knowledge::{EntryId, GivenFacts, IntentId};
use crate::service::AddressLimit;

#[derive(Serialize)]
pub(crate) struct CreateCustomerResponse {
    token: String,
    conversation: ConversationId,
    expires_at: Timestamp,
    /// The facts that were dropped; left out if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    dropped_facts: Option<DroppedFactsView>,
}

/// The data about its customer that a page may send.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CreateCustomerRequest {
    #[serde(default)]
    facts: GivenFacts,
}

/// `POST /v1/customers`: creates a customer, who is recognized by the token.
pub(crate) async fn create_customer(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<impl IntoResponse, ApiError> {
    if !app.origins.admits(&headers) {
        return Err(ApiError::forbidden_origin());
    }
    limit(&app, &app.limits.customers, peer, &headers)?;
    let about: CreateCustomerRequest = json::body(&body)?;
    let origin = headers.get("origin").and_then(|origin| origin.to_str().ok());
    let customer = app.service.customers.create(origin.map(str::to_owned), about.facts).await?;
    let body = CreateCustomerResponse {
        token: customer.token.reveal().to_owned(),
        conversation: customer.conversation,
        expires_at: customer.expires_at,
        dropped_facts: DroppedFactsView::of(&customer.dropped),
    };
    Ok((StatusCode::CREATED, Json(body)))
}

/// `POST /v1/origin`: whether the requesting page is on the allow-list. Browsers do not tell a page
/// why its frame or socket was refused. This endpoint tells a page only about itself.
pub(crate) async fn judge_origin(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> impl IntoResponse {
    let judged = if app.origins.admits(&headers) {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(ApiError::forbidden_origin())
    };
    ([(ACCESS_CONTROL_ALLOW_ORIGIN, "*"), (CACHE_CONTROL, "no-store")], judged)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LoginRequest {
    name: String,
    password: String,
}

#[derive(Serialize)]
pub(crate) struct LoginResponse {
    token: String,
    name: String,
    expires_at: Timestamp,
}

/// `POST /v1/agents/login`.
pub(crate) async fn sign_in(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<LoginResponse>, ApiError> {
    if !app.origins.is_own(&headers) {
        return Err(ApiError::forbidden_origin());
    }
    let LoginRequest { name, password } = json::body(&body)?;
    let from = peer::address(peer, &headers, &app.trusted_proxies);
    let signed_in = app.service.accounts.sign_in(&name, &password, from).await?;
    Ok(Json(LoginResponse {
        token: signed_in.token.reveal().to_owned(),
        name: signed_in.name,
        expires_at: signed_in.expires_at,
    }))
}

/// `POST /v1/agents/logout`, with the token as a bearer token.
pub(crate) async fn sign_out(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    let from = peer::address(peer, &headers, &app.trusted_proxies);
    if let Some(agent) = app.service.accounts.sign_out(bearer(&headers)?, from).await? {
        app.service.presence.left(agent).await;
    }
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AskRequest {
    text: String,
    #[serde(default)]
    facts: GivenFacts,
}

/// The answer to a one-shot question, as a first message would get it.
#[derive(Serialize)]
pub(crate) struct AskResponse {
    band: &'static str,
    entry: Option<EntryId>,
    intent: Option<IntentId>,
    confidence: Option<f32>,
    text: String,
    /// What to do in order, one line each.
    steps: Vec<String>,
    /// The law, rule or contract that an answer rests on.
    source: Option<String>,
    /// The day on which an answer was last checked against its source.
    checked: Option<Date>,
    choices: Vec<Choice>,
    offer_human: bool,
    /// Whether a conversation would be handed over to a human. A one-shot question is not.
    handoff: bool,
    knowledge: String,
    /// The classes of personal data that a tag replaces in the text; left out if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    masked: Vec<&'static str>,
    /// The classes of personal data that are flagged and stay; left out if there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    flagged: Vec<&'static str>,
    /// The facts that were dropped; left out if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    dropped_facts: Option<DroppedFactsView>,
}

/// `POST /v1/ask`: answers one question without a conversation. Nothing is stored.
pub(crate) async fn ask(
    State(app): State<Arc<App>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<AskResponse>, ApiError> {
    // A server sends no origin. A page of a site that is not on the allow-list is refused.
    if headers.contains_key("origin") && !app.origins.admits(&headers) {
        return Err(ApiError::forbidden_origin());
    }
    limit(&app, &app.limits.asks, peer, &headers)?;
    let question: AskRequest = json::body(&body)?;
    let (asked, dropped) = app.service.questions.ask(&question.text, question.facts)?;
    Ok(Json(AskResponse {
        band: asked.band().as_str(),
        masked: asked.masked_classes(),
        flagged: asked.flagged_classes(),
        confidence: asked.reply.candidates.first().map(|candidate| candidate.confidence),
        entry: asked.reply.entry,
        intent: asked.reply.intent,
        text: asked.reply.text,
        steps: asked.reply.steps,
        source: asked.reply.source,
        checked: asked.reply.checked,
        choices: asked.reply.choices,
        offer_human: asked.reply.offer_human,
        handoff: asked.is_handoff,
        knowledge: asked.reply.knowledge,
        dropped_facts: DroppedFactsView::of(&dropped),
    }))
}

/// The token of `Authorization: Bearer`.
pub(super) fn bearer(headers: &HeaderMap) -> Result<&str, ApiError> {
    let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    bearer.and_then(|value| value.strip_prefix("Bearer ")).ok_or(ApiError::new(
        ErrorCode::Unauthorized,
        "the header Authorization must be: Bearer TOKEN",
    ))
}

fn limit(
    app: &App,
    limit: &AddressLimit,
    peer: SocketAddr,
    headers: &HeaderMap,
) -> Result<(), ApiError> {
    let taken = limit.take(peer::address(peer, headers, &app.trusted_proxies));
    taken.map_err(|wait| ApiError::rate_limited("too many requests from this address", wait))
}
