//! Foreign layers around guarded routes: they see refusals, and cannot bypass the guard.

use auth_runtime::{
    GuardedRouter, Identity,
    prelude::{get, post, protected, public},
    testing::{TestAuth, TestIdentity},
};
use axum::{
    Router,
    body::Body,
    http::{HeaderName, HeaderValue, Method, Request, StatusCode, header::AUTHORIZATION},
};
use tower::ServiceExt;
use tower_http::{cors::CorsLayer, set_header::SetResponseHeaderLayer, trace::TraceLayer};

const APP: HeaderValue = HeaderValue::from_static("https://app.example.com");
const SEEN: HeaderName = HeaderName::from_static("x-seen");

#[public]
async fn health() -> &'static str {
    "ok"
}

#[protected]
async fn add(who: Identity) -> String {
    who.subject().to_owned()
}

fn app(auth: &auth_runtime::Auth) -> Router {
    GuardedRouter::new()
        .route("/health", get(health))
        .route("/notes", post(add))
        .route_layer(SetResponseHeaderLayer::overriding(SEEN, HeaderValue::from_static("route")))
        .layer(CorsLayer::new().allow_origin(APP).allow_methods([Method::POST]).allow_headers([AUTHORIZATION]))
        .layer(TraceLayer::new_for_http())
        .with_state(auth.clone())
        .into_router()
}

#[tokio::test]
async fn a_preflight_is_answered_before_the_guard_and_a_refusal_carries_the_layers_fields() {
    let TestAuth { auth, .. } = TestAuth::new();
    let request = |method: &str, path: &str| Request::builder().method(method).uri(path).header("origin", APP);
    let send = async |request: Request<Body>| app(&auth).oneshot(request).await.unwrap();
    let allowed = "access-control-allow-origin";

    let preflight = request("OPTIONS", "/notes")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization");
    let answer = send(preflight.body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status(), answer.headers().get(allowed)), (StatusCode::OK, Some(&APP)));

    let answer = send(request("POST", "/notes").body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status(), answer.headers().get(allowed)), (StatusCode::UNAUTHORIZED, Some(&APP)));
    assert_eq!(answer.headers().get(SEEN).unwrap(), "route");

    let alice = TestIdentity::user("alice").bearer(&auth);
    let answer = send(request("POST", "/notes").header(AUTHORIZATION, alice).body(Body::empty()).unwrap()).await;
    assert_eq!((answer.status(), answer.headers().get(allowed)), (StatusCode::OK, Some(&APP)));
    assert_eq!(send(request("GET", "/health").body(Body::empty()).unwrap()).await.status(), StatusCode::OK);
    let unknown = send(request("GET", "/nothing").body(Body::empty()).unwrap()).await;
    assert_eq!((unknown.status(), unknown.headers().get(SEEN)), (StatusCode::NOT_FOUND, None));
}
