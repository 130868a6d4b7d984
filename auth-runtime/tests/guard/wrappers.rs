//! Wrappers around guarded handlers. The type system lets them take over a handler's policy, so the router looks at
//! each response.

use core::{future::ready, pin::Pin};

use auth_runtime::{
    Auth, Guard, GuardedRouter, HasPolicy, Identity, Policy,
    prelude::{get, protected, public},
    router::Takes,
    testing::{TestAuth, TestIdentity},
};
use axum::{
    body::Body,
    extract::Request,
    handler::Handler,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use tower::ServiceExt;

use super::support::events;

#[protected]
async fn secret(who: Identity) -> String {
    who.subject().to_owned()
}

#[public]
async fn health() -> &'static str {
    "ok"
}

/// Answers in place of the handler.
#[derive(Clone)]
struct InPlace<H>(H, StatusCode);

impl<T, H: Takes<T>> Takes<T> for InPlace<H> {}

impl<T: 'static, S, H: Handler<T, S>> Handler<T, S> for InPlace<H> {
    type Future = core::future::Ready<Response>;

    fn call(self, _: Request, _: S) -> Self::Future {
        ready((self.1, "leaked").into_response())
    }
}

/// Lets another guard decide.
#[derive(Clone)]
struct ByAnother<H>(H);

impl<T, H: Takes<T>> Takes<T> for ByAnother<H> {}

struct Another;

impl HasPolicy for Another {
    const POLICY: Policy = Policy::public("another");
    type Checks = ();
}

impl<T: 'static, H: Handler<T, Auth>> Handler<T, Auth> for ByAnother<H> {
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, state: Auth) -> Self::Future {
        async fn open(_: Guard<Another>) -> &'static str {
            "leaked"
        }
        Box::pin(Handler::<_, Auth>::call(open, request, state))
    }
}

/// Calls the handler, and changes its response.
#[derive(Clone)]
struct Honest<H>(H);

impl<T, H: Takes<T>> Takes<T> for Honest<H> {}

impl<T: 'static, S: Send + 'static, H: Handler<T, S>> Handler<T, S> for Honest<H> {
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, state: S) -> Self::Future {
        Box::pin(async move { (StatusCode::ACCEPTED, self.0.call(request, state).await).into_response() })
    }
}

async fn answer(app: &GuardedRouter, caller: Option<&str>, path: &str) -> (StatusCode, String) {
    let mut request = Request::get(path);
    if let Some(caller) = caller {
        request = request.header("authorization", caller);
    }
    let response = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_wrapper_that_answers_without_the_guard_is_an_error_of_the_service() {
    let TestAuth { auth, .. } = TestAuth::new();
    let (ok, moved) = (StatusCode::OK, StatusCode::FOUND);
    let app = GuardedRouter::new()
        .route("/secret", get(InPlace(secret, ok)))
        .route("/moved", get(InPlace(secret, moved)))
        .route("/public", get(InPlace(health, ok)))
        .route("/another", get(ByAnother(secret)))
        .fallback(InPlace(secret, ok))
        .with_state(auth.clone());
    let alice = TestIdentity::user("alice").bearer(&auth);
    let log = events(async {
        for path in ["/secret", "/moved", "/public", "/another", "/nowhere"] {
            for caller in [None, Some(&*alice)] {
                let (status, body) = answer(&app, caller, path).await;
                assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{path}: {body}");
                assert!(body.contains(r#""code":"internal""#) && !body.contains("leaked"), "{path}: {body}");
            }
        }
    })
    .await;
    assert_eq!(log.matches(r#"reason="unguarded""#).count(), 10, "{log}");
    assert!(log.contains("guard::wrappers::secret") && log.contains("ERROR"), "{log}");
}

#[tokio::test]
async fn a_wrapper_that_refuses_or_calls_the_handler_is_left_alone() {
    let TestAuth { auth, .. } = TestAuth::new();
    let app = GuardedRouter::new()
        .route("/late", get(InPlace(secret, StatusCode::REQUEST_TIMEOUT)))
        .route("/broken", get(InPlace(secret, StatusCode::BAD_GATEWAY)))
        .route("/honest", get(Honest(secret)))
        .route("/public", get(Honest(health)))
        .with_state(auth.clone());
    let alice = TestIdentity::user("alice").bearer(&auth);
    let log = events(async {
        assert_eq!(answer(&app, None, "/late").await.0, StatusCode::REQUEST_TIMEOUT);
        assert_eq!(answer(&app, None, "/broken").await.0, StatusCode::BAD_GATEWAY);
        assert_eq!(answer(&app, Some(&alice), "/honest").await, (StatusCode::ACCEPTED, "alice".to_owned()));
        assert_eq!(answer(&app, None, "/public").await, (StatusCode::ACCEPTED, "ok".to_owned()));
    })
    .await;
    assert!(!log.contains("unguarded"), "{log}");
}

/// Applications redirect callers without a session to a page for signing in.
#[tokio::test]
async fn a_refusal_may_become_a_redirection_and_nothing_else() {
    let TestAuth { auth, .. } = TestAuth::new();
    let instead = |status: StatusCode| {
        axum::middleware::map_response(move |response: Response| async move {
            if response.status() == StatusCode::UNAUTHORIZED { status.into_response() } else { response }
        })
    };
    let app = GuardedRouter::new()
        .route("/page", get(secret.layer(instead(StatusCode::SEE_OTHER))))
        .route("/open", get(secret.layer(instead(StatusCode::OK))))
        .with_state(auth.clone());
    let alice = TestIdentity::user("alice").bearer(&auth);
    assert_eq!(answer(&app, None, "/page").await.0, StatusCode::SEE_OTHER);
    assert_eq!(answer(&app, None, "/open").await.0, StatusCode::INTERNAL_SERVER_ERROR);
    for path in ["/page", "/open"] {
        assert_eq!(answer(&app, Some(&alice), path).await, (StatusCode::OK, "alice".to_owned()));
    }
}

/// A handler may call another router. Each router looks at its own handlers' guards.
#[tokio::test]
async fn a_router_behind_a_handler_has_its_own_guards() {
    let TestAuth { auth, .. } = TestAuth::new();
    let inner = GuardedRouter::new().route("/secret", get(secret)).route("/evil", get(InPlace(secret, StatusCode::OK)));
    let inner = inner.with_state::<()>(auth.clone());
    let forward = move |_: Guard<Another>, request: Request| async move { inner.oneshot(request).await };
    let app = GuardedRouter::new().fallback(forward).with_state(auth.clone());
    let alice = TestIdentity::user("alice").bearer(&auth);
    assert_eq!(answer(&app, Some(&alice), "/secret").await, (StatusCode::OK, "alice".to_owned()));
    assert_eq!(answer(&app, None, "/secret").await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(answer(&app, Some(&alice), "/evil").await.0, StatusCode::INTERNAL_SERVER_ERROR);
}

/// Only what stands between a route and its handler is marked. A function in a function and a generic one are no
/// wrappers.
#[test]
fn the_matrix_marks_handlers_under_layers() {
    #[public]
    async fn inner() {}

    #[public]
    async fn generic<T: Send + 'static>() {}

    let layer = tower::layer::util::Identity::new();
    let app = GuardedRouter::<Auth>::new()
        .route("/plain", get(secret).post(inner).put(generic::<Vec<u8>>))
        .route("/layer", get(Handler::<_, Auth>::layer(secret, layer.clone())))
        .route("/wrapper", get(Honest(secret)))
        .route("/path", get(secret).layer(layer.clone()).post(health))
        .fallback(Honest(health))
        .layer(layer);
    let matrix = app.access_matrix();
    let marked = matrix.rows().iter().filter(|row| row.layers).map(|row| (&*row.method, &*row.path));
    assert_eq!(
        marked.collect::<Vec<_>>(),
        [("GET", "/layer"), ("GET", "/wrapper"), ("GET", "/path"), ("*", "(fallback)")],
        "{matrix}"
    );
}

#[test]
#[should_panic(expected = "the router has a fallback already")]
fn a_second_fallback_is_an_error_at_start_up() {
    let _ = GuardedRouter::<Auth>::new().fallback(secret).fallback(health);
}

#[test]
#[should_panic(expected = "the router has a fallback already")]
fn a_service_at_the_root_is_a_fallback() {
    let files = axum::Router::new();
    let _ = GuardedRouter::<Auth>::new().fallback(secret).public_service("/", files, "the web application");
}

#[test]
#[should_panic(expected = "the router has a fallback already")]
fn a_fallback_beside_a_service_at_the_root_is_a_second_one() {
    let files = axum::Router::new();
    let _ = GuardedRouter::<Auth>::new().public_service("/", files, "the web application").fallback(secret);
}

#[test]
fn a_nested_router_keeps_its_own_fallback() {
    let inner = GuardedRouter::<Auth>::new().fallback(secret);
    let _ = GuardedRouter::<Auth>::new().nest("/api", inner).fallback(health);
}
