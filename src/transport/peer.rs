//! From which address a request comes.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;

/// The customer's address: the peer's own, unless the peer is a trusted proxy. Then the
/// last address in `X-Forwarded-For` that is not itself a trusted proxy, since all before
/// it is what the customer may have written there.
pub(crate) fn address(peer: SocketAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    let peer = peer.ip().to_canonical();
    if !trusted.contains(&peer) {
        return peer;
    }
    let forwarded = headers.get_all("x-forwarded-for").iter();
    let listed: Vec<&str> =
        forwarded.filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(',')).collect();
    let mut address = peer;
    for written in listed.iter().rev() {
        let Ok(written) = written.trim().parse::<IpAddr>() else { break };
        address = written.to_canonical();
        if !trusted.contains(&address) {
            break;
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_what_a_trusted_proxy_says_is_believed() {
        let cases = [
            ("no proxy, and a header made up", "9.9.9.9", "1.1.1.1", "9.9.9.9"),
            ("behind the proxy", "10.0.0.1", "1.1.1.1", "1.1.1.1"),
            ("a made-up address before the true one", "10.0.0.1", "6.6.6.6, 1.1.1.1", "1.1.1.1"),
            ("two proxies", "10.0.0.1", "1.1.1.1, 10.0.0.2", "1.1.1.1"),
            ("no header", "10.0.0.1", "", "10.0.0.1"),
            ("not an address", "10.0.0.1", "unknown", "10.0.0.1"),
        ];
        let trusted = ["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()];
        for (shows, peer, header, expected) in cases {
            let mut headers = HeaderMap::new();
            if !header.is_empty() {
                headers.insert("x-forwarded-for", HeaderValue::from_static(header));
            }
            let peer = SocketAddr::new(peer.parse().unwrap(), 1);
            let found = address(peer, &headers, &trusted);
            assert_eq!(found, expected.parse::<IpAddr>().unwrap(), "{shows}");
        }
    }
}
