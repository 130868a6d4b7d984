//! What the trusted proxies report of a request as the client sent it: scheme and host.

#[cfg(feature = "web")]
use core::net::IpAddr;

use axum::http::{Extensions, HeaderMap, HeaderName};

use super::{ForwardedHeader, TrustedProxies, finder::peer, forwarded, header_elements};

/// The scheme and the host that the proxy next to the client has reported, as unchecked texts. `None` is a value that
/// no trusted proxy reports. A report that cannot be read is an empty text.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ForwardedRequest<'r> {
    #[cfg_attr(not(any(test, feature = "web")), expect(dead_code, reason = "only the layers of `web` require HTTPS"))]
    pub(crate) scheme: Option<&'r [u8]>,
    pub(crate) host: Option<&'r [u8]>,
}

/// A report of HTTPS that does not count, and the setting that would make it count.
#[cfg(feature = "web")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct IgnoredReport {
    /// The address that has sent the report, if the connection has one.
    pub(crate) peer: Option<IpAddr>,
    pub(crate) setting: &'static str,
}

/// Returns whether a reported scheme is that of HTTPS. Some proxies report a WebSocket over TLS by its own scheme.
#[cfg(feature = "web")]
pub(crate) fn is_https(scheme: &[u8]) -> bool {
    scheme.eq_ignore_ascii_case(b"https") || scheme.eq_ignore_ascii_case(b"wss")
}

const X_FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const X_FORWARDED_HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

impl TrustedProxies {
    /// Returns whether a peer of this address is a trusted proxy.
    #[cfg(feature = "web")]
    pub(crate) fn trust_address(&self, peer: IpAddr) -> bool {
        self.passed(Some(peer), &HeaderMap::new()) > 0
    }

    /// Returns whether the connection's peer is a trusted proxy.
    #[cfg(feature = "web")]
    pub(crate) fn trust_peer(&self, extensions: &Extensions, headers: &HeaderMap) -> bool {
        self.passed(peer(extensions), headers) > 0
    }

    /// Returns the report of HTTPS in either header that does not count, if the request has one. Then its peer is not
    /// trusted, or the trusted proxies report in the other header.
    #[cfg(feature = "web")]
    pub(crate) fn ignored_https(&self, extensions: &Extensions, headers: &HeaderMap) -> Option<IgnoredReport> {
        let peer = peer(extensions);
        let setting = if self.passed(peer, headers) == 0 {
            "TRUSTED_PROXIES"
        } else if self.forwarded(extensions, headers).scheme.is_none() {
            "TRUSTED_PROXY_HEADER"
        } else {
            return None;
        };
        let element = forwarded::element(headers, 0).and_then(|element| forwarded::parameter(element, "proto"));
        let reports = [header_elements::element(headers, &X_FORWARDED_PROTO, 0), element];
        let is_reported = reports.into_iter().flatten().any(is_https);
        is_reported.then(|| IgnoredReport { peer: peer.map(|peer| peer.to_canonical()), setting })
    }

    /// Returns what the trusted proxies report. They write `Forwarded`, if that is the header in which they report the
    /// client's address, and `X-Forwarded-Proto` and `X-Forwarded-Host` otherwise.
    ///
    /// Each proxy appends an element to the list, or replaces the list. So the element of the proxy next to the client
    /// stands as far from the right end as there are trusted proxies. Elements further to the left are the client's own
    /// text.
    pub(crate) fn forwarded<'r>(&self, extensions: &Extensions, headers: &'r HeaderMap) -> ForwardedRequest<'r> {
        let Some(place) = self.passed(peer(extensions), headers).checked_sub(1) else {
            return ForwardedRequest::default();
        };
        if *self.header() == ForwardedHeader::Forwarded {
            let element = forwarded::element(headers, place);
            let parameter = |name| element.and_then(|element| forwarded::parameter(element, name));
            return ForwardedRequest { scheme: parameter("proto"), host: parameter("host") };
        }
        ForwardedRequest {
            scheme: header_elements::element(headers, &X_FORWARDED_PROTO, place),
            host: header_elements::element(headers, &X_FORWARDED_HOST, place),
        }
    }
}

#[cfg(test)]
mod tests {
    use core::net::SocketAddr;

    use axum::{extract::ConnectInfo, http::Request};

    use super::*;

    fn seen(proxies: &str, header: &str, peer: &str, fields: &[(&str, &str)]) -> [Option<String>; 2] {
        let mut request = Request::builder();
        for (name, value) in fields {
            request = request.header(*name, *value);
        }
        let mut parts = request.body(()).unwrap().into_parts().0;
        if let Ok(peer) = peer.parse() {
            parts.extensions.insert(ConnectInfo(SocketAddr::new(peer, 1)));
        }
        let proxies = TrustedProxies::parse(proxies, header).unwrap();
        let found = proxies.forwarded(&parts.extensions, &parts.headers);
        [found.scheme, found.host].map(|text| text.map(|text| String::from_utf8_lossy(text).into_owned()))
    }

    fn scheme(proxies: &str, peer: &str, fields: &[(&str, &str)]) -> Option<String> {
        seen(proxies, "X-Forwarded-For", peer, fields)[0].clone()
    }

    const FOR: &str = "x-forwarded-for";
    const PROTO: &str = "x-forwarded-proto";

    #[test]
    fn only_a_trusted_peer_reports() {
        let fields = [(FOR, "192.0.2.1"), (PROTO, "https")];
        assert_eq!(scheme("10.0.0.0/8", "10.0.0.1", &fields).as_deref(), Some("https"));
        assert_eq!(scheme("10.0.0.0/8", "::ffff:10.0.0.1", &fields).as_deref(), Some("https"));
        assert_eq!(scheme("10.0.0.0/8", "192.0.2.1", &fields), None);
        assert_eq!(scheme("10.0.0.0/8", "none", &fields), None);
        assert_eq!(scheme("hops:1", "none", &fields).as_deref(), Some("https"));
    }

    #[test]
    fn the_clients_own_text_stands_further_to_the_left() {
        for (proxies, addresses, schemes, expected) in [
            ("10.0.0.0/8", "192.0.2.1", "https, http", "http"),
            ("10.0.0.0/8", "9.9.9.9, 192.0.2.1", "https, http", "http"),
            ("10.0.0.0/8", "192.0.2.1, 10.0.0.2", "http, https, http", "https"),
            ("10.0.0.0/8", "192.0.2.1, 10.0.0.2", "https", "https"),
            ("10.0.0.0/8", "10.0.0.3, 192.0.2.1", "https, http", "http"),
            ("10.0.0.0/8", "unknown", "https, http", "http"),
            ("hops:1", "192.0.2.1", "https, http", "http"),
            ("hops:2", "192.0.2.1, 10.0.0.2", "http, https, http", "https"),
            ("hops:2", "192.0.2.1, 10.0.0.2", "https", "https"),
            ("10.0.0.0/8", "192.0.2.1", "", ""),
            ("10.0.0.0/8", "192.0.2.1", "https,", ""),
        ] {
            let found = scheme(proxies, "10.0.0.1", &[(FOR, addresses), (PROTO, schemes)]);
            assert_eq!(found.as_deref(), Some(expected), "{proxies} {addresses} {schemes}");
        }
        // Two lines are one list.
        let lines = [(FOR, "192.0.2.1"), (PROTO, "https"), (PROTO, "http")];
        assert_eq!(scheme("hops:1", "10.0.0.1", &lines).as_deref(), Some("http"));
    }

    #[test]
    fn each_proxy_writes_its_own_header() {
        let fields = [
            ("forwarded", "for=192.0.2.1;proto=https;host=\"api.example.com:443\""),
            (PROTO, "http"),
            ("x-forwarded-host", "other.example"),
        ];
        let texts = |scheme: &str, host: &str| [Some(scheme.to_owned()), Some(host.to_owned())];
        assert_eq!(seen("10.0.0.0/8", "Forwarded", "10.0.0.1", &fields), texts("https", "api.example.com:443"));
        assert_eq!(seen("10.0.0.0/8", "X-Real-IP", "10.0.0.1", &fields), texts("http", "other.example"));
        assert_eq!(seen("10.0.0.0/8", "Forwarded", "10.0.0.1", &fields[1..]), [None, None]);
    }

    #[cfg(feature = "web")]
    #[test]
    fn a_report_that_does_not_count_names_the_setting() {
        let ignored = |proxies: &str, header: &str, peer: &str, (name, value): (&str, &str)| {
            let mut parts = Request::builder().header(name, value).body(()).unwrap().into_parts().0;
            if let Ok(peer) = peer.parse() {
                parts.extensions.insert(ConnectInfo(SocketAddr::new(peer, 1)));
            }
            let proxies = match proxies {
                "" => TrustedProxies::none(),
                list => TrustedProxies::parse(list, header).unwrap(),
            };
            let found = proxies.ignored_https(&parts.extensions, &parts.headers);
            found.map(|report| (report.setting, report.peer.map(|peer| peer.to_string()).unwrap_or_default()))
        };
        let (own, forwarded) = ((PROTO, "https"), ("forwarded", "for=192.0.2.1;proto=https"));
        let told = |setting, peer: &str| Some((setting, peer.to_owned()));
        for (proxies, header, peer, field, expected) in [
            ("", "", "10.0.0.1", own, told("TRUSTED_PROXIES", "10.0.0.1")),
            ("", "", "::ffff:10.0.0.1", (PROTO, "wss"), told("TRUSTED_PROXIES", "10.0.0.1")),
            ("", "", "10.0.0.1", forwarded, told("TRUSTED_PROXIES", "10.0.0.1")),
            ("", "", "none", own, told("TRUSTED_PROXIES", "")),
            ("", "", "10.0.0.1", (PROTO, "http"), None),
            ("", "", "10.0.0.1", (PROTO, "https, http"), None),
            ("", "", "10.0.0.1", ("forwarded", "for=192.0.2.1"), None),
            ("10.0.0.0/8", "X-Forwarded-For", "192.0.2.1", own, told("TRUSTED_PROXIES", "192.0.2.1")),
            ("10.0.0.0/8", "X-Forwarded-For", "10.0.0.1", own, None),
            ("10.0.0.0/8", "X-Forwarded-For", "10.0.0.1", forwarded, told("TRUSTED_PROXY_HEADER", "10.0.0.1")),
            ("10.0.0.0/8", "Forwarded", "10.0.0.1", own, told("TRUSTED_PROXY_HEADER", "10.0.0.1")),
            ("10.0.0.0/8", "Forwarded", "10.0.0.1", forwarded, None),
            ("hops:1", "X-Forwarded-For", "none", own, None),
        ] {
            assert_eq!(ignored(proxies, header, peer, field), expected, "{proxies} {header} {peer} {field:?}");
        }
        assert!(TrustedProxies::none().are_none());
        assert!(!TrustedProxies::parse("hops:1", "Forwarded").unwrap().are_none());
    }

    #[test]
    fn an_unreadable_element_is_no_https() {
        for (element, expected) in [
            ("for=192.0.2.1;proto=https;proto=http", Some("")),
            ("for=192.0.2.1;proto=\"https", Some("")),
            ("nonsense", Some("")),
            ("for=192.0.2.1", None),
            ("for=9.9.9.9;proto=https, for=192.0.2.1;proto=http", Some("http")),
            ("for=9.9.9.9;proto=\"https, for=192.0.2.1;proto=http", Some("http")),
        ] {
            let found = seen("10.0.0.0/8", "Forwarded", "10.0.0.1", &[("forwarded", element)]);
            assert_eq!(found[0].as_deref(), expected, "{element}");
        }
    }
}
