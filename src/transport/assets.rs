//! The files of the pages, embedded in the binary. Each is compressed once, at its first use.

use std::{
    collections::BTreeMap,
    io::Write,
    sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError},
};

use axum::body::Bytes;
use flate2::{Compression, write::GzEncoder};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use super::{coding::Coding, minify};
use crate::text::hex;

/// The script of host pages.
const LOADER: &str = "loader.js";

/// The content types of pages and their parts.
const PAGE: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// The placeholder for the operator's hotline in the loader, quotes included.
const HOTLINE: &str = r#""__KEFU_HOTLINE__""#;

/// Brotli's level. The two levels above it save a tenth more and take ten times as long, while the
/// first customer after a start waits.
const BROTLI_LEVEL: u32 = 9;

/// Brotli's window, as a power of two: no file is larger than 64 KiB.
const BROTLI_WINDOW: u32 = 16;

#[derive(RustEmbed)]
#[folder = "web/"]
#[include = "*.html"]
#[include = "*.js"]
#[include = "*.css"]
#[include = "*.svg"]
#[exclude = "tests/*"]
#[exclude = "node_modules/*"]
struct Web;

struct Assets {
    build: String,
    files: BTreeMap<String, Asset>,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(|| {
    let files: BTreeMap<String, Bytes> = Web::iter()
        .filter_map(|name| Some((name.as_ref().to_owned(), served(&name, &Web::get(&name)?.data))))
        .collect();
    let mut all = Sha256::new();
    for (name, bytes) in &files {
        all.update(name);
        all.update([0]);
        all.update(Sha256::digest(bytes));
    }
    let build = hex(&all.finalize()[..8]);
    let own = format!("\"/web/{build}/");
    let asset = |(name, bytes): (String, Bytes)| {
        let content_type = content_type(&name);
        let bytes = match std::str::from_utf8(&bytes) {
            Ok(page) if content_type == PAGE => page.replace("\"/web/", &own).into(),
            Ok(_) | Err(_) => bytes,
        };
        (name, Asset::new(content_type, bytes))
    };
    let files = files.into_iter().map(asset).collect();
    Assets { build, files }
});

/// The bytes of a file as they are served.
fn served(name: &str, bytes: &[u8]) -> Bytes {
    match (content_type(name), std::str::from_utf8(bytes)) {
        (SCRIPT, Ok(text)) => minify::script(text).into(),
        (STYLE, Ok(text)) => minify::style(text).into(),
        _ => Bytes::copy_from_slice(bytes),
    }
}

/// The build id of the embedded pages, which changes with every byte of them.
pub(crate) fn build() -> &'static str {
    &ASSETS.build
}

/// The file with this name.
pub(crate) fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.files.get(name)
}

/// One file.
#[derive(Debug)]
pub(crate) struct Asset {
    pub(crate) content_type: &'static str,
    plain: Bytes,
    hash: String,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
}

impl Asset {
    fn new(content_type: &'static str, plain: Bytes) -> Self {
        let hash = hex(&Sha256::digest(&plain)[..16]);
        Self { content_type, plain, hash, gzip: OnceLock::new(), brotli: OnceLock::new() }
    }

    /// Whether it is a page, not a part of one.
    pub(crate) fn is_page(&self) -> bool {
        self.content_type == PAGE
    }

    /// The bytes in this coding, or uncompressed if that is shorter.
    pub(crate) fn coded(&self, coding: Coding) -> (Coding, Bytes) {
        let coded = match coding {
            Coding::Identity => &self.plain,
            Coding::Gzip => self.gzip.get_or_init(|| gzip(&self.plain)),
            Coding::Brotli => self.brotli.get_or_init(|| brotli(&self.plain)),
        };
        if coded.len() < self.plain.len() {
            (coding, coded.clone())
        } else {
            (Coding::Identity, self.plain.clone())
        }
    }

    /// The tag of exactly these bytes in this coding.
    pub(crate) fn etag(&self, coding: Coding) -> String {
        match coding.name() {
            Some(name) => format!("\"{}-{name}\"", self.hash),
            None => format!("\"{}\"", self.hash),
        }
    }
}

/// The script that host pages include, with the hotline for when nothing answers.
#[derive(Debug, Default)]
pub(crate) struct LoaderScript(Mutex<Option<(String, Arc<Asset>)>>);

impl LoaderScript {
    /// The loader with this hotline; empty for none.
    pub(crate) fn with(&self, hotline: &str) -> Arc<Asset> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, asset)) = &*kept
            && known == hotline
        {
            return asset.clone();
        }
        let script = find(LOADER).map_or_else(Bytes::new, |asset| asset.plain.clone());
        let script = String::from_utf8_lossy(&script);
        let filled = filled(&script, hotline).into();
        let asset = Arc::new(Asset::new(content_type(LOADER), filled));
        *kept = Some((hotline.to_owned(), asset.clone()));
        asset
    }
}

/// The script with the hotline as a JavaScript string.
fn filled(script: &str, hotline: &str) -> String {
    let json = serde_json::to_string(hotline).expect("a string is JSON");
    // U+2028 and U+2029 end a string in engines before ES2019. In a script that a host copies into
    // its page, `</script>` would end the script.
    let literal = json.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
    let literal = literal.replace('<', "\\u003c");
    script.replace(HOTLINE, &literal)
}

fn gzip(plain: &[u8]) -> Bytes {
    let mut coder = GzEncoder::new(Vec::new(), Compression::best());
    let written = coder.write_all(plain).and_then(|()| coder.finish());
    written.expect("writing to memory does not fail").into()
}

fn brotli(plain: &[u8]) -> Bytes {
    let mut coder =
        brotli::CompressorWriter::new(Vec::new(), plain.len(), BROTLI_LEVEL, BROTLI_WINDOW);
    coder.write_all(plain).expect("writing to memory does not fail");
    coder.into_inner().into()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => PAGE,
        Some("js") => SCRIPT,
        Some("css") => STYLE,
        Some("svg") => "image/svg+xml",
        Some(_) | None => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_becomes_a_string_of_the_script() {
        let script = r#"const HOTLINE = "__KEFU_HOTLINE__"; // __KEFU_HOTLINE__"#;
        let cases = [
            ("a number", "400-000-0000（示例）", r#""400-000-0000（示例）""#),
            ("none", "", r#""""#),
            ("quotes and backslashes", r#"a"b\c"#, r#""a\"b\\c""#),
            ("an end of the script", "1</script><!--", r#""1\u003c/script>\u003c!--""#),
            ("line ends", "a\nb\u{2028}c\u{2029}", r#""a\nb\u2028c\u2029""#),
        ];
        for (shows, hotline, literal) in cases {
            let expected = format!("const HOTLINE = {literal}; // __KEFU_HOTLINE__");
            assert_eq!(filled(script, hotline), expected, "{shows}");
        }
    }

    #[test]
    fn the_loader_follows_the_number() {
        let loader = LoaderScript::default();
        let first = loader.with("95000");
        assert!(Arc::ptr_eq(&first, &loader.with("95000")), "it is made once");
        let second = loader.with("95001");
        assert_ne!(first.etag(Coding::Gzip), second.etag(Coding::Gzip));
    }

    #[test]
    fn every_script_and_style_is_slim() {
        for name in Web::iter() {
            let served = std::str::from_utf8(&find(&name).unwrap().plain).unwrap();
            let is_part = name.ends_with("js") || name.ends_with("css");
            let has_comments = served.lines().any(|line| line.starts_with("//") || line == "*/");
            assert!(!is_part || !has_comments, "{name}: its backticks do not pair");
        }
    }

    #[test]
    fn what_does_not_shrink_is_sent_as_it_is() {
        let asset = Asset::new("text/plain", Bytes::from_static(b"x"));
        for coding in [Coding::Gzip, Coding::Brotli] {
            assert_eq!(asset.coded(coding), (Coding::Identity, Bytes::from_static(b"x")));
        }
    }
}
