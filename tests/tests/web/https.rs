use auth_runtime::web::{Hardened, Hardening};
use axum::http::request::Builder;

use super::support::{Answer, HOST, Log, app, from, plain, problem, routes, secure, send, settings};

const HTML: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

fn http(method: &str, path: &str) -> Builder {
    plain(method, path).header("host", HOST)
}

#[tokio::test]
async fn only_navigations_to_pages_are_redirected() {
    let app = app(&[]);
    for method in ["GET", "HEAD"] {
        let answer = send(&app, http(method, "/page?a=b%20c").header("accept", HTML)).await;
        assert_eq!(answer.status.as_u16(), 308);
        assert_eq!(answer.field("location").as_deref(), Some("https://api.example.com/page?a=b%20c"));
    }
    for request in [
        http("GET", "/me"),
        http("GET", "/me").header("accept", "*/*"),
        http("GET", "/me").header("accept", "application/json"),
        http("GET", "/me").header("accept", "text/html;q=0"),
        http("POST", "/echo").header("accept", HTML),
        http("DELETE", "/me").header("accept", HTML),
        http("OPTIONS", "/me").header("accept", HTML),
        http("OPTIONS", "/me")
            .header("origin", "https://app.example.com")
            .header("access-control-request-method", "GET"),
    ] {
        let answer = send(&app, request).await;
        assert_eq!(answer.problem(), problem(403, "https-required"));
        assert_eq!(answer.field("location"), None);
    }
}

#[tokio::test]
async fn a_redirect_leads_to_no_foreign_host() {
    let app = app(&[]);
    let page = |host: &str| plain("GET", "/page").header("host", host).header("accept", HTML);
    assert_eq!(send(&app, page("evil.example")).await.problem(), problem(421, "host-unknown"));
    assert_eq!(send(&app, page("api.example.com@evil.example")).await.problem(), problem(400, "host-invalid"));
    assert_eq!(send(&app, page(HOST).header("host", "evil.example")).await.problem(), problem(400, "host-invalid"));
    // Only a trusted proxy may name another host of the list.
    let reported = |peer| from(page(HOST), peer).header("x-forwarded-host", "evil.example");
    assert_eq!(send(&app, reported("10.0.0.1")).await.problem(), problem(421, "host-unknown"));
    let kept = send(&app, reported("192.0.2.7")).await;
    assert_eq!(kept.field("location").as_deref(), Some("https://api.example.com/page"));
    // The port of plain HTTP is left out, and the spelling is the one of the list.
    let spelled = send(&app, page("API.example.com.:8080")).await;
    assert_eq!(spelled.field("location").as_deref(), Some("https://api.example.com/page"));
    // A path with two slashes stays below the host.
    let slashes = send(&app, plain("GET", "//evil.example/x").header("host", HOST).header("accept", HTML)).await;
    assert_eq!(slashes.field("location").as_deref(), Some("https://api.example.com//evil.example/x"));
}

#[tokio::test]
async fn a_redirect_leads_to_the_port_of_https() {
    let page = || plain("GET", "/page?a").header("host", "api.example.com:8080").header("accept", HTML);
    let location = async |app: &Hardened| send(app, page()).await.field("location").unwrap();
    assert_eq!(location(&app(&[("HTTPS_PORT", "8443")])).await, "https://api.example.com:8443/page?a");
    assert_eq!(location(&app(&[("HTTPS_PORT", "443")])).await, "https://api.example.com/page?a");
    let own = Hardening::from_settings(&settings(&[("HTTPS_PORT", "8443")])).https_port(9443).wrap(routes().0);
    assert_eq!(location(&own.unwrap()).await, "https://api.example.com:9443/page?a");
    let ipv6 = app(&[("HTTPS_PORT", "8443"), ("ALLOWED_HOSTS", r#"["[2001:db8::1]"]"#)]);
    let answer = send(&ipv6, plain("GET", "/").header("host", "[2001:db8::1]:8080").header("accept", HTML)).await;
    assert_eq!(answer.field("location").as_deref(), Some("https://[2001:db8::1]:8443/"));
}

#[tokio::test]
async fn a_scheme_is_believed_from_trusted_proxies_only() {
    let default = app(&[]);
    let forwarded = app(&[("TRUSTED_PROXY_HEADER", "Forwarded")]);
    let reported = |peer, name: &str, value: &str| from(http("GET", "/health/x"), peer).header(name, value);
    let admitted = |answer: Answer| answer.status.as_u16() == 404;
    for (app, peer, name, value, expected) in [
        (&default, "10.0.0.1", "x-forwarded-proto", "https", true),
        (&default, "10.0.0.1", "x-forwarded-proto", "HTTPS", true),
        (&default, "10.0.0.1", "x-forwarded-proto", "http", false),
        (&default, "10.0.0.1", "x-forwarded-proto", "https, http", false),
        (&default, "10.0.0.1", "x-forwarded-proto", "", false),
        // So some proxies report a WebSocket over TLS, and one without.
        (&default, "10.0.0.1", "x-forwarded-proto", "wss", true),
        (&default, "10.0.0.1", "x-forwarded-proto", "ws", false),
        (&default, "10.0.0.1", "x-forwarded-proto", "httpss", false),
        (&default, "10.0.0.1", "forwarded", "for=192.0.2.1;proto=https", false),
        (&default, "192.0.2.1", "x-forwarded-proto", "https", false),
        (&default, "10.0.0.1", "x-forwarded-ssl", "on", false),
        (&forwarded, "10.0.0.1", "forwarded", "for=192.0.2.1;proto=https", true),
        (&forwarded, "10.0.0.1", "x-forwarded-proto", "https", false),
        (&forwarded, "192.0.2.1", "forwarded", "for=192.0.2.1;proto=https", false),
    ] {
        let answer = send(app, reported(peer, name, value)).await;
        assert_eq!(admitted(answer), expected, "{peer} {name}: {value}");
    }
    // A proxy that reports plain HTTP is believed, although its own connection has TLS.
    let answer = send(&default, from(secure("GET", "/me"), "10.0.0.1").header("x-forwarded-proto", "http")).await;
    assert_eq!(answer.problem(), problem(403, "https-required"));
}

#[tokio::test]
async fn a_probe_comes_over_plain_http_and_under_any_host() {
    let app = app(&[]);
    for request in [plain("GET", "/health"), plain("HEAD", "/health").header("host", "10.1.2.3:8080")] {
        assert_eq!(send(&app, request).await.status.as_u16(), 200);
    }
    for request in [http("GET", "/health/"), http("GET", "/Health"), http("POST", "/health"), http("GET", "//health")] {
        assert_eq!(send(&app, request).await.problem(), problem(403, "https-required"));
    }
}

/// The event names the kind of the credential, and never shows it.
#[tokio::test]
async fn a_credential_in_clear_text_is_an_event() {
    let app = app(&[]);
    for (name, value, told) in [
        ("authorization", "Bearer s3cret", true),
        ("x-api-key", "s3cret", true),
        ("cookie", "a=b; __Host-session=s3cret", true),
        ("cookie", "theme=s3cret", false),
        ("accept", "s3cret", false),
    ] {
        for accept in ["*/*", HTML] {
            let log = Log::default();
            let request = http("GET", "/me").header(name, value).header("accept", accept);
            let status = log.of(send(&app, request)).await.status.as_u16();
            assert!(matches!(status, 308 | 403));
            assert_eq!(log.text().contains(" WARN "), told, "{name} {accept}: {}", log.text());
            assert_eq!(log.text().contains("credential_over_http"), told);
            assert!(!log.text().contains("s3cret"));
        }
    }
}

/// A proxy that the settings do not name: the event shows what to write where.
#[tokio::test]
async fn an_ignored_report_of_https_names_its_peer_and_the_setting() {
    let unnamed = app(&[("TRUSTED_PROXIES", "")]);
    let other_header = app(&[("TRUSTED_PROXY_HEADER", "Forwarded")]);
    let request = |accept| from(http("GET", "/me"), "10.0.0.1").header("accept", accept);
    for (app, setting) in [(&unnamed, "TRUSTED_PROXIES"), (&other_header, "TRUSTED_PROXY_HEADER")] {
        for (accept, outcome) in [("*/*", "refused"), (HTML, "redirected")] {
            let log = Log::default();
            log.of(send(app, request(accept).header("x-forwarded-proto", "https"))).await;
            let expected =
                format!("outcome=\"{outcome}\" reason=\"https_required\" peer=10.0.0.1 setting=\"{setting}\"");
            assert!(log.text().contains(&expected), "{}", log.text());
        }
    }
    // A credential may have come over HTTPS as far as the proxy.
    let log = Log::default();
    let reported = request("*/*").header("x-forwarded-proto", "https").header("x-api-key", "s3cret");
    log.of(send(&unnamed, reported)).await;
    let expected = "reason=\"credential_over_http\" credential=\"x-api-key\" peer=10.0.0.1 setting=\"TRUSTED_PROXIES\"";
    assert!(log.text().contains(expected), "{}", log.text());
    // A request without a report says nothing of a proxy.
    let log = Log::default();
    log.of(send(&unnamed, request("*/*").header("x-api-key", "s3cret"))).await;
    let reasons = ["https_required", "credential_over_http"].map(|reason| log.text().contains(reason));
    assert!(reasons == [true; 2] && !log.text().contains("setting"), "{}", log.text());
}

#[tokio::test]
async fn a_start_in_production_without_https_is_a_warning() {
    let (certificate, key) =
        ("auth-runtime/tests/vectors/tls/certificate.pem", "auth-runtime/tests/vectors/tls/key.pem");
    let [certificate, key] = [certificate, key].map(|path| auth_tests::root().join(path).display().to_string());
    for (variables, warns) in [
        (&[("TRUSTED_PROXIES", "")][..], true),
        (&[("TRUSTED_PROXIES", "hops:1")], false),
        (&[("TRUSTED_PROXIES", ""), ("ENVIRONMENT", "development")], false),
        (&[("TRUSTED_PROXIES", ""), ("TLS_CERT", &certificate), ("TLS_KEY", &key)], false),
    ] {
        let log = Log::default();
        log.of(async { drop(app(variables)) }).await;
        let told = log.text().contains("WARN") && log.text().contains("TLS_CERT and TLS_KEY");
        assert_eq!(told, warns, "{variables:?}: {}", log.text());
    }
    // Proxies that the application names count, too.
    let log = Log::default();
    let named = auth_runtime::limit::TrustedProxies::parse("10.0.0.0/8", "Forwarded").unwrap();
    let hardening = Hardening::from_settings(&settings(&[("TRUSTED_PROXIES", "")])).trusted_proxies(named);
    log.of(async { drop(hardening.wrap(routes().0)) }).await;
    assert_eq!(log.text(), "");
}
