//! Checks the origin of requests.

use axum::http::{HeaderMap, header::ORIGIN};

use crate::config::Config;

/// The allowed origins: kefu's own and the configured list. An origin is compared as a whole.
#[derive(Debug)]
pub(crate) struct Origins {
    own: Vec<String>,
    embedding: Vec<String>,
    allow_missing: bool,
}

impl Origins {
    /// `port` is the bound port, because the configuration may ask for any.
    pub(crate) fn new(config: &Config, port: u16) -> Self {
        let own = match &config.public_origin {
            Some(origin) => vec![origin.clone()],
            None => vec![
                format!("http://{}:{port}", host(config.listen.ip())),
                format!("http://127.0.0.1:{port}"),
                format!("http://localhost:{port}"),
            ],
        };
        Self {
            own,
            embedding: config.allowed_origins.clone(),
            allow_missing: config.allow_missing_origin,
        }
    }

    /// Whether the request comes from kefu's own pages or an allowed site.
    pub(crate) fn admits(&self, headers: &HeaderMap) -> bool {
        self.is_among(headers, true)
    }

    /// Whether the request comes from kefu's own pages. The console accepts no others.
    pub(crate) fn is_own(&self, headers: &HeaderMap) -> bool {
        self.is_among(headers, false)
    }

    /// The value of `frame-ancestors` for the widget.
    pub(crate) fn frame_ancestors(&self) -> String {
        let listed = self.embedding.iter().map(|origin| format!(" {origin}"));
        std::iter::once("'self'".to_owned()).chain(listed).collect()
    }

    fn is_among(&self, headers: &HeaderMap, embedding_too: bool) -> bool {
        let mut origins = headers.get_all(ORIGIN).iter();
        let Some(origin) = origins.next() else { return embedding_too && self.allow_missing };
        let Ok(origin) = origin.to_str() else { return false };
        let is_listed = |list: &[String]| list.iter().any(|allowed| allowed == origin);
        origins.next().is_none()
            && (is_listed(&self.own) || (embedding_too && is_listed(&self.embedding)))
    }
}

fn host(address: std::net::IpAddr) -> String {
    match address {
        std::net::IpAddr::V4(v4) => v4.to_string(),
        std::net::IpAddr::V6(v6) => format!("[{v6}]"),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn an_origin_is_compared_whole() {
        let config = Config {
            allowed_origins: vec!["https://www.bank.example".to_owned()],
            ..Config::default()
        };
        let origins = Origins::new(&config, 8600);
        let cases = [
            ("kefu's own page", Some("http://127.0.0.1:8600"), true),
            ("kefu's own page by name", Some("http://localhost:8600"), true),
            ("the listed page", Some("https://www.bank.example"), true),
            ("none", None, false),
            ("null, as from a sandboxed frame", Some("null"), false),
            ("another scheme", Some("http://www.bank.example"), false),
            ("another port", Some("https://www.bank.example:8443"), false),
            ("the own host on another port", Some("http://127.0.0.1:9000"), false),
            ("a longer host", Some("https://www.bank.example.evil.example"), false),
            ("a host before it", Some("https://evil-www.bank.example"), false),
            ("upper case", Some("https://WWW.bank.example"), false),
            ("a path", Some("https://www.bank.example/"), false),
            ("an empty one", Some(""), false),
            ("two in one", Some("https://www.bank.example, https://evil.example"), false),
        ];
        for (shows, origin, expected) in cases {
            let mut headers = HeaderMap::new();
            if let Some(origin) = origin {
                headers.insert(ORIGIN, HeaderValue::from_static(origin));
            }
            assert_eq!(origins.admits(&headers), expected, "{shows}");
        }
    }

    #[test]
    fn the_console_is_reached_from_its_own_pages_alone() {
        let config = Config {
            allowed_origins: vec!["https://www.bank.example".to_owned()],
            ..Config::default()
        };
        let origins = Origins::new(&config, 8600);
        let of = |origin| {
            let mut headers = HeaderMap::new();
            headers.insert(ORIGIN, HeaderValue::from_static(origin));
            headers
        };
        assert!(!origins.is_own(&of("https://www.bank.example")));
        assert!(origins.is_own(&of("http://localhost:8600")));
    }

    #[test]
    fn two_origin_headers_are_refused() {
        let origins = Origins::new(&Config::default(), 8600);
        let mut headers = HeaderMap::new();
        headers.append(ORIGIN, HeaderValue::from_static("http://127.0.0.1:8600"));
        headers.append(ORIGIN, HeaderValue::from_static("http://127.0.0.1:8600"));
        assert!(!origins.admits(&headers));
    }
}
