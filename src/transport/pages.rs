//! The pages, their scripts and styles.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{
            ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY,
            CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY, X_FRAME_OPTIONS,
        },
    },
    response::{IntoResponse, Response},
};

use super::{
    api_error::ApiError,
    app::App,
    assets::{Asset, build, find},
    coding::Coding,
};

/// The content security policy: scripts and styles only from kefu's own origin, nothing inline, no
/// plug-ins.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; \
    form-action 'self'; object-src 'none'; frame-ancestors ";

/// For files under the build id, which never change.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// For the loader: host pages fetch it at most every five minutes, and see a new one that soon.
const SHORTLY: &str = "public, max-age=300";

/// The browser must revalidate its copy each time.
const ASKED: &str = "no-cache";

/// For a file under another build id, which must not be cached there.
const NEVER: &str = "no-store";

/// `GET /`: the demo page.
pub(crate) async fn demo(headers: HeaderMap) -> Response {
    page("demo.html", "'none'", &headers)
}

/// `GET /console`: the agents' console, which no page may embed.
pub(crate) async fn console(headers: HeaderMap) -> Response {
    page("console.html", "'none'", &headers)
}

/// `GET /widget`: the page inside the widget's frame.
pub(crate) async fn widget(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    page("widget.html", &app.origins.frame_ancestors(), &headers)
}

/// `GET /loader.js`: the script that a host page includes. It contains the number of `hotline` in
/// the knowledge's variables.
pub(crate) async fn loader(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let snapshot = app.service.snapshot();
    let hotline = snapshot.base.variables.get("hotline").map_or("", String::as_str);
    file(&app.loader.with(hotline), SHORTLY, &headers)
}

/// `GET /web/BUILD/…`: scripts and styles. Without a build id, or under another program's, the
/// present file is returned and not cached.
pub(crate) async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let (folder, name) = path.split_once('/').unwrap_or_default();
    let (found, cache) = match find(&path) {
        Some(found) => (Some(found), ASKED),
        None if folder == build() => (find(name), FOR_EVER),
        None => (find(name), NEVER),
    };
    match found {
        // A page needs its policy, which it gets only under its own address.
        Some(asset) if !asset.is_page() => file(asset, cache, &headers),
        Some(_) | None => not_found(),
    }
}

fn page(name: &str, frame_ancestors: &str, headers: &HeaderMap) -> Response {
    let Some(asset) = find(name) else { return not_found() };
    let mut response = file(asset, ASKED, headers);
    if let Ok(policy) = HeaderValue::from_str(&format!("{POLICY}{frame_ancestors}")) {
        response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    if frame_ancestors == "'none'" {
        response.headers_mut().insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    response
}

fn not_found() -> Response {
    ([(CACHE_CONTROL, NEVER)], ApiError::of_status(StatusCode::NOT_FOUND)).into_response()
}

/// A file, or 304 if the client has exactly these bytes.
fn file(asset: &Asset, cache: &'static str, headers: &HeaderMap) -> Response {
    let (coding, bytes) = asset.coded(Coding::wanted(headers));
    let etag = asset.etag(coding);
    let is_fresh = is_among(&etag, headers);
    let head = [
        (ETAG, etag),
        (CACHE_CONTROL, cache.to_owned()),
        (CONTENT_TYPE, asset.content_type.to_owned()),
        (VARY, ACCEPT_ENCODING.to_string()),
    ];
    if is_fresh {
        return (StatusCode::NOT_MODIFIED, head).into_response();
    }
    let mut response = (head, bytes).into_response();
    if let Some(name) = coding.name() {
        response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    response
}

/// Whether the client has the file with this tag. A proxy may have marked the tag as weak, which
/// this comparison ignores (RFC 9110, 13.1.2).
fn is_among(etag: &str, headers: &HeaderMap) -> bool {
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut known = known.flat_map(|value| value.split(',')).map(str::trim);
    known.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == etag)
}
