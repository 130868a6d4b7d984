use core::net::{IpAddr, SocketAddr};
use std::sync::LazyLock;

use axum::{
    extract::ConnectInfo,
    http::{
        Extensions, HeaderMap, HeaderName, HeaderValue, Request, Uri,
        header::{AUTHORIZATION, COOKIE, HOST, ORIGIN},
    },
};

use super::text::{first_line, text};
use crate::{
    authn::bearer,
    csrf::{CrossSite, Origin, TrustedOrigins},
    host::{Host, Hosts},
    limit::TrustedProxies,
    secret::is_same,
    session::{Found, SessionCookie},
};

/// Reads the lines as fields of this name. Lines that no field can have are left out.
fn fields(name: &HeaderName, lines: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines.split(|byte| *byte == b'\n').take(20) {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(name, value);
        }
    }
    headers
}

/// A token that is found is a part of the only field.
pub(super) fn authorization(bytes: &[u8]) {
    let headers = fields(&AUTHORIZATION, bytes);
    if let Ok(Some(token)) = bearer(&headers, &Uri::from_static("/?a=b")) {
        assert!(headers.len() == 1 && !token.is_empty() && !token.starts_with(' ') && !token.ends_with(' '));
        let field = headers[AUTHORIZATION].as_bytes();
        assert!(
            field[..7].eq_ignore_ascii_case(b"bearer ")
                && field.windows(token.len()).any(|part| part == token.as_bytes())
        );
    }
    assert!(
        bearer(&headers, &Uri::from_static("/?access_token=b")).is_ok_and(|token| token.is_none())
            || !headers.is_empty()
    );
}

/// A value has no separator, and a secret has one form.
pub(super) fn cookie(bytes: &[u8]) {
    let headers = fields(&COOKIE, bytes);
    for cookie in [SessionCookie::Secure, SessionCookie::Insecure] {
        let found = cookie.find(&headers);
        if let Found::One(value) = found {
            assert!(!value.contains(&b';') && value.trim_ascii() == value);
            if let Some(secret) = found.secret() {
                assert!(is_same(secret.expose().as_bytes(), value) && value.is_ascii());
            }
        }
    }
}

/// A peer that is no proxy is the client, even if the fields name another address. A proxy reports the address in its
/// field.
pub(super) fn forwarded(bytes: &[u8]) {
    static PROXIES: LazyLock<Vec<(HeaderName, bool, TrustedProxies)>> = LazyLock::new(|| {
        let kinds = [("10.0.0.0/8", "x-forwarded-for"), ("10.0.0.0/8", "forwarded"), ("10.0.0.0/8", "x-real-ip")];
        let counted = [("hops:1", "x-forwarded-for"), ("hops:2", "forwarded")];
        let proxies = kinds.into_iter().chain(counted);
        let parsed = |(list, name): (&str, &str)| {
            (name.parse().unwrap(), list.starts_with("hops"), TrustedProxies::parse(list, name).unwrap())
        };
        proxies.map(parsed).collect()
    });
    let (stranger, proxy) = (IpAddr::from([192, 0, 2, 1]), IpAddr::from([10, 0, 0, 1]));
    for (name, counts_hops, proxies) in PROXIES.iter() {
        let mut headers = fields(name, bytes);
        let (first, _) = first_line(bytes);
        for more in ["x-forwarded-proto", "x-forwarded-host"] {
            if let Ok(value) = HeaderValue::from_bytes(first) {
                headers.insert(HeaderName::from_static(more), value);
            }
        }
        if !counts_hops {
            assert_eq!(proxies.client(stranger, &headers), stranger);
        }
        let client = proxies.client(proxy, &headers);
        assert_eq!(client, client.to_canonical());
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::from((proxy, 1))));
        let reported = proxies.forwarded(&extensions, &headers);
        for part in [reported.scheme, reported.host].into_iter().flatten() {
            let stands_in =
                |value: &HeaderValue| part.is_empty() || value.as_bytes().windows(part.len()).any(|own| own == part);
            assert!(headers.values().any(stands_in), "{part:?}");
        }
    }
}

/// An origin has one spelling. Only the own one passes the cross-site check.
pub(super) fn origin(bytes: &[u8]) {
    static CHECK: LazyLock<CrossSite> = LazyLock::new(|| CrossSite {
        trusted: TrustedOrigins::default(),
        allows_plain_http: false,
        proxies: TrustedProxies::none(),
    });
    if let Some(Ok(origin)) = text(bytes).map(Origin::parse) {
        assert_eq!(Origin::parse(&origin.to_string()).ok(), Some(origin));
    }
    let (first, rest) = first_line(bytes);
    let request = |origin: &[u8], host: &[u8]| {
        let request = Request::post("/").header(ORIGIN, origin).header(HOST, host).body(()).ok()?;
        Some(CHECK.check(&request.into_parts().0, None).is_ok())
    };
    if request(first, b"app.example.com") == Some(true) {
        let lower = first.to_ascii_lowercase();
        assert!([&b"https://app.example.com"[..], b"https://app.example.com:443"].contains(&&*lower), "{lower:?}");
    }
    if request(b"https://app.example.com", rest) == Some(true) {
        let lower = rest.to_ascii_lowercase();
        assert!([&b"app.example.com"[..], b"app.example.com:443"].contains(&&*lower), "{lower:?}");
    }
}

/// A host has one spelling, and a list has no host beside its own.
pub(super) fn host(bytes: &[u8]) {
    static HOSTS: LazyLock<Hosts> = LazyLock::new(|| Hosts::parse("app.example.com, *.example.org").unwrap());
    if let Some(host) = Host::parse(bytes) {
        let again = Host::parse(host.name.as_bytes()).unwrap();
        assert_eq!((&again.name, again.port), (&host.name, None));
        assert!(host.name.is_ascii() && !host.name.contains(['/', '@', ' ', '\\', '?', '#']));
    }
    let Some(text) = text(bytes) else { return };
    if HOSTS.contains(text) {
        let name = Host::parse(bytes).unwrap().name;
        assert!(name == "app.example.com" || name.ends_with(".example.org"), "{name}");
    }
    let _ = Hosts::parse(text);
    let _ = TrustedOrigins::parse(text);
}
