//! Health and metrics.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::IntoResponse,
};
use serde::Serialize;

use super::app::App;

/// `GET /healthz`: the process is running.
pub(crate) async fn health() -> &'static str {
    "ok\n"
}

#[derive(Serialize)]
pub(crate) struct Readiness {
    ready: bool,
    reasons: Vec<String>,
    knowledge: String,
    refused_knowledge: Option<String>,
}

/// `GET /readyz`: whether new customers should be sent to this server, and why not.
pub(crate) async fn ready(State(app): State<Arc<App>>) -> impl IntoResponse {
    let reasons = app.service.why_not_ready().await;
    let ready = reasons.is_empty();
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let knowledge = app.service.snapshot().base.hash.clone();
    let refused_knowledge = app.service.refused_knowledge();
    (status, Json(Readiness { ready, reasons, knowledge, refused_knowledge }))
}

/// `GET /metrics`.
pub(crate) async fn metrics(State(app): State<Arc<App>>) -> impl IntoResponse {
    let openmetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(CONTENT_TYPE, openmetrics)], app.service.metrics.render())
}
