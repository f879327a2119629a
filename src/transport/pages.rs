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

/// Scripts and styles from kefu's own origin alone, nothing inline, no plug-ins.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; frame-src 'self'; base-uri 'none'; \
    form-action 'self'; object-src 'none'; frame-ancestors ";

/// A file whose address has the hash of all files in it never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Host pages ask for the loader every five minutes at most, and get a new one that soon.
const SHORTLY: &str = "public, max-age=300";

/// It is asked each time whether the copy is still right.
const ASKED: &str = "no-cache";

/// A file under the address of another program's pages must not stay there.
const NEVER: &str = "no-store";

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

/// `GET /loader.js`: what a host page includes. It knows the number of `hotline` in the
/// knowledge's variables.
pub(crate) async fn loader(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let snapshot = app.service.snapshot();
    let hotline = snapshot.base.variables.get("hotline").map_or("", String::as_str);
    file(&app.loader.with(hotline), SHORTLY, &headers)
}

/// `GET /web/BUILD/…`: scripts and styles. Without the build, and under that of another
/// program, the file of this program is given, and not kept.
pub(crate) async fn asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let (folder, name) = path.split_once('/').unwrap_or_default();
    let (found, cache) = match find(&path) {
        Some(found) => (Some(found), ASKED),
        None if folder == build() => (find(name), FOR_EVER),
        None => (find(name), NEVER),
    };
    match found {
        // A page has a policy, which it gets under its own address alone.
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

/// A file, or 304 when the client has these very bytes.
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

/// Whether the client says that it has it. A proxy may have marked the tag as weak, which
/// for this comparison means nothing (RFC 9110, 13.1.2).
fn is_among(etag: &str, headers: &HeaderMap) -> bool {
    let known = headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    let mut known = known.flat_map(|value| value.split(',')).map(str::trim);
    known.any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == etag)
}
