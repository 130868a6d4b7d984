use std::sync::atomic::{AtomicUsize, Ordering};

use auth_runtime::{
    prelude::*,
    testing::{TestAuth, TestIdentity},
    web::{Hardened, Hardening},
};
use axum::http::{HeaderName, Method, Request, request::Builder};

use super::support::{Answer, PAGE, app, routes, secure, send, settings};

fn preflight(path: &str, origin: &str, method: &str, headers: &str) -> Builder {
    secure("OPTIONS", path)
        .header("origin", origin)
        .header("access-control-request-method", method)
        .header("access-control-request-headers", headers)
}

/// Returns whether a browser lets a page of this origin read the answer (Fetch, "CORS check").
fn may_read(answer: &Answer, origin: &str, with_credentials: bool) -> bool {
    let allowed = answer.field("access-control-allow-origin");
    if !with_credentials && allowed.as_deref() == Some("*") {
        return true;
    }
    let credentials = answer.field("access-control-allow-credentials").as_deref() == Some("true");
    allowed.as_deref() == Some(origin) && (credentials || !with_credentials)
}

/// Returns whether a browser sends the request after this answer to its preflight request (Fetch, "CORS-preflight
/// fetch").
fn may_send(answer: &Answer, origin: &str, with_credentials: bool, method: &str, header: &str) -> bool {
    let list = |name: &str| answer.field(name).unwrap_or_default().to_lowercase();
    let has = |name: &str, value: &str| list(name).split(',').any(|one| one.trim() == value.to_lowercase());
    let is_simple = ["GET", "HEAD", "POST"].contains(&method);
    answer.status.is_success()
        && may_read(answer, origin, with_credentials)
        && (is_simple || has("access-control-allow-methods", method))
        && (header.is_empty() || has("access-control-allow-headers", header))
}

/// Origin × credentials × method × header: the browser's decision, as the settings mean it.
#[tokio::test]
async fn the_matrix_of_origins_credentials_methods_and_headers() {
    for allows_credentials in [false, true] {
        let app = app(&[
            ("ALLOWED_ORIGINS", "https://app.example.com, https://other.example:8443"),
            ("CORS_ALLOW_CREDENTIALS", if allows_credentials { "true" } else { "false" }),
        ]);
        for (origin, is_allowed) in [
            (PAGE, true),
            ("https://other.example:8443", true),
            ("null", false),
            ("https://evil.example", false),
            ("http://app.example.com", false),
            ("https://app.example.com:444", false),
            ("https://app.example.com:443", false),
            ("https://app.example.com/", false),
            ("https://app.example.com.", false),
            ("https://APP.example.com", false),
            ("HTTPS://app.example.com", false),
            ("https://app.example.com.evil.example", false),
            ("https://xapp.example.com", false),
            ("https://app-example.com", false),
            ("https://u@app.example.com", false),
            ("*", false),
            ("", false),
        ] {
            for with_credentials in [false, true] {
                for (method, has_method) in [("GET", true), ("POST", true), ("DELETE", true), ("PUT", false)] {
                    for (header, has_header) in
                        [("", true), ("Authorization", true), ("x-csrf-token", true), ("x-other", false)]
                    {
                        let expected =
                            is_allowed && has_method && has_header && (allows_credentials || !with_credentials);
                        let answer = send(&app, preflight("/me", origin, method, header)).await;
                        let case = format!("{origin} {with_credentials} {method} {header}");
                        assert_eq!(may_send(&answer, origin, with_credentials, method, header), expected, "{case}");
                        assert!(answer.field("vary").unwrap().contains("origin"), "{case}");
                        let answer = send(&app, secure(method, "/me").header("origin", origin)).await;
                        let expected = is_allowed && (allows_credentials || !with_credentials);
                        assert_eq!(may_read(&answer, origin, with_credentials), expected, "{case}");
                        assert!(answer.field("vary").unwrap().contains("origin"), "{case}");
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn a_preflight_needs_no_credential_and_counts_under_no_limit() {
    let app = app(&[]);
    for _ in 0..5 {
        let answer = send(&app, preflight("/limited", PAGE, "GET", "authorization")).await;
        assert!(answer.status.is_success() && answer.body.is_empty());
        assert_eq!(answer.field("access-control-max-age").as_deref(), Some("7200"));
        assert_eq!(answer.field("ratelimit"), None);
    }
    let first = send(&app, secure("GET", "/limited").header("origin", PAGE)).await;
    assert_eq!(first.problem(), (401, "unauthenticated".to_owned()));
}

/// No guard, check or limit of a service can run for a request that does not reach its router.
#[tokio::test]
async fn a_preflight_does_not_reach_the_router() {
    static REACHED: AtomicUsize = AtomicUsize::new(0);
    async fn count(request: axum::extract::Request) -> axum::extract::Request {
        REACHED.fetch_add(1, Ordering::Relaxed);
        request
    }
    let router: axum::Router = routes().0.into_router().layer(axum::middleware::map_request(count));
    let cors = Hardening::from_settings(&settings(&[])).cors(|cors| cors.methods([Method::GET]));
    let app = cors.wrap(router).unwrap();
    for origin in [PAGE, "https://evil.example", "null"] {
        for path in ["/me", "/admin", "/nothing"] {
            send(&app, preflight(path, origin, "GET", "authorization")).await;
        }
    }
    assert_eq!(REACHED.load(Ordering::Relaxed), 0);
    send(&app, secure("GET", "/me").header("origin", PAGE)).await;
    assert_eq!(REACHED.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_page_can_read_refusals_with_their_fields() {
    let (routes, auth) = routes();
    let settings = settings(&[("REQUEST_TIMEOUT_SECONDS", "1")]);
    let app = Hardening::from_settings(&settings).wrap(routes).unwrap();
    let request = |method, path| secure(method, path).header("origin", PAGE);
    let bearer = TestIdentity::user("alice").bearer(&auth.auth);
    let unauthenticated = send(&app, request("GET", "/limited")).await;
    let limited = send(&app, request("GET", "/limited")).await;
    let answers = [
        (401, unauthenticated),
        (429, limited),
        (403, send(&app, request("GET", "/admin").header("authorization", bearer)).await),
        (404, send(&app, request("GET", "/nothing")).await),
        (405, send(&app, request("PUT", "/me")).await),
        (413, send(&app, request("POST", "/echo").header("content-length", "2097153")).await),
        (500, send(&app, request("GET", "/panic")).await),
        (503, send(&app, request("GET", "/never")).await),
    ];
    for (status, answer) in answers {
        assert_eq!(answer.status.as_u16(), status);
        assert!(may_read(&answer, PAGE, false), "{status}");
        let exposed = answer.field("access-control-expose-headers").unwrap();
        for name in ["ratelimit", "ratelimit-policy", "retry-after", "x-request-id"] {
            assert!(exposed.split(',').any(|one| one == name), "{status} {exposed}");
        }
    }
}

#[tokio::test]
async fn the_preflight_of_another_origin_is_told() {
    let app = app(&[]);
    let answer = send(&app, preflight("/me", "https://evil.example", "GET", "")).await;
    assert_eq!(answer.problem(), (403, "origin-not-allowed".to_owned()));
    assert!(!answer.body.contains("evil"));
    let twice = preflight("/me", PAGE, "GET", "").header("origin", PAGE);
    assert_eq!(send(&app, twice).await.problem(), (403, "origin-not-allowed".to_owned()));
    let twice = send(&app, secure("GET", "/me").header("origin", PAGE).header("origin", "https://evil.example")).await;
    assert_eq!(twice.field("access-control-allow-origin"), None);
}

#[tokio::test]
async fn an_options_request_that_is_no_preflight_reaches_its_handler() {
    let app = app(&[]);
    for request in [secure("OPTIONS", "/options"), secure("OPTIONS", "/options").header("origin", PAGE)] {
        let answer = send(&app, request).await;
        assert_eq!(answer.body, "the handler's own");
    }
    let answer = send(&app, secure("OPTIONS", "/options").header("origin", PAGE)).await;
    assert!(may_read(&answer, PAGE, false));
}

/// Returns the methods in the answer to a preflight request for this path.
async fn methods(app: &Hardened, path: &str) -> String {
    let answer = send(app, preflight(path, PAGE, "GET", "")).await;
    assert!(answer.status.is_success() && answer.body.is_empty(), "{path}");
    let named = answer.field("access-control-allow-methods").unwrap();
    let mut methods: Vec<_> = named.split(',').map(str::trim).collect();
    methods.sort_unstable();
    methods.join(" ")
}

#[tokio::test]
async fn methods_are_those_of_the_path_or_named() {
    let app = app(&[]);
    for (path, expected) in [
        ("/me", "DELETE GET"),
        ("/me?x=1", "DELETE GET"),
        ("/echo", "POST"),
        ("/options", "OPTIONS"),
        ("/csp-reports", "POST"),
        // The request itself is 404, and the page reads it.
        ("/nothing", "DELETE GET OPTIONS POST"),
        ("/me/", "DELETE GET OPTIONS POST"),
    ] {
        assert_eq!(methods(&app, path).await, expected, "{path}");
    }
    let named = Hardening::from_settings(&settings(&[])).cors(|cors| cors.methods([Method::PATCH]));
    assert_eq!(methods(&named.wrap(routes().0).unwrap(), "/me").await, "PATCH");
    let plain = axum::Router::new().route("/me", axum::routing::get(|| async {}));
    let faults = Hardening::from_settings(&settings(&[])).wrap(plain.clone()).unwrap_err();
    assert!(faults.to_string().contains("Cors::methods"), "{faults}");
    let none = Hardening::from_settings(&settings(&[("ALLOWED_ORIGINS", "")])).wrap(plain.clone());
    assert!(none.is_ok(), "without origins, no methods are needed");
    let named = Hardening::from_settings(&settings(&[])).cors(|cors| cors.methods([Method::GET])).wrap(plain).unwrap();
    assert_eq!(methods(&named, "/me").await, "GET");
}

/// Routers that are joined, nested, or unknown to the access matrix.
#[tokio::test]
async fn methods_of_a_path_are_found_in_every_form_of_a_route() {
    let nested = GuardedRouter::new().route("/", get(nothing)).route("/{id}", put(nothing)).route("/all", any(nothing));
    let router = GuardedRouter::new()
        .route("/joined", get(nothing))
        .merge(GuardedRouter::new().route("/joined", delete(nothing)))
        .nest("/below/{tenant}", nested)
        .fallback(nothing)
        .with_state(TestAuth::new().auth);
    let app = Hardening::from_settings(&settings(&[])).wrap(router.clone()).unwrap();
    let any = "DELETE GET HEAD PATCH POST PUT";
    for (path, expected) in [
        ("/joined", "DELETE GET"),
        ("/below/one", "GET"),
        ("/below/one/7", "PUT"),
        ("/below/one/all", any),
        ("/elsewhere", any),
    ] {
        assert_eq!(methods(&app, path).await, expected, "{path}");
    }
    let unknown = router.merge_unguarded(axum::Router::new(), "a router of the test");
    let app = Hardening::from_settings(&settings(&[])).wrap(unknown).unwrap();
    assert_eq!(methods(&app, "/joined").await, any, "the other router may have more methods at this path");
}

#[public]
async fn nothing() {}

#[tokio::test]
async fn more_fields_are_allowed_and_exposed_on_demand() {
    let cors = Hardening::from_settings(&settings(&[])).cors(|cors| {
        cors.headers([HeaderName::from_static("x-other")]).expose_headers([HeaderName::from_static("x-total")])
    });
    let app = cors.wrap(routes().0).unwrap();
    assert!(may_send(&send(&app, preflight("/me", PAGE, "GET", "x-other")).await, PAGE, false, "GET", "x-other"));
    let answer = send(&app, secure("GET", "/me").header("origin", PAGE)).await;
    assert!(answer.field("access-control-expose-headers").unwrap().contains("x-total"));
}

#[tokio::test]
async fn every_origin_is_a_star_without_credentials() {
    use auth_runtime::web::Cors;
    use tower::ServiceExt;

    let cors = Cors::every_origin().methods([Method::GET]).layer().unwrap();
    let app = axum::Router::new().route("/", axum::routing::get(|| async {})).layer(cors);
    let request = Request::get("/").header("origin", "https://any.example").body(axum::body::Body::empty()).unwrap();
    let answer = Answer::of(app.oneshot(request).await.unwrap()).await;
    assert_eq!(answer.field("access-control-allow-origin").as_deref(), Some("*"));
    assert_eq!(answer.field("access-control-allow-credentials"), None);
}

/// The metadata of protected resources is public: pages of clients read it, whichever origins the settings allow.
#[tokio::test]
async fn every_page_may_read_the_metadata_of_protected_resources() {
    use auth_runtime::{auth::ProtectedResource, metadata};

    let TestAuth { auth, .. } = TestAuth::with(|builder| {
        builder.public_url("https://api.example.com").protected_resource(ProtectedResource::at("/"))
    });
    let routes = GuardedRouter::new().merge(metadata::routes()).with_state(auth);
    let app = Hardening::from_settings(&settings(&[("CORS_ALLOW_CREDENTIALS", "true")])).wrap(routes).unwrap();
    let path = "/.well-known/oauth-protected-resource";
    for origin in [PAGE, "https://evil.example", "null"] {
        let asked = send(&app, preflight(path, origin, "GET", "mcp-protocol-version")).await;
        assert!(may_send(&asked, origin, false, "GET", ""), "{origin}: {:?}", asked.headers);
        let answer = send(&app, secure("GET", path).header("origin", origin)).await;
        assert_eq!(answer.status, 200);
        assert!(may_read(&answer, origin, false) && !may_read(&answer, origin, true), "{origin}: {:?}", answer.headers);
        assert_eq!(answer.headers.get_all("access-control-allow-origin").iter().count(), 1, "{origin}");
    }
    for beside in ["/.well-known/oauth-protected-resourcex", "/.well-known"] {
        let asked = send(&app, preflight(beside, "https://evil.example", "GET", "")).await;
        assert_eq!(asked.status, 403, "{beside}");
    }
}
