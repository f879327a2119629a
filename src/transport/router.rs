//! The routes.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Extension, Router,
    extract::{
        ConnectInfo, Request, State, WebSocketUpgrade, ws::rejection::WebSocketUpgradeRejection,
    },
    http::{
        HeaderMap, HeaderName, HeaderValue,
        header::{REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
    },
    middleware::{self, Next},
    response::Response,
    routing::{get, post},
};

use super::{
    agent_session, api,
    api_error::{ApiError, in_our_form},
    app::App,
    body, connections, customer_session, metrics, pages, peer, socket, suggestions,
    wire::ErrorCode,
};
use crate::service::RoleValue;

/// The routes of the main port. `with_metrics`: `/metrics` has no port of its own.
pub(crate) fn router(app: Arc<App>, with_metrics: bool) -> Router {
    let mut router = Router::new()
        .route("/", get(pages::demo))
        .route("/console", get(pages::console))
        .route("/widget", get(pages::widget))
        .route("/loader.js", get(pages::loader))
        .route("/web/{*path}", get(pages::asset))
        .route("/healthz", get(metrics::health))
        .route("/readyz", get(metrics::ready))
        .route("/v1/ask", post(api::ask))
        .route("/v1/customers", post(api::create_customer))
        .route("/v1/origin", post(api::judge_origin))
        .route("/v1/suggestions", get(suggestions::suggest))
        .route("/v1/agents/login", post(api::sign_in))
        .route("/v1/agents/logout", post(api::sign_out))
        .route("/v1/customer", get(customer_socket))
        .route("/v1/agent", get(agent_socket));
    if with_metrics {
        router = router.route("/metrics", get(metrics::metrics));
    }
    router
        .layer(middleware::from_fn(body::whole))
        .layer(middleware::map_response(in_our_form))
        .layer(middleware::from_fn(headers))
        .with_state(app)
}

/// The routes of the admin port.
pub(crate) fn admin_router(app: Arc<App>) -> Router {
    Router::new()
        .route("/metrics", get(metrics::metrics))
        .layer(middleware::from_fn(body::whole))
        .layer(middleware::map_response(in_our_form))
        .with_state(app)
}

async fn customer_socket(
    State(app): State<Arc<App>>,
    ConnectInfo(address): ConnectInfo<SocketAddr>,
    Extension(slot): Extension<Arc<connections::ConnectionSlot>>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    if !app.origins.admits(&headers) {
        let address = peer::address(address, &headers, &app.trusted_proxies);
        tracing::info!(%address, "customer socket from an origin that is not on the list");
        return Err(ApiError::forbidden_origin());
    }
    let service = app.service.clone();
    let limited = socket::limited(upgrade.map_err(no_handshake)?, socket::CUSTOMER_FRAME_MAX_BYTES);
    Ok(limited.on_upgrade(async move |socket| {
        let open = service.metrics.open_socket(RoleValue::Customer);
        // The task that waited for the upgrade holds memory for several sockets. It ends here, and
        // the session runs in a small task of its own.
        tokio::spawn(customer_session::run(Box::new(socket), service, slot, open));
    }))
}

async fn agent_socket(
    State(app): State<Arc<App>>,
    Extension(slot): Extension<Arc<connections::ConnectionSlot>>,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, ApiError> {
    if !app.origins.is_own(&headers) {
        return Err(ApiError::forbidden_origin());
    }
    let service = app.service.clone();
    let limited = socket::limited(upgrade.map_err(no_handshake)?, socket::AGENT_FRAME_MAX_BYTES);
    Ok(limited.on_upgrade(async move |socket| {
        let _open = service.metrics.open_socket(RoleValue::Agent);
        agent_session::run(socket, service.clone(), slot).await;
    }))
}

#[expect(clippy::needless_pass_by_value, reason = "as `map_err` gives it")]
fn no_handshake(rejection: WebSocketUpgradeRejection) -> ApiError {
    tracing::debug!(%rejection, "no WebSocket handshake");
    ApiError::new(ErrorCode::BadRequest, "expected a WebSocket handshake, version 13")
}

/// Headers of every response: no guessing of types, no addresses in referrers.
async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    let opener = HeaderName::from_static("cross-origin-opener-policy");
    headers.insert(opener, HeaderValue::from_static("same-origin"));
    response
}
