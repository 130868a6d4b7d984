//! A session of better-auth that is remembered, beside an access token of this service.

use std::{
    future::Future,
    hint::black_box,
    pin::pin,
    task::{Context, Poll, Waker},
};

use auth_runtime::{
    Auth,
    clock::{Clock, Monotonic, UnixTime},
    remote::Issuer,
    token::{KeyRing, NewAccessToken, SigningKey},
};
use axum::{
    Router,
    http::{Request, header::CONTENT_TYPE, request::Parts},
    routing::get,
};
use criterion::{Criterion, criterion_group, criterion_main};
use tokio::{net::TcpListener, runtime::Runtime};

const OWN: &str = "https://api.example";
const TOKEN: &str = "F56bvqTWlTrYztPX326h1mZ5Wwylf5Uy";
const SESSION: &str = r#"{"session":{"token":"F56bvqTWlTrYztPX326h1mZ5Wwylf5Uy","userId":"rEDFXHXp","expiresAt":"2100-01-01T00:00:00Z"},
    "user":{"id":"rEDFXHXp","name":"Ada","email":"ada@example.com","emailVerified":true,"role":"user","banned":false}}"#;

/// A clock that stands still, so that the session stays remembered.
struct Still;

impl Clock for Still {
    fn unix(&self) -> UnixTime {
        UnixTime::from_seconds(1_800_000_000)
    }

    fn monotonic(&self) -> Monotonic {
        Monotonic::from_nanos(1_000_000_000)
    }
}

fn parts(token: &str) -> Parts {
    Request::get("/").header("authorization", format!("Bearer {token}")).body(()).unwrap().into_parts().0
}

/// Runs a future that never waits.
fn at_once<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

fn benches(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = get(async || ([(CONTENT_TYPE, "application/json")], SESSION));
    let server = Router::new().route("/api/auth/get-session", answer);
    runtime.spawn(async move { axum::serve(listener, server).await });

    let key = SigningKey::from_secret(&"3xQm-8fKz_pW0vNc7RtLhYb2UeAj5GsD".into()).unwrap();
    let builder = Auth::builder().keys(KeyRing::builder().sign_with(key).build().unwrap()).issuer(OWN).audience(OWN);
    let auth = builder.trust(Issuer::better_auth(url)).clock(Still).build().unwrap();
    let new = NewAccessToken::new("rEDFXHXp", "web").roles(&["user"]).scope("notes:read");
    let token = auth.tokens().issue(&new, Still.unix(), auth.entropy()).unwrap();
    let (own, session) = (parts(token.expose()), parts(TOKEN));
    let known = runtime.block_on(auth.authenticate(&session)).unwrap().unwrap();
    assert_eq!(known.subject(), "rEDFXHXp");

    let mut group = criterion.benchmark_group("better-auth");
    group.bench_function("a local access token", |b| b.iter(|| at_once(auth.authenticate(black_box(&own))).is_ok()));
    group
        .bench_function("a remembered session", |b| b.iter(|| at_once(auth.authenticate(black_box(&session))).is_ok()));
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
