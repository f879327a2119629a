//! Chooses the content coding for a client (RFC 9110, 12.5.3).

use axum::http::{HeaderMap, header::ACCEPT_ENCODING};

/// The content coding of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    /// Uncompressed.
    Identity,
    /// RFC 1952.
    Gzip,
    /// RFC 7932.
    Brotli,
}

/// The weight of an uncompressed body that the client does not list: it is used if no other coding
/// is wanted.
const UNNAMED: f32 = f32::MIN_POSITIVE;

impl Coding {
    /// The coding with the client's highest weight; among equals the one with the smallest body. A
    /// coding with `q=0` is not used, unless the client refuses all.
    pub(crate) fn wanted(headers: &HeaderMap) -> Self {
        let listed = headers.get_all(ACCEPT_ENCODING).iter();
        let listed: Vec<(String, f32)> = listed
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(parse)
            .collect();
        let named = |names: &[&str]| {
            let mut found = listed.iter().filter(|(name, _)| names.contains(&name.as_str()));
            found.next().map(|(_, weight)| *weight)
        };
        let others = named(&["*"]);
        let weight = |names: &[&str], unnamed| named(names).or(others).unwrap_or(unnamed);
        let mut wanted = (Self::Identity, weight(&["identity"], UNNAMED));
        for (coding, names) in [(Self::Gzip, &["gzip", "x-gzip"][..]), (Self::Brotli, &["br"])] {
            let weight = weight(names, 0.0);
            if weight > 0.0 && weight >= wanted.1 {
                wanted = (coding, weight);
            }
        }
        wanted.0
    }

    /// The name in `Content-Encoding`; `None` for an uncompressed body.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }
}

/// The name and weight of a coding. An invalid weight counts as a refusal: an uncompressed body
/// suits every client.
fn parse(listed: &str) -> (String, f32) {
    let mut parts = listed.split(';');
    let name = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
    let written = parts.find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim().eq_ignore_ascii_case("q").then(|| value.trim())
    });
    let weight = written.map_or(1.0, |written| written.parse().unwrap_or(0.0));
    (name, if (0.0..=1.0).contains(&weight) { weight } else { 0.0 })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_client_gets_what_it_weighs_most() {
        use Coding::{Brotli, Gzip, Identity};
        let cases: &[(&str, &[&'static str], Coding)] = &[
            ("nothing said", &[], Identity),
            ("an empty header", &[""], Identity),
            ("a browser", &["gzip, deflate, br, zstd"], Brotli),
            ("an older one", &["gzip, deflate"], Gzip),
            ("its older name", &["x-gzip"], Gzip),
            ("upper case", &["GZIP"], Gzip),
            ("two headers", &["gzip;q=0.5", "br"], Brotli),
            ("brotli refused", &["gzip, br;q=0"], Gzip),
            ("refused in three places", &["br;q=0.000, gzip;q=0"], Identity),
            ("all refused", &["identity;q=0, br;q=0, *;q=0"], Identity),
            ("less of brotli", &["br;q=0.5, gzip;q=0.8"], Gzip),
            ("blanks", &[" br ; q = 0.5 ,gzip ; Q=0.8"], Gzip),
            ("rather not", &["identity, gzip;q=0.5, br;q=0.5"], Identity),
            ("anything", &["*"], Brotli),
            ("anything but one", &["*, br;q=0"], Gzip),
            ("nothing else", &["gzip, *;q=0"], Gzip),
            ("unknown ones", &["deflate, zstd"], Identity),
            ("no weight", &["br;q=much, gzip;q=7"], Identity),
            ("not a weight", &["br;q=NaN"], Identity),
            ("another parameter", &["br;level=5"], Brotli),
        ];
        for &(shows, written, expected) in cases {
            let mut headers = HeaderMap::new();
            for &value in written {
                headers.append(ACCEPT_ENCODING, HeaderValue::from_static(value));
            }
            assert_eq!(Coding::wanted(&headers), expected, "{shows}");
        }
    }
}
