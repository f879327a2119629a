//! Finds the address of a client.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use axum::http::HeaderMap;

/// The client's address: the peer's own, unless the peer is a trusted proxy. Then it is the last
/// address in `X-Forwarded-For` that is not a trusted proxy, because a client may have written
/// anything before it.
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
        let Some(written) = parse(written) else { break };
        address = written.to_canonical();
        if !trusted.contains(&address) {
            break;
        }
    }
    address
}

/// An address as proxies write it: with or without a port, IPv6 with or without brackets, and
/// perhaps quoted as in RFC 7239. Names such as `unknown` are no addresses.
fn parse(written: &str) -> Option<IpAddr> {
    let written = written.trim_matches([' ', '\t']);
    let quoted = written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let written = quoted.unwrap_or(written);
    if let Ok(address) = written.parse::<IpAddr>() {
        return Some(address);
    }
    if let Ok(with_port) = written.parse::<SocketAddr>() {
        return Some(with_port.ip());
    }
    let bracketed = written.strip_prefix('[')?.strip_suffix(']')?;
    bracketed.parse::<Ipv6Addr>().ok().map(IpAddr::V6)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const TRUSTED: [&str; 3] = ["10.0.0.1", "10.0.0.2", "2001:db8::ff"];

    fn found(peer: &str, lines: &[&'static str]) -> IpAddr {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("x-forwarded-for", HeaderValue::from_static(line));
        }
        let peer = SocketAddr::new(peer.parse().unwrap(), 1);
        address(peer, &headers, &TRUSTED.map(|address| address.parse().unwrap()))
    }

    #[test]
    fn only_what_a_trusted_proxy_says_is_believed() {
        let cases: [(&str, &str, &[&str], &str); 10] = [
            ("no proxy, and a header made up", "9.9.9.9", &["1.1.1.1"], "9.9.9.9"),
            ("behind the proxy", "10.0.0.1", &["1.1.1.1"], "1.1.1.1"),
            ("the proxy over IPv6", "::ffff:10.0.0.1", &["1.1.1.1"], "1.1.1.1"),
            ("a made-up one before the true one", "10.0.0.1", &["6.6.6.6, 1.1.1.1"], "1.1.1.1"),
            ("two proxies", "10.0.0.1", &["1.1.1.1, 10.0.0.2"], "1.1.1.1"),
            ("several lines", "10.0.0.1", &["6.6.6.6", "1.1.1.1", "10.0.0.2:80"], "1.1.1.1"),
            ("no header", "10.0.0.1", &[], "10.0.0.1"),
            ("not an address", "10.0.0.1", &["unknown"], "10.0.0.1"),
            ("not an address behind another proxy", "10.0.0.1", &["_x, 10.0.0.2"], "10.0.0.2"),
            ("an empty line", "10.0.0.1", &[""], "10.0.0.1"),
        ];
        for (shows, peer, lines, expected) in cases {
            assert_eq!(found(peer, lines), expected.parse::<IpAddr>().unwrap(), "{shows}");
        }
    }

    #[test]
    fn addresses_are_read_as_proxies_write_them() {
        let cases = [
            ("a port", "1.2.3.4:5678", Some("1.2.3.4")),
            ("spaces", "  1.2.3.4\t", Some("1.2.3.4")),
            ("quotes", "\"1.2.3.4:5678\"", Some("1.2.3.4")),
            ("IPv6", "2001:db8::1", Some("2001:db8::1")),
            ("IPv6 in brackets", "[2001:db8::1]", Some("2001:db8::1")),
            ("IPv6 with a port", "[2001:db8::1]:443", Some("2001:db8::1")),
            ("IPv6 in quotes", "\"[2001:db8::1]:443\"", Some("2001:db8::1")),
            ("IPv4 in IPv6", "[::ffff:1.2.3.4]:443", Some("1.2.3.4")),
            ("a trusted proxy with its port", "[2001:db8::ff]:443", Some("2001:db8::ff")),
            ("unknown", "unknown", None),
            ("hidden", "_secret", None),
            ("IPv4 in brackets", "[1.2.3.4]", None),
            ("a port out of range", "1.2.3.4:99999", None),
            ("half a bracket", "[2001:db8::1", None),
            ("half a quote", "\"1.2.3.4", None),
            ("a name", "localhost:80", None),
        ];
        for (shows, written, expected) in cases {
            let expected = expected.unwrap_or("10.0.0.1").parse::<IpAddr>().unwrap();
            assert_eq!(found("10.0.0.1", &[written]), expected, "{shows}");
        }
    }
}
