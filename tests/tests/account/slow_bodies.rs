//! Clients that begin a body and never end it. No layer has a deadline here.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use auth_runtime::{GuardedRouter, account};
use axum::body::{Body, Bytes, HttpBody};
use hyper::body::Frame;
use tokio::time::timeout;

use super::{
    answers::Answer,
    world::{App, World, defaults, post},
};

/// The body of a client that sends nothing.
struct Silent;

impl HttpBody for Silent {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Pending
    }
}

async fn silent(world: &World, path: &str, kind: &str) -> Answer {
    let request = post(path, kind).header("sec-fetch-site", "same-origin");
    let answer = timeout(Duration::from_secs(60), world.send(request, Body::new(Silent))).await;
    answer.unwrap_or_else(|_| panic!("{path} waits for the body"))
}

#[tokio::test(start_paused = true)]
async fn a_silent_client_keeps_no_handler() {
    let world = World::in_memory(defaults);
    for path in [
        "/auth/register",
        "/auth/login",
        "/auth/session",
        "/auth/refresh",
        "/auth/password/forgot",
        "/auth/password/reset",
        "/auth/email/verify",
    ] {
        silent(&world, path, "application/json").await.assert_problem(408, "request-timeout");
    }
    for path in ["/auth/token", "/auth/revoke"] {
        let answer = silent(&world, path, "application/x-www-form-urlencoded").await;
        answer.assert_oauth_error(408, "invalid_request", "The body did not arrive in time.");
    }
}

#[test]
fn each_endpoint_with_a_body_has_a_time_for_it() {
    const WITHOUT_BODY: [&str; 3] = ["/auth/logout", "/auth/logout/all", "/auth/email/send-verification"];
    let routes: GuardedRouter<App> = account::routes();
    for row in routes.access_matrix().rows().iter().filter(|row| row.method == "POST") {
        let expected = if WITHOUT_BODY.contains(&&*row.path) { "" } else { "within 10 s" };
        assert_eq!(row.body, expected, "{}", row.path);
    }
}
