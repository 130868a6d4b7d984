use core::net::SocketAddr;

use axum::{extract::ConnectInfo, http::Request};

use super::*;
use crate::secret::SystemEntropy;

fn check() -> CrossSite {
    let trusted = TrustedOrigins::parse("https://app.example.net:8443").unwrap();
    CrossSite { trusted, allows_plain_http: false, proxies: TrustedProxies::none() }
}

fn request(method: &str, uri: &str, fields: &[(&str, &str)]) -> Parts {
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in fields {
        request = request.header(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    request.body(()).unwrap().into_parts().0
}

fn judged(fields: &[(&str, &str)]) -> Result<(), &'static str> {
    let fields = [&[("host", "api.example.com")][..], fields].concat();
    check().check(&request("POST", "/", &fields), None)
}

const OWN: &str = "https://api.example.com";
const TRUSTED: &str = "https://app.example.net:8443";
const FOREIGN: &str = "https://evil.example";

#[test]
fn methods_that_change_nothing_pass() {
    let hostile = [("host", "api.example.com"), ("sec-fetch-site", "cross-site"), ("origin", FOREIGN)];
    for method in ["GET", "HEAD", "OPTIONS", "TRACE"] {
        assert_eq!(check().check(&request(method, "/", &hostile), None), Ok(()), "{method}");
        assert_eq!(check().check(&request(method, "/", &[]), None), Ok(()), "{method}");
    }
    for method in ["POST", "PUT", "PATCH", "DELETE", "CONNECT", "PROPFIND", "get"] {
        assert_eq!(check().check(&request(method, "/", &hostile), None), Err("cross_site"), "{method}");
        assert_eq!(check().check(&request(method, "/", &[]), None), Err("no_origin"), "{method}");
    }
}

#[test]
fn a_websocket_is_no_harmless_get() {
    let upgrade = |origin| request("GET", "/", &[("host", "api.example.com"), ("upgrade", "websocket"), origin]);
    assert_eq!(check().check(&upgrade(("origin", FOREIGN)), None), Err("foreign_origin"));
    assert_eq!(check().check(&upgrade(("origin", OWN)), None), Ok(()));
    assert_eq!(check().check(&upgrade(("sec-fetch-site", "cross-site")), None), Err("cross_site"));
}

/// Tries lists of protocols, some with versions, in one or more fields and in any case.
#[test]
fn only_an_upgrade_to_websocket_makes_a_handshake() {
    let ask = |upgrades: &[&str]| {
        let mut fields = vec![("host", "api.example.com"), ("sec-fetch-site", "cross-site")];
        fields.extend(upgrades.iter().map(|upgrade| ("upgrade", *upgrade)));
        check().check(&request("GET", "/", &fields), None)
    };
    for upgrades in [
        &["h2c"][..],
        &[""],
        &[" , ,"],
        &["h2c", ""],
        &["TLS/1.0, HTTP/2.0"],
        &["websockets"],
        &["xwebsocket"],
        &["web socket"],
        &["h2c/websocket"],
        &["\u{e9}"],
    ] {
        assert_eq!(ask(upgrades), Ok(()), "{upgrades:?}");
    }
    for upgrades in [
        &["websocket"][..],
        &["WebSocket"],
        &["h2c, websocket"],
        &["h2c,websocket,"],
        &["h2c", "websocket"],
        &["websocket", "h2c"],
        &["websocket/13"],
        &["h2c , \tWEBSOCKET / 13"],
        &["\u{e9}, websocket"],
    ] {
        assert_eq!(ask(upgrades), Err("cross_site"), "{upgrades:?}");
    }
    // In HTTP/2 a handshake is a `CONNECT` (RFC 8441), which is judged with any fields.
    let connect = request("CONNECT", "https://api.example.com/", &[("sec-fetch-site", "cross-site")]);
    assert_eq!(check().check(&connect, None), Err("cross_site"));
}

/// Tries every value of `Sec-Fetch-Site` with every kind of `Origin`.
#[test]
fn the_browsers_word_comes_first_and_a_trusted_origin_second() {
    for (origin, own_word, other_word, no_word) in [
        (None, Ok(()), Err("cross_site"), Err("no_origin")),
        (Some(OWN), Ok(()), Err("cross_site"), Ok(())),
        (Some(TRUSTED), Ok(()), Ok(()), Ok(())),
        (Some(FOREIGN), Ok(()), Err("cross_site"), Err("foreign_origin")),
        (Some("null"), Ok(()), Err("cross_site"), Err("foreign_origin")),
        (Some(""), Ok(()), Err("cross_site"), Err("foreign_origin")),
        (Some("https://a.example https://api.example.com"), Ok(()), Err("cross_site"), Err("foreign_origin")),
        (Some("\u{e9}"), Ok(()), Err("cross_site"), Err("foreign_origin")),
    ] {
        let origin: Vec<_> = origin.map(|origin| ("origin", origin)).into_iter().collect();
        let with = |site| judged(&[&[("sec-fetch-site", site)][..], origin.as_slice()].concat());
        for site in ["same-origin", "none"] {
            assert_eq!(with(site), own_word, "{site} {origin:?}");
        }
        for site in ["same-site", "cross-site"] {
            assert_eq!(with(site), other_word, "{site} {origin:?}");
        }
        for site in ["", "Same-Origin", "same-origin, cross-site", "same_origin", "\u{e9}"] {
            assert_eq!(with(site), Err("fetch_site_unknown"), "{site} {origin:?}");
        }
        assert_eq!(judged(&origin), no_word, "{origin:?}");
    }
}

#[test]
fn a_field_that_is_there_twice_is_refused() {
    let same = ("sec-fetch-site", "same-origin");
    assert_eq!(judged(&[same, same]), Err("fetch_site_twice"));
    assert_eq!(judged(&[same, ("sec-fetch-site", "cross-site")]), Err("fetch_site_twice"));
    assert_eq!(judged(&[same, ("origin", OWN), ("origin", OWN)]), Err("origin_twice"));
    assert_eq!(judged(&[("host", "api.example.com"), ("origin", OWN)]), Err("foreign_origin"));
}

#[test]
fn ones_own_origin_is_scheme_host_and_port() {
    let from = |host: &str, origin: &str| {
        check().check(&request("POST", "/", &[("host", host), ("origin", origin)]), None).is_ok()
    };
    assert!(from("API.example.com", "https://api.EXAMPLE.com"));
    assert!(from("api.example.com:443", "https://api.example.com"));
    assert!(from("api.example.com:8443", "https://api.example.com:8443"));
    assert!(from("[2001:db8::1]:8443", "https://[2001:DB8:0:0::1]:8443"));
    for (host, origin) in [
        ("api.example.com", "http://api.example.com"),
        ("api.example.com", "https://api.example.com:8443"),
        ("api.example.com:8443", "https://api.example.com"),
        ("api.example.com", "https://www.api.example.com"),
        ("api.example.com", "https://api.example.com.evil.example"),
        ("api.example.com", "https://user@api.example.com"),
        ("user@api.example.com", "https://api.example.com"),
        ("", "https://"),
        ("[::1]", "https://[::2]"),
    ] {
        assert!(!from(host, origin), "{host} {origin}");
    }
    let local = CrossSite { allows_plain_http: true, ..check() };
    let page = |origin| request("POST", "/", &[("host", "localhost:3000"), ("origin", origin)]);
    assert_eq!(local.check(&page("http://localhost:3000"), None), Ok(()));
    assert_eq!(local.check(&page("http://localhost:3001"), None), Err("foreign_origin"));
    assert_eq!(check().check(&page("http://localhost:3000"), None), Err("foreign_origin"));
}

#[test]
fn the_authority_of_http_2_is_the_host() {
    let fields = [("origin", OWN)];
    assert_eq!(check().check(&request("POST", "https://api.example.com/", &fields), None), Ok(()));
    assert_eq!(check().check(&request("POST", "https://x.example/", &fields), None), Err("foreign_origin"));
    let both = [("host", "API.example.com"), ("origin", OWN)];
    assert_eq!(check().check(&request("POST", "https://api.example.com/", &both), None), Ok(()));
    for host in ["x.example", "api.example.com:443"] {
        let fields = [("host", host), ("origin", OWN)];
        assert_eq!(check().check(&request("POST", "https://api.example.com/", &fields), None), Err("foreign_origin"));
    }
}

/// A proxy may write its own name for the service into `Host`, and report the client's.
#[test]
fn ones_own_host_is_the_one_that_a_trusted_proxy_reports() {
    let judge = |peer: [u8; 4], header: &str, fields: &[(&str, &str)]| {
        let fields = [&[("host", "backend.internal:3000"), ("x-forwarded-for", "192.0.2.1"), ("origin", OWN)], fields];
        let mut request = request("POST", "/", &fields.concat());
        request.extensions.insert(ConnectInfo(SocketAddr::from((peer, 1))));
        let proxies = TrustedProxies::parse("10.0.0.0/8", header).unwrap();
        CrossSite { proxies, ..check() }.check(&request, None)
    };
    let (proxy, client, x) = ([10, 0, 0, 1], [192, 0, 2, 1], "X-Forwarded-For");
    let reported = ("x-forwarded-host", "api.example.com");
    assert_eq!(judge(proxy, x, &[reported]), Ok(()));
    assert_eq!(judge(client, x, &[reported]), Err("foreign_origin"), "the peer is no proxy");
    assert_eq!(judge(proxy, x, &[]), Err("foreign_origin"), "the proxy reports no host");
    // The client's own text stands further to the left.
    for list in ["api.example.com, evil.example", "evil.example", "", "api.example.com,", "\u{e9}"] {
        assert_eq!(judge(proxy, x, &[("x-forwarded-host", list)]), Err("foreign_origin"), "{list}");
    }
    assert_eq!(judge(proxy, x, &[("x-forwarded-host", "evil.example, api.example.com")]), Ok(()));
    let forwarded = ("forwarded", "for=192.0.2.1;host=api.example.com");
    assert_eq!(judge(proxy, "Forwarded", &[forwarded]), Ok(()));
    assert_eq!(judge(proxy, "Forwarded", &[reported]), Err("foreign_origin"), "another header than the proxy writes");
    // The reported host takes the place of `Host`.
    let own = [("host", "api.example.com"), ("x-forwarded-host", "other.example"), ("x-forwarded-for", "192.0.2.1")];
    let mut request = request("POST", "/", &[&own[..], &[("origin", OWN)]].concat());
    request.extensions.insert(ConnectInfo(SocketAddr::from((proxy, 1))));
    let proxies = TrustedProxies::parse("10.0.0.0/8", x).unwrap();
    assert_eq!(CrossSite { proxies, ..check() }.check(&request, None), Err("foreign_origin"));
}

#[test]
fn a_token_counts_only_where_both_headers_are_missing() {
    let session = SessionSecret::mint(&SystemEntropy::new()).unwrap();
    let other = SessionSecret::mint(&SystemEntropy::new()).unwrap();
    let token = CsrfKey::of(&session).mint(&SystemEntropy::new()).unwrap();
    let field = ("x-csrf-token", token.as_str());
    let with = |fields: &[(&str, &str)], secret| check().check(&request("POST", "/", fields), secret);
    assert_eq!(with(&[field], Some(&session)), Ok(()));
    assert_eq!(with(&[field], Some(&other)), Err("csrf_token"));
    assert_eq!(with(&[field], None), Err("csrf_token"));
    assert_eq!(with(&[field, field], Some(&session)), Err("csrf_token_twice"));
    assert_eq!(with(&[("x-csrf-token", "")], Some(&session)), Err("csrf_token"));
    // A cookie with the same value as the header proves nothing.
    assert_eq!(with(&[("x-csrf-token", "naive"), ("cookie", "csrf_token=naive")], Some(&session)), Err("csrf_token"));
    assert_eq!(with(&[field, ("sec-fetch-site", "cross-site")], Some(&session)), Err("cross_site"));
    assert_eq!(with(&[field, ("origin", FOREIGN)], Some(&session)), Err("foreign_origin"));
}
