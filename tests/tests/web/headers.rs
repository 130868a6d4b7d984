use auth_runtime::testing::TestIdentity;
use auth_runtime::web::{Csp, Directive, EmbedderPolicy, Hardening, Hsts, PermissionsPolicy, SecurityHeaders, Source};

use super::support::{Answer, PAGE, app, from, plain, problem, routes, secure, send, send_body, settings};

/// The fields of the API preset. `Strict-Transport-Security` comes with HTTPS.
const API: [(&str, &str); 6] = [
    ("content-security-policy", "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    ("x-frame-options", "DENY"),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];
const HSTS: &str = "max-age=63072000; includeSubDomains";

fn assert_protected(answer: &Answer) {
    for (name, value) in API {
        assert_eq!(answer.field(name).as_deref(), Some(value), "{} {name}", answer.status);
    }
    for absent in ["x-xss-protection", "permissions-policy", "cross-origin-embedder-policy", "reporting-endpoints"] {
        assert_eq!(answer.field(absent), None, "{absent}");
    }
    assert!(answer.field("x-request-id").is_some());
    let kind = answer.field("content-type").unwrap_or_default();
    assert_eq!(kind.is_empty(), answer.body.is_empty(), "{kind}: {}", answer.body);
    assert!(!kind.starts_with("text/") || kind.ends_with("charset=utf-8"), "{kind}");
}

#[tokio::test]
async fn every_answer_has_the_fields() {
    let app = app(&[("REQUEST_TIMEOUT_SECONDS", "1")]);
    for (request, status) in [
        (secure("GET", "/health"), 200),
        (secure("GET", "/me"), 401),
        (secure("GET", "/nothing"), 404),
        (secure("PUT", "/me"), 405),
        (secure("POST", "/echo").header("content-length", "99999999"), 413),
        (secure("GET", "/never"), 503),
        (secure("GET", "/page"), 500),
        (secure("GET", "/panic"), 500),
        (plain("GET", "/me").header("host", "api.example.com"), 403),
        (plain("GET", "/me").header("host", "api.example.com").header("accept", "text/html"), 308),
        (plain("GET", "/").extension(auth_runtime::web::EncryptedConnection), 400),
        (plain("GET", "/").extension(auth_runtime::web::EncryptedConnection).header("host", "evil.example"), 421),
        (secure("OPTIONS", "/me").header("origin", PAGE).header("access-control-request-method", "GET"), 200),
        (secure("OPTIONS", "/me").header("origin", "null").header("access-control-request-method", "GET"), 403),
    ] {
        let is_https = request.extensions_ref().unwrap().get::<auth_runtime::web::EncryptedConnection>().is_some();
        let answer = send(&app, request).await;
        assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
        assert_protected(&answer);
        assert_eq!(answer.field("strict-transport-security").as_deref(), is_https.then_some(HSTS), "{status}");
    }
}

#[tokio::test]
async fn hsts_is_sent_over_https_as_a_trusted_proxy_reports_it() {
    let app = app(&[]);
    let by_proxy = |peer, scheme| {
        from(plain("GET", "/health"), peer).header("host", "api.example.com").header("x-forwarded-proto", scheme)
    };
    for (peer, scheme, expected) in
        [("10.0.0.1", "https", Some(HSTS)), ("10.0.0.1", "http", None), ("192.0.2.9", "https", None)]
    {
        let answer = send(&app, by_proxy(peer, scheme)).await;
        assert_eq!(answer.field("strict-transport-security").as_deref(), expected, "{peer} {scheme}");
    }
}

#[tokio::test]
async fn https_hsts_and_redirect_agree_outside_production() {
    for environment in ["development", "test"] {
        let app = app(&[("ENVIRONMENT", environment), ("ALLOWED_HOSTS", "api.example.com")]);
        for request in [
            secure("GET", "/health"),
            plain("GET", "/health").header("host", "api.example.com").header("accept", "text/html"),
        ] {
            let answer = send(&app, request).await;
            assert_eq!(
                (answer.status.as_u16(), answer.field("strict-transport-security")),
                (200, None),
                "{environment}"
            );
        }
    }
}

#[tokio::test]
async fn no_cache_stores_an_answer_to_an_authenticated_caller() {
    let (routes, auth) = routes();
    let app = Hardening::from_settings(&settings(&[])).wrap(routes).unwrap();
    let bearer = TestIdentity::user("alice").bearer(&auth.auth);
    for path in ["/me", "/own-cache", "/nothing"] {
        let answer = send(&app, secure("GET", path).header("authorization", &bearer)).await;
        // No guard looks at the credential where there is no route.
        let expected = (path != "/nothing").then_some("no-store");
        assert_eq!(answer.field("cache-control").as_deref(), expected, "{path}");
    }
    assert_eq!(send(&app, secure("GET", "/health")).await.field("cache-control"), None);
}

#[tokio::test]
async fn options_are_written_and_a_handlers_own_field_stays() {
    let headers = SecurityHeaders::html()
        .csp(Csp::html().set(Directive::FrameAncestors, [Source::SELF]).report_to("/csp-reports").unwrap())
        .csp_report_only(Csp::new().set(Directive::DefaultSrc, [Source::SELF]).report_to("/csp-reports").unwrap())
        .hsts(Hsts::preload())
        .embedder_policy(EmbedderPolicy::RequireCorp)
        .permissions_policy(PermissionsPolicy::new().deny(["camera"]));
    let own = axum::Router::new()
        .route("/", axum::routing::get(|| async { [("referrer-policy", "origin")] }))
        .route("/plain", axum::routing::get(|| async {}));
    let settings = settings(&[("ALLOWED_ORIGINS", "")]);
    let app = Hardening::from_settings(&settings).security_headers(headers).wrap(own).unwrap();
    let answer = send(&app, secure("GET", "/")).await;
    for (name, value) in [
        ("x-frame-options", "SAMEORIGIN"),
        ("referrer-policy", "origin"),
        ("strict-transport-security", "max-age=63072000; includeSubDomains; preload"),
        ("cross-origin-embedder-policy", "require-corp"),
        ("permissions-policy", "camera=()"),
        ("reporting-endpoints", "csp=\"/csp-reports\", csp-report-only=\"/csp-reports\""),
        (
            "content-security-policy-report-only",
            "default-src 'self'; report-uri /csp-reports; report-to csp-report-only",
        ),
    ] {
        assert_eq!(answer.field(name).as_deref(), Some(value), "{name}");
    }
    assert_eq!(send(&app, secure("GET", "/plain")).await.field("referrer-policy").as_deref(), Some("same-origin"));
}

#[tokio::test]
async fn a_policy_that_says_nothing_of_frames_allows_none_to_old_browsers() {
    let frames = async |csp: Csp| {
        let own = axum::Router::new().route("/", axum::routing::get(|| async {}));
        let hardening = Hardening::from_settings(&settings(&[("ALLOWED_ORIGINS", "")]));
        let app = hardening.security_headers(SecurityHeaders::html().csp(csp)).wrap(own).unwrap();
        send(&app, secure("GET", "/")).await.field("x-frame-options")
    };
    let silent = Csp::new().set(Directive::DefaultSrc, [Source::SELF]);
    assert_eq!(frames(silent.clone()).await.as_deref(), Some("DENY"));
    let named = silent.set(Directive::FrameAncestors, [Source::host("https://shop.example.com").unwrap()]);
    assert_eq!(frames(named).await, None);
}

#[tokio::test]
async fn each_policy_reports_to_its_own_address() {
    let headers = SecurityHeaders::html()
        .csp(Csp::html().report_to("/blocked").unwrap())
        .csp_report_only(Csp::new().set(Directive::DefaultSrc, [Source::SELF]).report_to("/tried").unwrap());
    let own = axum::Router::new().route("/", axum::routing::get(|| async {}));
    let hardening = Hardening::from_settings(&settings(&[("ALLOWED_ORIGINS", "")]));
    let app = hardening.security_headers(headers).wrap(own).unwrap();
    let answer = send(&app, secure("GET", "/")).await;
    let endpoints = answer.field("reporting-endpoints").unwrap();
    for (name, address) in [("content-security-policy", "/blocked"), ("content-security-policy-report-only", "/tried")]
    {
        let policy = answer.field(name).unwrap();
        let endpoint = policy.rsplit_once("report-to ").unwrap().1;
        assert!(endpoints.contains(&format!("{endpoint}=\"{address}\"")), "{name}: {endpoints}");
    }
}

#[tokio::test]
async fn refusals_are_documents_with_the_requests_id() {
    let app = app(&[]);
    let answer = send_body(&app, secure("POST", "/echo").header("content-length", "99999999"), "x").await;
    assert_eq!(answer.problem(), problem(413, "payload-too-large"));
    assert_eq!(answer.document()["request_id"].as_str(), answer.field("x-request-id").as_deref());
}
