//! Attributes of other crates on a guarded handler: what they see, and what they can lose.

use auth_runtime::{protected, public, testing::TestAuth};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode},
    routing::get,
};
use careless_attributes::{drops_attributes, drops_first_argument};
use tower::ServiceExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Answers with the names of the span's fields.
#[public]
#[tracing::instrument]
async fn traced(method: Method) -> String {
    let span = tracing::Span::current();
    let fields = span.metadata().into_iter().flat_map(|metadata| metadata.fields().iter());
    fields.map(|field| field.name()).collect::<Vec<_>>().join(", ")
}

#[tokio::test]
async fn the_guard_is_no_field_of_a_span() {
    let _subscriber = tracing_subscriber::registry().set_default();
    let app = Router::new().route("/", get(traced)).with_state::<()>(TestAuth::new().auth);
    let response = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(to_bytes(response.into_body(), 100).await.unwrap(), "method");
}

#[protected]
async fn guarded() {}

#[drops_attributes]
#[protected]
async fn attributes_dropped() {}

#[protected]
#[drops_attributes]
async fn nothing_to_drop() {}

#[protected]
#[drops_first_argument]
async fn guard_dropped() {}

/// `GuardedRouter` refuses this handler when it compiles, see `tests/ui/fail/router`. The guide says what a plain
/// router does.
#[tokio::test]
async fn a_plain_router_serves_a_handler_without_its_guard() {
    let routes = Router::new()
        .route("/guarded", get(guarded))
        .route("/nothing_to_drop", get(nothing_to_drop))
        .route("/attributes_dropped", get(attributes_dropped))
        .route("/guard_dropped", get(guard_dropped));
    let app = routes.with_state::<()>(TestAuth::new().auth);
    for (path, status) in [
        ("/guarded", StatusCode::UNAUTHORIZED),
        ("/nothing_to_drop", StatusCode::UNAUTHORIZED),
        ("/attributes_dropped", StatusCode::OK),
        ("/guard_dropped", StatusCode::OK),
    ] {
        let request = Request::get(path).body(Body::empty()).unwrap();
        assert_eq!(app.clone().oneshot(request).await.unwrap().status(), status, "{path}");
    }
}
