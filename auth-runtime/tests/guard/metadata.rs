//! The documents of protected resources (RFC 9728).

use auth_runtime::{
    Auth, GuardedRouter, Policy,
    auth::ProtectedResource,
    metadata,
    policy::{IssuerName, TrustedIssuer},
    routing::get,
    testing::TestAuth,
};
use axum::{
    Router,
    body::Body,
    http::{Request, Response},
};
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::support::*;

policy!(AnyCaller = Policy::protected("any_caller"));

struct Named(&'static str);

impl TrustedIssuer for Named {
    fn issuer_name(&self) -> IssuerName {
        IssuerName::new(self.0)
    }
}

fn service(url: &'static str) -> (Auth, Router) {
    let TestAuth { auth, .. } = TestAuth::with(|builder| {
        builder
            .public_url(url)
            .known_issuer(Named("Corporate"), "https://login.corporate.example")
            .known_issuer(Named("Partner"), "https://partner.example/v2")
            .protected_resource(ProtectedResource::at("/").name("Notes").documentation("https://example.com/docs"))
            .protected_resource(ProtectedResource::at("/mcp").scope("notes:read").scope("notes:write"))
    });
    let app = GuardedRouter::new().route("/x", get(handler::<AnyCaller>)).merge(metadata::routes());
    (auth.clone(), app.with_state(auth).into_router())
}

async fn document(response: Response<Body>) -> Value {
    assert_eq!(response.status(), 200);
    for (name, value) in [
        ("content-type", "application/json"),
        ("access-control-allow-origin", "*"),
        ("cache-control", "public, max-age=300"),
    ] {
        assert_eq!(response.headers()[name], value);
    }
    serde_json::from_str(&text(response).await).unwrap()
}

const WELL_KNOWN: &str = "/.well-known/oauth-protected-resource";

#[tokio::test]
async fn each_declared_resource_has_its_document() {
    let issuers = ["https://login.corporate.example", "https://partner.example/v2"];
    for (url, path) in [("https://api.example.com/", ""), ("https://api.example.com/v1", "/v1")] {
        let (_, app) = service(url);
        let root = document(send_to(&app, &format!("{WELL_KNOWN}{path}"), &[]).await).await;
        let expected = json!({
            "resource": format!("https://api.example.com{path}"),
            "authorization_servers": issuers,
            "bearer_methods_supported": ["header"],
            "resource_name": "Notes",
            "resource_documentation": "https://example.com/docs",
        });
        assert_eq!(root, expected);
        let fields = [("host", "evil.example"), ("x-forwarded-host", "evil.example"), ("x-forwarded-proto", "http")];
        let below = document(send_to(&app, &format!("{WELL_KNOWN}{path}/mcp"), &fields).await).await;
        let expected = json!({
            "resource": format!("https://api.example.com{path}/mcp"),
            "authorization_servers": issuers,
            "scopes_supported": ["notes:read", "notes:write"],
            "bearer_methods_supported": ["header"],
        });
        assert_eq!(below, expected);
    }
}

/// RFC 9728, section 3.3: `resource` is the URL into which the well-known path was inserted, letter by letter.
#[tokio::test]
async fn the_url_in_a_challenge_leads_to_a_document_of_the_same_resource() {
    let (_, app) = service("https://api.example.com/v1");
    let refused = send_to(&app, "/x", &[]).await;
    let url = challenge(&refused).split('"').nth(3).unwrap().to_owned();
    let path = url.strip_prefix("https://api.example.com").unwrap();
    let resource = document(send_to(&app, path, &[]).await).await["resource"].as_str().unwrap().to_owned();
    assert_eq!(url, resource.replacen("https://api.example.com", &format!("https://api.example.com{WELL_KNOWN}"), 1));
}

#[tokio::test]
async fn other_paths_have_no_document() {
    let (_, app) = service("https://api.example.com");
    for path in ["/", "/other", "/mcp/", "/mcp/x", "/MCP", "/%6dcp", "//mcp", "/../mcp", "/v1", "/mcp%2f"] {
        let answer = send_to(&app, &format!("{WELL_KNOWN}{path}"), &[]).await;
        assert_eq!(answer.status(), 404, "{path}");
    }
}

#[tokio::test]
async fn pages_of_every_origin_may_ask_with_fields_of_their_own() {
    let (_, app) = service("https://api.example.com");
    let request = Request::options(WELL_KNOWN)
        .header("origin", "https://client.example")
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "mcp-protocol-version");
    let answer = app.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), 204);
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
    assert_eq!(answer.headers()["access-control-allow-headers"], "*");
    assert!(!answer.headers().contains_key("access-control-allow-credentials"));
}

#[test]
fn the_documents_stand_in_the_matrix() {
    let matrix = metadata::routes::<Auth>().access_matrix();
    let rows: Vec<_> = matrix.rows().iter().map(|row| (&*row.path, &*row.method, &*row.access)).collect();
    let below = format!("{WELL_KNOWN}/{{*resource}}");
    let expected = [WELL_KNOWN, &*below].map(|path| [(path, "GET", "everyone"), (path, "OPTIONS", "everyone")]);
    assert_eq!(rows, expected.concat());
    assert!(matrix.rows().iter().all(|row| !row.reason.is_empty()));
}

#[tokio::test]
async fn a_declared_resource_without_its_documents_is_told() {
    let TestAuth { auth, .. } = TestAuth::with(|builder| {
        builder.public_url("https://a.example").protected_resource(ProtectedResource::at("/"))
    });
    let log = events(async { drop(protected(&auth)) }).await;
    assert!(log.contains("WARN") && log.contains("metadata::routes()"), "{log}");
    let log = events(async { drop(service("https://a.example")) }).await;
    assert!(!log.contains("metadata::routes()"), "{log}");
}

#[test]
fn what_no_client_could_use_does_not_start() {
    use auth_runtime::auth::Environment;
    let faults = |change: fn(auth_runtime::auth::AuthBuilder) -> auth_runtime::auth::AuthBuilder| {
        let builder = Auth::builder().keys(TestAuth::new().auth.keys().clone()).issuer("https://here").audience("here");
        change(builder.environment(Environment::Production))
            .build()
            .err()
            .map_or_else(String::new, |faults| faults.to_string())
    };
    let mcp = || ProtectedResource::at("/mcp");
    assert_eq!(faults(|builder| builder.public_url("https://a.example")), "");
    assert_eq!(
        faults(|builder| builder.public_url("https://a.example").protected_resource(ProtectedResource::at("/"))),
        ""
    );
    for (told, text) in [
        (faults(|builder| builder.protected_resource(ProtectedResource::at("/"))), "PUBLIC_URL: is missing"),
        (faults(|builder| builder.public_url("http://a.example")), "public_url: is an `http://` URL"),
        (faults(|builder| builder.public_url("a.example")), "public_url: is no URL"),
        (
            faults(|builder| builder.public_url("https://a.example").protected_resource(ProtectedResource::at("mcp"))),
            "protected_resource: has no path",
        ),
        (
            faults(|builder| {
                builder.public_url("https://a.example").protected_resource(ProtectedResource::at("/mcp/"))
            }),
            "protected_resource: has no path",
        ),
        (
            faults(|builder| {
                builder.public_url("https://a.example").protected_resource(ProtectedResource::at("/").scope("a b"))
            }),
            "protected_resource: has a scope",
        ),
    ] {
        assert!(told.contains(text), "{told}");
        assert_eq!(told.lines().count(), 2, "one fault alone: {told}");
    }
    let TestAuth { auth, .. } = TestAuth::new();
    let twice = Auth::builder().keys(auth.keys().clone()).issuer("https://here").audience("here");
    let twice = twice.public_url("https://a.example").protected_resource(mcp()).protected_resource(mcp()).build();
    assert!(twice.unwrap_err().to_string().contains("given twice"));
}
