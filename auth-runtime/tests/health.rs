//! `/healthz` and `/readyz`: what platforms see while stores and checks fail.

#![cfg(all(feature = "testing", feature = "memory"))]

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use auth_runtime::{
    BoxFuture, GuardedRouter,
    error::StoreError,
    health::{self, Leaving},
    limit::{Answer, Charge, LimitStore},
    store::{Accounts, MemoryStore},
    testing::{ManualClock, TestAuth},
};
use axum::{
    Extension, Router,
    body::Body,
    http::{Method, Request, StatusCode},
};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

/// A check that counts its calls, and does as the test says.
#[derive(Clone, Default)]
struct Check(Arc<State>);

#[derive(Default)]
struct State {
    calls: AtomicU32,
    mode: AtomicU32,
}

const PASS: u32 = 0;
const FAIL: u32 = 1;
const HANG: u32 = 2;

impl Check {
    async fn run(self) -> Result<(), io::Error> {
        self.0.calls.fetch_add(1, Ordering::SeqCst);
        match self.0.mode.load(Ordering::SeqCst) {
            PASS => Ok(()),
            FAIL => Err(io::Error::other("password authentication failed for user `orders`")),
            _ => core::future::pending().await,
        }
    }

    fn set(&self, mode: u32) {
        self.0.mode.store(mode, Ordering::SeqCst);
    }

    fn calls(&self) -> u32 {
        self.0.calls.load(Ordering::SeqCst)
    }
}

fn app(check: &Check) -> (Router, ManualClock) {
    let check = check.clone();
    let accounts = Accounts::new(MemoryStore::default());
    let TestAuth { auth, clock, .. } =
        TestAuth::with(|builder| builder.accounts(&accounts).readiness_check("orders", move || check.clone().run()));
    (GuardedRouter::new().merge(health::routes()).with_state(auth).into_router(), clock)
}

async fn ask(app: &Router, path: &str) -> (u16, String) {
    let response = app.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status();
    assert_eq!(response.headers()["cache-control"], "no-store", "{path}");
    assert_eq!(response.headers().contains_key("retry-after"), status == StatusCode::SERVICE_UNAVAILABLE);
    (status.as_u16(), String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().into()).unwrap())
}

#[tokio::test]
async fn a_failing_check_makes_it_unready_without_detail_and_keeps_it_alive() {
    let check = Check::default();
    let (app, clock) = app(&check);
    assert_eq!(ask(&app, "/readyz").await, (200, r#"{"status":"ready"}"#.to_owned()));
    check.set(FAIL);
    clock.advance(Duration::from_secs(1));
    let (status, body) = ask(&app, "/readyz").await;
    assert_eq!(status, 503);
    assert!(!body.contains("orders") && !body.contains("password"), "{body}");
    assert_eq!(ask(&app, "/healthz").await, (200, r#"{"status":"ok"}"#.to_owned()));
    check.set(PASS);
    assert_eq!(ask(&app, "/readyz").await.0, 503, "the result is a second old at most");
    clock.advance(Duration::from_secs(1));
    assert_eq!(ask(&app, "/readyz").await.0, 200);
}

#[tokio::test]
async fn many_who_ask_cause_one_check_a_second() {
    let check = Check::default();
    let (app, clock) = app(&check);
    for second in 1..=3 {
        let asked = (0..100).map(|_| {
            let app = app.clone();
            tokio::spawn(async move { ask(&app, "/readyz").await.0 })
        });
        for answer in asked.collect::<Vec<_>>() {
            assert_eq!(answer.await.unwrap(), 200);
        }
        assert_eq!(check.calls(), second);
        clock.advance(Duration::from_secs(1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_check_that_hangs_has_failed_after_a_second() {
    let check = Check::default();
    check.set(HANG);
    let (app, _) = app(&check);
    let started = tokio::time::Instant::now();
    assert_eq!(ask(&app, "/readyz").await.0, 503);
    assert_eq!(started.elapsed(), Duration::from_secs(1));
}

/// Strangers may hang up at once. The check goes on, and is the only one.
#[tokio::test(start_paused = true)]
async fn many_who_hang_up_cause_one_check() {
    let check = Check::default();
    check.set(HANG);
    let (app, _) = app(&check);
    for _ in 0..20 {
        tokio::time::timeout(Duration::from_millis(10), ask(&app, "/readyz")).await.unwrap_err();
    }
    assert_eq!(check.calls(), 1);
}

/// A platform that gives up drops the request. The next one gets the result of the same check.
#[tokio::test(start_paused = true)]
async fn a_request_that_is_dropped_leaves_nothing_locked() {
    let check = Check::default();
    check.set(HANG);
    let (app, clock) = app(&check);
    let dropped = tokio::time::timeout(Duration::from_millis(100), ask(&app, "/readyz")).await;
    assert!(dropped.is_err());
    check.set(PASS);
    assert_eq!(ask(&app, "/readyz").await.0, 503);
    clock.advance(Duration::from_secs(1));
    assert_eq!(ask(&app, "/readyz").await.0, 200);
}

#[tokio::test]
async fn a_server_that_ends_is_unready_and_still_alive() {
    let (app, _) = app(&Check::default());
    let app = app.layer(Extension(Leaving));
    assert_eq!((ask(&app, "/readyz").await.0, ask(&app, "/healthz").await.0), (503, 200));
}

/// A store of limits that is down.
struct Down;

impl LimitStore for Down {
    fn charge<'a>(&'a self, _: &'a mut [Charge<'_>], _: &'a dyn auth_runtime::clock::Clock) -> Answer<'a> {
        let down: BoxFuture<'a, _> = Box::pin(async { Err(StoreError::new("limits", "connection refused")) });
        Answer::Pending(down)
    }
}

#[tokio::test]
async fn a_store_of_limits_that_is_down_makes_no_instance_unready() {
    let TestAuth { auth, .. } = TestAuth::with(|builder| builder.limit_store(Down));
    let app = GuardedRouter::new().merge(health::routes()).with_state(auth).into_router();
    assert_eq!(ask(&app, "/readyz").await.0, 200);
}

#[tokio::test]
async fn both_are_public_by_declaration_and_in_the_matrix() {
    let routes: GuardedRouter<auth_runtime::Auth> = health::routes();
    let matrix = routes.access_matrix().to_string();
    for handler in ["/healthz", "/readyz", "auth_runtime::health::readyz", "everyone"] {
        assert!(matrix.contains(handler), "{matrix}");
    }
    let (app, _) = app(&Check::default());
    let posted = Request::builder().method(Method::POST).uri("/readyz").body(Body::empty()).unwrap();
    assert_eq!(app.oneshot(posted).await.unwrap().status(), StatusCode::METHOD_NOT_ALLOWED);
}
