//! Counts the allocations of a guard. The test is a binary of its own, because it counts in the allocator of the
//! process.
#![cfg(feature = "testing")]

use std::{
    net::SocketAddr,
    pin::pin,
    task::{Context, Poll, Waker},
};

use allocation_counter::measure;
use auth_runtime::{
    Guard, GuardedRouter, HasPolicy, Policy,
    policy::{Limit, LimitKey, Quota, Rule},
    routing::get,
    testing::{TestAuth, TestIdentity},
};
use axum::{Router, body::Body, extract::ConnectInfo, http::Request, response::Response};
use tower::Service as _;

struct Admins;

impl HasPolicy for Admins {
    const POLICY: Policy = Policy::protected("admins").with_rule(Rule::role("admin"));
    type Checks = ();
}

struct Limited;

impl HasPolicy for Limited {
    const POLICY: Policy =
        Policy::public("limited").with_limits(&[Limit::new(Quota::per_second(1_000), LimitKey::Address)]);
    type Checks = ();
}

struct LimitedUsers;

impl HasPolicy for LimitedUsers {
    const POLICY: Policy =
        Policy::protected("limited_users").with_limits(&[Limit::new(Quota::per_second(1_000), LimitKey::User)]);
    type Checks = ();
}

struct Callers;

impl HasPolicy for Callers {
    const POLICY: Policy = Policy::protected("callers");
    type Checks = ();
}

async fn plain() {}

async fn guarded<P: HasPolicy>(_: Guard<P>) {}

/// Sends a request. No future here waits, so one poll finishes the request.
fn call(app: &Router, bearer: &str) -> Response {
    let mut request = Request::get("/").header("authorization", bearer).body(Body::empty()).unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 1))));
    let mut app = app.clone();
    let mut answer = pin!(app.call(request));
    match answer.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(response) => response.unwrap(),
        Poll::Pending => panic!("the request waits"),
    }
}

fn allocations(app: &Router, bearer: &str) -> u64 {
    // One request before counting keeps the set-up of the first use out of the count.
    assert_eq!(call(app, bearer).status(), 200);
    measure(|| drop(call(app, bearer))).count_total
}

#[test]
fn a_guard_allocates_the_identity_and_nothing_else() {
    let TestAuth { auth, .. } = TestAuth::new();
    let bearer = TestIdentity::user("alice").role("admin").bearer(&auth);
    let plain = Router::new().route("/", axum::routing::get(plain)).with_state(auth.clone());
    let admins = GuardedRouter::new().route("/", get(guarded::<Admins>)).with_state(auth.clone()).into_router();
    let added = allocations(&admins, &bearer) - allocations(&plain, &bearer);
    // The identity's text, the identity itself, its entry in the request's extensions, and one growth of their table.
    assert!(added <= 4, "{added} allocations more than a plain handler");
}

#[test]
fn a_limit_allocates_the_two_fields_that_tell_of_it() {
    let TestAuth { auth, .. } = TestAuth::new();
    let plain = Router::new().route("/", axum::routing::get(plain)).with_state(auth.clone());
    let limited = GuardedRouter::new().route("/", get(guarded::<Limited>)).with_state(auth.clone()).into_router();
    let added = allocations(&limited, "") - allocations(&plain, "");
    // Two field values, and the table of a response that had no fields.
    assert!(added <= 4, "{added} allocations more than a plain handler");
}

#[test]
fn a_limit_by_user_that_is_not_told_of_allocates_nothing() {
    let TestAuth { auth, .. } = TestAuth::new();
    let bearer = TestIdentity::user("alice").bearer(&auth);
    let callers = Router::new().route("/", axum::routing::get(guarded::<Callers>)).with_state(auth.clone());
    let limited = Router::new().route("/", axum::routing::get(guarded::<LimitedUsers>)).with_state(auth.clone());
    assert_eq!(allocations(&limited, &bearer), allocations(&callers, &bearer));
}

#[test]
fn a_limit_that_is_not_told_of_allocates_nothing() {
    let TestAuth { auth, .. } = TestAuth::new();
    let plain = Router::new().route("/", axum::routing::get(plain)).with_state(auth.clone());
    let limited = Router::new().route("/", axum::routing::get(guarded::<Limited>)).with_state(auth.clone());
    assert_eq!(allocations(&limited, ""), allocations(&plain, ""));
}
