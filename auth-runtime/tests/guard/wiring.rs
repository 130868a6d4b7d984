use auth_runtime::{
    Guard, GuardedRouter, Identity, Policy, assert_denied,
    routing::{any, delete, get, on, post},
    testing::{TestAuth, TestIdentity},
};
use axum::{
    Router,
    body::Body,
    http::{Method, Request},
    routing::MethodFilter,
};
use tower::ServiceExt as _;

use super::support::*;

policy!(AnyCaller = Policy::protected("any_caller"));
policy!(Everyone = Policy::public("everyone"));

async fn closed(_: Guard<AnyCaller>) -> &'static str {
    "closed"
}

async fn open(_: Guard<Everyone>) -> &'static str {
    "open"
}

async fn status(app: &Router, method: Method, path: &str) -> u16 {
    let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    app.clone().oneshot(request).await.unwrap().status().as_u16()
}

#[tokio::test]
async fn every_way_to_add_a_handler_is_guarded() {
    let TestAuth { auth, .. } = TestAuth::new();
    let inner = GuardedRouter::new().route("/", get(closed)).route("/b", any(closed));
    let app = GuardedRouter::new()
        .route("/chained", post(open).get(closed).put(closed).patch(closed).head(closed).options(closed))
        .route("/on", on(MethodFilter::GET.or(MethodFilter::POST), closed))
        .route("/deleted", delete(closed))
        .nest("/inner", inner)
        .merge(GuardedRouter::new().route("/merged", get(closed)))
        .fallback(closed)
        .with_state(App { auth: auth.clone() })
        .into_router();
    assert_eq!(status(&app, Method::POST, "/chained").await, 200);
    for (method, path) in [
        (Method::GET, "/chained"),
        (Method::PUT, "/chained"),
        (Method::PATCH, "/chained"),
        (Method::HEAD, "/chained"),
        (Method::OPTIONS, "/chained"),
        (Method::GET, "/on"),
        (Method::POST, "/on"),
        (Method::HEAD, "/on"),
        (Method::DELETE, "/deleted"),
        (Method::GET, "/inner"),
        (Method::TRACE, "/inner/b"),
        (Method::GET, "/merged"),
        (Method::GET, "/nothing/here"),
    ] {
        assert_eq!(status(&app, method.clone(), path).await, 401, "{method} {path}");
    }
}

#[tokio::test]
async fn the_matrix_lists_everything_that_was_added() {
    let app = GuardedRouter::<App>::new()
        .route("/a", get(closed).post(open))
        .nest("/api", GuardedRouter::new().route("/b", any(closed)))
        .public_service(
            "/static",
            axum::routing::get_service(tower::service_fn(async |_: Request<Body>| {
                Ok::<_, std::convert::Infallible>(axum::response::Response::new(Body::empty()))
            })),
            "style sheets",
        )
        .merge_unguarded(Router::new(), "metrics, behind the mesh")
        .fallback(closed);
    let matrix = app.access_matrix();
    assert_eq!(matrix.rows()[3].reason, "style sheets");
    let rows: Vec<_> =
        matrix.rows().iter().map(|row| (row.method.as_str(), row.path.as_str(), row.access.as_str())).collect();
    assert_eq!(
        rows,
        [
            ("GET", "/a", "any caller"),
            ("POST", "/a", "everyone"),
            ("*", "/api/b", "any caller"),
            ("*", "/static", "everyone (service)"),
            ("*", "*", "UNGUARDED"),
            ("*", "(fallback)", "any caller"),
        ]
    );
}

#[test]
#[should_panic(expected = "`public_service(\"/static\", ..)` has a blank reason: say why this service is public")]
fn a_public_service_without_a_reason_is_refused_at_start_up() {
    let files = tower::service_fn(async |_: Request<Body>| {
        Ok::<_, std::convert::Infallible>(axum::response::Response::new(Body::empty()))
    });
    let _ = GuardedRouter::<App>::new().public_service("/static", files, " \t");
}

#[test]
#[should_panic(expected = "`merge_unguarded` has a blank reason: say what controls the access")]
fn unguarded_routes_without_a_reason_are_refused_at_start_up() {
    let _ = GuardedRouter::<App>::new().merge_unguarded(Router::new(), "");
}

#[tokio::test]
async fn a_body_is_not_read_before_the_caller_is_admitted() {
    async fn upload(_: Guard<AnyCaller>, body: String) -> String {
        body
    }
    let TestAuth { auth, .. } = TestAuth::new();
    let app = GuardedRouter::new().route("/", post(upload)).with_state(auth.clone()).into_router();
    let body = Body::from_stream(untouchable_stream());
    let request = Request::post("/").body(body).unwrap();
    assert_denied!(app.clone().oneshot(request).await.unwrap(), 401);
    let token = TestIdentity::user("alice").bearer(&auth);
    let request = Request::post("/").header("authorization", token).body(Body::from("hello")).unwrap();
    assert_eq!(text(app.oneshot(request).await.unwrap()).await, "hello");
}

/// Returns a body that fails the test when it is read.
fn untouchable_stream() -> impl futures_core::Stream<Item = Result<axum::body::Bytes, std::io::Error>> {
    struct Untouchable;

    impl futures_core::Stream for Untouchable {
        type Item = Result<axum::body::Bytes, std::io::Error>;

        fn poll_next(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Self::Item>> {
            panic!("the body was read");
        }
    }
    Untouchable
}

#[tokio::test]
async fn a_state_behind_an_arc_carries_the_engine() {
    async fn hello(_: Guard<AnyCaller>, who: Identity) -> String {
        who.subject().to_owned()
    }
    let TestAuth { auth, .. } = TestAuth::new();
    let state = std::sync::Arc::new(App { auth: auth.clone() });
    let app = GuardedRouter::new().route("/", get(hello)).with_state(state).into_router();
    let token = TestIdentity::user("alice").bearer(&auth);
    assert_eq!(text(send(&app, &[("authorization", &token)]).await).await, "alice");
    assert_denied!(send(&app, &[]).await, 401);
}
