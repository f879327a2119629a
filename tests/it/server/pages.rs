//! The pages: small, and cached only as long as they are valid.

use std::{collections::BTreeSet, fs, io::Read, path::Path};

use serde_json::Value;
use ureq::http::HeaderMap;

use crate::harness::{Agent, Customer, Server};

/// All that a customer's browser fetches before the first message, without headers.
const WIDGET_MAX_BYTES: usize = 28 * 1024;

#[tokio::test(flavor = "multi_thread")]
async fn the_widget_is_small_on_the_wire() {
    let server = Server::start();
    let build = build(&server).await;
    // Texts of other languages are fetched only when they are used.
    let locales = [None, Some("texts-zh-tw.js"), Some("texts-en.js")];
    for (coding, locale) in ["gzip", "br"].into_iter().flat_map(|c| locales.map(|l| (c, l))) {
        let mut bytes = 0;
        let mut wanted = vec!["/loader.js".to_owned(), "/widget".to_owned()];
        wanted.extend(locale.map(|name| format!("/web/{build}/{name}")));
        let mut seen = BTreeSet::new();
        while let Some(path) = wanted.pop() {
            if !seen.insert(path.clone()) {
                continue;
            }
            let (status, headers, body) =
                server.get_bytes(&path, &[("accept-encoding", coding)]).await;
            assert_eq!((status, headers["content-encoding"] == coding), (200, true), "{path}");
            bytes += body.len();
            let text = String::from_utf8(decoded(&headers, &body)).unwrap();
            let folder = path.rsplit_once('/').unwrap().0;
            wanted.extend(addresses(&text));
            wanted.extend(imports(&text).iter().map(|name| format!("{folder}/{name}")));
        }
        assert!(seen.len() > 10, "{seen:?}");
        assert!(bytes <= WIDGET_MAX_BYTES, "{bytes} bytes as {coding}, {locale:?}: {seen:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_kept_for_as_long_as_its_address_says() {
    let server = Server::start();
    let build = build(&server).await;
    let cases = [
        ("/widget".to_owned(), "no-cache"),
        ("/".to_owned(), "no-cache"),
        ("/loader.js".to_owned(), "public, max-age=300"),
        (format!("/web/{build}/widget.js"), "public, max-age=31536000, immutable"),
        (format!("/web/{build}/widget.css"), "public, max-age=31536000, immutable"),
        ("/web/widget.js".to_owned(), "no-cache"),
        ("/web/0123456789abcdef/widget.js".to_owned(), "no-store"),
    ];
    for (path, cache) in &cases {
        let mut etags = BTreeSet::new();
        let mut plain = None;
        for coding in ["identity", "gzip", "br"] {
            let asked = [("accept-encoding", coding)];
            let (status, headers, body) = server.get_bytes(path, &asked).await;
            assert_eq!((status, headers["cache-control"] == *cache), (200, true), "{path}");
            assert_eq!(headers["vary"], "accept-encoding", "{path}");
            let body = decoded(&headers, &body);
            assert_eq!(plain.get_or_insert_with(|| body.clone()), &body, "{path} as {coding}");
            let etag = headers["etag"].to_str().unwrap().to_owned();
            for known in [etag.clone(), format!("\"x\", W/{etag}")] {
                let asked = [("accept-encoding", coding), ("if-none-match", known.as_str())];
                let (status, headers, body) = server.get_bytes(path, &asked).await;
                assert_eq!((status, body.len()), (304, 0), "{path} as {coding}");
                assert_eq!(headers["cache-control"], *cache, "{path}");
                assert_eq!(headers["vary"], "accept-encoding", "{path}");
            }
            etags.insert(etag);
        }
        assert_eq!(etags.len(), 3, "{path}: bytes that differ have names that differ");
    }
    for path in [
        format!("/web/{build}/no.js"),
        "/web/no.js".to_owned(),
        "/web/console.html".to_owned(),
        format!("/web/{build}/widget.html"),
        format!("/web/{build}/a/b.js"),
        "/web/".to_owned(),
    ] {
        assert_eq!(server.get(&path).await.0, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_and_its_socket_name_the_same_build() {
    let server = Server::start();
    let build = build(&server).await;
    for page in ["/", "/console", "/widget"] {
        let (_, _, html) = server.get(page).await;
        let addresses = addresses(&html);
        assert!(!addresses.is_empty(), "{page}");
        for address in addresses {
            let own = address.starts_with(&format!("/web/{build}/"));
            assert!(own || address == "/loader.js", "{page} leads to {address}");
        }
    }
    let customer = server.customer().await;
    let mut socket = Customer::hello(&server.address, &customer.token, 0).await;
    assert_eq!(socket.until_type("welcome").await["build"], Value::from(build.as_str()));
    let token = Agent::sign_in(&server.address, "lin").await;
    let mut socket = Agent::hello(&server.address, &token).await;
    assert_eq!(socket.until_type("snapshot").await["build"], Value::from(build.as_str()));
}

#[test]
fn a_page_preloads_what_its_script_imports() {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("web");
    let mut compared = 0;
    for page in ["widget.html", "console.html", "demo.html"] {
        let html = fs::read_to_string(web.join(page)).unwrap();
        let listed: BTreeSet<_> = attributes(&html, "rel=\"modulepreload\" href=\"/web/");
        if listed.is_empty() {
            continue;
        }
        compared += 1;
        let entries = attributes(&html, "<script type=\"module\" src=\"/web/");
        let mut wanted: Vec<String> = entries.iter().cloned().collect();
        let mut imported = BTreeSet::new();
        while let Some(name) = wanted.pop() {
            let script = fs::read_to_string(web.join(&name)).unwrap();
            wanted
                .extend(imports(&script).into_iter().filter(|name| imported.insert(name.clone())));
        }
        assert_eq!(listed, &imported - &entries, "{page}");
    }
    assert!(compared > 0, "a page preloads something");
}

/// The build id in the widget's page.
async fn build(server: &Server) -> String {
    let (_, _, html) = server.get("/widget").await;
    let (_, rest) = html.split_once("\"/web/").unwrap();
    rest.split_once('/').unwrap().0.to_owned()
}

fn decoded(headers: &HeaderMap, body: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    match headers.get("content-encoding").map(|coding| coding.to_str().unwrap()) {
        None => plain.extend(body),
        Some("gzip") => {
            flate2::read::GzDecoder::new(body).read_to_end(&mut plain).unwrap();
        }
        Some("br") => {
            brotli::Decompressor::new(body, 4096).read_to_end(&mut plain).unwrap();
        }
        Some(other) => panic!("an unknown coding {other}"),
    }
    plain
}

/// The links of a page to this server.
fn addresses(html: &str) -> BTreeSet<String> {
    let tags = html.split('<').filter(|tag| tag.starts_with("link") || tag.starts_with("script"));
    let of_tag = |tag: &str| {
        let from = ["href=\"/", "src=\"/"].iter().find_map(|key| tag.split_once(key))?.1;
        Some(format!("/{}", from.split_once('"')?.0))
    };
    tags.filter_map(of_tag).collect()
}

/// The text after this one, up to the next quote.
fn attributes(html: &str, before: &str) -> BTreeSet<String> {
    let parts = html.split(before).skip(1);
    parts.map(|part| part.split_once('"').unwrap().0.to_owned()).collect()
}

/// The names that a script imports when it is loaded.
fn imports(script: &str) -> BTreeSet<String> {
    let parts = script.split(" from \"./").skip(1);
    parts.map(|part| part.split_once('"').unwrap().0.to_owned()).collect()
}

/// The keys of an object of texts that a script declares, those of inner objects with its name.
fn keys_of(script: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let mut inside = String::new();
    for line in
        script.lines().skip_while(|line| !line.ends_with('{') || line.starts_with("//")).skip(1)
    {
        let line = line.trim();
        if line == "};" {
            break;
        }
        if line == "}," {
            inside.clear();
        } else if let Some((key, value)) = line.split_once(':')
            && key.chars().all(|c| c.is_alphanumeric() || c == '_')
        {
            if value.trim() == "{" {
                inside = format!("{key}.");
            } else {
                keys.insert(format!("{inside}{key}"));
            }
        }
    }
    keys
}

#[test]
fn the_widget_has_every_text_in_three_languages() {
    let texts = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("web").join(name);
        keys_of(&fs::read_to_string(path).unwrap())
    };
    let simplified = texts("texts.js");
    assert!(simplified.len() > 60, "{simplified:?}");
    for name in ["texts-zh-tw.js", "texts-en.js"] {
        let others = texts(name);
        let apart: Vec<_> = simplified.symmetric_difference(&others).collect();
        assert!(apart.is_empty(), "{name}: {apart:?}");
    }
}

#[test]
fn the_pages_ask_for_texts_that_are_there() {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("web");
    let keys = keys_of(&fs::read_to_string(web.join("texts.js")).unwrap());
    let mut asked = 0;
    for name in ["widget.js", "transcript.js", "suggestions.js"] {
        let script = fs::read_to_string(web.join(name)).unwrap();
        let parts: Vec<&str> = script.split("t(\"").collect();
        for pair in parts.windows(2) {
            // The name of the function is `t` alone.
            if pair[0].ends_with(|c: char| c.is_alphanumeric() || c == '.') {
                continue;
            }
            let key = pair[1].split('"').next().unwrap();
            assert!(keys.contains(key), "{key} of {name}");
            asked += 1;
        }
    }
    assert!(asked > 20, "{asked}");
}
