//! The pages in the binary.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{
            CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
            X_FRAME_OPTIONS,
        },
    },
    response::{IntoResponse, Response},
};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::router::App;
use crate::text::hex;

#[derive(RustEmbed)]
#[folder = "web/"]
#[include = "*.html"]
#[include = "*.js"]
#[include = "*.css"]
#[include = "*.svg"]
#[exclude = "tests/*"]
#[exclude = "node_modules/*"]
struct Web;

/// Scripts and styles from kefu's own origin alone, nothing inline, no plug-ins.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; \
    form-action 'self'; object-src 'none'; frame-ancestors ";

/// `GET /`: the demo page.
pub(crate) async fn demo(headers: HeaderMap) -> Response {
    page("demo.html", "'none'", &headers)
}

/// `GET /console`: the agents' console, in no other page's frame.
pub(crate) async fn console(headers: HeaderMap) -> Response {
    page("console.html", "'none'", &headers)
}

/// `GET /widget`: the inside of the widget's frame.
pub(crate) async fn widget(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    page("widget.html", &app.origins.frame_ancestors(), &headers)
}

/// `GET /loader.js`: what a host page includes.
pub(crate) async fn loader(headers: HeaderMap) -> Response {
    file("loader.js", &headers)
}

/// `GET /web/…`: scripts and styles.
pub(crate) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    file(&name, &headers)
}

fn page(name: &str, frame_ancestors: &str, headers: &HeaderMap) -> Response {
    let mut response = file(name, headers);
    if let Ok(policy) = HeaderValue::from_str(&format!("{POLICY}{frame_ancestors}")) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    if frame_ancestors == "'none'" {
        response.headers_mut().insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    response
}

/// A file, or 304 when the client has these very bytes.
fn file(name: &str, headers: &HeaderMap) -> Response {
    let Some(file) = Web::get(name) else {
        return (StatusCode::NOT_FOUND, "not found\n").into_response();
    };
    let etag = etag(&file);
    let is_fresh = headers.get(IF_NONE_MATCH).is_some_and(|known| known == etag.as_str());
    let head = [
        (ETAG, etag),
        (CACHE_CONTROL, "no-cache".to_owned()),
        (CONTENT_TYPE, content_type(name).to_owned()),
    ];
    if is_fresh {
        return (StatusCode::NOT_MODIFIED, head).into_response();
    }
    (head, file.data.into_owned()).into_response()
}

fn etag(file: &EmbeddedFile) -> String {
    format!("\"{}\"", hex(&file.metadata.sha256_hash()[..16]))
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some(_) | None => "application/octet-stream",
    }
}
